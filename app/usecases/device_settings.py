"""Settings of the device, not of a person: readable before anybody unlocks, so never anything about people."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from app.usecases.services import Services

LANGUAGES = ("ro", "en")
THEMES = ("system", "light", "dark")


@dataclass(frozen=True)
class DeviceSettings:
    """`text_size` multiplies every type size, 1.0 to 2.0; `lock_minutes` of idling before the app locks,
    `away_minutes` behind another app (0: at once).

    `photos_on_wifi_only`: large files wait while the connection is a mobile one. Off unless somebody asks for it,
    because whoever presses "Sync" (as in ODK Collect, where sending takes a form with its photos over whatever
    connection there is) expects everything to be gone; the tablets that need it are those on a small data plan.
    """

    language: str = "ro"
    theme: str = "system"
    text_size: float = 1.0
    lock_minutes: int = 5
    away_minutes: int = 5
    photos_on_wifi_only: bool = False


def read_settings(services: Services) -> DeviceSettings:
    """The saved settings; defaults where the file is absent, damaged or holds values of another version."""
    try:
        found = json.loads(_path(services).read_text("utf-8"))
    except (OSError, ValueError):
        return DeviceSettings()
    return _sane(found if isinstance(found, dict) else {})


def write_settings(services: Services, settings: DeviceSettings) -> None:
    """Keeps the settings; replaces the file whole, so that a kill leaves the old or the new one."""
    path = _path(services)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps(asdict(settings)), "utf-8")
    temporary.replace(path)


def _path(services: Services) -> Path:
    return services.data_dir / "settings.json"


def _sane(found: dict[str, object]) -> DeviceSettings:
    settings = DeviceSettings()
    if found.get("language") in LANGUAGES:
        settings = replace(settings, language=str(found["language"]))
    if found.get("theme") in THEMES:
        settings = replace(settings, theme=str(found["theme"]))
    size, minutes = found.get("text_size"), found.get("lock_minutes")
    if isinstance(size, int | float) and 1.0 <= size <= 2.0:
        settings = replace(settings, text_size=float(size))
    if isinstance(minutes, int) and 1 <= minutes <= 60:
        settings = replace(settings, lock_minutes=minutes)
    away = found.get("away_minutes")
    if type(away) is int and 0 <= away <= 60:
        settings = replace(settings, away_minutes=away)
    if isinstance(found.get("photos_on_wifi_only"), bool):
        settings = replace(settings, photos_on_wifi_only=bool(found["photos_on_wifi_only"]))
    return settings
