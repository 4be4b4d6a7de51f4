# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit of the pins: a finding fails, and nobody having been asked is never taken for "no finding"."""

from __future__ import annotations

from pathlib import Path

import pytest

import audit_pins
from audit_pins import Audit, Told

ROOT = Path(__file__).resolve().parents[2]
FILE = Path("requirements/test.txt")
VULNERABLE = {"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1", "2"]}]}
SOUND = {"name": "b", "version": "2", "vulns": []}
UNKNOWN = {"name": "c", "skip_reason": "Dependency not found"}


def test_a_report_is_read() -> None:
    told = audit_pins.read({"dependencies": [VULNERABLE, SOUND, UNKNOWN]})
    assert told == Told(["a", "b"], ["c"], ["a 1: PYSEC-1, mended in 1.1, 2"])


def test_a_finding_fails_and_is_printed() -> None:
    lines, in_order = Audit(lambda service, file: Told(["a"], [], ["a 1: PYSEC-1"])).of(FILE)
    assert not in_order
    assert lines[1] == f"{FILE}: a 1: PYSEC-1"


def test_what_one_service_does_not_know_the_next_is_asked() -> None:
    answers: dict[str, Told | str] = {"pypi": Told([], ["a", "b"]), "osv": Told(["a"], ["b"])}
    lines, in_order = Audit(lambda service, file: answers[service]).of(FILE)
    assert in_order
    assert lines == [f"{FILE}: 1 releases asked for, 0 findings (osv)", f"{FILE}: NOT AUDITED: b"]


def test_nobody_who_answers_is_said_and_no_failure() -> None:
    asked = []

    def ask(service: str, file: Path) -> Told | str:
        asked.append((service, file.name))
        return Told([], ["a"]) if service == "pypi" else "no such host"

    audit = Audit(ask)
    for file in (FILE, Path("nox.txt")):
        lines, in_order = audit.of(file)
        assert in_order
        silent = "pypi: knows none of 1 releases; osv: no such host"
        assert lines == [f"{file}: NOT AUDITED, no service of vulnerabilities answered ({silent})"]
    # Whoever does not answer is not asked for every further pin.
    assert asked == [("pypi", "test.txt"), ("osv", "test.txt")]


@pytest.mark.parametrize("file", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.name)
def test_every_pin_has_its_hashes(file: Path) -> None:
    pins = [line for line in file.read_text().splitlines() if line and line[0] not in " #"]
    assert pins
    assert [pin for pin in pins if "==" not in pin or not pin.endswith("\\")] == []
    assert "://" not in file.read_text()
