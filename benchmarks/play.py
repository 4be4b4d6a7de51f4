# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays with one task, as a user would run them, and nothing of the user's own settings."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.measure import Measured, command

HERE = Path(__file__).resolve().parent
Json = dict[str, Any]


class Ansible:
    """Runs plays in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "ansible.cfg").touch()
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_HOME": str(folder / "ansible"),
            "ANSIBLE_CONFIG": str(folder / "ansible.cfg"),
            "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
            "ANSIBLE_LIBRARY": str(HERE / "library"),
            "ANSIBLE_ACTION_PLUGINS": str(HERE / "action"),
            "ANSIBLE_ROLES_PATH": str(HERE / "roles"),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        }

    def run(self, tasks: Sequence[Json], variables: Json | None = None, check: bool = False) -> Measured:
        """A play of these tasks on the controller itself; a variable may name another interpreter for modules."""
        play: Json = {
            "hosts": "localhost",
            "connection": "local",
            "gather_facts": False,
            "vars": {"ansible_python_interpreter": sys.executable},
            "tasks": list(tasks),
        }
        return self.play([play], variables, ["--check"] if check else [])

    def play(self, plays: Sequence[Json], variables: Json | None = None, arguments: Sequence[str] = ()) -> Measured:
        """These plays, with variables from a file."""
        playbook = self.write("play.json", list(plays))
        words = [sys.executable, "-m", "ansible", "playbook", str(playbook), *arguments]
        if variables is not None:
            words += ["--extra-vars", f"@{self.write('variables.json', variables)}"]
        return command(words, self.environment, self.folder / "output.log")

    def write(self, name: str, data: Any) -> Path:
        """``data`` as a JSON file in the folder."""
        file = self.folder / name
        file.write_text(json.dumps(data))
        return file

    def empty(self, variables: Json | None = None) -> Measured:
        """A play that does nothing."""
        return self.run([{"name": "Nothing", "ansible.builtin.meta": "noop"}], variables)
