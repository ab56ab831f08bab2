"""What the owner does: backup, restore, check, prune, on every database."""

import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest

from app.protocol.enrolment import Invitation, token_hash
from app.protocol.versions import JSON
from sync_server.__main__ import main
from sync_server.commands.backup import backup, restore
from sync_server.commands.check import check, stats, verify_all
from sync_server.commands.prune import prune_all
from sync_server.objectstore.files import FileObjects
from sync_server.settings import Settings
from tests.contract.server_backends import database_url
from tests.contract.server_world import World, world
from tests.unit.server.kit import code_of

__all__ = ["world"]
PHOTO = os.urandom(150_000)
NAME = hashlib.sha256(PHOTO).hexdigest()


def fill(world: World) -> None:
    for turn in range(5):
        world.tablet.push(os.urandom(600), os.urandom(700), audience=("sup-1", "tab-1"))
        world.other.push(os.urandom(500 + turn), audience=("sup-1",))
    world.tablet.upload(PHOTO)
    world.tablet.post([world.tablet.manifest(PHOTO, ("sup-1",))])


def test_a_sound_log_checks(world: World, capsys: pytest.CaptureFixture[str]):
    fill(world)
    assert check(world.settings) == 0
    told = capsys.readouterr().out
    assert f"{world.org.name}: 16 entries, 16 objects" in told
    assert world.supervisor.pull()
    assert world.supervisor.checkpoint.root.hex() in told
    assert stats(world.settings) == 0
    assert "16 entries of 2 devices" in capsys.readouterr().out


DAMAGE = {
    "UPDATE entry SET epoch = 0 WHERE position = 3": "entry 3: crypto.bad_signature",
    "UPDATE entry SET digest = prev WHERE position = 4": "entry 4 keeps a wrong digest",
    "DELETE FROM entry WHERE position = 7": "entry 7 is missing",
    "DELETE FROM entry WHERE position = 15": "the checkpoint is not this log's",
    "DELETE FROM addressed WHERE position = 2": "entry 2 is filed under other readers",
    "UPDATE node SET hash = (SELECT frontier FROM workspace) WHERE level = 1 AND position = 2": "node 1/2 is wrong",
    "DELETE FROM node WHERE level = 2 AND position = 1": "node 2/1 is wrong or missing",
    "UPDATE workspace SET frontier = (SELECT hash FROM node WHERE level = 0 AND position = 0)": "row is not this log's",
    "UPDATE object SET content = digest FROM entry WHERE entry.sha256 = object.sha256 AND position = 1": "is damaged",
    "DELETE FROM object WHERE content IS NULL": "is missing or has another size",
    "UPDATE roster_statement SET content = replace(content, 'tab-1', 'tab-9')": "roster or checkpoint",
    "UPDATE workspace SET checkpoint = replace(checkpoint, '16', '15')": "roster or checkpoint",
}


def test_any_damage_is_found(tmp_path: Path):
    """SQLite only: a dozen servers, each with one thing wrong."""
    settings = Settings(tmp_path / "server")
    world = World(settings)
    assert world.org.found(world.token).status_code == 200
    fill(world)
    world.close()
    good = (settings.data_dir / "server.db").read_bytes()
    for statement, expected in DAMAGE.items():
        (settings.data_dir / "server.db").write_bytes(good)
        assert not verify_all(settings)[0].wrong
        world.execute(statement)
        wrong = verify_all(settings)[0].wrong
        assert any(expected in text for text in wrong), (statement, wrong)
    (settings.data_dir / "server.db").write_bytes(good)
    path = settings.data_dir / "objects" / world.org.name / NAME[:2] / NAME
    path.write_bytes(PHOTO[:-1] + b"x")
    assert verify_all(settings)[0].wrong == [f"object {NAME} is damaged"]
    path.unlink()
    assert verify_all(settings)[0].wrong == [f"object {NAME} cannot be read"]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_backup_restores_to_either_database(world: World, kind: str, tmp_path: Path):
    fill(world)
    folder = tmp_path / "backup"
    assert backup(world.settings, folder) == 0
    world.tablet.push(b"later" * 100, audience=("sup-1",))
    assert (folder / "log.key").stat().st_mode & 0o777 == 0o600
    with database_url(kind) as url:
        settings = Settings(tmp_path / "restored", database=url)
        assert restore(settings, folder) == 0
        assert restore(settings, folder) == 2, "only into an empty server"
        assert check(settings) == 0
        world.restart(settings)
        assert len(world.supervisor.pull()) == 16
        assert world.supervisor.call("GET", f"/v1/objects/{NAME}").content == PHOTO
        world.close()


