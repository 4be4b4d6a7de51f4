# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugin: one tenant's declared state, checked without network or credentials."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError
from ansible_collections.dataops.access.plugins.module_utils.core.grants import grants
from ansible_collections.dataops.access.plugins.plugin_utils import declared, platforms


class ActionModule(ActionBase):
    """Runs for each host; its result is what access_report prints for all."""

    TRANSFERS_FILES = False

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Check what each plural module would be given, and say who gets what by it."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        _spec, options = self.validate_argument_spec(
            argument_spec={
                "declared": {
                    "type": "list",
                    "elements": "dict",
                    "required": True,
                    "options": {
                        "module": {"type": "str", "required": True},
                        "options": {"type": "dict", "required": True},
                    },
                },
            }
        )
        found: dict[str, list[Any]] = {"errors": [], "grants": []}
        try:
            for entry in options["declared"]:
                service = platforms.service_of(entry["module"])
                checked = declared.check(service, entry["options"])
                found["errors"] += checked.errors
                found["grants"] += grants(service.resource, checked.declared)
        except AccessError as problem:
            return {**result, "failed": True, "msg": problem.message, "failure": problem.failure()}
        return {**result, "changed": False, **found}
