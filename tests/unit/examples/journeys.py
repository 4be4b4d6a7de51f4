# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of a page, run one after another in a shell, as its reader would, against emulated platforms."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.dataops.access.plugins.plugin_utils.platforms import PLATFORMS
from emulation import environment_variables
from emulator.server import Emulator
from unit.controller.example import EXAMPLE
from unit.controller.playbook import apart

from . import commands, kinds
from .collector import ROOT, Example
from .stage import placed, world

HERE = Path(__file__).parent
BASH = "/bin/bash"
BARE = ("access_platform", "devo_domain", "devo_account", "alteryx_overflow_subscription")
FOLDERS = ("secrets", "new-secrets", "run/secrets", "srv/handover")
WORLD: dict[str, dict[str, str]] = {f"{platform}-world": {"access_platform": platform} for platform in PLATFORMS}
WORLD["devo-world"] |= {"devo_domain": "example", "devo_account": "example"}
WORLD["alteryx-world"] |= {"alteryx_overflow_subscription": "Archive 2024"}
# What no journey runs, and why.
LEFT_OUT = {
    r"make |nox ": "what it makes is a stage of its own",
    r"tools/|PYTHONPATH=tests:tools ": "the tools are stages of their own, and emulated platforms serve already",
    r"git clone |cd ": "this checkout is what would be cloned",
    r"(python -m )?pip install |ansible-galaxy ": "it asks the network; the stage package installs the collection",
    r"export \w+_(URL|USERNAME)=|read -rs |export \w+_PASSWORD$": "the emulated platforms' own stand for them",
    r"export CONTROLLER_HOST|ansible-playbook .*configure\.yml": "it asks a controller; tests/unit/awx has one",
    r"ansible-rulebook |curl .*:5000/": "a rulebook; tests/unit/extensions reads its events",
    r"ansible-playbook .*@artifacts-of-the-slices\.json": "its sinks are others'; test_evidence_playbooks.py has some",
}


@dataclass(frozen=True)
class Step:
    """A command, or the content of a file that the page has its reader write."""

    example: Example
    command: commands.Command | None = None
    file: Mapping[str, str] | None = None


@cache
def pages() -> dict[str, dict[str, Any]]:
    read: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "journeys.yml").read_text())
    return read


def left_out(command: commands.Command) -> bool:
    return any(re.match(pattern, command.text) for pattern in LEFT_OUT)


def steps(page: str, examples: list[Example]) -> Iterator[Step]:
    """What a page's reader does, in its order; blocks before the one that the journey begins with are left out."""
    given = pages()[page]
    begun = "begins" not in given
    for example in (each for each in examples if each.file == page):
        begun = begun or example.text.startswith(given["begins"])
        sort = kinds.kind(example)
        file = next((to for start, to in given.get("files", {}).items() if example.text.startswith(start)), None)
        if not begun:
            continue
        if sort == kinds.INVENTORY:
            yield Step(example, file={"name": "inventory.yml"})
        elif file:
            yield Step(example, file=file)
        elif sort in (kinds.COMMANDS, kinds.CRON):
            text = kinds.CRON_TIMES.sub("", example.text) if sort == kinds.CRON else example.text
            shown = Example(example.file, example.line, "bash", text)
            yield from (Step(example, each) for each in commands.taken_apart(shown) if not left_out(each))


class Shell:
    """A folder, its environment, and emulated platforms that it reaches."""

    def __init__(self, folder: Path, tenants: Emulator, inventory: str) -> None:
        self.folder = folder
        self._tenants = tenants
        self._environment = {**apart(folder), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        self._prepare(inventory)

    def _prepare(self, inventory: str) -> None:
        example = yaml.safe_load((EXAMPLE / "inventory.yml").read_text())["all"]["hosts"]
        hosts = WORLD if inventory == "world" else example
        if inventory == "examples/tenants":
            shown = EXAMPLE.relative_to(ROOT) / "inventory.yml"
            self.write(str(shown), (EXAMPLE / "inventory.yml").read_text())
            (self.folder / "inventory.yml").symlink_to(shown)
        else:
            bare = {host: {name: each[name] for name in BARE if name in each} for host, each in hosts.items()}
            self.write("inventory.yml", yaml.safe_dump({"all": {"hosts": bare}}))
        for name in FOLDERS:
            (self.folder / name).mkdir(parents=True)
        # The lines that the emulator prints, pasted: a file for tenants, and the environment for one of each platform.
        connections = self._tenants.connections
        self.write("tenants.json", json.dumps({host: _options(connections[host]) for host in hosts}))
        self._environment["ACCESS_TENANTS_FILE"] = str(self.folder / "tenants.json")
        self._environment["PWD"] = str(self.folder)
        for platform in PLATFORMS:
            self._environment |= environment_variables(platform, connections[platform])

    def write(self, name: str, text: str, append: str | None = None) -> None:
        """A file of the reader's. ``append``: the list of people in it that the text has other entries of."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = placed(text, self.folder)
        if append:
            held = yaml.safe_load(path.read_text())
            more = yaml.safe_load(text)
            written = {entry["email"] for entry in more}
            held[append] = [entry for entry in held[append] if entry["email"] not in written] + more
            text = yaml.safe_dump(held)
        path.write_text(text)
        if name == "inventory.yml" and "my-datasentinel" in text:
            # A tenant of the reader's own, in a new shell: its credentials are in the environment.
            self._environment.pop("ACCESS_TENANTS_FILE", None)

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run one command. What it exports holds for those after it."""
        if command.startswith("export "):
            for name, value in re.findall(r"(\w+)=(\S+)", command):
                self._environment[name] = value.replace("~", str(self.folder))
        return subprocess.run(  # noqa: S603 - the pages' own commands are what is tested
            [BASH, "-c", command],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )


def _options(connection: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in connection.items() if name not in ("domain", "account")}


def emulated(inventory: str) -> Emulator:
    """The tenants of one journey."""
    if inventory != "world":
        return Emulator(yaml.safe_load((EXAMPLE / "emulator-state.yml").read_text()))
    return Emulator(world("world"))