def test_a_client_notices_a_server_rolled_back_by_its_restore(world: World, tmp_path: Path):
    fill(world)
    folder = tmp_path / "backup"
    backup(world.settings, folder)
    world.tablet.push(b"later" * 100, audience=("sup-1",))
    world.supervisor.pull()
    settings = Settings(tmp_path / "restored")
    restore(settings, folder)
    world.restart(settings)
    assert code_of(world.supervisor.call("GET", "/v1/entries?after=17")) == "server.tree_size"


def test_a_second_backup_copies_only_what_is_new(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    fill(world)
    folder = tmp_path / "backup"
    backup(world.settings, folder)
    assert " 1 new large objects" in capsys.readouterr().out
    world.tablet.push(os.urandom(900), audience=("sup-1",))
    backup(world.settings, folder)
    assert " 0 new large objects" in capsys.readouterr().out
    assert restore(Settings(tmp_path / "restored"), folder) == 0


def test_an_altered_or_unfinished_backup_is_refused(world: World, tmp_path: Path):
    fill(world)
    folder = tmp_path / "backup"
    backup(world.settings, folder)
    heads = folder / "backup.json"
    good = heads.read_bytes()
    heads.write_bytes(good.replace(b'"size":16', b'"size":17'))
    assert restore(Settings(tmp_path / "one"), folder) == 1
    heads.unlink()
    assert restore(Settings(tmp_path / "two"), folder) == 2


def test_pruning_forgets_only_what_nobody_can_need(world: World):
    fill(world)
    orphan = os.urandom(100_000)
    world.tablet.upload(orphan)
    world.tablet.patch("ab" * 32, 0, 100, b"begun")
    body = Invitation(token_hash("t" * 24), 60).encode()
    world.supervisor.call("POST", "/v1/enrolments", body, content_type=JSON)
    soon = prune_all(world.settings, 30, world.clock)
    assert (soon.uploads, soon.objects, soon.invitations) == (0, 0, 0)
    store = FileObjects(world.settings.data_dir)
    for path in [
        *world.settings.data_dir.glob("objects/*/*/*"),
        *world.settings.data_dir.glob("partial/*/*/*"),
    ]:
        os.utime(path, (world.clock.now, world.clock.now))
    later = prune_all(world.settings, 30, lambda: world.clock.now + 31 * 24 * 3600)
    assert (later.uploads, later.objects, later.invitations) == (1, 1, 1)
    assert [one[1] for one in store.objects()] == [NAME]
    assert check(world.settings) == 0
    code = world.tablet.call("HEAD", f"/v1/objects/{hashlib.sha256(orphan).hexdigest()}")
    assert code.headers["upload-offset"] == "0"


def test_the_command_line(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    fill(world)
    place = ["--data", str(world.settings.data_dir), "--database", world.settings.database]
    for arguments in (
        ["check", *place],
        ["stats", *place],
        ["migrate", *place],
        ["prune", *place],
        ["init", *place],
        ["backup", *place, str(tmp_path / "b")],
        ["restore", "--data", str(tmp_path / "r"), str(tmp_path / "b")],
        ["check", "--data", str(tmp_path / "r")],
    ):
        assert main(arguments) == 0, arguments
    assert "setup token" in capsys.readouterr().out
    assert main(["init", *place, "--setup-token", "short"]) == 2
    assert main(["check", "--data", str(tmp_path / "nothing")]) == 2
    insecure = replace(world.settings, host="0.0.0.0")
    assert not insecure.secure
    assert main(["serve", *place, "--host", "0.0.0.0"]) == 2
    assert "Refusing plain HTTP" in capsys.readouterr().err
