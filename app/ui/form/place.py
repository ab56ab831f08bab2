"""Where in the form a person is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where the person is: a section, and the repeat instances opened inside it, outermost first.

    `finish` is the page before finishing; its section is the one that Back returns to.
    """

    section: str
    inside: tuple[str, ...] = ()
    finish: bool = False

    @property
    def page(self) -> str:
        """The ref of the container that the page shows."""
        return self.inside[-1] if self.inside else self.section


def inside_of(ref: str) -> tuple[str, ...]:
    """The repeat instances around a node, outermost first: `/data/people[2]/jobs[1]/pay` has two."""
    return tuple(ref[: at + 1] for at, mark in enumerate(ref) if mark == "]")
