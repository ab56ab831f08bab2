"""Several large objects at once, so that a fast link with a long delay is filled; one at a time on a slow link.

With one lane everything happens in the caller's thread, in order: nothing is gained by threads there, and a
test that decides about every request keeps deciding.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from threading import Event
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def side_by_side(
    items: Iterable[Item],
    work: Callable[[Item], Result],
    lanes: int,
    wanted: Callable[[], int],
    stop: Event,
) -> Iterator[tuple[Item, Result]]:
    """(item, result) of each as it is finished. At most `lanes` threads; `wanted()` of them are used right now.

    The first failure is raised after the others have come to rest; `stop` is set for them to notice. Read to
    its end or let it raise.
    """
    if lanes <= 1:
        for item in items:
            yield item, work(item)
        return
    waiting, running = iter(items), dict[Future[Result], Item]()
    with ThreadPoolExecutor(lanes, thread_name_prefix="lane") as pool:
        try:
            while True:
                _fill(pool, waiting, work, running, min(lanes, max(1, wanted())))
                if not running:
                    return
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield running.pop(future), future.result()
        except BaseException:
            stop.set()  # before the pool waits for the others
            raise


def _fill(
    pool: ThreadPoolExecutor,
    waiting: Iterator[Item],
    work: Callable[[Item], Result],
    running: dict[Future[Result], Item],
    most: int,
) -> None:
    while len(running) < most:
        item = next(waiting, None)
        if item is None:
            return
        running[pool.submit(work, item)] = item
