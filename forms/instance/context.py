"""What a filled-in form is given from outside: clock, time zone, chance, ids, device, entity lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from forms.errors import FormError

if TYPE_CHECKING:
    from forms.functions.context import Chance


class Context:
    """Handed to `form.new` and `form.open`. `now` gives aware datetimes; `entities` maps a list's name to its
    rows (each with at least `name` and `label`). Without a clock, chance or ids, what needs them fails with
    an evaluation problem at its question."""

    __slots__ = (
        "device_id",
        "email",
        "entities",
        "last_saved",
        "new_id",
        "now",
        "phone",
        "properties",
        "rng",
        "timezone",
        "username",
    )

    def __init__(
        self,
        now: Callable[[], datetime] | None = None,
        timezone: tzinfo = UTC,
        rng: Chance | None = None,
        device_id: str = "",
        username: str = "",
        phone: str = "",
        email: str = "",
        entities: Mapping[str, Sequence[Mapping[str, str]]] | None = None,
        new_id: Callable[[], str] | None = None,
        properties: Mapping[str, str] | None = None,
        last_saved: bytes | str | None = None,
    ) -> None:
        self.now = now
        self.timezone = timezone
        self.rng = rng
        self.device_id = device_id
        self.username = username
        self.phone = phone
        self.email = email
        self.entities = entities or {}
        self.new_id = new_id
        self.properties = properties or {}
        self.last_saved = last_saved


class Surroundings:
    """A Context as the function library sees it, with the language now in use."""

    __slots__ = ("context", "form_version", "language", "timezone")

    def __init__(self, context: Context, form_version: str = "") -> None:
        self.context = context
        self.timezone = context.timezone
        self.language = ""
        self.form_version = form_version

    @property
    def rng(self) -> Chance:
        if self.context.rng is None:
            raise missing("rng")
        return self.context.rng

    def now(self) -> datetime:
        if self.context.now is None:
            raise missing("now")
        return self.context.now().astimezone(self.timezone)

    def new_id(self) -> str:
        if self.context.new_id is None:
            raise missing("new_id")
        return self.context.new_id()

    def property(self, name: str) -> str:
        """A device or user property by its ODK name ("phone number" and "phonenumber" are one); "" for none."""
        context = self.context
        given = context.properties.get(name)
        if given is not None:
            return given
        known = {
            "deviceid": context.device_id,
            "username": context.username,
            "phonenumber": context.phone,
            "phone": context.phone,
            "email": context.email,
            "uri:deviceid": context.device_id,
            "uri:username": context.username,
            "uri:email": context.email,
            "uri:phonenumber": context.phone,
        }
        return known.get(name.replace(" ", "").replace("_", "").lower(), "")


def missing(what: str) -> FormError:
    return FormError(
        "context.missing",
        what,
        f"the form needs `{what}`, which was not given",
        f"Pass {what} in the Context",
    )
