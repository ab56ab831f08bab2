"""Who somebody is and how their profile will be locked, while it is being written: nothing of it is kept yet."""

from dataclasses import dataclass, field

from app.protocol.errors import Problem
from app.ui.desk import Desk
from app.ui.i18n import N_
from app.ui.signals import Signal
from app.usecases.views import ProblemText

NO_NAME = ProblemText("ui.no_name", "", N_("Write your name first."), "", "")
NOT_THE_WORDS = ProblemText(
    "ui.not_the_words", "", N_("These are not the five words above. Compare them letter by letter."), "", ""
)
NOT_TWICE = ProblemText("ui.not_twice", "", N_("The two do not match. Write the second one again."), "", "")
LONG = 36  # characters from which a sentence of one's own is called strong


@dataclass(eq=False)
class PersonModel:
    """`way`: offered (a suggestion is shown), taken (it is being typed once), own (typed twice)."""

    desk: Desk
    name: str = ""
    way: str = "offered"
    suggestion: str = ""
    typed: str = ""
    again: str = ""
    wrong: dict[str, ProblemText] = field(default_factory=dict)  # by field: name, typed, again
    _mended: set[str] = field(default_factory=set)
    changed: Signal = field(default_factory=Signal)  # another way, another suggestion, something wrong
    judged: Signal = field(default_factory=Signal)  # how strong what is typed is

    def __post_init__(self) -> None:
        self.another()

    @property
    def pin_will_do(self) -> bool:
        """Whether this device has a keystore, so that six digits are enough."""
        return bool(self.desk.cases.enrolment.lock_kind(self.desk.cases.services).pin)

    def another(self) -> None:
        """Five other words; what was typed of the last ones is forgotten."""
        cases = self.desk.cases
        self.suggestion = cases.enrolment.suggestion(cases.services).text
        self._empty()

    def choose(self, way: str) -> None:
        self.way = way
        self._empty()

    def _empty(self) -> None:
        self.typed = self.again = ""
        self.wrong = {name: told for name, told in self.wrong.items() if name == "name"}
        self.changed.emit()

    def write(self, where: str, words: str) -> None:
        setattr(self, where, words)
        if self.wrong.pop(where, None) is not None:
            self._mended.add(where)
        self.judged.emit()

    def left(self, where: str) -> None:
        """The field is left: what was mended in it loses its red edge."""
        if where in self._mended:
            self._mended.clear()
            self.changed.emit()

    @property
    def passphrase(self) -> str:
        return self.typed.strip()

    def strength(self) -> str:
        """`empty`, `weak` (it would be refused), `pin` (short, enough on this device), `good` or `strong`."""
        if not self.passphrase:
            return "empty"
        if self._refused() is not None:
            return "weak"
        words = len({word.casefold() for word in self.passphrase.split() if len(word) >= 3})
        if words > 5 or len(self.passphrase) >= LONG:
            return "strong"
        return "good" if words >= 5 or len(self.passphrase) >= 20 else "pin"

    def _refused(self) -> ProblemText | None:
        cases = self.desk.cases
        try:
            cases.enrolment.check_new_passphrase(cases.services, self.passphrase)
        except Problem as problem:
            return cases.problem_text(problem)
        return None

    def check(self) -> bool:
        """Whether everything is there; what is not is told at its field."""
        self.wrong = {}
        if not self.name.strip():
            self.wrong["name"] = NO_NAME
        if self.way == "offered":
            self.way = "taken"  # whoever goes on without choosing is shown what is left to do
            self.wrong["typed"] = NOT_THE_WORDS
        elif self.way == "taken" and self.passphrase != self.suggestion:
            self.wrong["typed"] = NOT_THE_WORDS
        elif self.way == "own" and (refused := self._refused()) is not None:
            self.wrong["typed"] = refused
        elif self.way == "own" and self.again.strip() != self.passphrase:
            self.wrong["again"] = NOT_TWICE
        self.changed.emit()
        return not self.wrong

    def forget(self) -> None:
        """Nothing of the passphrase stays here once the profile is locked with it."""
        self.typed = self.again = self.suggestion = ""
