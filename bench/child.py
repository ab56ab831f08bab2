"""Runs in a fresh process for bench.engine: loads one form, prints ms, ms of processor time and resident MB.

    python -m bench.child load FORM.xml [FILE.csv]     |  cached FORM.bin  |  bare
Only what the measured code needs is imported, so that the figures are the engine's.
"""

import sys
import time
from datetime import UTC


def resident() -> float:
    """Resident memory of this process in MB."""
    with open("/proc/self/statm", encoding="ascii") as file:
        pages = int(file.read().split()[1])
    return pages * 4096 / 2**20


def load(paths: list[str], cached: bool) -> tuple[float, float]:
    contents = []
    for path in paths:
        with open(path, "rb") as file:
            contents.append(file.read())
    began, worked = time.perf_counter(), time.process_time()
    from datetime import datetime

    import forms

    if cached:
        form = forms.load_cached(contents[0])
    else:
        media = {
            path.rpartition("/")[2]: content for path, content in zip(paths[1:], contents[1:], strict=True)
        }
        form = forms.load_xform(contents[0], media=media)
    instance = form.new(forms.Context(now=lambda: datetime.now(UTC), new_id=lambda: "id"))
    took, work = (time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000
    assert instance.root.children
    return took, work


def main(arguments: list[str]) -> None:
    took, work = (0.0, 0.0) if arguments[0] == "bare" else load(arguments[1:], arguments[0] == "cached")
    print(took, work, resident())


if __name__ == "__main__":
    main(sys.argv[1:])
