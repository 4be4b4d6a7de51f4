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
# Those of few runs, which are walked always.
SHORT = ("docs/authentication.md", "docs/emulator.md")


def expected(command: commands.Command, given: dict[str, Any]) -> tuple[int, list[str]]:
    """How a command ends, and what it prints: what the page says so in quotes behind it, and what the table knows."""
    said = re.findall(r'"([^"]+)"', command.comment)
    said += [text for start, text in given.get("says", {}).items() if command.text.startswith(start)]
    return (2 if command.text.startswith(tuple(given.get("fails", ()))) else 0), said


@pytest.mark.parametrize(
    "page", [pytest.param(page, marks=() if page in SHORT else pytest.mark.long) for page in journeys.pages()]
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


def commands_of(page: str) -> list[commands.Command]:
    """What a journey runs."""
    return [step.command for step in journeys.steps(page, EXAMPLES) if step.command]


def shown() -> list[commands.Command]:
    blocks = [example for example in EXAMPLES if kinds.kind(example) == kinds.COMMANDS]
    return [each for example in blocks for each in commands.taken_apart(example)]


def test_every_command_is_of_a_journey_or_left_out_for_a_reason() -> None:
    # What a page shows before its inventory, to say what all of this is about, comes again after it.
    walked = {(page, each.text) for page in journeys.pages() for each in commands_of(page)}
    asked = {(each.where.partition(":")[0], each.text) for each in shown() if not journeys.left_out(each)}
    assert asked - walked == set()


@pytest.mark.parametrize("page", journeys.pages())
def test_nothing_is_said_of_a_page_that_it_does_not_have(page: str) -> None:
    given = journeys.pages()[page]
    texts = tuple(example.text for example in EXAMPLES if example.file == page)
    run = tuple(each.text for each in commands_of(page))
    assert run
    starts = [*given.get("fails", ()), *given.get("says", ()), *(edit["before"] for edit in given.get("edits", ()))]
    assert [start for start in starts if not any(text.startswith(start) for text in run)] == []
    blocks = [*given.get("files", ()), *([given["begins"]] if "begins" in given else [])]
    assert [start for start in blocks if not any(text.startswith(start) for text in texts)] == []


@pytest.mark.parametrize("pattern", journeys.LEFT_OUT)
def test_no_reason_is_left_over(pattern: str) -> None:
    assert any(re.match(pattern, each.text) for each in shown())
