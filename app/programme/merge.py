"""Two versions of one submission, merged question by question against the version both started from.

Only one side changed an answer: that answer. Both gave the same: that one. Both differ: a conflict, which a
person decides. Cards of a repeat are matched by an identity (see `merge_tree.identity`); where any card has
none, the repeat is one answer, because a wrong match is worse than a conflict. What the form calculates is
never a conflict: the engine works it out again from the merged answers. Entities are not merged at all: the
engine derives them from the result.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.programme.answers import META
from app.programme.merge_tree import (
    Part,
    by_identity,
    content,
    read_tree,
    summary,
    write_tree,
)

OURS: Final = "ours"
THEIRS: Final = "theirs"
BOTH: Final = "both"
WRITTEN: Final = "="


def written(text: str) -> str:
    """The choice of an answer in one's own words."""
    return WRITTEN + text


@dataclass(frozen=True)
class Field:
    """One difference. `ref` names it for a choice; `ours_ref` and `theirs_ref` are the engine's refs, "" where
    that side has no such place.

    `kind`: "answer" one question, "card" one instance of a repeat that a side added or removed, "repeat" all
    its instances. Texts are answers as stored, for cards all of theirs in a line; None: not there.
    `side`: whose is taken, "ours", "theirs" or "both"; of a conflict "" until somebody chooses.
    """

    ref: str
    kind: str
    base: str | None
    ours: str | None
    theirs: str | None
    ours_ref: str
    theirs_ref: str
    side: str


@dataclass(frozen=True)
class MergeProposal:
    """`taken` stands without being asked, `conflicts` want a decision, `calculated` the form works out again.

    `xml`: the merge; a conflict without a decision holds our side's answer for the time being.
    """

    taken: tuple[Field, ...]
    conflicts: tuple[Field, ...]
    calculated: tuple[Field, ...]
    xml: bytes

    @property
    def undecided(self) -> tuple[Field, ...]:
        return tuple(one for one in self.conflicts if not one.side)


def proposal(
    base: bytes | Sequence[bytes] | None,
    ours: bytes,
    theirs: bytes,
    *,
    repeats: Collection[str] = (),
    keys: Mapping[str, str] | None = None,
    derived: Collection[str] = (),
    choices: Mapping[str, str] | None = None,
) -> MergeProposal:
    """The merge of two submissions of one form. Raises AnswersError for what cannot be read.

    `base`: the nearest common ancestor; several after concurrent merges: only where they agree is it known who
    changed what; None: every difference is a conflict. `repeats`: plain refs of the form's repeats. `keys`: of
    those, the question whose answer identifies a card. `derived`: plain refs of what the form calculates.
    `choices`: ref → "ours", "theirs" or `written(text)`.
    """
    if ours == theirs:
        return MergeProposal((), (), (), ours)
    bases = [base] if isinstance(base, bytes) else list(base or ())
    merging = _Merging(frozenset(repeats), keys or {}, frozenset(derived), choices or {})
    left, right = read_tree(ours), read_tree(theirs)
    place = f"/{left.local}"
    made = merging.group([read_tree(one) for one in bases], left, right, _At(place, place, place, place))
    xml = write_tree(made) if merging.changed else ours
    return MergeProposal(tuple(merging.taken), tuple(merging.conflicts), tuple(merging.calculated), xml)


@dataclass(frozen=True)
class _At:
    """Where an element stands: for choices, on our side, on theirs, and without numbers."""

    ref: str
    ours: str
    theirs: str
    plain: str

    def child(self, name: str) -> "_At":
        ours, theirs = (f"{one}/{name}" if one else "" for one in (self.ours, self.theirs))
        return _At(f"{self.ref}/{name}", ours, theirs, f"{self.plain}/{name}")

    def card(self, key: str, ours: int | None, theirs: int | None) -> "_At":
        left, right = (
            f"{place}[{number}]" if place and number else ""
            for place, number in ((self.ours, ours), (self.theirs, theirs))
        )
        return _At(f"{self.ref}[{key}]", left, right, self.plain)


