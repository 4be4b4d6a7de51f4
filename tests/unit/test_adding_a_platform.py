# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/adding-a-platform.md adds a platform: its files, put into a copy of the repository, pass what all platforms do.

The tests that run there are those of the five platforms, unchanged: nothing in them knows the sixth one.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from unit.sixth_platform.place import ROOT, document, files, listed, outcome, place

GUIDE = ROOT / "docs" / "adding-a-platform.md"
# In the short run what costs little, and a part of the cases.
SHORT = (
    "tests/unit/test_architecture.py",
    "tests/unit/parity/test_arguments.py",
    "tests/unit/parity/test_groups.py",
    "tests/unit/parity/test_results.py",
    "tests/unit/test_endpoints.py",
    "tests/unit/test_inventory.py",
    "tests/unit/test_life.py",
    "tests/unit/test_limits.py",
    "tests/unit/test_mistakes_of_others.py",
    "tests/unit/test_write_guard.py",
    "tests/unit/services/test_ledger.py",
    "tests/properties/test_check_equals_run.py",
    "tests/faults/test_table.py",
    "tests/hostile/test_names.py",
)
LONG = (
    "tests/contract/test_documents.py",
    "tests/contract/test_emulator.py",
    # Not test_messages.py: the messages of a page are chosen by hand.
    "tests/faults/test_bounds.py",
    "tests/faults/test_killed.py",
    "tests/faults/test_table.py",
    "tests/hostile",
    "tests/leaks/test_modules.py",
    "tests/properties/test_check_equals_run.py",
)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository with the platform in it, as `make document` leaves it."""
    made = tmp_path_factory.mktemp("sixth") / "access"
    place(made)
    document(made)
    return made


def test_it_passes_what_every_platform_passes(tree: Path, tally: Callable[[str, str, int], None]) -> None:
    passed, failed = outcome(tree, ["--cases=10", *SHORT])
    assert failed == []
    assert {Path(name).stem for name in SHORT} == {name.rpartition(".")[2] for name, number in passed.items() if number}
    for name, number in passed.items():
        tally("tests that a sixth platform passes unchanged", name, number)


@pytest.mark.long
def test_it_passes_all_that_every_platform_passes(tree: Path) -> None:
    _passed, failed = outcome(tree, LONG)
    assert failed == []


# --- the guide ------------------------------------------------------------------------------------------------------


def rows() -> Iterator[tuple[str, str]]:
    """Of the guide's list of files: the file, and the test that fails without it."""
    for line in GUIDE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and re.fullmatch(r"`[\w./]+`", cells[0]):
            found = re.search(r"`(tests/[\w/]+\.py)`", cells[2])
            yield cells[0].strip("`"), found[1] if found else ""


def asked_for_besides() -> list[str]:
    """Of section 6: the tests that ask for what is not among the files."""
    section = GUIDE.read_text().partition("\n## 6. ")[2].partition("\n## ")[0]
    return re.findall(r"\| `(tests/[\w/]+\.py)` \|$", section, re.MULTILINE)


def test_the_guide_lists_what_is_added() -> None:
    assert sorted(name for name, _test in rows()) == sorted(listed())


@pytest.mark.long
@pytest.mark.parametrize(("name", "test"), [row for row in rows() if row[1]])
def test_what_the_guide_says_fails_without_a_file_does(name: str, test: str, tree: Path, tmp_path: Path) -> None:
    lacking = tmp_path / "access"
    place(lacking, without=name)
    for module in (each for each in files() if each.startswith("plugins/modules/") and each != name):
        shutil.copyfile(tree / module, lacking / module)  # with its documentation made
    _passed, failed = outcome(lacking, ["--cases=1", test])
    assert failed


@pytest.mark.long
@pytest.mark.parametrize("test", asked_for_besides())
def test_what_is_needed_besides_is_told(test: str, tree: Path) -> None:
    _passed, failed = outcome(tree, ["-k", "ledger or readme or tags or every or switch_table", test])
    assert failed


def test_the_guide_shows_the_files_as_they_are() -> None:
    shown = re.findall(r"^```python\n(.*?)^```$", GUIDE.read_text(), re.MULTILINE | re.DOTALL)
    whole = {name: path.read_text() for name, path in files().items()}
    for block in shown:
        assert [name for name, text in whole.items() if text.endswith(block)], block
    assert len(shown) > 1


def test_every_file_that_the_guide_names_is_there() -> None:
    named = set(re.findall(r"`((?:changelogs|docs|meta|plugins|roles|tests)/[\w./]+)`", GUIDE.read_text()))
    there = {name for name in named if "ledger" not in name}
    assert len(there) > 15
    assert [name for name in sorted(there) if not (ROOT / name).exists()] == []
    # What is new is one of its files, or goes where others of its sort are.
    others = sorted(named - there - set(files()))
    assert [name for name in others if not (ROOT / name.rstrip("/")).parent.is_dir()] == []
