# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of an export: whose they are, and what they never replace."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
import yaml

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils.export import files, run

VARIABLES = [("devo_domain", "example")]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path, changed = files.save(str(tmp_path), "devo-eu", files.text(["What it is."], VARIABLES))
    assert changed
    return Path(path)


def test_a_file_is_for_its_owner_and_the_same_for_the_same_state(saved: Path) -> None:
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert yaml.safe_load(saved.read_text()) == {"devo_domain": "example"}
    assert files.save(str(saved.parent), "devo-eu", saved.read_text()) == (str(saved), False)
    saved.chmod(0o644)
    assert files.save(str(saved.parent), "devo-eu", saved.read_text()) == (str(saved), True)
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600


def test_what_an_export_wrote_may_be_replaced(saved: Path) -> None:
    files.check(str(saved.parent), ["devo-eu", "another"], force=False)


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text + "\n",
        lambda text: text.replace("example", "other"),
        lambda text: text.replace("# What it is.", "# What it was."),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.partition("---")[2],
        lambda text: "",
        lambda text: "\udcff",
    ],
)
def test_what_somebody_wrote_is_not_replaced(saved: Path, edit: object) -> None:
    assert callable(edit)
    content = edit(saved.read_text()).encode(errors="surrogateescape")
    saved.write_bytes(content)
    with pytest.raises(ValidationError, match=r"devo-eu\.yml: not as an export wrote it.*access_export_force: true"):
        files.check(str(saved.parent), ["devo-eu"], force=False)
    files.check(str(saved.parent), ["devo-eu"], force=True)
    assert saved.read_bytes() == content


def test_a_folder_that_cannot_be_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ValidationError, match=r"access_export_dir: .* cannot be used"):
        files.check(str(tmp_path / "file"), ["a"], force=False)
    (tmp_path / "a.yml").mkdir()
    with pytest.raises(ValidationError, match="is a folder"):
        files.check(str(tmp_path), ["a"], force=True)


def test_a_host_cannot_be_called_as_the_file_of_the_people_is() -> None:
    assert run.names(["access_people"], run.TENANTS) == ["access_people"]
    with pytest.raises(ValidationError, match="access_people"):
        run.names(["access_people"], run.PEOPLE)


def test_a_name_stays_within_the_folder(tmp_path: Path) -> None:
    assert files.path_of(str(tmp_path), "../evil/host").parent == tmp_path
