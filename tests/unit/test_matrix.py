# SPDX-License-Identifier: GPL-3.0-or-later
"""Which sessions run with which ansible-core and Python, and what is said of those that cannot."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from ansible.release import __version__
from ansible_test._util.target.common import constants

import matrix

ROOT = Path(__file__).resolve().parents[2]
EVERY_PYTHON = {version: f"/usr/bin/python{version}" for version in matrix.MODULE_PYTHONS}


def planned(core: str, found: dict[str, str]) -> list[tuple[str, str, bool]]:
    return [(cell.python, cell.session, bool(cell.program)) for cell in matrix.cells([core], matrix.SESSIONS, found)]


def test_the_newest_python_gets_every_session_and_the_others_the_demo() -> None:
    assert planned("2.16", EVERY_PYTHON) == [
        *(("3.12", session, True) for session in matrix.SESSIONS),
        ("3.11", "demo", True),
        ("3.10", "demo", True),
    ]


def test_a_python_that_is_not_here_is_planned_to_be_left_out() -> None:
    assert planned("2.21", {"3.12": "python3.12", "3.13": "python3.13"}) == [
        ("3.14", "demo", False),
        *(("3.13", session, True) for session in matrix.SESSIONS),
        ("3.12", "demo", True),
    ]


def test_the_tests_do_not_run_on_a_python_that_they_are_not_written_for() -> None:
    assert [each for each in planned("2.16", {"3.10": "python3.10"}) if each[2]] == [("3.10", "demo", True)]
    assert ("3.12", "units", False) in planned("2.16", {"3.10": "python3.10"})


def test_modules_are_looked_at_on_what_both_support() -> None:
    assert matrix.module_pythons("2.16", EVERY_PYTHON) == ["3.9", "3.10", "3.11", "3.12"]
    assert matrix.module_pythons("2.21", {"3.9": "", "3.13": ""}) == ["3.9", "3.13"]


def test_a_version_without_a_python_is_named_and_is_no_success(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matrix, "LOGS", tmp_path / "logs")
    monkeypatch.setattr(matrix, "found_pythons", dict)
    assert matrix.main(["2.20"], matrix.SESSIONS) == 1
    said = capsys.readouterr().out
    assert re.search(r"2\.20 +3\.14 +units +0 s +left out: there is no python3\.14 on PATH", said)
    assert said.endswith(f"0 passed, 0 failed, {len(matrix.SESSIONS) + 2} left out\n")


def test_the_table_counts() -> None:
    cell = matrix.Cell("2.16", "3.12", "units", "python3.12")
    said = matrix.table([matrix.Outcome(cell, "passed", 61), matrix.Outcome(cell, "FAILED", 3)]).splitlines()
    assert said[1].split() == ["2.16", "3.12", "units", "61", "s", "passed"]
    assert said[-1] == "1 passed, 1 failed, 0 left out"


@pytest.mark.parametrize("core", matrix.PYTHONS)
def test_each_version_is_pinned(core: str) -> None:
    pins = (ROOT / "requirements" / f"core-{core}.txt").read_text()
    assert re.findall(r"^ansible-core==(\d+\.\d+)\.\d+ ", pins, re.MULTILINE) == [core]


def test_its_pythons_are_those_that_ansible_test_knows() -> None:
    core = ".".join(__version__.split(".")[:2])
    assert matrix.PYTHONS[core] == constants.CONTROLLER_PYTHON_VERSIONS


def test_the_oldest_version_is_what_the_collection_requires() -> None:
    required = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["requires_ansible"]
    assert required == f">={next(iter(matrix.PYTHONS))}.0"


def test_what_the_units_name_is_there() -> None:
    for path in matrix.UNITS:
        assert (ROOT / path.removeprefix("--ignore=")).exists()
