"""The organisation's folder: keys that come back, files that only their owner reads, a sheet that says it all."""

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.admin import share_text, sheet_pdf, sheet_text
from app.admin.organisation import (
    Organisation,
    create_organisation,
    load_organisation,
    parse_root_key,
    read_statements,
    root_key_text,
)
from app.admin.sheet import Sheet
from app.admin.sheet_text import FIRST_RECOVERY
from app.admin.truetype import read_font
from app.crypto.age import X25519Identity, seal
from app.protocol.errors import Problem
from app.protocol.keys import SigningKey
from app.protocol.roster import Roster
from tests.unit.crypto.pdf_text import pdf_text

NAME = "Asociația Exemplu 12"
WORDS = "lemed sotov kubis nasob vided"


def _clock() -> datetime:
    return datetime(2026, 3, 1, 10, tzinfo=UTC)


def _random() -> "object":
    """Different on every call, the same in every run."""
    counter = iter(range(256))
    return lambda size: bytes([next(counter)]) * size


def _made(folder: Path, passphrase: str | None = None) -> Organisation:
    return create_organisation(folder, NAME, passphrase, _clock, _random(), log_n=10)  # type: ignore[arg-type]


def test_the_folder(tmp_path: Path) -> None:
    made = _made(tmp_path / "org")
    names = {path.name for path in (tmp_path / "org").iterdir()}
    assert names == {"root.key", "recovery.txt", "genesis.json", "roster.json", "sheet.html", "sheet.pdf"}
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "org").iterdir()} == {0o600}
    assert load_organisation(tmp_path / "org", None) == made
    roster = Roster.replay(read_statements(tmp_path / "org" / "roster.json"), made.root.public)
    assert (roster.org, roster.recovery) == (made.org, str(made.recovery.recipient))
    assert made.root.seed.hex() not in repr(made) and str(made.recovery) not in repr(made)


def test_with_a_passphrase_no_secret_is_readable(tmp_path: Path) -> None:
    made = _made(tmp_path / "org", WORDS)
    for name in ("root.key", "recovery.txt"):
        data = (tmp_path / "org" / name).read_text()
        assert data.startswith("-----BEGIN AGE") and "SECRET" not in data and NAME not in data
    assert load_organisation(tmp_path / "org", WORDS) == made
    for wrong in (None, "alte cuvinte"):
        with pytest.raises(Problem, match=r"crypto\.wrong_passphrase"):
            load_organisation(tmp_path / "org", wrong)


def test_an_organisation_is_never_overwritten(tmp_path: Path) -> None:
    _made(tmp_path / "org")
    before = (tmp_path / "org" / "root.key").read_bytes()
    with pytest.raises(FileExistsError):
        _made(tmp_path / "org")
    assert (tmp_path / "org" / "root.key").read_bytes() == before


def test_a_genesis_of_another_root_is_noticed(tmp_path: Path) -> None:
    _made(tmp_path / "org")
    create_organisation(tmp_path / "other", NAME, None, _clock, lambda size: b"\x55" * size)
    shutil.copy(tmp_path / "other" / "genesis.json", tmp_path / "org" / "genesis.json")
    with pytest.raises(Problem, match=r"roster\.wrong_root"):
        load_organisation(tmp_path / "org", None)


def test_root_keys_as_text() -> None:
    key = SigningKey.from_seed(bytes(range(32)))
    assert parse_root_key(root_key_text(key)) == key and root_key_text(key).startswith("DOORSTEP-ROOT-KEY-1")
    for wrong in ("", root_key_text(key)[:-1], str(X25519Identity.generate())):
        with pytest.raises(Problem, match=r"crypto\.bad_key"):
            parse_root_key(wrong)


@pytest.mark.skipif(shutil.which("age") is None, reason="the age command is not installed")
def test_age_reads_recovery_txt_as_it_is(tmp_path: Path) -> None:
    made = _made(tmp_path / "org")
    command = ["age", "-d", "-i", str(tmp_path / "org" / "recovery.txt")]
    opened = subprocess.run(
        command, input=seal(b"x", [made.recovery.recipient]), capture_output=True, check=True
    )
    assert opened.stdout == b"x"


def test_the_html_sheet(tmp_path: Path) -> None:
    made = create_organisation(tmp_path / "org", "A & <B>", None, _clock, _random())  # type: ignore[arg-type]
    page = (tmp_path / "org" / "sheet.html").read_text()
    assert "A &amp; &lt;B&gt;" in page and "<B>" not in page
    plain = page.replace("<wbr>", "")
    for text in (str(made.recovery), root_key_text(made.root), str(made.root.public), made.org):
        assert text in plain
    assert plain.count("<svg") == 3 and "http" not in re.sub(r'xmlns="[^"]*"', "", plain)
    assert 'lang="ro"' in page and 'lang="en"' in page


def test_the_pdf_sheet(tmp_path: Path) -> None:
    made = _made(tmp_path / "org")
    text = pdf_text((tmp_path / "org" / "sheet.pdf").read_bytes())
    joined = text.replace(" ", "")
    for secret in (str(made.recovery), root_key_text(made.root), str(made.root.public)):
        assert secret in joined
    assert NAME in text and "Cheia de recuperare" in text and "Nu fotografiați, nu trimiteți" in text
    assert "\x00" not in text and "2026-03-01T10:00:00Z" in text


def test_the_sheets_font_has_every_letter() -> None:
    texts = {**vars(sheet_text), **vars(share_text)}
    words = "".join(str(value) for name, value in texts.items() if name.isupper())
    for file in sheet_pdf.FONTS.values():
        font = read_font(file)
        assert {letter for letter in words + NAME if font.glyph(letter) == 0} - {"\n"} == set()
        assert 0 < font.width("ș", 10) < 10


def test_the_first_recovery_key_is_printed_once_it_differs() -> None:
    sheet = Sheet(NAME, "org-1", "2026-03-01T10:00:00Z", "S", "age1a", "age1a", "R", "P")
    assert FIRST_RECOVERY not in sheet.pages()[2].paragraphs
    later = replace(sheet, recovery_public="age1b").pages()[2].paragraphs
    assert FIRST_RECOVERY in later and ("age1a", "age1a") in later and ("age1b", "age1b") in later
