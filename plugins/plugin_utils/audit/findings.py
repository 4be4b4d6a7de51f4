# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong on a tenant, one record for each: found by rules in what the plural modules say. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.canonical import sha256

# Rules.
DRIFT = "drift"
UNMANAGED = "unmanaged"
UNREADABLE = "unreadable"

# What a finding says about its object.
DRIFTED = "drifted"
MISSING = "missing"
FORBIDDEN = "forbidden"
UNKNOWN = "unknown"

SEVERITIES = ("critical", "high", "medium", "low")

_STATUS_OF_ACTION = {"create": MISSING, "update": DRIFTED}
_UNMANAGED = {
    "undeclared": ("medium", "it exists and is not declared"),
    "in_use": ("medium", "it exists, is not declared, and is in use, so that no purge removes it"),
    "out_of_scope": ("medium", "it exists, is not declared, and is outside of what is managed"),
    "excluded": ("low", "it exists, is not declared, and is excluded from the purge"),
    "protected": ("low", "it exists, is not declared, and is the account in use, built-in, or an owner"),
}


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


def findings(tenant: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All findings of one tenant's record, the worst first."""
    found: list[dict[str, Any]] = []
    for read in tenant["kinds"]:
        found += _unreadable(tenant, read)
        found += _drift(tenant, read)
        found += _unmanaged(tenant, read)
        found += _members(tenant, read)
    if tenant["error"] is not None:
        found.append(
            finding(
                UNREADABLE,
                "high",
                UNKNOWN,
                tenant,
                "tenant",
                tenant["tenant"],
                tenant["error"],
                "Correct what the message says, and run the audit again.",
            )
        )
    return sorted(found, key=worst_first)


def worst_first(item: Mapping[str, Any]) -> tuple[Any, ...]:
    """Sorts findings."""
    return SEVERITIES.index(item["severity"]), item["rule"], item["kind"], item["key"], item["status"]


def _unreadable(tenant: Mapping[str, Any], read: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if not read["complete"]:
        message = read["error"] or "the platform did not list everything, so that nobody knows what else exists"
        remedy = "Give the account in use the right to list, or correct what the message says, and run the audit again."
        yield finding(UNREADABLE, "high", UNKNOWN, tenant, read["kind"], "*", message, remedy)
    for entry in read["unknown"]:
        remedy = "Make it readable for the account in use, or take it out of what is expected."
        yield finding(UNREADABLE, "high", UNKNOWN, tenant, read["kind"], entry["key"], entry["reason"], remedy)


def _drift(tenant: Mapping[str, Any], read: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    purged = {entry["key"] for entry in read["unmanaged"] or () if entry["reason"] == "undeclared"}
    for change in read["changes"]:
        kind, key = read["kind"], change["key"]
        status = _STATUS_OF_ACTION.get(change["action"], FORBIDDEN)
        message = _what_differs(status, change, key in purged)
        if change["error"]:
            message += f"; it cannot be brought in line as declared: {change['error']['msg']}"
        remedy = read["remedy"] or "Run dataops.access.apply, or change the declaration."
        severity = "high" if status == FORBIDDEN and key not in purged else "medium"
        yield finding(DRIFT, severity, status, tenant, kind, key, message, remedy, change["fields"])


def _what_differs(status: str, change: Mapping[str, Any], purged: bool) -> str:
    if status == MISSING:
        return "it is declared and does not exist"
    if status == FORBIDDEN:
        return "it exists, is not declared, and would be purged" if purged else "it is declared absent and exists"
    if change.get("replaced"):
        return "it has to be replaced"
    return "it differs in " + ", ".join(sorted(change["fields"])) if change["fields"] else "it differs"


def _unmanaged(tenant: Mapping[str, Any], read: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    # What a purge would remove is drift already.
    removed = {change["key"] for change in read["changes"] if change["action"] == "delete"}
    for entry in read["unmanaged"] or ():
        if entry["key"] in removed:
            continue
        severity, message = _UNMANAGED[entry["reason"]]
        remedy = f"Declare it among the {read['kind']}s of this tenant, or remove it."
        yield finding(UNMANAGED, severity, UNMANAGED, tenant, read["kind"], entry["key"], message, remedy)


def _members(tenant: Mapping[str, Any], read: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for entry in read["unmanaged_members"]:
        for member in entry["members"]:
            key = f"{entry['key']}/{member.get('email') or member['id']}"
            message = f"is in the {read['kind']} and not declared there"
            remedy = f"Declare it in this {read['kind']}, or in another one to move it there."
            yield finding(UNMANAGED, "medium", UNMANAGED, tenant, "member", key, message, remedy)


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
