# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that compare a tenant with its declaration, or the declaration with what else is known. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.names import folded
from ansible_collections.dataops.access.plugins.plugin_utils.audit.context import Context, Leaver
from ansible_collections.dataops.access.plugins.plugin_utils.audit.findings import (
    DRIFTED,
    FORBIDDEN,
    MISSING,
    UNKNOWN,
)
from ansible_collections.dataops.access.plugins.plugin_utils.audit.findings import UNMANAGED as UNMANAGED_STATUS
from ansible_collections.dataops.access.plugins.plugin_utils.audit.rule import EVERY, Found

_STATUS_OF_ACTION = {"create": MISSING, "update": DRIFTED}
# Why something is not declared: how much worse that is than the rule's severity, and what is said of it.
UNMANAGED_REASONS = {
    "undeclared": (0, "it exists and is not declared"),
    "in_use": (0, "it exists, is not declared, and is in use, so that no purge removes it"),
    "out_of_scope": (0, "it exists, is not declared, and is outside of what is managed"),
    "excluded": (-1, "it exists, is not declared, and is excluded from the purge"),
    "protected": (-1, "it exists, is not declared, and is protected"),
}

_REASONS = list(UNMANAGED_REASONS)
_ONE_OF_EACH = (
    "Find out whose they are, and remove or rename all but one on the platform itself, or declare each by its id where "
    "the module has one: a declaration by this name is refused, since nobody can tell which of them it means."
)


def unreadable(tenant: Mapping[str, Any], _thresholds: Mapping[str, Any], _context: Context) -> Iterator[Found]:
    """What was not read, so that nobody knows what is there."""
    for read in tenant["kinds"]:
        if not read["complete"]:
            message = read["error"] or "the platform did not list everything, so that nobody knows what else exists"
            remedy = (
                "Give the account in use the right to list, or correct what the message says, and run the audit again."
            )
            yield Found(read["kind"], EVERY, message, remedy, UNKNOWN)
        for entry in read["unknown"]:
            remedy = "Make it readable for the account in use, or take it out of what is expected."
            yield Found(read["kind"], entry["key"], entry["reason"], remedy, UNKNOWN)
    if tenant["error"] is not None:
        remedy = "Correct what the message says, and run the audit again."
        yield Found("tenant", tenant["tenant"], tenant["error"], remedy, UNKNOWN)


def drift(tenant: Mapping[str, Any], _thresholds: Mapping[str, Any], _context: Context) -> Iterator[Found]:
    """What an apply would change."""
    for read in tenant["kinds"]:
        purged = {entry["key"] for entry in read["unmanaged"] or () if entry["reason"] == "undeclared"}
        existing = _existing(read)
        for change in read["changes"]:
            key = change["key"]
            item = existing.get(key)
            status = _STATUS_OF_ACTION.get(change["action"], FORBIDDEN)
            message = _what_differs(status, change, key in purged)
            if change["error"]:
                message += f"; it cannot be brought in line as declared: {change['error']['msg']}"
            yield Found(
                read["kind"],
                key,
                message,
                read["remedy"] or "Run dataops.access.apply, or change the declaration.",
                status,
                item["people"] if item else (),
                change["fields"],
                worse=int(status == FORBIDDEN and key not in purged),
            )


def _what_differs(status: str, change: Mapping[str, Any], purged: bool) -> str:
    if status == MISSING:
        return "it is declared and does not exist"
    if status == FORBIDDEN:
        return "it exists, is not declared, and would be purged" if purged else "it is declared absent and exists"
    if change.get("replaced"):
        return "it has to be replaced"
    return "it differs in " + ", ".join(sorted(change["fields"])) if change["fields"] else "it differs"


