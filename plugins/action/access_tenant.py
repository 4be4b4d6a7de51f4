# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugin: one tenant's part of the report, from what its platform role found. Writes nothing."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.dataops.access.plugins.plugin_utils import play
from ansible_collections.dataops.access.plugins.plugin_utils.audit import locations, report


class ActionModule(ActionBase):
    """Runs for each host; its result is what access_report makes the whole report of."""

    TRANSFERS_FILES = False

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Make the record: nothing is waived in it yet, and nothing compared with an earlier report."""
        task_vars = task_vars or {}
        result: dict[str, Any] = super().run(tmp, task_vars)
        _spec, options = self.validate_argument_spec(
            argument_spec={
                "platform": {"type": "str", "required": True},
                "results": {"type": "list", "elements": "dict", "required": True},
                "error": {"type": "str"},
                "mode": {"type": "str", "choices": ["audit", "apply"], "default": "audit"},
            }
        )
        host = str(task_vars["inventory_hostname"])
        record = report.tenant_record(host, options["platform"], options["results"], options["error"] or None)
        if options["mode"] == "audit":
            record = locations.located(record, play.declarations(task_vars))
        return {**result, "changed": False, "record": record}
