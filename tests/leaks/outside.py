# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs real playbooks and keeps everything that is left of them: output, files, the arguments of every process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from unit.controller.playbook import Controller

# Python reads this when it starts: each process notes its arguments, and those of the processes that it starts.
# What is in their environment is left out, since that is where credentials may be.
_NOTE = """
import os, sys

def _note(*what):
    with open(os.environ["LEAKS_ARGUMENTS"], "a") as file:
        file.write(" ".join(map(repr, what)) + "\\n")

def _hook(event, arguments):
    if event in ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system"):
        _note(event, *arguments[:2])

_note("start", *sys.orig_argv)
sys.addaudithook(_hook)
"""


@dataclass(frozen=True)
class Output:
    """How a program ended, and what it printed."""

    code: int
    text: str


class Yard(Controller):
    """A folder to run playbooks in, in which everything that they leave behind is found.

    ``inputs`` holds what is given to them, and ``handed-over`` the files that they are asked to write secrets to.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.inputs = folder / "inputs"
        self.handed_over = folder / "handed-over"
        self.temporary = folder / "temporary"
        notes = folder / "notes"
        for each in (self.inputs, self.handed_over, self.temporary, notes):
            each.mkdir()
        (notes / "sitecustomize.py").write_text(_NOTE)
        self._arguments = folder / "arguments"
        self.environment.update(
            PYTHONPATH=str(notes),
            LEAKS_ARGUMENTS=str(self._arguments),
            TMPDIR=str(self.temporary),
            ANSIBLE_LOG_PATH=str(folder / "ansible.log"),
            ANSIBLE_LOCALHOST_WARNING="false",
            ANSIBLE_DISPLAY_TRACEBACK="always",
            PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        )

    def playbook(self, *arguments: str, **environment: str) -> Output:
        """``ansible-playbook -vvv --diff``."""
        return self._run("ansible-playbook", "-vvv", "--diff", *arguments, **environment)

    def runner(self, playbook: str, *arguments: str, **environment: str) -> Output:
        """The same through ansible-runner, as an automation controller starts it; its artifacts stay in the folder."""
        line = " ".join(["-vvv", "--diff", *arguments])
        options = ["-p", playbook, "--artifact-dir", str(self.artifacts), f"--cmdline={line}"]
        return self._run("ansible-runner", "run", str(self.inputs), *options, **environment)

    @property
    def artifacts(self) -> Path:
        """What ansible-runner keeps, and an automation controller stores."""
        return self.folder / "artifacts"

    def _run(self, program: str, *arguments: str, **environment: str) -> Output:
        done = subprocess.run(  # noqa: S603 - a program of the environment that runs the tests
            [Path(sys.executable).with_name(program), *arguments],
            cwd=self.folder,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Output(done.returncode, done.stdout)

    def arguments(self) -> str:
        """The arguments of every process that was started."""
        return self._arguments.read_text()

    def left(self) -> Iterator[tuple[str, str]]:
        """Every file that is left, by its path, but for what was given and what was asked for."""
        for path in sorted(self.folder.rglob("*")):
            inside = path.relative_to(self.folder)
            if inside.parts[0] in ("inputs", "handed-over", "collections", "notes") or not path.is_file():
                continue
            yield str(inside), path.read_text(encoding="utf-8", errors="replace")
