# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run of the stage's playbook shows about each example, read from what ansible-playbook prints."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from unit.controller.playbook import Run

from .stage import AGAIN, CHECK, RUN, Scene

_HEADING = re.compile(r"^(PLAY|TASK|RUNNING HANDLER) \[(.*)\] \**$")
_STATUS = re.compile(r"^(ok|changed|skipping|fatal|failed): \[([\w-]+)\]")
_MODES = (CHECK, RUN, AGAIN)


def problems(run: Run, scenes: Sequence[Scene]) -> Iterator[str]:
    """What is wrong, with file and line: a task that failed, a check that said something else, a change too many."""
    said = _statuses(run.output)
    for scene in scenes:
        recap = run.recap(scene.host)
        if not recap:
            yield f"{scene.where}: was not run"
        elif recap["failed"] or recap["ignored"] or recap["unreachable"]:
            yield f"{scene.where}: failed\n{_told(run.output, scene.host)}"
        for name, by_mode in said[scene.host].items():
            if AGAIN in by_mode and "changed" in by_mode[AGAIN]:
                yield f"{scene.where}: '{name}' changes something when it is run again"
            if CHECK in by_mode and RUN in by_mode and by_mode[CHECK] != by_mode[RUN]:
                yield f"{scene.where}: '{name}' says {by_mode[CHECK]} in check mode, and {by_mode[RUN]} when it is run"


def _statuses(output: str) -> dict[str, dict[str, dict[str, list[str]]]]:
    """Host -> task -> mode -> what became of each of its items."""
    found: dict[str, dict[str, dict[str, list[str]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    of_play, task = "", ""
    for line in output.splitlines():
        heading = _HEADING.match(line)
        status = _STATUS.match(line)
        if heading and heading[1] == "PLAY":
            of_play = _mode(heading[2])[0]
        elif heading:
            task = heading[2]
        elif status:
            mode, name = _mode(task)
            found[status[2]][name][mode or of_play].append(status[1])
    return found


def _mode(title: str) -> tuple[str, str]:
    before, colon, after = title.partition(": ")
    return (before, after) if colon and before in _MODES else ("", title)


def _told(output: str, host: str) -> str:
    """The parts of the output in which a task of the host failed."""
    parts = re.split(r"(?m)^(?=TASK \[|PLAY \[|PLAY RECAP)", output)
    return "\n".join(part.strip() for part in parts if re.search(rf"(?m)^(fatal|failed): \[{host}\]", part))
