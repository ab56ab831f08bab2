"""The readable copy that a file picker leaves in the app's own temporary folder goes; the person's pictures stay."""

from pathlib import Path

import pytest

from app.ui.form.fields.pictures import forget_copy


def test_only_the_copy_in_our_own_temporary_folder_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = tmp_path / "cache" / "file_picker", tmp_path / "Pictures"
    for folder in (ours, theirs):
        folder.mkdir(parents=True)
        (folder / "a.jpg").write_bytes(b"photo")
    monkeypatch.delenv("FLET_APP_STORAGE_TEMP", raising=False)
    forget_copy(str(ours / "a.jpg"))
    assert (ours / "a.jpg").exists()
    monkeypatch.setenv("FLET_APP_STORAGE_TEMP", str(tmp_path / "cache"))
    for path in (
        None,
        "",
        str(theirs / "a.jpg"),
        str(tmp_path / "cache" / ".." / "Pictures" / "a.jpg"),
        str(ours),
    ):
        forget_copy(path)
    assert (theirs / "a.jpg").exists() and (ours / "a.jpg").exists()
    forget_copy(str(ours / "a.jpg"))
    forget_copy(str(ours / "a.jpg"))
    assert not (ours / "a.jpg").exists() and ours.exists()
