# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret is only saved where an ordinary file is, or can be; what cannot be a file is said, and never a crash."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from ansible_collections.dataops.access.plugins.module_utils.core import files
from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError


def test_what_is_no_ordinary_file_is_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert "no ordinary file" in str(files.unwritable(str(pipe)))
    with pytest.raises(AccessError, match="no ordinary file"):
        files.save(str(pipe), "secret")
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("name", ["x" * 300, "nul\0inside"])
def test_a_path_that_cannot_be_is_refused(tmp_path: Path, name: str) -> None:
    assert files.unwritable(f"{tmp_path}/{name}")
    assert not files.exists(f"{tmp_path}/{name}")
    with pytest.raises(AccessError):
        files.save(f"{tmp_path}/{name}", "secret")
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_replaced_whole_and_for_the_owner_alone(tmp_path: Path) -> None:
    target = tmp_path / "secret"
    target.write_text("old")
    target.chmod(0o644)
    files.save(str(target), "new")
    assert target.read_text() == "new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [target]


def test_one_file_under_several_names_has_one_owner(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "link").symlink_to(folder)
    owners: dict[str, str] = {}
    assert files.other_owner(owners, str(folder / "secret"), "ana") is None
    for path in (tmp_path / "link" / "secret", folder / ".." / "folder" / "secret", f"{folder}//secret"):
        assert files.other_owner(owners, str(path), "bob") == "ana"
    assert files.other_owner(owners, str(folder / "secret"), "ana") is None
    assert files.other_owner(owners, str(folder / "other"), "bob") is None
    assert files.other_owner(owners, "null\0character", "cyd") is None


@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_and_its_target_gets_the_secret(tmp_path: Path, there: bool) -> None:
    (tmp_path / "store").mkdir()
    target = tmp_path / "store" / "secret"
    if there:
        target.write_text("old")
        target.chmod(0o644)
    (tmp_path / "second").symlink_to(Path("store") / "secret")
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "second")
    assert files.unwritable(str(link)) is None
    assert files.exists(str(link)) == there
    files.save(str(link), "new")
    assert link.is_symlink()
    assert link.resolve() == target
    assert target.read_text() == "new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [path.name for path in target.parent.iterdir()] == ["secret"]
    files.discard(str(link))
    assert link.is_symlink()
    assert not target.exists()


def test_where_a_link_leads_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, target, says in (
        ("to-pipe", "pipe", "no ordinary file"),
        ("to-folder", ".", "is a folder"),
        ("to-nowhere", "nowhere/secret", f"the folder {tmp_path}/nowhere does not exist"),
        ("circle", "circle", "a link that leads to itself"),
    ):
        link = tmp_path / name
        link.symlink_to(target)
        assert says in str(files.unwritable(str(link)))
        with pytest.raises(AccessError, match=says):
            files.save(str(link), "secret")
        assert link.is_symlink()
    # In a folder like /tmp a link may be somebody's trap.
    (tmp_path / "trap").symlink_to("secret")
    tmp_path.chmod(0o1777)
    assert files.unwritable(str(tmp_path / "trap")) is None
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert files.unwritable(str(tmp_path / "trap")) is None, "the link is of the folder's owner"
    monkeypatch.setattr(files, "_owner", lambda link: 4711)
    assert "is a link of somebody else in a folder for everybody" in str(files.unwritable(str(tmp_path / "trap")))
