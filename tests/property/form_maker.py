"""Random XForms for property tests: questions, groups, a repeat inside a repeat, and expressions between them.

Every expression reads only what stands before it, so that no form has a cycle. Calculated nodes are named c…,
asked ones q….
"""

from dataclasses import dataclass, field

from hypothesis import strategies as st

from tests.scenario.dsl import xform


@dataclass
class MadeForm:
    """An XForm, the questions that can be answered (with [n] left out), and the repeats."""

    xml: str
    questions: list[str]
    repeats: list[str]


@dataclass
class _Scope:
    """A container being filled: its path, its XML so far, and what an expression inside it may read."""

    path: str
    depth: int
    seen: list[str]
    instance: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)


class _Maker:
    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.number = 0
        self.binds: list[str] = []
        self.questions: list[str] = []
        self.repeats: list[str] = []
        self.sums: list[str] = []

    def chance(self, one_in: int) -> bool:
        return self.draw(st.integers(1, one_in)) == 1

    def expression(self, seen: list[str], boolean: bool) -> str:
        name = st.sampled_from(seen)
        a, b = self.draw(name), self.draw(name)
        constant = self.draw(st.integers(-3, 12))
        if boolean:
            return self.draw(
                st.sampled_from(
                    [
                        f"{a} &gt; {constant}",
                        f"not({a} = '')",
                        f"{a} != {b}",
                        f"{a} = {constant} or {b} = ''",
                        f"selected('1 2 3', {a})",
                        f"string-length({a}) &lt; 2 and {b} != {constant}",
                    ]
                )
            )
        choices = [
            f"{a} + {b}",
            f"coalesce({a}, {constant})",
            f"if({a} &gt; {constant}, {b}, 'no')",
            f"concat({a}, '-', {b})",
            f"round({a} div 3, 1)",
            f"string-length({b}) * 2",
            f"count-selected({a})",
        ]
        if self.sums:
            far = self.draw(st.sampled_from(self.sums))
            choices += [
                f"sum({far})",
                f"count({far})",
                f"max({far})",
                f"join(' ', {far})",
                f"count({far}[. &gt; {constant}])",
            ]
        return self.draw(st.sampled_from(choices))

    def question(self, scope: _Scope) -> None:
        self.number += 1
        calculated = bool(scope.seen) and self.chance(3)
        name = f"{'c' if calculated else 'q'}{self.number}"
        path = f"{scope.path}/{name}"
        scope.instance.append(f"<{name}/>")
        attributes = ""
        if scope.seen and self.chance(3):
            attributes += f' relevant="{self.expression(scope.seen, True)}"'
        if calculated:
            attributes += f' calculate="{self.expression(scope.seen, False)}"'
        else:
            if self.chance(4):
                attributes += ' required="true()"'
            if scope.seen and self.chance(4):
                attributes += f' constraint=". != {self.draw(st.sampled_from(scope.seen))}"'
            scope.body.append(f'<input ref="{path}"/>')
            self.questions.append(path)
        self.binds.append(f'<bind nodeset="{path}" type="string"{attributes}/>')
        scope.seen.append(path)

    def fill(self, scope: _Scope, parts: int) -> None:
        for _ in range(parts):
            kind = self.draw(st.sampled_from(["question", "question", "question", "group", "repeat"]))
            if kind == "question" or scope.depth == 2:
                self.question(scope)
            elif kind == "group":
                self.container(scope, repeat=False)
            else:
                self.container(scope, repeat=True)

    def container(self, outer: _Scope, repeat: bool) -> None:
        self.number += 1
        name = f"{'r' if repeat else 'g'}{self.number}"
        inner = _Scope(f"{outer.path}/{name}", outer.depth + 1, list(outer.seen))
        if outer.seen and self.chance(3):
            self.binds.append(
                f'<bind nodeset="{inner.path}" relevant="{self.expression(outer.seen, True)}"/>'
            )
        before = len(inner.seen)
        if repeat:
            self.repeats.append(inner.path)
        self.fill(inner, self.draw(st.integers(1, 3)))
        outer.instance.append(f"<{name}>{''.join(inner.instance)}</{name}>")
        body = "".join(inner.body)
        if repeat:
            outer.body.append(
                f'<group ref="{inner.path}"><repeat nodeset="{inner.path}">{body}</repeat></group>'
            )
            self.sums += inner.seen[before:]
        else:
            outer.body.append(f'<group ref="{inner.path}">{body}</group>')
            outer.seen += inner.seen[before:]


@st.composite
def made_forms(draw: st.DrawFn) -> MadeForm:
    maker = _Maker(draw)
    root = _Scope("/data", 0, [])
    maker.question(root)
    maker.fill(root, draw(st.integers(2, 7)))
    xml = xform("".join(root.instance), "".join(maker.binds), "".join(root.body))
    return MadeForm(xml, maker.questions, maker.repeats)


def operations(form: MadeForm) -> st.SearchStrategy[list[tuple[str, str, int, str]]]:
    """Operations (what, path without [n], a number that picks instances, a text)."""
    texts = st.sampled_from(["", "0", "1", "2", "7", "12", "-1", "1 2", "abc", "2025-01-01"])
    answer = st.tuples(st.just("answer"), st.sampled_from(form.questions), st.integers(0, 50), texts)
    kinds = [answer, answer, answer]
    if form.repeats:
        pick = st.sampled_from(form.repeats)
        kinds += [
            st.tuples(st.just("add"), pick, st.integers(0, 50), st.just("")),
            st.tuples(st.just("remove"), pick, st.integers(0, 50), st.just("")),
        ]
    return st.lists(st.one_of(kinds), min_size=1, max_size=14)
