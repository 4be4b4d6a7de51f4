# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the parts of documentation and argument specs that follow from others.

Suboptions of the plural modules come from the singular ones, common results from documentation/results.yml; the roles'
argument specs, defaults and READMEs from the modules' specs and documentation; the tables of the guide about audits
from the rules and the platforms; docs/faults.md from the table that the tests of tests/faults go through,
and the messages of docs/errors.md from what the modules say to the emulator.

Usage: document.py [--check] [MODULE.py ...]
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
importlib.import_module("conftest")  # makes the collection importable from this checkout

from documentation import errors, faults, modules, roles, rules  # noqa: E402 - needs the line above


def documents(only: Sequence[Path] = ()) -> Iterator[tuple[Path, str, str]]:
    """Every file that has such parts: its path, its text as it is and as it should be. ``only``: these modules."""
    for module in modules.modules().values():
        if not only or module.path in only:
            text = module.path.read_text()
            yield module.path, text, modules.filled(module, text)
    for path in modules.controller_modules():
        if not only or path in only:
            text = path.read_text()
            yield path, text, modules.filled_controller(text)
    if only:
        return
    yield from roles.documents()
    yield from rules.documents()
    yield from faults.documents()
    yield from errors.documents()


def stale(only: Sequence[Path] = ()) -> list[Path]:
    """The files, relative to the root, that would be written otherwise."""
    return [path.relative_to(ROOT) for path, before, after in documents(only) if before != after]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="document.py", description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if something would be written")
    parser.add_argument("modules", nargs="*", type=Path, metavar="MODULE.py", help="only these")
    options = parser.parse_args(arguments)
    only = [path.resolve() for path in options.modules]
    if options.check:
        wrong = stale(only)
        for path in wrong:
            print(f"{path}: not as tools/document.py writes it")
        return bool(wrong)
    # Lazily: the README of a role is made from the argument spec that was just written.
    for path, before, after in documents(only):
        if before != after:
            path.write_text(after)
            print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
