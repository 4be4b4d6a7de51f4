# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on disk: whole, for the owner alone, and kept."""

from __future__ import annotations

import json
import os
from pathlib import Path
from unittest import mock

import pytest

from ansible_collections.dataops.access.plugins.module_utils.core import files
from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils.audit import evidence, folder
from ansible_collections.dataops.access.plugins.plugin_utils.audit.renderers import RENDERERS
from unit.audit.results import result, tenant, whole


def mode(path: Path) -> str:
    return oct(path.stat().st_mode & 0o777)


def test_report_and_history(tmp_path: Path) -> None:
    place = tmp_path / "a" / "report"
    folder.prepare(str(place))
    record = whole(tenant(result()))
    paths = [Path(path) for path in folder.write_run(str(place), record).paths]
    kept = place / "history" / "20260131T060000Z-local"
    assert paths == [parent / name for parent in (place, kept) for name in RENDERERS]
    assert [json.loads((parent / "report.json").read_text()) for parent in (place, kept)] == [record, record]
    assert {mode(path) for path in paths} == {"0o600"}
    assert mode(kept) == mode(place) == "0o700"


def test_two_runs_of_one_second_are_both_kept(tmp_path: Path) -> None:
    folder.prepare(str(tmp_path))
    record = whole(tenant(result()))
    kept = {folder.write_run(str(tmp_path), record).paths[-1] for _time in range(3)}
    assert len(kept) == 3


def test_one_file_for_each_tenant(tmp_path: Path) -> None:
    folder.prepare(str(tmp_path))
    for host in ("ds-eu.example.com", "../../odd", "a b"):
        path = Path(folder.write_tenant(str(tmp_path), tenant(result(), host=host)))
        assert path.parent == tmp_path / "tenants"
        assert json.loads(path.read_text())["tenant"] == host
        assert mode(path) == "0o600"


def test_a_report_is_never_half(tmp_path: Path) -> None:
    folder.prepare(str(tmp_path))
    folder.write_run(str(tmp_path), whole(tenant(result())))
    before = (tmp_path / "report.json").read_text()
    with mock.patch.object(files.os, "fsync", side_effect=OSError(28, "No space left on device")):  # noqa: SIM117 - two
        with pytest.raises(AccessError, match="No space left"):
            folder.write_run(str(tmp_path), whole(tenant(error="x")))
    assert (tmp_path / "report.json").read_text() == before
    assert list(tmp_path.rglob(".access-*")) == []


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("")
    with pytest.raises(ValidationError, match=r"access_report_dir: .*report cannot be used"):
        folder.prepare(str(tmp_path / "report"))


def test_a_report_that_is_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "report.json").mkdir()
    with pytest.raises(ValidationError, match="is there and cannot be read"):
        folder.prepare(str(tmp_path))


def test_a_folder_without_permission_is_refused(tmp_path: Path) -> None:
    # Tests may run as root, who may everything.
    with (
        mock.patch.object(os, "access", return_value=False),
        pytest.raises(ValidationError, match="correct its permissions"),
    ):
        folder.prepare(str(tmp_path))


def test_a_report_is_found_by_its_hash_as_it_was_written(tmp_path: Path) -> None:
    folder.prepare(str(tmp_path))
    first, second = (whole(tenant(result(), host=host)) for host in ("eu", "us"))
    for record in (first, evidence.sealed({**second, "previous": evidence.link(first)})):
        folder.write_run(str(tmp_path), record)
    # The newest names it too, and is not the one.
    assert folder.find_report(str(tmp_path), first["sha256"]) == first
    (kept,) = (
        path for path in tmp_path.glob("history/*/report.json") if json.loads(path.read_text())["previous"] is None
    )
    kept.write_text(kept.read_text().replace('"eu"', '"ap"'))
    with pytest.raises(ValidationError, match=r"access_report_dir: .*history.* was changed after it was written"):
        folder.find_report(str(tmp_path), first["sha256"])
    with pytest.raises(ValidationError, match="holds no report with the SHA-256 00"):
        folder.find_report(str(tmp_path), "00" * 32)
