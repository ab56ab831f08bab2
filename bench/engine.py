"""Measures the form engine on the generated forms: `python -m bench.engine [--quick] [--json FILE]`.

Every load is measured in a fresh process, so that nothing is warm. Reference figures are those of web-forms and
JavaRosa on the same kind of machine, in milliseconds. The forms come from perf/genforms.py of the reference
material beside the project (or where DOORSTEP_SHARED says).
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.fresh import Fresh, form, generator


@dataclass
class Row:
    """One line of the table: what was measured, in ms (or MB), beside two references and our target."""

    what: str
    ours: float
    web_forms: float | None
    javarosa: float | None
    target: float
    unit: str = "ms"

    @property
    def met(self) -> bool:
        return self.ours <= self.target


def context() -> Any:
    from datetime import UTC, datetime
    from random import Random

    import forms

    return forms.Context(now=lambda: datetime.now(UTC), timezone=UTC, rng=Random(1), new_id=lambda: "id")


# -- measured in this process


def opened(name: str) -> Any:
    import forms

    return forms.load_xform(form(name)).new(context())


def timed(call: Callable[[int], object], times: int, warm: int = 3) -> list[float]:
    """Milliseconds of each call after a few that do not count."""
    for turn in range(warm):
        call(-turn - 1)
    taken = []
    for turn in range(times):
        began = time.perf_counter()
        call(turn)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def p95(taken: list[float]) -> float:
    return sorted(taken)[int(len(taken) * 0.95)]


def leaves(instance: Any) -> Iterator[Any]:
    stack = [instance.root]
    while stack:
        node = stack.pop()
        if node.control in ("input", "select1"):
            yield node
        stack.extend(reversed(node.children))


def answers(quick: bool) -> list[Row]:
    instance = opened("flat5000")
    asked = list(leaves(instance))
    picked = asked[:: max(1, len(asked) // (200 if quick else 1000))]
    taken: list[float] = []
    for turn in (1, 2):
        for number, node in enumerate(picked):
            value = (
                ("a", "b")[(number + turn) % 2]
                if node.control == "select1"
                else str((number * 7 + turn) % 100)
            )
            began = time.perf_counter()
            node.answer(value)
            taken.append((time.perf_counter() - began) * 1000)
    valid = timed(lambda turn: instance.problems(), 20)
    return [
        Row("answer at 5,000 questions, median", statistics.median(taken), 0.19, 0.34, 0.10),
        Row("answer at 5,000 questions, p95", p95(taken), 1.7, 1.1, 0.5),
        Row("validity of 5,000 questions", statistics.median(valid), None, None, 1),
    ]


def chain(quick: bool) -> list[Row]:
    first = opened("chain200").at("/data/a")
    taken = timed(lambda turn: first.answer(str(turn + 10)), 20 if quick else 100)
    return [Row("200-deep calculate chain", statistics.median(taken), 9.8, 1.3, 0.8)]


def aggregates(quick: bool) -> list[Row]:
    instance = opened("sums1000")
    taken = timed(
        lambda turn: instance.at(f"/data/rep[{turn % 1000 + 1}]/a").answer(str(turn % 97)),
        30 if quick else 200,
    )
    return [Row("five aggregates over 1,000 instances", statistics.median(taken), 7.3, 23, 2)]


def repeats(quick: bool) -> list[Row]:
    instance = opened("rep1000x20")
    times = 5 if quick else 20
    answered = timed(
        lambda turn: instance.at(f"/data/rep[{turn % 1000 + 1}]/q0").answer(str(turn % 50)), 10 * times
    )
    added = timed(lambda turn: instance.add_repeat("/data/rep"), times, warm=1)
    removed = timed(lambda turn: instance.remove_repeat("/data/rep[1]"), times, warm=1)
    return [
        Row("1,000 × 20: answer a summed field", statistics.median(answered), None, 8.5, 1),
        Row("1,000 × 20: add an instance", statistics.median(added), None, 39, 2),
        Row("1,000 × 20: remove the first", statistics.median(removed), None, 41, 10),
    ]


def selects(quick: bool) -> list[Row]:
    instance = opened("select50000")
    region, item = instance.at("/data/region"), instance.at("/data/item")

    def filtered(turn: int) -> None:
        region.answer(f"r{turn % 100}")
        assert len(item.choices) == 500

    began = time.perf_counter()
    filtered(0)
    first = (time.perf_counter() - began) * 1000
    later = timed(lambda turn: filtered(turn + 1), 10 if quick else 50)
    region.answer("r0")
    looked = timed(lambda turn: item.answer(f"i{turn * 100 % 50000}"), 10 if quick else 100)
    assert instance.at("/data/lbl").text.startswith("Item ")
    return [
        Row("50,000 choices: first filter", first, 479, None, 150),
        Row("50,000 choices: filter", statistics.median(later), 4.2, None, 2),
        Row("50,000 choices: look-up", statistics.median(looked), 2.1, None, 0.2),
    ]


def loads(quick: bool) -> list[Row]:
    import forms

    references = {
        "flat100": (292, 328, 150, 100),
        "flat1000": (1347, 523, 350, 200),
        "flat5000": (9650, 1273, 1000, 500),
    }
    rows, again = [], []
    with tempfile.TemporaryDirectory() as folder:
        fresh = Fresh(Path(folder), 1 if quick else 3)
        for name, (web_forms, javarosa, target, second) in references.items():
            took, memory = fresh.load(name)
            rows.append(Row(f"load {name[4:]} questions", took, web_forms, javarosa, target))
            if hasattr(forms.Form, "to_cache"):
                again.append(
                    Row(f"second load {name[4:]} (compiled cache)", fresh.cached(name)[0], None, None, second)
                )
        rows += [*again, Row("memory after loading 5,000 questions", memory, None, None, 60, "MB")]
        rows.append(Row("1,000 × 20: load", fresh.load("rep1000x20")[0], None, 857, 500))
        rows.append(Row("50,000 choices: load", fresh.load("select50000")[0], 3093, None, 600))
    return rows


def growth(quick: bool) -> str:
    """How load time and memory grow with the number of questions."""
    lines = ["", "growth        load ms   ms a question     MB"]
    with tempfile.TemporaryDirectory() as folder:
        fresh = Fresh(Path(folder), 1)
        for name in ("flat100", "flat1000") if quick else ("flat100", "flat1000", "flat5000"):
            took, memory = fresh.load(name)
            lines.append(f"{name:12} {took:8.0f} {took / int(name[4:]):15.3f} {memory:6.1f}")
    return "\n".join(lines)


def table(rows: list[Row]) -> str:
    def figure(value: float | None) -> str:
        return "–" if value is None else f"{value:,.2f}" if value < 10 else f"{value:,.0f}"

    lines = [f"{'':44} {'ours':>8} {'web-forms':>10} {'JavaRosa':>9} {'target':>7}"]
    for row in rows:
        mark = "" if row.met else "  over target"
        lines.append(
            f"{row.what:44} {figure(row.ours):>8} {figure(row.web_forms):>10} {figure(row.javarosa):>9} "
            f"{figure(row.target):>7} {row.unit}{mark}"
        )
    return "\n".join(lines)


MEASUREMENTS = (loads, answers, chain, aggregates, repeats, selects)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer runs; about a quarter of a minute")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file as well")
    parser.add_argument("--only", help="one of " + ", ".join(measure.__name__ for measure in MEASUREMENTS))
    options = parser.parse_args()
    generator()
    rows = [
        row
        for measure in MEASUREMENTS
        if options.only in (None, measure.__name__)
        for row in measure(options.quick)
    ]
    print(table(rows))
    if options.only is None:
        print(growth(options.quick))
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
