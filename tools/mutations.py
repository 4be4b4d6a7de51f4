# SPDX-License-Identifier: GPL-3.0-or-later
"""Seeds each fault of tests/mutations.yml into a copy of the collection, and says whether the tests notice.

Usage: mutations.py WORK_DIRECTORY [SUBSTRING …]: all faults, or those whose file or description holds a substring.
Of all, those that are said to survive are not tried: that takes every test there is. Name one to try it.
"""

from __future__ import annotations

import os
import queue
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "tests" / "mutations.yml"
PLUGINS = Path("plugins") / "module_utils"
# What is slow runs only for what got past the others.
QUICK = ("tests/unit/services", "tests/unit/test_limits.py", "tests/unit/test_write_guard.py", "tests/unit/core")
QUICK += ("tests/unit/http",)
SLOW = ("tests/unit/test_life.py", "tests/properties", "tests/faults", "tests/leaks", "tests/hostile")
WORKERS = os.cpu_count() or 2
ENOUGH = 0.9
ENDLESS = "a test that never ends"


@dataclass(frozen=True)
class Fault:
    """One mistake that somebody could make."""

    file: str
    what: str
    find: str
    replace: str
    # The test that is there to notice it, which runs first: a node id, or a file where several do.
    noticed_by: str | None = None
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


def noticing(root: Path, fault: Fault) -> str | None:
    """The test that notices the fault that is seeded there: the one that is there for it, or any other; None: none."""
    alone = failing(root, [fault.noticed_by]) if fault.noticed_by else None
    return alone or failing(root, quick(root, fault.file)) or failing(root, SLOW)


def quick(root: Path, file: str) -> list[str]:
    """The quick tests, those first that are beside the file: of its name, of its folder."""
    folder = root / "tests" / "unit" / Path(file).parent
    named = sorted(folder.glob(f"test_{Path(file).stem.partition('_')[0]}*.py"))
    beside = [folder] if folder.name in ("core", "http", "services") else []
    return list(dict.fromkeys([*(str(path.relative_to(root)) for path in [*named, *beside]), *QUICK]))


def failing(root: Path, tests: Iterable[str]) -> str | None:
    """The first of these tests that fails; None: all pass."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", *tests]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, timeout=3600)
    except subprocess.TimeoutExpired:
        return ENDLESS
    # 2: the fault keeps the tests from being read at all.
    if done.returncode in (1, 2):
        failed = [line.split(" ", 1)[1] for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
        return failed[0].split(" - ")[0] if failed else "tests that cannot be read"
    if done.returncode:
        raise RuntimeError(f"pytest ended with {done.returncode}: {done.stdout[-500:]} {done.stderr[-500:]}")
    return None


def main(work: Path, chosen: list[str]) -> int:
    found = [each for each in faults() if not chosen or any(text in f"{each.file} {each.what}" for text in chosen)]
    copies: queue.Queue[Path] = queue.Queue()
    for number in range(WORKERS):
        copies.put(copy(work / "mutations" / str(number)))

    def check(fault: Fault) -> str | None:
        if fault.survives and not chosen:
            return None
        root = copies.get()
        source = fault.source(root)
        before = source.read_text()
        started = time.monotonic()
        try:
            source.write_text(fault.seeded(before))
            noticed = noticing(root, fault)
        finally:
            source.write_text(before)
            copies.put(root)
        verdict = f"noticed by {noticed}" if noticed else "NOT NOTICED"
        if fault.noticed_by and not (noticed or "").startswith((fault.noticed_by, ENDLESS)):
            verdict += f", and not by {fault.noticed_by}"
        print(f"{fault.file}: {fault.what}: {verdict} ({time.monotonic() - started:.0f} s)", flush=True)
        return noticed

    with ThreadPoolExecutor(WORKERS) as pool:
        results = list(pool.map(check, found))
    tests = sorted({noticed for noticed in results if noticed and noticed.startswith("tests/")})
    broken = failing(copies.get(), tests) if tests else None
    if broken:
        print(f"this says nothing: without any fault a test fails already: {broken}", file=sys.stderr)
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
