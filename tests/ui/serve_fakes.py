"""The screens over synthetic data in a browser: `python -m tests.ui.serve_fakes PORT`. For looking, and for tests.

The address chooses what is shown: `/?ana=1&go=household/h12&theme=dark&language=ro&text=1.3&state=calm`.
"""

import sys
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import flet as ft
import uvicorn

from app.ui.app import open_window
from app.ui.desk import Desk
from app.ui.serve import make_asgi
from tests.ui import sample
from tests.ui.fakes import PASSPHRASE, World, make_cases


def main(page: ft.Page) -> None:
    asked = {name: values[0] for name, values in parse_qs(urlsplit(page.route or "").query).items()}
    world = World(sync_pause=float(asked.get("pause", 0.3)))
    world.settings = replace(
        world.settings,
        language=asked.get("language", "en"),
        theme=asked.get("theme", "light"),
        text_size=float(asked.get("text", 1.0)),
        lock_minutes=30,
    )
    replaced: dict[str, Any] = {}
    if asked.get("state") == "calm":
        world.waiting = 0
        replaced = {"today": lambda w, language: sample.calm_today(), "ledger": lambda w, language: []}
    if asked.get("state") == "away":
        world.last_problem = sample.AWAY
    if asked.get("state") == "many":
        replaced["households"] = lambda worker, query="": __import__(
            "tests.ui.fakes", fromlist=["search"]
        ).search(sample.many(1000), query)
    first = f"/{asked['go']}" if "go" in asked else page.route or ""
    desk = Desk(make_cases(world, **replaced), first)
    open_window(page, desk)
    if "as" in asked:
        page.run_task(desk.unlock, f"p-{asked['as']}", PASSPHRASE)


if __name__ == "__main__":
    uvicorn.run(make_asgi(main), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
