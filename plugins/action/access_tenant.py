# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugin: one tenant's part of the report, from what its platform role found. Writes nothing."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.dataops.access.plugins.plugin_utils import platforms
from ansible_collections.dataops.access.plugins.plugin_utils.audit import report


class ActionModule(ActionBase):
    """Runs for each host; its result is what access_report makes the whole report of."""

    TRANSFERS_FILES = False

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Make the record of what was read; access_report adds what is wrong with it."""
        task_vars = task_vars or {}
        result: dict[str, Any] = super().run(tmp, task_vars)
        _spec, options = self.validate_argument_spec(
            argument_spec={
                "platform": {"type": "str", "required": True},
                "results": {"type": "list", "elements": "dict", "required": True},
                "error": {"type": "str"},
            }
        )
        host, platform = str(task_vars["inventory_hostname"]), platforms.named(options["platform"])
        record = report.tenant_record(
            host, platform.name, options["results"], options["error"] or None, platform.not_covered
        )
        return {**result, "changed": False, "record": record}
