# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugin: what was read of all tenants, as files of declared state. Writes in check mode too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.dataops.access.plugins.plugin_utils import play
from ansible_collections.dataops.access.plugins.plugin_utils.controller_action import OnceAction
from ansible_collections.dataops.access.plugins.plugin_utils.export import files, run


class ActionModule(OnceAction):
    """Runs once for all hosts of the play, and asks no platform."""

    SPEC: ClassVar[Mapping[str, Any]] = {
        "read": {"type": "str"},
        "failure": {"type": "str"},
        "prepare": {"type": "bool", "default": False},
        "directory": {"type": "path", "required": True},
        "form": {"type": "str", "choices": list(run.FORMS), "default": run.TENANTS},
        "force": {"type": "bool", "default": False},
    }
    RULES: ClassVar[Mapping[str, Any]] = {"required_if": [("prepare", False, ("read", "failure"))]}

    def work(self, options: Mapping[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Refuse what would lose somebody's work; write the files, say what is in them, set the stat."""
        files.check(options["directory"], run.names(play.asked(task_vars), options["form"]), options["force"])
        return {} if options["prepare"] else self._exported(options, task_vars)

    def _exported(self, options: Mapping[str, Any], task_vars: Mapping[str, Any]) -> dict[str, Any]:
        export = run.Export(options["form"], _numbers(task_vars))
        for host in play.asked(task_vars):
            variables = play.HostVariables.of(task_vars, host)
            platform = str(play.variable(task_vars, host, "access_platform"))
            export.take(host, platform, variables.get(options["read"]) or [], variables.get(options["failure"]) or "")
        export.write(options["directory"])
        older = files.path_of(options["directory"], files.PEOPLE)
        if options["form"] == run.TENANTS and older.exists():
            self._display.warning(
                f"{older} is of an earlier export, and declares a part of this once more; do not use both"
            )
        play.display(export.lines())
        stat = export.stat()
        return {
            "changed": any(each.changed for each in export.written),
            "paths": [each.path for each in export.written],
            "failing": export.failing,
            "left_out": export.left_out(),
            "ansible_stats": {"data": {"access_export": stat}, "per_host": False, "aggregate": False},
        }


def _numbers(task_vars: Mapping[str, Any]) -> dict[str, int]:
    """How many tenants the inventory has of each platform, those included that this play leaves out."""
    numbers: dict[str, int] = {}
    for host in task_vars["hostvars"]:
        platform = str(play.variable(task_vars, host, "access_platform") or "")
        numbers[platform] = numbers.get(platform, 0) + 1
    return numbers