def unmanaged(tenant: Mapping[str, Any], thresholds: Mapping[str, Any], context: Context) -> Iterator[Found]:
    """What exists and nobody declared; what a purge would remove is drift already."""
    for read in tenant["kinds"]:
        kind, existing = read["kind"], _existing(read)
        removed = {change["key"] for change in read["changes"] if change["action"] == "delete"}
        alike: dict[str, list[str]] = {}
        for entry in read["unmanaged"] or ():
            if entry["key"] not in removed and entry["reason"] not in thresholds["ignore"]:
                alike.setdefault(entry["key"], []).append(entry["reason"])
        for key, reasons in alike.items():
            reason = min(reasons, key=_REASONS.index)
            worse, message = UNMANAGED_REASONS[reason]
            item = existing.get(key)
            if reason == "protected" and item and item["protected"]:
                # The vendor's own words: the account in use, built-in, an owner.
                message = f"it exists, is not declared, and is never removed: it is {item['protected']}"
            beyond = sorted(context.people.intersection(item["people"])) if item else []
            if beyond:
                message += f"; no profile grants it to {', '.join(beyond)}, of access_people"
            remedy = _declare_or_remove(kind, reason, item, context)
            if len(reasons) > 1:
                message += f"; {len(reasons)} of this name exist"
                remedy = _ONE_OF_EACH
            yield Found(kind, key, message, remedy, UNMANAGED_STATUS, item["people"] if item else (), worse=worse)
        for entry in read["unmanaged_members"]:
            for member in entry["members"]:
                name = str(member.get("email") or member["id"])
                message = f"is in the {kind} and not declared there"
                remedy = f"Declare it in this {kind}, or in another one to move it there."
                key = f"{entry['key']}/{name}"
                yield Found("member", key, message, remedy, UNMANAGED_STATUS, (folded(name),))


def _declare_or_remove(kind: str, reason: str, item: Mapping[str, Any] | None, context: Context) -> str:
    present, absent = context.entry(kind, item), context.entry(kind, item, state="absent")
    keep = f" To keep it: {present}." if present else ""
    if reason == "protected":
        return (
            f"Declare it among the {kind}s of this tenant.{keep} To be silent about all that is protected: "
            "access_rules.unmanaged.ignore: [protected]."
        )
    first = ", once nobody uses it" if reason == "in_use" else ""
    remove = f" To remove it{first}: {absent}, and dataops.access.apply." if absent else ""
    return f"Declare it among the {kind}s of this tenant, or remove it.{keep}{remove}"


def _existing(read: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {item["key"]: item for item in read["existing"]}


def mass_change(tenant: Mapping[str, Any], thresholds: Mapping[str, Any], _context: Context) -> Iterator[Found]:
    """So much would be changed that the declaration, or the tenant, may be the wrong one."""
    for read in tenant["kinds"]:
        number = 0 if read["remedy"] else len(read["changes"])
        exist = max(len(read["existing"]), read["summary"]["declared"] or 0)
        if number >= thresholds["minimum"] and number * 100 > thresholds["percent"] * exist:
            yield Found(
                read["kind"],
                EVERY,
                f"an apply would change {number} of them, and {exist} exist or are declared",
                "Make sure that this is the right tenant and the right declaration, and that somebody has approved the "
                "plan (access_approved_plan), before dataops.access.apply.",
            )


def declared_stale(tenant: Mapping[str, Any], thresholds: Mapping[str, Any], context: Context) -> Iterator[Found]:
    """Somebody has left and is still declared, so that the next apply would let them in again."""
    host = tenant["tenant"]
    for leaver in context.leavers:
        variables = leaver.present_on.get(host)
        if not variables or leaver.platform not in (None, tenant["platform"]):
            continue
        if not leaver.certain and (not thresholds["elsewhere"] or set(leaver.absent_on) <= {host}):
            continue
        yield Found(
            "person",
            leaver.name,
            f"is declared here, although {leaver.reason}",
            f"Take this person out of {', '.join(variables)} of {host} or declare them absent there, and run "
            f"dataops.access.apply{_or_waive(leaver)}.",
            people=(leaver.name,),
        )


def _or_waive(leaver: Leaver) -> str:
    return "" if leaver.certain else "; or, if they only moved, take out where they are declared absent"
