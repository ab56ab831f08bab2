"""The app in a browser, on loopback: `python -m app.ui.serve --data DIR --port N`.

`asgi` is for any ASGI server; the data folder comes from DOORSTEP_DATA. Only this machine is listened to:
whoever can reach the page can try passphrases, and what is unlocked is shown in the clear.
"""

import argparse
import os
from pathlib import Path
from typing import Any

import flet as ft

from app.ui.app import main as window

ASSETS = Path(__file__).resolve().parents[2] / "assets"


def make_asgi(main: Any = window) -> Any:
    """The ASGI app over Flet's own web client; nothing is loaded from elsewhere."""
    _never_resume()
    return at_home(ft.run(main, export_asgi_app=True, no_cdn=True, assets_dir=str(ASSETS)))


# Flet's client asks for one script of an animation library on another machine even with `no_cdn`; the
# browser must not, and no page of ours may be shown inside somebody else's.
POLICY = "; ".join(
    [
        "default-src 'self'",
        "connect-src 'self' blob:",  # a picture that the camera took is read back from such an address
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "frame-ancestors 'none'",
    ]
)
HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
]


def at_home(asgi: Any) -> Any:
    """The app with the headers that keep a browser from asking other machines for anything."""

    async def served(scope: Any, receive: Any, send: Any) -> None:
        async def sent(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", []), *HEADERS]}
            await send(message)

        await asgi(scope, receive, sent if scope["type"] == "http" else send)

    return served


def _never_resume() -> None:
    """A browser that lost its connection begins anew, at the same address, instead of resuming its old
    page.

    Resumed, Flet 1.0.5's client goes into an endless loop over a page of components or ignores what comes
    later.
    """
    from flet_web.fastapi.flet_app_manager import app_manager

    async def no_session(session_id: str) -> None:
        return None

    app_manager.get_session = no_session
    os.environ.setdefault("FLET_SESSION_TIMEOUT", "60")  # seconds until what is left of it is cleared away


def __getattr__(name: str) -> Any:
    """`asgi`, made when a server asks for it."""
    if name == "asgi":
        return make_asgi()
    raise AttributeError(name)


def main() -> None:
    import uvicorn

    parser = argparse.ArgumentParser(prog="python -m app.ui.serve", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the profiles (else DOORSTEP_DATA)")
    parser.add_argument("--port", type=int, default=8550)
    parser.add_argument("--host", default="127.0.0.1", help="loopback; anything else shows data to a network")
    chosen = parser.parse_args()
    if chosen.data:
        os.environ["DOORSTEP_DATA"] = str(chosen.data)
    uvicorn.run(make_asgi(), host=chosen.host, port=chosen.port, log_level="warning")


if __name__ == "__main__":
    main()