class _Merging:
    """Walks both trees at once. `changed`: the result is not simply our side."""

    def __init__(
        self,
        repeats: frozenset[str],
        keys: Mapping[str, str],
        derived: frozenset[str],
        choices: Mapping[str, str],
    ) -> None:
        self.repeats, self.keys, self.derived, self.choices = repeats, keys, derived, choices
        self.taken: list[Field] = []
        self.conflicts: list[Field] = []
        self.calculated: list[Field] = []
        self.changed = False

    def group(self, bases: list[Part], ours: Part, theirs: Part, at: _At) -> Part:
        """A group, or a card, that stands on both sides."""
        made = Part(ours.name, ours.attributes or theirs.attributes)
        for name in dict.fromkeys(kid.local for side in (ours, theirs) for kid in side.kids):
            here = at.child(name)
            left, right = ours.named(name), theirs.named(name)
            below = [one.named(name) for one in bases]
            if name == META:
                made.kids += left or right
            elif here.plain in self.repeats or max(map(len, (left, right, *below))) > 1:
                made.kids += self.repeat(below, left, right, here)
            else:
                made.kids += self.single([_only(one) for one in below], _only(left), _only(right), here)
        return made

    def single(self, bases: list[Part | None], ours: Part | None, theirs: Part | None, at: _At) -> list[Part]:
        """An element that occurs at most once; what is not relevant is not there."""
        sides = [one for one in (ours, theirs) if one is not None]
        if not any(one.kids for one in sides):
            return self.leaf(bases, ours, theirs, at)
        if any(one.text for one in sides):  # a question here, a group there: of two versions of the form
            return self.whole([_listed(one) for one in bases], _listed(ours), _listed(theirs), at, "card")
        blank = Part(sides[0].name)
        made = self.group([one or blank for one in bases], ours or blank, theirs or blank, at)
        return [made] if made.kids or ours is not None else []

    def leaf(self, bases: list[Part | None], ours: Part | None, theirs: Part | None, at: _At) -> list[Part]:
        left, right = (one.text if one is not None else "" for one in (ours, theirs))
        known = {one.text if one is not None else "" for one in bases}
        if left == right:
            if known and known != {left}:
                self._note(self.taken, "answer", known, left, right, at, BOTH)
            return _listed(ours or theirs)
        if known == {left}:
            side, notes = THEIRS, self.taken
        elif known == {right}:
            side, notes = OURS, self.taken
        elif at.plain in self.derived:
            side, notes = OURS, self.calculated
        else:
            side, notes = self.choices.get(at.ref, ""), self.conflicts
        self._note(notes, "answer", known, left, right, at, side)
        if side.startswith(WRITTEN):
            self.changed = True
            shape = ours or theirs
            return [Part(shape.name, shape.attributes, words=[side[len(WRITTEN) :]])] if shape else []
        return self._chosen(side, _listed(ours), _listed(theirs))

    def repeat(self, bases: list[list[Part]], ours: list[Part], theirs: list[Part], at: _At) -> list[Part]:
        left, right = (by_identity(cards, at.plain, self.keys) for cards in (ours, theirs))
        below = [by_identity(cards, at.plain, self.keys) for cards in bases]
        known = [one for one in below if one is not None]
        if left is None or right is None or len(known) < len(below):
            return self.whole(bases, ours, theirs, at, "repeat")
        found = {key: self.card(known, key, left, right, at) for key in self._order(known, left, right)}
        made = [card for cards in found.values() for card in cards]
        self.changed = self.changed or [key for key, cards in found.items() if cards] != list(left)
        return made

    def card(
        self, bases: list[dict[str, Part]], key: str, left: dict[str, Part], right: dict[str, Part], at: _At
    ) -> list[Part]:
        here = at.card(key, _place(left, key), _place(right, key))
        below = [one[key] for one in bases if key in one]
        if key in left and key in right:
            # A card that both added, or that only some of several ancestors had, has no common past.
            return [self.group(below if len(below) == len(bases) else [], left[key], right[key], here)]
        ours, theirs = _listed(left.get(key)), _listed(right.get(key))
        if not below:  # added on one side
            side = OURS if ours else THEIRS
            self._note(self.taken, "card", set(), *self._said(ours, theirs, here), here, side)
            return self._chosen(side, ours, theirs)
        return self.whole([_listed(one.get(key)) for one in bases], ours, theirs, here, "card")

    def whole(
        self, bases: list[list[Part]], ours: list[Part], theirs: list[Part], at: _At, kind: str
    ) -> list[Part]:
        """Elements that are taken from one side or the other, never mixed."""
        left, right = self._content(ours, at), self._content(theirs, at)
        below = [self._content(one, at) for one in bases]
        agreed = below[0] if below and all(one == below[0] for one in below) else None
        if left == right:
            return ours
        if agreed is not None and agreed in (left, right):
            side, notes = (THEIRS if agreed == left else OURS), self.taken
        else:
            side, notes = self.choices.get(at.ref, ""), self.conflicts
            side = side if side in (OURS, THEIRS) else ""
        before = {summary(one, at.plain, self.derived) for cards in bases[:1] for one in cards}
        self._note(notes, kind, before, *self._said(ours, theirs, at), at, side)
        return self._chosen(side, ours, theirs)

    def _order(
        self, bases: list[dict[str, Part]], left: dict[str, Part], right: dict[str, Part]
    ) -> list[str]:
        """Our order, then what only they have; theirs where only they changed the order."""
        ours, theirs = list(left), list(right)
        if any(list(one) == ours for one in bases):
            ours, theirs = theirs, ours
        return [*ours, *(key for key in theirs if key not in ours)]

    def _content(self, parts: list[Part], at: _At) -> tuple[object, ...]:
        return tuple(content(one, at.plain, self.derived) for one in parts)

    def _said(self, ours: list[Part], theirs: list[Part], at: _At) -> tuple[str | None, str | None]:
        left, right = (
            "\n".join(summary(one, at.plain, self.derived) for one in side) if side else None
            for side in (ours, theirs)
        )
        return left, right

    def _chosen(self, side: str, ours: list[Part], theirs: list[Part]) -> list[Part]:
        if side == THEIRS:
            self.changed = True
            return theirs
        return ours

    def _note(
        self,
        notes: list[Field],
        kind: str,
        known: set[str],
        ours: str | None,
        theirs: str | None,
        at: _At,
        side: str,
    ) -> None:
        base = next(iter(known)) if len(known) == 1 else None
        notes.append(Field(at.ref, kind, base, ours, theirs, at.ours, at.theirs, side))


def _only(parts: list[Part]) -> Part | None:
    return parts[0] if parts else None


def _listed(part: Part | None) -> list[Part]:
    return [] if part is None else [part]


def _place(cards: dict[str, Part], key: str) -> int | None:
    return list(cards).index(key) + 1 if key in cards else None
