"""Publishing a programme: a folder of XLSForms, lists and `programme.toml` becomes a record for every device.

    programme.toml        rules, schedule, entity lists (app.programme.config)
    *.xlsx                forms
    lists/*.csv           lists that several forms use

It is compiled here, on the machine of whoever publishes it: tablets never see a spreadsheet. A form that cannot be
compiled, or two forms of one name, stop the whole: nothing is published then.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import forms
from app.admin.console import Console, Stop
from app.programme.config import ProgrammeError
from app.store.profiles import ProfileInfo, list_profiles
from app.usecases.publish import CompiledForm, publish_programme
from app.usecases.services import Services
from app.usecases.sync_now import sync_now
from app.usecases.unlock import lock, unlock
from app.usecases.worker import Worker


@dataclass(frozen=True)
class ProgrammeFolder:
    """What a programme's folder holds, compiled. `lists` are files by name; `warnings` say which form's they are."""

    toml: str
    forms: tuple[CompiledForm, ...]
    lists: Mapping[str, bytes]
    warnings: tuple[str, ...] = ()


def read_programme(folder: Path) -> ProgrammeFolder:
    """Raises Stop where something is missing or said twice, FormError of the first form that is wrong."""
    toml = folder / "programme.toml"
    books = sorted(path for path in folder.glob("*.xlsx") if not path.name.startswith("~$"))
    if not toml.exists() or not books:
        raise Stop(f"{folder} is no programme: it needs programme.toml and at least one .xlsx form.")
    lists = {path.name: path.read_bytes() for path in sorted((folder / "lists").glob("*.csv"))}
    found: dict[str, CompiledForm] = {}
    warnings: list[str] = []
    for book in books:
        form, said = _compiled(book, lists)
        if form.form in found:
            raise Stop(
                f"Two forms are called {form.form}; {book.name} is one of them. Nothing was published."
            )
        found[form.form] = form
        warnings += [f"{book.name}: {one}" for one in said]
    return ProgrammeFolder(toml.read_text("utf-8"), tuple(found.values()), lists, tuple(warnings))


def publish(folder: Path, services: Services, name: str, passphrase: str | None, console: Console) -> None:
    """Unlocks a supervisor's profile on this computer, publishes, and syncs. Raises Stop, FormError, Problem."""
    ready = read_programme(folder)
    for line in ready.warnings:
        console.say(line)
    profile = _supervisor(services, name)
    worker = unlock(services, profile.id, passphrase or console.ask_secret(f"Passphrase of {profile.label}:"))
    try:
        _publish(worker, ready, console)
    finally:
        lock(worker)


def _publish(worker: Worker, ready: ProgrammeFolder, console: Console) -> None:
    try:
        publish_programme(worker, ready.toml, ready.forms, ready.lists)
    except ProgrammeError as error:
        raise Stop(f"programme.toml: {error} Nothing was published.") from error
    console.say("Sealed for every device: " + ", ".join(f"{one.form} {one.version}" for one in ready.forms))
    outcome = sync_now(worker)
    if outcome.problem is not None:
        console.say(
            f"It waits on this computer and leaves with the next synchronisation ({outcome.problem.code})."
        )
        return
    console.say("It is on the server. Every device gets it when it next synchronises.")


def _compiled(book: Path, lists: Mapping[str, bytes]) -> tuple[CompiledForm, list[str]]:
    compiled = forms.compile_xlsform(book)
    form = forms.load_xform(compiled.xform_xml, media={**lists, **compiled.media})
    media = {name: data for name, data in compiled.media.items() if name not in lists}
    return CompiledForm(form.form_id, form.version, compiled.xform_xml, media), list(compiled.warnings)


def _supervisor(services: Services, name: str) -> ProfileInfo:
    """The only supervisor of this computer, or the one with this name."""
    known = [one for one in list_profiles(services.data_dir) if one.role == "supervisor"]
    fitting = [one for one in known if not name or one.label == name]
    if len(fitting) == 1:
        return fitting[0]
    names = ", ".join(one.label for one in known) or "nobody"
    raise Stop(f"Name the supervisor with --name. On this computer: {names}.")
