# SPDX-License-Identifier: GPL-3.0-or-later
"""The example project run as an automation controller runs it: by ansible-runner, each slice in a folder of its own.

What the controller does around ansible-runner (AWX 24, awx/main/models/jobs.py and awx/main/tasks/jobs.py): slice ``k``
of ``n`` takes the hosts ``[k-1::n]``, sorted by name; the inventory is a script that knows these hosts alone, with the
variables of the inventory source; ``awx_*`` variables; check and diff as arguments.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from unit.controller.playbook import ROOT, apart

PROJECT = ROOT / "examples" / "awx_project"
# The longest result of a task that AWX keeps, in characters of JSON; a longer one becomes {}.
LONGEST_RESULT = 700_000


def program(name: str) -> str:
    """A program of the environment that runs the tests."""
    return str(Path(sys.executable).with_name(name))


@dataclass(frozen=True)
class Job:
    """One job that has ended: one slice of a sliced one, or a whole one."""

    folder: Path
    code: int
    output: str

    @cached_property
    def events(self) -> list[dict[str, Any]]:
        """In the order in which they happened."""
        found = [json.loads(path.read_text()) for path in self.folder.glob("artifacts/*/job_events/*.json")]
        return sorted(found, key=lambda event: int(event["counter"]))

    @property
    def artifacts(self) -> dict[str, Any]:
        """What the controller stores with the job: the stats that were set."""
        data: dict[str, Any] = self.events[-1]["event_data"].get("artifact_data", {})
        return data

    @property
    def results(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Of each task on each host that ran: the name, and the result as the controller gets it."""
        for event in self.events:
            if event["event"] in ("runner_on_ok", "runner_on_failed"):
                yield event["event_data"]["task"], event["event_data"]["res"]

    @property
    def reports(self) -> Path:
        """What the job has written, and what a real one throws away."""
        return self.folder / "project" / "access-report"

    def report(self) -> dict[str, Any]:
        """The job's report."""
        found: dict[str, Any] = json.loads((self.reports / "report.json").read_text())
        return found

    def left(self) -> Iterator[tuple[str, str]]:
        """Every file that is left, by its path, but for what was given."""
        given = self.folder / "project", self.folder / "inventory", self.folder / "env"
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and (path.is_relative_to(self.reports) or not any(map(path.is_relative_to, given))):
                yield str(path.relative_to(self.folder)), path.read_text(encoding="utf-8", errors="replace")


class Engine:
    """Runs jobs of the example project.

    ``inventory``: what the inventory source said, if it is another one than the project's, as
    ``ansible-inventory --list`` prints it. ``only``: the inventory has these hosts alone.
    """

    def __init__(
        self, folder: Path, inventory: Mapping[str, Any] | None = None, only: Collection[str] | None = None
    ) -> None:
        self.folder = folder
        self._base = {
            **apart(folder),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "MAX_EVENT_RES": str(LONGEST_RESULT),
        }
        self.inventory = inventory or self._read_inventory()
        named = {host for group in self.inventory.values() for host in group.get("hosts", ())}
        # Sorted by name, as the controller slices them.
        self.hosts = sorted(named if only is None else named & set(only))
        self._number = 0

    def _read_inventory(self) -> dict[str, Any]:
        command = [program("ansible-inventory"), "-i", "inventory.yml", "--list", "--export"]
        done = subprocess.run(  # noqa: S603 - a program of the environment that runs the tests
            command, cwd=PROJECT, env=self._base, capture_output=True, text=True, check=True
        )
        read: dict[str, Any] = json.loads(done.stdout)
        return read

    def run(
        self, playbook: str, environment: Mapping[str, str], *, slices: int = 1, check: bool = False, **extra_vars: Any
    ) -> list[Job]:
        """Each slice of a job, one after another."""
        return [
            self._job(playbook, environment, self.hosts[first::slices], check, extra_vars) for first in range(slices)
        ]

    def _job(
        self,
        playbook: str,
        environment: Mapping[str, str],
        hosts: list[str],
        check: bool,
        extra_vars: Mapping[str, Any],
    ) -> Job:
        self._number += 1
        folder = self.folder / f"job{self._number}"
        shutil.copytree(PROJECT, folder / "project")
        for name in ("inventory", "env"):
            (folder / name).mkdir()
        script = folder / "inventory" / "hosts"
        script.write_text(f"#!{sys.executable}\nprint({json.dumps(self._sliced(hosts))!r})\n")
        script.chmod(0o700)
        known = {"awx_job_id": self._number, "awx_job_launch_type": "manual", "awx_user_name": "admin"}
        (folder / "env" / "extravars").write_text(json.dumps({**known, **extra_vars}))
        line = " ".join(["--diff", *(["--check"] if check else [])])
        command = [program("ansible-runner"), "run", str(folder), "-p", f"{playbook}.yml", f"--cmdline={line}"]
        done = subprocess.run(  # noqa: S603 - a program of the environment that runs the tests
            command,
            env={**self._base, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Job(folder, done.returncode, done.stdout)

    def _sliced(self, hosts: list[str]) -> dict[str, Any]:
        """The inventory with these hosts alone; groups stay, as in the controller."""
        groups = {
            name: {
                **group,
                **({"hosts": [host for host in group["hosts"] if host in hosts]} if "hosts" in group else {}),
            }
            for name, group in self.inventory.items()
            if name != "_meta"
        }
        variables = self.inventory["_meta"]["hostvars"]
        return {**groups, "_meta": {"hostvars": {host: variables.get(host, {}) for host in hosts}}}
