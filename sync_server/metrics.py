"""Counters and durations in the Prometheus text format. No label ever names a workspace, a device or a person."""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from time import perf_counter

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
Labels = tuple[tuple[str, str], ...]


class Metrics:
    """One process's numbers. Thread-safe."""

    def __init__(self) -> None:
        self._counters: dict[tuple[str, Labels], float] = {}
        self._buckets: dict[tuple[str, Labels], list[float]] = {}
        self._gauges: dict[str, Callable[[], float]] = {}
        self._guard = Lock()

    def add(self, name: str, amount: float = 1, **labels: str) -> None:
        key = (name, tuple(sorted(labels.items())) if labels else ())
        with self._guard:
            self._counters[key] = self._counters.get(key, 0) + amount

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        key = (name, tuple(sorted(labels.items())))
        with self._guard:
            row = self._buckets.setdefault(key, [0.0] * (len(BUCKETS) + 2))
            row[bisect_left(BUCKETS, seconds)] += 1
            row[-1] += seconds

    def gauge(self, name: str, read: Callable[[], float]) -> None:
        self._gauges[name] = read

    @contextmanager
    def timer(self, name: str) -> Iterator[None]:
        start = perf_counter()
        try:
            yield
        finally:
            self.observe(f"doorstep_{name}_seconds", perf_counter() - start)

    def text(self) -> str:
        with self._guard:
            counters = sorted(self._counters.items())
            buckets = sorted((key, list(row)) for key, row in self._buckets.items())
        lines = _typed(((name, _line(name, labels, value)) for (name, labels), value in counters), "counter")
        lines += _typed(
            ((name, line) for (name, labels), row in buckets for line in _histogram(name, labels, row)),
            "histogram",
        )
        lines += _typed(
            ((name, _line(name, (), read())) for name, read in sorted(self._gauges.items())), "gauge"
        )
        return "\n".join(lines) + "\n"


def _typed(named: Iterator[tuple[str, str]], kind: str) -> list[str]:
    lines: list[str] = []
    last = ""
    for name, line in named:
        if name != last:
            lines.append(f"# TYPE {name} {kind}")
            last = name
        lines.append(line)
    return lines


def _line(name: str, labels: Labels, value: float) -> str:
    inside = ",".join(f'{key}="{text}"' for key, text in labels)
    return f"{name}{{{inside}}} {value:g}" if inside else f"{name} {value:g}"


def _histogram(name: str, labels: Labels, row: list[float]) -> Iterator[str]:
    total = 0.0
    for bound, found in zip((*map(str, BUCKETS), "+Inf"), row[:-1], strict=True):
        total += found
        yield _line(f"{name}_bucket", (*labels, ("le", bound)), total)
    yield _line(f"{name}_sum", labels, row[-1])
    yield _line(f"{name}_count", labels, total)
