# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that only plans is one however it was asked for: on the command line, or by ``check_mode``."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from ansible_collections.dataops.access.plugins.action import access_merge, access_period, access_report
from ansible_collections.dataops.access.plugins.plugin_utils.controller_action import ControllerAction
from emulator.server import Emulator
from unit.controller.playbook import Controller

ANA = {"email": "ana@example.com", "password": "canary password", "privilege": "read", "profile": "developer"}


@pytest.mark.parametrize("action", [access_merge, access_period, access_report])
@pytest.mark.parametrize(
    ("command_line", "task", "expected"),
    # A task that is exempted from --check still tells of a run that planned.
    [(False, False, False), (True, True, True), (False, True, True), (True, False, True)],
)
def test_a_record_says_whether_its_run_only_planned(
    action: Any, command_line: bool, task: bool, expected: bool
) -> None:
    made: ControllerAction = action.ActionModule.__new__(action.ActionModule)
    made._task = SimpleNamespace(check_mode=task)
    assert made.run_facts({"ansible_check_mode": command_line})["check_mode"] is expected


def report(mode: str) -> list[dict[str, Any]]:
    return [
        {"ansible.builtin.include_role": {"name": "dataops.access.datasentinel"}},
        {
            "ansible.builtin.include_role": {"name": "dataops.access.access_report"},
            "vars": {"access_report_mode": mode, "access_fail_on": ["none"]},
        },
    ]


def test_a_play_in_check_mode_keeps_no_record_of_changes(tmp_path: Path, vendors: Emulator) -> None:
    controller = Controller(tmp_path)
    options = {f"datasentinel_{name}": value for name, value in vendors.connections["datasentinel"].items()}
    controller.inventory(ds_eu={"access_platform": "datasentinel", **options, "datasentinel_users": [ANA]})
    play = {
        "hosts": "all",
        "connection": "local",
        "gather_facts": False,
        "check_mode": True,
        "tasks": [*report("apply"), *report("audit")],
    }
    (tmp_path / "own.yml").write_text(yaml.safe_dump([play]))
    run = controller.play("own.yml", collection="")
    assert run.code == 0, run.output
    assert "Would change: 1 create" in run.output
    assert not (controller.reports / "changes.json").exists()
    assert "access_changes" not in run.stats()
    assert controller.report()["run"]["check_mode"] is True
    assert vendors.writes() == []
