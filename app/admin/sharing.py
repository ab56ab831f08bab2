"""Giving the recovery key to three people, two of whom must come together to use it."""

from dataclasses import dataclass, field
from pathlib import Path

from app.admin import sheet_text as text
from app.admin.console import Console, Stop
from app.admin.files import write_secret
from app.admin.organisation import key_lines
from app.admin.sheet import Code, Page
from app.admin.sheet_pdf import render_pdf
from app.crypto.age import X25519Identity
from app.crypto.primitives import Random
from app.crypto.sharing import Share, combine, split


@dataclass(frozen=True)
class ShareSheet:
    """One person's printed share."""

    name: str
    share: Share = field(repr=False)

    @property
    def heading(self) -> str:
        return f"{self.name} · {self.share.index} / {self.share.count}"

    def pages(self) -> tuple[Page, ...]:
        code = Code(text.SHARE_CAPTION, str(self.share), True)
        return (Page(text.SHARE_TITLE, text.PRIVATE_NOTE, code, text.SHARE_STEPS),)


def split_recovery(
    folder: Path, target: Path, name: str, passphrase: str | None, random: Random, console: Console
) -> None:
    """Writes share-1.pdf to share-3.pdf into a new folder; the organisation's folder stays as it is."""
    newest = X25519Identity.parse(key_lines((folder / "recovery.txt").read_bytes(), passphrase)[0])
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(target.iterdir()):
        raise Stop(f"{target} is not empty; nothing was written.")
    for share in split(newest.raw, random=random):
        write_secret(target / f"share-{share.index}.pdf", render_pdf(ShareSheet(name, share)))
    console.say(f"Print the three sheets in {target}, give each to another person, and delete the files.")
    console.say("Any two of them give the recovery key back; one alone tells nothing.")
    console.say(
        "Then delete recovery.txt, sheet.pdf and sheet.html in the organisation's folder and their copies."
    )


def combine_recovery(target: Path, console: Console) -> None:
    """Asks for two shares and writes the recovery key as a new age identity file."""
    shares = [
        Share.parse(console.ask_secret(f"Share {place} (DOORSTEP-SHARE-1…):")) for place in ("one", "two")
    ]
    identity = X25519Identity(combine(shares))
    lines = f"# public key: {identity.recipient}\n{identity}\n"
    try:
        write_secret(target, lines.encode("ascii"))
    except FileExistsError as error:
        raise Stop(f"{target} exists already; nothing was written.") from error
    console.say(f"The recovery key of {identity.recipient} is in {target}. Delete it when you are done.")
