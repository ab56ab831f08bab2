"""Who listens to what in one form."""

from dataclasses import dataclass, field

from app.ui.form.topic import Topic


@dataclass
class Topics:
    """Who listens to what: the page shown, the outline's counts, the save stamp, the language, troubles."""

    place: Topic = field(default_factory=Topic)
    counts: Topic = field(default_factory=Topic)
    saved: Topic = field(default_factory=Topic)
    language: Topic = field(default_factory=Topic)
    trouble: Topic = field(default_factory=Topic)
    cards: Topic = field(default_factory=Topic)
