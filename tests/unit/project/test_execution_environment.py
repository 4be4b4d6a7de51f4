# SPDX-License-Identifier: GPL-3.0-or-later
"""The image that jobs run in: what ansible-builder makes of its definition, and what the collection needs in it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

from unit.controller.playbook import ROOT
from unit.project.job import PROJECT, program

DEFINITION = PROJECT / "execution-environment.yml"


def builder(*arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 - a program of the environment that runs the tests
        [program("ansible-builder"), *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_context_of_the_example_is_made(tmp_path: Path) -> None:
    # Without the last option, its name depends on the programs that are installed.
    builder("create", "-f", str(DEFINITION), "-c", str(tmp_path / "context"), "--output-filename", "Containerfile")
    wanted = yaml.safe_load(DEFINITION.read_text())
    lines = (tmp_path / "context" / "Containerfile").read_text().splitlines()
    assert f'ARG EE_BASE_IMAGE="{wanted["images"]["base_image"]["name"]}"' in lines
    assert f'ARG PYCMD="{wanted["dependencies"]["python_interpreter"]["python_path"]}"' in lines
    made = yaml.safe_load((tmp_path / "context" / "_build" / "requirements.yml").read_text())
    assert made == wanted["dependencies"]["galaxy"]
    # Whatever the project asks for when it is updated is there without a download.
    asked = yaml.safe_load((PROJECT / "collections" / "requirements.yml").read_text())["collections"]
    assert [each for each in asked if each not in made["collections"]] == []


@pytest.mark.parametrize("development", [False, True])
def test_the_collection_needs_requests_and_nothing_else(tmp_path: Path, development: bool) -> None:
    """``development``: with the files that ansible-builder takes where a collection names none of its own."""
    collection = tmp_path / "ansible_collections" / "dataops" / "access"
    collection.mkdir(parents=True)
    for name in ("meta", "galaxy.yml"):
        (collection / name).symlink_to(ROOT / name)
    if development:
        (collection / "requirements.txt").write_text("pytest\n")
        (collection / "bindep.txt").write_text("gcc\n")
    found = yaml.safe_load(builder("introspect", str(tmp_path)))
    assert found == {"python": ["requests>=2.28  # from collection dataops.access"], "system": []}
