# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the made-up platform into a copy of the repository, to run there what every platform goes through."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree as ET

from unit.sixth_platform.additions import ADDITIONS

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
_MODULES = "plugins/modules/"
# What commands make, or what is no part of a working copy.
_LEFT_OUT = shutil.ignore_patterns(".*", "output", "node_modules", "collections", "access-report", "access-export")


def files() -> dict[str, Path]:
    """The platform's own files, by where they go."""
    found = (path for path in sorted(HERE.glob("*/**/*")) if path.is_file() and path.suffix != ".pyc")
    return {path.relative_to(HERE).as_posix(): path for path in found}


def listed() -> set[str]:
    """Every file that is new or changed."""
    return {*files(), *(addition.file for addition in ADDITIONS)}


def place(tree: Path, without: str = "") -> None:
    """Make ``tree`` a copy of the repository with the platform in it. ``without``: leave this file as it is."""
    shutil.copytree(ROOT, tree, ignore=_LEFT_OUT)
    for name, path in files().items():
        if name != without:
            target = tree / name
            target.parent.mkdir(parents=True, exist_ok=True)
            start = "#!/usr/bin/python\n" if name.startswith(_MODULES) else ""
            target.write_text(start + path.read_text())
    for addition in ADDITIONS:
        if addition.file != without:
            target = tree / addition.file
            text = target.read_text()
            assert text.count(addition.below) == 1, f"{addition.file}: {addition.below}"
            target.write_text(text.replace(addition.below, addition.below + addition.lines))


def document(tree: Path) -> None:
    """What ``make document`` adds to the modules."""
    modules = [name for name in files() if name.startswith(_MODULES) and (tree / name).exists()]
    done = _python(tree, "tools/document.py", *modules)
    assert done.returncode == 0, done.stdout + done.stderr


def outcome(tree: Path, arguments: Iterable[str]) -> tuple[Counter[str], list[str]]:
    """How many tests of each file passed, and which failed with what. ``arguments``: files and options for pytest."""
    report = tree / "report.xml"
    plugin = "unit.sixth_platform.generic"
    done = _python(tree, "-m", "pytest", "-q", "-p", plugin, f"--junitxml={report}", *arguments)
    passed: Counter[str] = Counter()
    failed = (
        [] if done.returncode == 0 else [f"pytest ended with {done.returncode}: {(done.stdout + done.stderr)[-3000:]}"]
    )
    if not report.exists():
        return passed, [*failed, done.stderr]
    for case in ET.parse(report).getroot().iter("testcase"):  # noqa: S314 - what pytest has just written
        wrong = [child for child in case if child.tag in ("failure", "error")]
        failed += [f"{case.get('classname')}::{case.get('name')}: {each.get('message')}" for each in wrong]
        passed[str(case.get("classname"))] += not wrong
    return passed, failed


def _python(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # Nothing of the run that this is a part of.
    outer = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PYTHON", "ANSIBLE_"))
    }
    return subprocess.run(  # noqa: S603 - this interpreter, and files of the copy
        [sys.executable, *arguments],
        cwd=tree,
        env={**outer, "PYTHONPATH": str(tree / "tests")},
        capture_output=True,
        text=True,
        check=False,
    )
