# SPDX-License-Identifier: GPL-3.0-or-later
"""One playbook whose tasks run both ways: here, in the controller's process, and apart, in processes of their own.

Each way is a host with an emulator of its own, so that both start from the same state and go through the same life.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from emulator.server import Emulator
from unit.controller.playbook import Controller, Run

HERE, APART = "here", "apart"
_PYTHON = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}


class BothWays:
    """A folder to run tasks in, both ways."""

    def __init__(self, folder: Path, emulators: Mapping[str, Emulator]) -> None:
        self.controller = Controller(folder)
        self.controller.environment["ANSIBLE_INJECT_INVOCATION"] = "1"
        self._emulators = emulators
        hosts = {
            way: {**_PYTHON, "access_in_process": way == HERE, "platforms": each.connections, "own": str(folder / way)}
            for way, each in emulators.items()
        }
        for way in emulators:
            (folder / way).mkdir()
        self.controller.inventory(**hosts)

    def run(self, tasks: Sequence[Mapping[str, Any]], *arguments: str, **environment: str) -> Run:
        """The tasks, each of which may fail; their results are among the stats of the run."""
        # Failures are results to compare, too.
        steps = [{"ignore_errors": True, "register": f"result_{n}", **task} for n, task in enumerate(tasks)]
        results = [f"{{{{ result_{n} }}}}" for n in range(len(tasks))]
        keep = {"name": "Keep", "ansible.builtin.set_stats": {"data": {"results": results}, "per_host": True}}
        play = {"hosts": "all", "gather_facts": False, "tasks": [*steps, keep]}
        (self.controller.folder / "play.yml").write_text(yaml.safe_dump([play], sort_keys=False, allow_unicode=True))
        return self.controller.play("play.yml", *arguments, collection="", **environment)

    def results(self, run: Run, way: str) -> list[Any]:
        """What the tasks returned, without what differs by nature: ports, folders and times."""
        found = re.search(rf"^\t{way}: (\{{.*\}})$", run.output, re.MULTILINE)
        assert found, run.output
        text = found[1].replace(str(self.controller.folder / way), "FOLDER")
        text = re.sub(r"127\.0\.0\.1:\d+", "SERVER", text)
        text = re.sub(r'("elapsed_s": |"waited_s": )[\d.]+', r"\g<1>0", text)
        results: list[Any] = json.loads(text)["results"]
        return results
