# SPDX-License-Identifier: GPL-3.0-or-later
"""A controller that is a file, and playbooks that awx.awx would write to it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from unit.awx import stand_in
from unit.awx.configured import AWX

OPTIONS = Path(__file__).with_name("options.yml")
START: stand_in.State = {
    "credential": [{"name": name} for name in ("Ansible Galaxy", "Controller", "Git", "Registry", "Sinks", "Tenants")],
    "organization": [{"name": "Default"}],
}


class Controller:
    """A controller that is a file, and a folder to run the playbook in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = folder / "state.json"
        self.state = json.loads(json.dumps(START))
        plugins = folder / "collections" / "ansible_collections" / "awx" / "awx" / "plugins"
        (plugins / "action").mkdir(parents=True)
        (plugins / "plugin_utils").mkdir()
        (plugins / "plugin_utils" / "stand_in.py").symlink_to(str(stand_in.__file__))
        line = "from ansible_collections.awx.awx.plugins.plugin_utils.stand_in import ActionModule\n"
        for module in yaml.safe_load(OPTIONS.read_text()):
            (plugins / "action" / f"{module}.py").write_text(line)

    @property
    def state(self) -> stand_in.State:
        read: stand_in.State = json.loads(self._file.read_text())
        return read

    @state.setter
    def state(self, state: stand_in.State) -> None:
        self._file.write_text(json.dumps(state))

    def edit(self, module: str, name: str, change: Callable[[dict[str, Any]], None]) -> None:
        """As somebody would in the controller's pages."""
        state = self.state
        change(next(each for each in state[module] if each.get("name", each.get("identifier")) == name))
        self.state = state

    def configure(self, given: dict[str, Any], *arguments: str, **environment: str) -> tuple[int, str]:
        """Runs awx/configure.yml with these variables. Returns the exit code and the output."""
        return self.play(AWX / "configure.yml", "localhost", given, *arguments, **environment)

    def play(
        self, playbook: Path, hosts: str, given: dict[str, Any], *arguments: str, **environment: str
    ) -> tuple[int, str]:
        """The exit code and the output of a run with these variables. `hosts`: names, with commas between."""
        own = {
            "ANSIBLE_COLLECTIONS_PATH": str(self.folder / "collections"),
            "CONTROLLER_HOST": "https://controller.example.com",
            "STAND_IN_STATE": str(self._file),
            "STAND_IN_OPTIONS": str(OPTIONS),
        }
        return play(self.folder, playbook, hosts, given, *arguments, **{**own, **environment})


def configure(folder: Path, given: dict[str, Any], *arguments: str, **environment: str) -> tuple[int, str]:
    """As :meth:`Controller.configure`, with the collections and the controller that the environment names."""
    return play(folder, AWX / "configure.yml", "localhost", given, *arguments, **environment)


def play(
    folder: Path, playbook: Path, hosts: str, given: dict[str, Any], *arguments: str, **environment: str
) -> tuple[int, str]:
    """The exit code and the output of a run in the folder, with this and hardly anything else in its environment."""
    (folder / "given.json").write_text(json.dumps(given))
    program = Path(sys.executable).with_name("ansible-playbook")
    done = subprocess.run(  # noqa: S603 - the program of the interpreter that runs the tests
        [program, "-i", f"{hosts},", playbook, "-e", "@given.json", *arguments],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_HOME": str(folder / "ansible"),
            "ANSIBLE_NOCOLOR": "1",
            **environment,
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout
