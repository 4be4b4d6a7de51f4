# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about what is paid for, and about groups: licences that are left, that ended, groups that nobody uses. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.account import GROUP, LICENSE
from ansible_collections.dataops.access.plugins.plugin_utils.audit.context import Context
from ansible_collections.dataops.access.plugins.plugin_utils.audit.findings import UNKNOWN
from ansible_collections.dataops.access.plugins.plugin_utils.audit.rule import EVERY, Found, is_usable, objects, plural


def licences(tenant: Mapping[str, Any], context: Context) -> dict[str, int | None] | None:
    """``{used, quota}`` for the report: how many give access now, as far as it was read, and how many may.

    None: the tenant has no licences, and nobody declared a quota.
    """
    used = _used(tenant, context)
    if not used and context.licence_quota is None:
        return None
    return {"used": sum(used.values()), "quota": context.licence_quota}


def _used(tenant: Mapping[str, Any], context: Context) -> dict[str, int]:
    """By kind."""
    used: dict[str, int] = {}
    for kind, item in objects(tenant, LICENSE):
        used[kind] = used.get(kind, 0) + int(is_usable(item, context))
    return used


def licence_headroom(tenant: Mapping[str, Any], thresholds: Mapping[str, Any], context: Context) -> Iterator[Found]:
    """Too few licences are left of those that the tenant is declared to have."""
    if context.licence_quota is None:
        return
    for kind, number in _used(tenant, context).items():
        left = context.licence_quota - number
        if left < thresholds["minimum"]:
            told = f"at most {left} are left" if left >= 0 else f"{-left} more are used than there are"
            yield Found(
                kind,
                EVERY,
                f"{number} of {plural(context.licence_quota, 'licence')} are used: {told}",
                "Remove those that nobody needs, or buy more and change access_licence_quota.",
            )


def licence_inactive(tenant: Mapping[str, Any], _thresholds: Mapping[str, Any], context: Context) -> Iterator[Found]:
    """It is expired or inactive; where the platform tells neither, nobody knows."""
    untold: dict[str, list[str]] = {}
    for kind, item in objects(tenant, LICENSE):
        if not is_usable(item, context):
            ended = "it is inactive" if item["enabled"] is False else f"it expired on {str(item['expires'])[:10]}"
            absent = context.entry(kind, item, state="absent")
            yield Found(
                kind,
                item["key"],
                ended,
                f"Register it again if it is needed; if not: {absent}." if absent else "Renew or remove it.",
                people=item["people"],
            )
        elif item["enabled"] is None and context.moment(item["expires"]) is None:
            untold.setdefault(kind, []).append(item["key"])
    for kind, keys in untold.items():
        shown = ", ".join(keys[:3]) + (f" and {len(keys) - 3} more" if len(keys) > 3 else "")
        yield Found(
            kind,
            EVERY,
            f"the platform does not tell whether they are active, or until when: {shown}",
            "Look at them in the platform's own user interface.",
            UNKNOWN,
            worse=-1,
        )


def group_unused(tenant: Mapping[str, Any], _thresholds: Mapping[str, Any], context: Context) -> Iterator[Found]:
    """A group that nobody is in, and that holds nothing."""
    for kind, item in objects(tenant, GROUP):
        if item["users"] == 0 and not item["workflows"]:
            absent = context.entry(kind, item, state="absent")
            remedy = f"Remove it if it is not needed{f': {absent}' if absent else ''}."
            yield Found(kind, item["key"], "it has no users", remedy)


def group_abandoned(tenant: Mapping[str, Any], _thresholds: Mapping[str, Any], _context: Context) -> Iterator[Found]:
    """Workflows that nobody is left to look after."""
    for kind, item in objects(tenant, GROUP):
        if item["users"] == 0 and item["workflows"]:
            message = f"it has {plural(item['workflows'], 'workflow')} and no users"
            remedy = f"Declare somebody in this {kind} who looks after them, or move or delete them."
            yield Found(kind, item["key"], message, remedy)
