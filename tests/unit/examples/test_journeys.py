# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page whose commands can be run is walked through, in a shell, from its first command to its last."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from . import commands, journeys, kinds
from .collector import collected

EXAMPLES = collected()
# One of them runs always.
SHORT = "README.md"


def expected(command: commands.Command, given: dict[str, Any]) -> tuple[int, list[str]]:
    """How a command ends, and what it prints: what the page says so in quotes behind it, and what the table knows."""
    said = re.findall(r'"([^"]+)"', command.comment)
    said += [text for start, text in given.get("says", {}).items() if command.text.startswith(start)]
    return (2 if command.text.startswith(tuple(given.get("fails", ()))) else 0), said


@pytest.mark.parametrize(
    "page", [pytest.param(page, marks=() if page == SHORT else pytest.mark.long) for page in journeys.pages()]
)
def test_a_page_can_be_followed(page: str, tmp_path: Path, tally: Callable[..., None]) -> None:
    given = journeys.pages()[page]
    inventory = given.get("inventory", "bare")
    with journeys.emulated(inventory) as tenants:
        shell = journeys.Shell(tmp_path, tenants, inventory)
        for command in given.get("prepare", ()):
            done = shell.run(command)
            assert done.returncode == 0, f"before {page}: {command}\n{done.stdout}"
        for step in journeys.steps(page, EXAMPLES):
            if step.file is not None:
                shell.write(step.file["name"], step.example.text, step.file.get("append"))
            if step.command is None:
                continue
            for edit in given.get("edits", ()):
                if step.command.text.startswith(edit["before"]):
                    path = tmp_path / edit["file"]
                    assert edit["from"] in path.read_text()
                    path.write_text(path.read_text().replace(edit["from"], edit["to"], 1))
            done = shell.run(step.command.text)
            code, said = expected(step.command, given)
            assert done.returncode == code, f"{step.example.where}: {step.command.text}\n{done.stdout}"
            for text in said:
                assert text in done.stdout, f"{step.example.where}: {step.command.text}\n{done.stdout}"
            tally("examples, run against the emulator", "commands of pages", 1)


def test_every_command_is_of_a_journey_or_left_out_for_a_reason() -> None:
    walked = {
        (step.example.where, step.command.text)
        for page in journeys.pages()
        for step in journeys.steps(page, EXAMPLES)
        if step.command
    }
    # Before the inventory is shown, a page may say what all of this is about.
    early = [
        each
        for example in EXAMPLES
        if kinds.kind(example) == kinds.COMMANDS
        for each in commands.taken_apart(example)
        if not journeys.left_out(each) and (each.where, each.text) not in walked
    ]
    later = {step.command.text for page in journeys.pages() for step in journeys.steps(page, EXAMPLES) if step.command}
    assert [f"{each.where}: {each.text}" for each in early if each.text not in later] == []


@pytest.mark.parametrize("pattern", journeys.LEFT_OUT)
def test_no_reason_is_left_over(pattern: str) -> None:
    shown = [
        each for example in EXAMPLES if kinds.kind(example) == kinds.COMMANDS for each in commands.taken_apart(example)
    ]
    assert any(re.match(pattern, each.text) for each in shown)
