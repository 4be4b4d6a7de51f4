# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugin: the decisions of a review become what each tenant is to be told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils import platforms
from ansible_collections.dataops.access.plugins.plugin_utils.audit import folder, review
from ansible_collections.dataops.access.plugins.plugin_utils.controller_action import ControllerAction

# A review is read as a whole; this is more than any spreadsheet shows.
_LARGEST = 200_000_000


class ActionModule(ControllerAction):
    """Runs for each host: the whole file is checked on each, so that a wrong line stops all of them."""

    SPEC: ClassVar[Mapping[str, Any]] = {
        "file": {"type": "path", "required": True},
        "report_dir": {"type": "path", "required": True},
        "max_age_days": {"type": "int", "default": 30},
    }

    def work(self, options: Mapping[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Read, check, and return the declarations of this host by the role variable that they belong to."""
        host = str(task_vars["inventory_hostname"])
        found = _read(options)
        declared = [(each, _declaration(each)) for each in _sorted(found.decisions)]
        own = [(each, entry) for each, entry in declared if each.tenant == host]
        variables: dict[str, list[dict[str, Any]]] = {}
        for each, entry in own:
            if entry is not None:
                variables.setdefault(platforms.VARIABLES[each.platform, each.kind][0], []).append(entry)
        return {
            "variables": variables,
            "kept": sum(1 for _each, entry in own if entry is None),
            "undecided": found.undecided,
            "still_declared": [
                f"{each.kind} {each.account['key']}"
                for each, entry in own
                if entry is not None and each.account["declared"] == "present"
            ],
        }


def _sorted(decisions: Iterable[review.Decision]) -> list[review.Decision]:
    return sorted(decisions, key=lambda each: (each.tenant, each.kind, each.account["key"]))


def _read(options: Mapping[str, Any]) -> review.Review:
    path = Path(options["file"])
    try:
        if path.stat().st_size > _LARGEST:
            raise ValidationError(f"access_review_file: {path} is too large to be a review")
        rows = review.read(path.read_bytes())
    except OSError as problem:
        raise ValidationError(f"access_review_file: {path} cannot be read: {problem.strerror}") from None
    record = folder.find_report(options["report_dir"], review.report_hash(rows))
    today = dt.datetime.now(dt.timezone.utc).date()
    return review.review(rows, record, today, options["max_age_days"])


def _declaration(decision: review.Decision) -> dict[str, Any] | None:
    known = platforms.VARIABLES.get((decision.platform, decision.kind))
    if known is None and decision.decision != review.KEEP:
        raise ValidationError(
            f"{decision.tenant}: {decision.kind} {decision.account['key']}: this platform can only be read; decide "
            "keep, and change it in its user interface"
        )
    return review.declaration(decision, [field.name for field in known[1].resource.fields] if known else [])
