# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugin: who had access in a period, from the records that were kept. Writes in check mode too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.dataops.access.plugins.plugin_utils import play
from ansible_collections.dataops.access.plugins.plugin_utils.audit import evidence, folder, period
from ansible_collections.dataops.access.plugins.plugin_utils.controller_action import OnceAction


class ActionModule(OnceAction):
    """Runs once for all hosts of the play, and asks no platform."""

    SPEC: ClassVar[Mapping[str, Any]] = {
        "first": {"type": "raw", "required": True},
        "last": {"type": "raw", "required": True},
        "report_dir": {"type": "path", "required": True},
    }

    def work(self, options: Mapping[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Read what was kept, verify it, write the three files, set the stat."""
        return _reported(options, self.run_facts(task_vars))


def _reported(options: Mapping[str, Any], run: Mapping[str, Any]) -> dict[str, Any]:
    history = period.History(period.period(options["first"], options["last"]))
    for path, kind, record in folder.kept(options["report_dir"]):
        if isinstance(record, evidence.Damaged):
            history.damaged(path, str(record))
        else:
            history.take(path, kind, record)
    beside = []
    for path, kind, record in folder.newest(options["report_dir"]):
        if isinstance(record, evidence.Damaged):
            history.damaged(path, str(record))
        else:
            beside.append((path, kind, record))
    folder.prepare(options["report_dir"])
    made = history.record(run, beside)
    written = folder.write_period(options["report_dir"], made)
    play.display(period.lines(made))
    play.display(written.announced(made["sha256"]))
    stat = {**made["counts"], "sha256": made["sha256"]}
    return {
        "gaps": made["gaps"],
        "failing": period.is_broken(made),
        "paths": written.paths,
        "stat": stat,
        "ansible_stats": {"data": {"access_period": stat}, "per_host": False, "aggregate": False},
    }
