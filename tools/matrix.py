# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the tests with each supported ansible-core, on each Python of its controllers that is found here.

Usage: tools/matrix [--session NAME]... [VERSION]...      for example: tools/matrix --session units 2.16 2.18

The newest Python that a version supports gets all sessions, the others the demo, which applies and audits with every
role. A Python that is not here is named in the table at the end, and is no failure. What each session said is kept in
.work/matrix/.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / ".work"
LOGS = WORK / "matrix"

# The Pythons that each ansible-core supports on a controller; its pins are in requirements/core-<version>.txt.
PYTHONS: Mapping[str, tuple[str, ...]] = {
    "2.16": ("3.10", "3.11", "3.12"),
    "2.18": ("3.11", "3.12", "3.13"),
    "2.19": ("3.11", "3.12", "3.13"),
    "2.20": ("3.12", "3.13", "3.14"),
    "2.21": ("3.12", "3.13", "3.14"),
}
# What the collection supports where modules run apart; the newest is that of the controller.
MODULE_PYTHONS = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
# The tests and the tools are written for these.
TEST_PYTHONS = MODULE_PYTHONS[2:]

# Those of a lane run one after another, since they share folders; the lanes run side by side, and `units` alone.
LANES = (("sanity",), ("integration", "demo"), ("units",))
ALONE = "units"
SESSIONS = tuple(name for lane in LANES for name in lane)
# The tests in which something of ansible-core has a part.
UNITS = (
    "tests/unit",
    *(f"--ignore=tests/unit/{name}" for name in ("audit", "benchmarks", "core", "emulator", "http", "services")),
    "tests/unit/core/test_plain_entry.py",
    "tests/leaks",
)
# How much of a failed session's output is shown.
TAIL = 40


@dataclass(frozen=True)
class Cell:
    """One session with one ansible-core on one Python; `program` is that Python, unless it is not here."""

    core: str
    python: str
    session: str
    program: str | None

    @property
    def log(self) -> Path:
        return LOGS / f"{self.core}-python{self.python}-{self.session}.log"


@dataclass(frozen=True)
class Outcome:
    cell: Cell
    # passed, FAILED, left out: …
    verdict: str
    seconds: int = 0

    def __str__(self) -> str:
        cell = self.cell
        return f"{cell.core:<13} {cell.python:<7} {cell.session:<12} {self.seconds:>5} s  {self.verdict}"


def found_pythons() -> dict[str, str]:
    """The interpreters on PATH that run and can make an environment, by version."""
    on_path = {version: shutil.which(f"python{version}") for version in MODULE_PYTHONS}
    return {version: program for version, program in on_path.items() if program is not None and _runs(program)}


def _runs(program: str) -> bool:
    command = [program, "-c", "import venv, ensurepip"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def cells(cores: Iterable[str], sessions: Sequence[str], found: Mapping[str, str]) -> Iterator[Cell]:
    """What there is to run: everything on the newest Python of each version that is here, the demo on the others."""
    for core in cores:
        able = [version for version in PYTHONS[core] if version in found and version in TEST_PYTHONS]
        # Where none is here, the newest stands for all sessions, so that they are named as left out.
        newest = able[-1] if able else PYTHONS[core][-1]
        for python in reversed(PYTHONS[core]):
            for session in SESSIONS:
                if session in sessions and (python == newest or session == "demo"):
                    yield Cell(core, python, session, found.get(python))


def module_pythons(core: str, found: Mapping[str, str]) -> list[str]:
    """The Pythons that are here and that both the collection's modules and this ansible-core support on a target."""
    newest = MODULE_PYTHONS.index(PYTHONS[core][-1])
    return [version for version in MODULE_PYTHONS[: newest + 1] if version in found]


def run(cell: Cell, found: Mapping[str, str]) -> Outcome:
    """Run one cell to its end, with its output in a file."""
    if cell.program is None:
        return Outcome(cell, f"left out: there is no python{cell.python} on PATH")
    started = time.monotonic()
    with cell.log.open("w") as log:
        code = _logged(cell.program, cell, found, log.fileno())
    outcome = Outcome(cell, "FAILED" if code else "passed", round(time.monotonic() - started))
    lines = [str(outcome), *(cell.log.read_text(errors="replace").splitlines()[-TAIL:] if code else ())]
    print("\n".join(lines), flush=True)
    return outcome


def _logged(program: str, cell: Cell, found: Mapping[str, str], log: int) -> int:
    requirements = f"requirements/core-{cell.core}.txt"
    made = subprocess.run(
        [program, "tools/environment.py", WORK, requirements],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        check=False,
    )
    if made.returncode:
        return made.returncode
    environment = {**os.environ, "SANITY_PYTHONS": " ".join(module_pythons(cell.core, found))}
    command = [f"tools/stages/{cell.session}"]
    if cell.session == "demo":
        # The emulator and the demo itself need a newer Python than some Ansible has.
        command += ["--program", f"{made.stdout.strip()}/bin/ansible-playbook"]
    else:
        environment["TOOLS_ENVIRONMENT"] = made.stdout.strip()
    if cell.session == "units":
        command += UNITS
    return subprocess.run(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False
    ).returncode


def table(outcomes: Sequence[Outcome]) -> str:
    """One line for each cell, in the order of the versions, and a line that counts."""
    passed, failed, left_out = (
        sum(outcome.verdict.startswith(kind) for outcome in outcomes) for kind in ("passed", "FAILED", "left out")
    )
    lines = [f"{'ansible-core':<13} {'Python':<7} {'session':<12} {'time':>7}", *map(str, outcomes)]
    return "\n".join([*lines, "", f"{passed} passed, {failed} failed, {left_out} left out"])


def main(cores: Sequence[str], sessions: Sequence[str]) -> int:
    LOGS.mkdir(parents=True, exist_ok=True)
    found = found_pythons()
    planned = list(cells(cores, sessions, found))

    def lane(names: Sequence[str]) -> list[Outcome]:
        return [run(cell, found) for cell in planned if cell.session in names]

    outcomes: list[Outcome] = []
    with ThreadPoolExecutor() as pool:
        for ended in pool.map(lane, [names for names in LANES if ALONE not in names]):
            outcomes += ended
    outcomes += lane((ALONE,))
    outcomes.sort(key=lambda outcome: planned.index(outcome.cell))
    print("\n" + table(outcomes))
    verdicts = {outcome.verdict for outcome in outcomes}
    # A run that tested nothing is no success.
    return 0 if "passed" in verdicts and "FAILED" not in verdicts else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="tools/matrix", description=__doc__.partition("\n")[0])
    parser.add_argument("--session", action="append", choices=SESSIONS, help="this one alone; may be repeated")
    known = ", ".join(PYTHONS)
    parser.add_argument("versions", nargs="*", metavar="VERSION", help=f"of ansible-core, {known}; all by default")
    parser.add_argument("--list", action="store_true", help="print each version and its oldest Python, and do nothing")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(f"{core} {pythons[0]}" for core, pythons in PYTHONS.items()))
        sys.exit()
    unknown = [version for version in arguments.versions if version not in PYTHONS]
    if unknown:
        parser.error(f"{', '.join(unknown)}: not one of {known}")
    sys.exit(main(arguments.versions or list(PYTHONS), arguments.session or SESSIONS))
