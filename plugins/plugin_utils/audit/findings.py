# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a finding is: one thing that is wrong, as every file of the report shows it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.canonical import sha256

# Rules that the verdict speaks of by name.
DRIFT = "drift"
UNMANAGED = "unmanaged"
UNREADABLE = "unreadable"
# Rules that are about waivers, and about no tenant.
WAIVER_EXPIRED = "waiver_expired"
WAIVER_UNUSED = "waiver_unused"
WAIVER_TOO_BROAD = "waiver_too_broad"

# What a finding says about its object. Forbidden: it exists, or is as it is, against a rule.
DRIFTED = "drifted"
MISSING = "missing"
FORBIDDEN = "forbidden"
UNKNOWN = "unknown"

SEVERITIES = ("critical", "high", "medium", "low")


def finding(
    rule: str,
    severity: str,
    status: str,
    tenant: Mapping[str, Any],
    kind: str,
    key: str,
    message: str,
    remedy: str,
    fields: Mapping[str, Any] | None = None,
    people: Iterable[str] = (),
) -> dict[str, Any]:
    """One finding. ``tenant``: a record with ``tenant`` and ``platform``. Its ``id`` is the same in every run.

    ``location`` (the file and line that declare the object), ``waiver`` (who accepts it until when), ``trend`` (``new``
    or ``persisting``) and ``since`` are filled in later.
    """
    identity = {
        "rule": rule,
        "status": status,
        "platform": tenant["platform"],
        "tenant": tenant["tenant"],
        "kind": kind,
        "key": key,
    }
    return {
        "id": sha256(identity)[:16],
        **identity,
        "severity": severity,
        "fields": dict(fields or {}),
        "message": message,
        "remedy": remedy,
        "people": sorted(people),
        "location": None,
        "waiver": None,
        "trend": None,
        "since": None,
    }


def is_open(item: Mapping[str, Any]) -> bool:
    """Whether a finding counts: nobody accepts it by a waiver."""
    return item["waiver"] is None


def worst_first(item: Mapping[str, Any]) -> tuple[Any, ...]:
    """Sorts findings."""
    return SEVERITIES.index(item["severity"]), item["rule"], item["kind"], item["key"], item["status"]


def count(found: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """``{findings, drift, unmanaged, errors, waived}``: all but the last count what is open."""
    items = list(found)
    rules = [item["rule"] for item in items if is_open(item)]
    return {
        "findings": len(rules),
        "drift": rules.count(DRIFT),
        "unmanaged": rules.count(UNMANAGED),
        "errors": rules.count(UNREADABLE),
        "waived": len(items) - len(rules),
    }


def left_out(scope: Mapping[str, Any]) -> bool:
    """Whether a report does not speak of every tenant that it should."""
    return bool(scope["partial"] or scope["missing"])


def was_read(tenant: Mapping[str, Any] | None, item: Mapping[str, Any]) -> bool:
    """Whether a report that does not hold the finding says by that that it is not there."""
    if tenant is None:
        return False
    if item["rule"] == UNREADABLE:
        return True
    if tenant["error"] is not None or any(unread["key"] == item["key"] for unread in _unread(tenant)):
        return False
    kinds = [kind for kind in tenant["kinds"] if kind["kind"] == item["kind"]] or tenant["kinds"]
    return bool(kinds) and all(kind["complete"] for kind in kinds)


def _unread(tenant: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [entry for kind in tenant["kinds"] for entry in kind["unknown"]]
