# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Declared and observed state become a plan: what check mode reports, what the diff shows, what is carried out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.errors import Refusal, Refused, ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.policy import Policy, reason_to_keep
from ansible_collections.dataops.access.plugins.module_utils.core.resource import Declared, Observed
from ansible_collections.dataops.access.plugins.module_utils.core.service import (
    CREATE,
    DELETE,
    UPDATE,
    Change,
    Service,
    Snapshot,
)


@dataclass
class Plan:
    """Everything that one task would do, and why it may not."""

    declared: Sequence[Declared]
    snapshot: Snapshot
    changes: list[Change]
    # What exists and is not declared, ``{key, reason}``; None where the platform refused the listing.
    unmanaged: list[dict[str, str]] | None
    # Declared objects that need nothing, with what is there (None: absent, as declared).
    in_sync: list[tuple[Declared, Observed | None]]
    # Why nothing of it may be done.
    refusals: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def refused(self) -> list[str]:
        """All reasons why the plan is not carried out; empty: it may be."""
        return self.refusals + [reason for change in self.changes for reason in change.refusals]

    @property
    def summary(self) -> dict[str, Any]:
        """Numbers of the plan; ``failed`` is left to the outcome."""
        count = {"create": 0, "update": 0, "delete": 0}
        for change in self.changes:
            count[change.action] += 1
        return {
            "declared": len(self.declared),
            "in_sync": len(self.in_sync),
            **count,
            "unmanaged": None if self.unmanaged is None else len(self.unmanaged),
            "registrations": sum(change.registrations for change in self.changes),
            "listing_complete": self.snapshot.complete,
        }


def make_plan(service: Service, declared: Sequence[Declared], snapshot: Snapshot, policy: Policy) -> Plan:
    """Compare, purge, and check against the limits. Pure: reads and writes nothing."""
    changes: list[Change] = []
    in_sync: list[tuple[Declared, Observed | None]] = []
    meant: dict[int, Declared] = {}
    for entry in declared:
        try:
            observed = service.find(entry, snapshot)
            _meant_once(meant, observed, entry, service)
            change = service.compare(entry, observed, snapshot)
            if change is not None and change.action == CREATE and entry["only_existing"]:
                change = None
        except (Refused, ValidationError) as error:
            change = _refused(entry, error)
        if change is None:
            in_sync.append((entry, observed))
        else:
            changes.append(change)

    warnings = list(snapshot.warnings)
    refusals: list[str] = []
    unmanaged = None
    if snapshot.complete:
        matches = {entry.match for entry in declared}
        rest = [
            item
            for item in snapshot.objects
            if item.exists and id(item) not in meant and not service.belongs(item, matches)
        ]
        excluded, idle = policy.excluded([item.key for item in snapshot.objects])
        warnings += [f"purge_exclude: '{expression}' matches nothing that exists" for expression in idle]
        reasons = [(item, reason_to_keep(item, excluded)) for item in rest]
        unmanaged = sorted(({"key": item.key, "reason": reason} for item, reason in reasons), key=_by_key)
        if policy.purge:
            changes += [service.removal(item) for item, reason in reasons if reason == "undeclared"]
    elif policy.purge:
        refusals.append("purge needs a complete listing, which the platform refused; nothing is removed")

    changes.sort(key=lambda change: (change.stage, change.key))
    refusals += service.refine(changes, snapshot)
    refusals += _last_administrator(service, changes, snapshot)
    in_scope = sum(1 for item in snapshot.objects if item.exists and item.beyond is None)
    refusals += policy.limits(changes, in_scope)
    warnings += [warning for change in changes for warning in change.warnings]
    return Plan(declared, snapshot, changes, unmanaged, in_sync, refusals, warnings)


def _meant_once(meant: dict[int, Declared], observed: Observed | None, entry: Declared, service: Service) -> None:
    if observed is None:
        return
    other = meant.setdefault(id(observed), entry)
    if other is not entry:
        raise ValidationError(
            f"{service.resource.noun} '{observed.key}' is declared twice, as '{other.key}' and as '{entry.key}'; "
            "keep one"
        )


def _last_administrator(service: Service, changes: Sequence[Change], snapshot: Snapshot) -> list[str]:
    """One of those that there are has to stay: making another may fail after they are gone."""
    before = [item for item in snapshot.objects if item.exists and service.is_administrator(item.values)]
    lost = {
        id(change.observed) for change in changes if change.after is None or not service.is_administrator(change.after)
    }
    if before and all(id(item) in lost for item in before):
        names = ", ".join(sorted(item.key for item in before))
        return [f"no administrator would be left on this platform of those that there are ({names}); keep one"]
    return []


def _refused(entry: Declared, error: Refused | ValidationError) -> Change:
    action = DELETE if entry.absent else UPDATE
    return Change(entry.key, action, {}, declared=entry, refusals=[Refusal(error.message, error.kind)])


def _by_key(item: dict[str, str]) -> tuple[str, str]:
    return item["key"], item["reason"]
