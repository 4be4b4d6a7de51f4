# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugin: which plan of a tenant was approved, and whether it is the one that there is. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible.utils.vars import load_extra_vars

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError
from ansible_collections.dataops.access.plugins.plugin_utils.audit import report
from ansible_collections.dataops.access.plugins.plugin_utils.controller_action import ControllerAction

VARIABLE = "access_approved_plan"
_NEXT = (
    f"Nothing was written. Next: audit it, have its plan approved, and give the hash as {VARIABLE}, or run both jobs "
    "in one workflow"
)


class ActionModule(ControllerAction):
    """Runs for each host."""

    SPEC: ClassVar[Mapping[str, Any]] = {
        "approved": {"type": "raw"},
        "required": {"type": "bool", "default": False},
        "planned": {"type": "str"},
        "results": {"type": "list", "elements": "dict", "default": []},
    }

    def work(self, options: Mapping[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Refuse a tenant without an approval, and one whose plan is another one; return what the modules may do."""
        host = str(task_vars["inventory_hostname"])
        approved = self._approved(host, options)
        if options["planned"] is not None and options["planned"] != approved:
            raise AccessError(
                "The plan of this tenant is not the approved one any more. Nothing was written. Next: audit it again, "
                "and have the new plan approved",
                kind="conflict",
            )
        plans = {part["kind"]: part["result"].get("plan_sha256") for part in options["results"]}
        return {"plan_sha256": approved, "plans": plans}

    def _approved(self, host: str, options: Mapping[str, Any]) -> str:
        given, audited = options["approved"], None
        if options["required"]:
            # Whoever declares the state of a tenant does not approve it: the inventory is not asked.
            launched = load_extra_vars(self._loader)
            given, audited = launched.get(VARIABLE), launched.get(f"access_audit__{host}")
        if isinstance(given, Mapping):
            found = given.get(host)
        elif isinstance(audited, Mapping):
            if audited.get("verdict") == report.ERROR:
                raise AccessError(
                    f"The audit could not read this tenant, so that there is no plan of it to approve. {_NEXT}",
                    kind="conflict",
                )
            found = audited.get("plan_sha256")
        else:
            found = None
        if not isinstance(found, str) or not found:
            raise AccessError(f"No plan of this tenant was approved. {_NEXT}", kind="conflict")
        return found
