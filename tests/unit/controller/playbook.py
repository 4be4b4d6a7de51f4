# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a playbook of the collection from this checkout, for tests."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from documentation.modules import documented
from unit.returned import Documentation

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Run:
    """How a playbook ended."""

    code: int
    output: str

    def recap(self, host: str) -> dict[str, int]:
        """The counts of one host."""
        line = re.search(rf"^{host}\s+: (.*)$", self.output, re.MULTILINE)
        return {name: int(count) for name, count in re.findall(r"(\w+)=(\d+)", line[1])} if line else {}

    def stats(self) -> dict[str, Any]:
        """The stats that the run set, as an automation controller would get them."""
        found = re.search(r"^\tRUN: (\{.*\})$", self.output, re.MULTILINE)
        return json.loads(found[1]) if found else {}


def apart(folder: Path) -> dict[str, str]:
    """The environment in which Ansible finds this checkout as the collection, and nothing of whoever runs the tests."""
    link = folder / "collections" / "ansible_collections" / "dataops"
    link.mkdir(parents=True)
    (link / "access").symlink_to(ROOT)
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "ANSIBLE_COLLECTIONS_PATH": str(folder / "collections"),
        "ANSIBLE_HOME": str(folder / "ansible"),
        "ANSIBLE_NOCOLOR": "1",
    }


def elsewhere(tenant: dict[str, Any], number: int = 1) -> dict[str, Any]:
    """The same tenant by another URL, so that a play takes it for another one. ``number``: which one, from 1."""
    name = f"{tenant['access_platform']}_api_url"
    start, slash, path = tenant[name].rpartition("/")
    return {**tenant, name: f"{start}{slash}{path[: number - 1]}%{ord(path[number - 1]):02X}{path[number:]}"}


def documentation(module: str) -> Documentation:
    """What a module says that it returns."""
    return Documentation(module, _returns(module))


@cache
def _returns(module: str) -> dict[str, Any]:
    routes = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["plugin_routing"]["modules"]
    name = routes.get(module, {}).get("redirect", module).rpartition(".")[2]
    return documented(ROOT / "plugins" / "modules" / f"{name}.py", "RETURN")


class Controller:
    """A folder to run playbooks in, with an inventory and an environment of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.reports = folder / "access-report"
        self._kept = folder / "results.jsonl"
        self.environment = {
            **apart(folder),
            "ANSIBLE_SHOW_CUSTOM_STATS": "1",
            "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).parent / "callbacks"),
            "ANSIBLE_CALLBACKS_ENABLED": "kept_results",
            "KEPT_RESULTS": str(self._kept),
        }

    def inventory(self, **hosts: dict[str, Any]) -> None:
        """Write the inventory; ``_`` in a name stands for ``-``."""
        named = {name.replace("_", "-"): variables for name, variables in hosts.items()}
        (self.folder / "inventory.yml").write_text(yaml.safe_dump({"all": {"hosts": named}}))

    def play(self, playbook: str, *arguments: str, collection: str = "dataops.access.", **environment: str) -> Run:
        """Run ``dataops.access.<playbook>``; without a collection, the file of that name."""
        program = Path(sys.executable).with_name("ansible-playbook")
        command = [program, "-i", "inventory.yml", f"{collection}{playbook}", *arguments]
        done = subprocess.run(  # noqa: S603 - the program of the interpreter that runs the tests
            command,
            cwd=self.folder,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self._documented()
        return Run(done.returncode, done.stdout)

    def results(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """What tasks of the collection returned so far: the module, the task's place, the result."""
        for line in self._kept.read_text().splitlines() if self._kept.exists() else ():
            kept = json.loads(line)
            yield kept["module"], kept["where"], {"failed": kept["failed"], **kept["result"]}

    def _documented(self) -> None:
        """What modules returned is what their RETURN says."""
        for module, where, result in self.results():
            if result["failed"] and "failure" not in result:
                continue  # what ansible-core says before a task runs
            wrong = sorted(set(documentation(module).wrong(result)))
            assert not wrong, f"{where}: {module} returned {json.dumps(result, indent=1)}:\n" + "\n".join(wrong)

    def report(self) -> dict[str, Any]:
        """The newest report."""
        found: dict[str, Any] = json.loads((self.reports / "report.json").read_text())
        return found

    def changes(self) -> dict[str, Any]:
        """The newest record of what was changed."""
        found: dict[str, Any] = json.loads((self.reports / "changes.json").read_text())
        return found
