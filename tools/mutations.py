# SPDX-License-Identifier: GPL-3.0-or-later
"""Seeds each fault of tests/mutations.yml into a copy of the collection, and says whether the tests notice.

Usage: mutations.py WORK_DIRECTORY [SUBSTRING …]: all faults, or those whose file or description holds a substring.
"""

from __future__ import annotations

import os
import queue
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "tests" / "mutations.yml"
PLUGINS = Path("plugins") / "module_utils"
# The tests beside a fault notice most; what is slow runs only for what got past that.
NEAR = ("tests/unit/core", "tests/unit/http", "tests/unit/services")
ROUNDS = (
    ("tests/unit/test_limits.py", "tests/unit/test_write_guard.py"),
    ("tests/unit/test_life.py", "tests/properties", "tests/faults", "tests/leaks", "tests/hostile"),
)
WORKERS = os.cpu_count() or 2
ENOUGH = 0.9


@dataclass(frozen=True)
class Fault:
    """One mistake that somebody could make."""

    file: str
    what: str
    find: str
    replace: str
    # Why no test can notice it; None: one has to.
    survives: str | None = None

    def source(self, root: Path) -> Path:
        return root / PLUGINS / self.file

    def seeded(self, text: str) -> str:
        """The file's text with the fault in it. Raises ValueError unless the place is clear."""
        if text.count(self.find) != 1:
            raise ValueError(f"{self.file}: {text.count(self.find)} places hold {self.find!r}")
        return text.replace(self.find, self.replace)


def faults() -> list[Fault]:
    return [Fault(**entry) for entry in yaml.safe_load(LIST.read_text())]


def copy(target: Path) -> Path:
    """A copy of what git knows or would add."""
    shutil.rmtree(target, ignore_errors=True)
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout
    target.mkdir(parents=True)
    subprocess.run([sys.executable, "tools/copy_listed.py", str(target)], cwd=ROOT, input=listed, check=True)
    return target


def rounds(file: str) -> list[tuple[str, ...]]:
    """Which tests run one after the other for a fault in that file."""
    folder = file.split("/", maxsplit=1)[0]
    near = sorted(NEAR, key=lambda path: Path(path).name != folder)
    return [(path,) for path in near] + list(ROUNDS)


def noticed_by(root: Path, file: str) -> str | None:
    """The tests that fail in this copy, where a fault may be in that file; None: all pass."""
    for paths in rounds(file):
        there = [path for path in paths if (root / path).exists()]
        if not there:
            continue
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", *there]
        try:
            done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, timeout=3600)
        except subprocess.TimeoutExpired:
            return "a test that never ends"
        # 2: the fault keeps the tests from being read at all.
        if done.returncode in (1, 2):
            failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
            return failed[0].split(" - ")[0] if failed else "tests that cannot be read"
        if done.returncode:
            raise RuntimeError(f"pytest ended with {done.returncode}: {done.stdout[-500:]} {done.stderr[-500:]}")
    return None


def main(work: Path, chosen: list[str]) -> int:
    found = [each for each in faults() if not chosen or any(text in f"{each.file} {each.what}" for text in chosen)]
    copies: queue.Queue[Path] = queue.Queue()
    for number in range(WORKERS):
        copies.put(copy(work / "mutations" / str(number)))

    def check_untouched() -> str | None:
        root = copies.get()
        try:
            return noticed_by(root, "")
        finally:
            copies.put(root)

    def check(fault: Fault) -> str | None:
        root = copies.get()
        source = fault.source(root)
        before = source.read_text()
        started = time.monotonic()
        try:
            source.write_text(fault.seeded(before))
            noticed = noticed_by(root, fault.file)
        finally:
            source.write_text(before)
            copies.put(root)
        verdict = f"noticed by {noticed}" if noticed else "NOT NOTICED"
        print(f"{fault.file}: {fault.what}: {verdict} ({time.monotonic() - started:.0f} s)", flush=True)
        return noticed

    with ThreadPoolExecutor(WORKERS) as pool:
        untouched = pool.submit(check_untouched)
        results = list(pool.map(check, found))
    failing = untouched.result()
    if failing:
        print(f"this says nothing: without any fault a test fails already: {failing}", file=sys.stderr)
        return 1
    survivors = [fault for fault, noticed in zip(found, results, strict=True) if noticed is None]
    killed = len(found) - len(survivors)
    print(f"\n{killed} of {len(found)} seeded faults were noticed ({killed / max(1, len(found)):.0%})")
    for fault in survivors:
        print(f"  not noticed: {fault.file}: {fault.what}: {fault.survives or 'NO REASON IS GIVEN'}")
    unexplained = [fault for fault in survivors if not fault.survives]
    return 1 if unexplained or killed < ENOUGH * len(found) else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
