# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask whether a version that is pinned has a known vulnerability: pip-audit, by the first service that answers.

Usage: audit_pins.py REQUIREMENTS_FILE...

Ends with 1 for a finding, and with 0 where nobody could be asked: that is said, for it is not the same as no finding.
pip-audit itself calls a release that its service does not know "skipped", and ends with 0 if all are.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SERVICES = ("pypi", "osv")
# Seconds for each answer.
TIMEOUT = 15


@dataclass
class Told:
    """What a service said of the pins of one file."""

    audited: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)


def read(report: Mapping[str, Any]) -> Told:
    """pip-audit's report in JSON: ``{"dependencies": [{name, version, vulns} or {name, skip_reason}]}``."""
    told = Told()
    for item in report["dependencies"]:
        if "skip_reason" in item:
            told.skipped.append(item["name"])
            continue
        told.audited.append(item["name"])
        for found in item["vulns"]:
            mended = ", ".join(found["fix_versions"]) or "no release yet"
            told.findings.append(f"{item['name']} {item['version']}: {found['id']}, mended in {mended}")
    return told


def ask(service: str, requirements: Path) -> Told | str:
    """One service's answer, or why there is none."""
    command = [sys.executable, "-m", "pip_audit", "--vulnerability-service", service, "--format", "json"]
    command += ["--disable-pip", "--require-hashes", "--timeout", str(TIMEOUT), "--progress-spinner", "off"]
    done = subprocess.run([*command, "--requirement", str(requirements)], capture_output=True, text=True, check=False)
    try:
        return read(json.loads(done.stdout))
    except ValueError:
        lines = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
        return lines[-1][:160]


class Audit:
    """Audits files one after another; a service that told nothing about one is not asked about the next."""

    def __init__(self, ask: Callable[[str, Path], Told | str] = ask) -> None:
        self._ask = ask
        self._silent: dict[str, str] = {}

    def of(self, requirements: Path) -> tuple[list[str], bool]:
        """What to print about one file, and whether it is in order."""
        for service in SERVICES:
            told = self._silent.get(service) or self._ask(service, requirements)
            if isinstance(told, Told) and told.audited:
                return _lines(service, requirements, told), not told.findings
            self._silent[service] = f"knows none of {len(told.skipped)} releases" if isinstance(told, Told) else told
        silent = "; ".join(f"{service}: {why}" for service, why in self._silent.items())
        return [f"{requirements}: NOT AUDITED, no service of vulnerabilities answered ({silent})"], True


def _lines(service: str, requirements: Path, told: Told) -> list[str]:
    lines = [f"{requirements}: {len(told.audited)} releases asked for, {len(told.findings)} findings ({service})"]
    lines += [f"{requirements}: {finding}" for finding in told.findings]
    if told.skipped:
        lines.append(f"{requirements}: NOT AUDITED: {', '.join(told.skipped)}")
    return lines


def main(files: Sequence[str]) -> int:
    audit = Audit()
    outcomes = [audit.of(Path(file)) for file in files]
    for lines, _in_order in outcomes:
        print("\n".join(lines))
    return 0 if all(in_order for _lines, in_order in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
