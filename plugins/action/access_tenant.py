# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugin: one tenant's part of the report, from what its platform role found. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.dataops.access.plugins.plugin_utils import platforms
from ansible_collections.dataops.access.plugins.plugin_utils.audit import report
from ansible_collections.dataops.access.plugins.plugin_utils.controller_action import ControllerAction


class ActionModule(ControllerAction):
    """Runs for each host; its result is what access_report makes the whole report of."""

    SPEC: ClassVar[Mapping[str, Any]] = {
        "platform": {"type": "str", "required": True},
        "results": {"type": "list", "elements": "dict", "required": True},
        "error": {"type": "str"},
    }

    def work(self, options: Mapping[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Make the record of what was read; access_report adds what is wrong with it."""
        host, platform = str(task_vars["inventory_hostname"]), platforms.named(options["platform"])
        record = report.tenant_record(
            host, platform.name, options["results"], options["error"] or None, platform.not_covered
        )
        return {"record": record}
