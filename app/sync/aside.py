"""Local work beside the network: while a request is under way, the last answer is kept and the next one prepared.

One thread, one piece of work at a time, in order. Without a thread (`threaded` false) the work is done where it
is asked for, so that a test decides about every step.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Generic, TypeVar

Result = TypeVar("Result")


class Later(Generic[Result]):
    """What a piece of work gives, as soon as it is asked for; raises what the work raised."""

    def __init__(self, future: "Future[Result] | None" = None, value: Result | None = None) -> None:
        self._future, self._value = future, value

    def result(self) -> Result:
        return self._future.result() if self._future is not None else self._value  # type: ignore[return-value]


class Aside:
    """A context: leaving it waits for what is still being done, and raises what that raised."""

    def __init__(self, threaded: bool) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="aside") if threaded else None
        self._last: Later[object] | None = None

    def do(self, work: Callable[[], Result]) -> Later[Result]:
        """Begins a piece of work; what went wrong in the one before is raised now."""
        self.wait()
        later = Later(self._pool.submit(work)) if self._pool is not None else Later(None, work())
        self._last = later  # type: ignore[assignment]
        return later

    def wait(self) -> None:
        """Until nothing is being done; raises what went wrong."""
        last, self._last = self._last, None
        if last is not None:
            last.result()

    def __enter__(self) -> "Aside":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown()  # waits; a failure of the caller's own comes first
        if kind is None:
            self.wait()
