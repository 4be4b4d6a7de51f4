# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about tokens that are in force: how long they live, what they allow, whose they are. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.account import TOKEN
from ansible_collections.dataops.access.plugins.module_utils.core.names import folded
from ansible_collections.dataops.access.plugins.plugin_utils.audit.context import Context
from ansible_collections.dataops.access.plugins.plugin_utils.audit.rule import Found, is_usable, objects, plural

_DAY = dt.timedelta(days=1)
_RENEW = (
    "Renew it by dataops.access.rotate_tokens, which renews what is declared with renew_before once that is due, and "
    "hands the new secret over (dataops.access.apply never renews); or remove it if nobody uses it."
)


def token_expiring(tenant: Mapping[str, Any], thresholds: Mapping[str, Any], context: Context) -> Iterator[Found]:
    """What uses it will stop to work."""
    for kind, item in objects(tenant, TOKEN):
        expires = context.moment(item["expires"])
        if expires is None or item["enabled"] is False or expires - context.now > thresholds["days"] * _DAY:
            continue
        day = expires.date().isoformat()
        left = (expires - context.now) // _DAY
        message = f"it expires on {day}, in {plural(left, 'day')}" if expires > context.now else f"it expired on {day}"
        yield Found(kind, item["key"], message, _RENEW, people=item["people"], worse=-int(expires <= context.now))


def token_permanent(tenant: Mapping[str, Any], _thresholds: Mapping[str, Any], context: Context) -> Iterator[Found]:
    """Whoever gets hold of it keeps it."""
    for kind, item in objects(tenant, TOKEN):
        if item["permanent"] and is_usable(item, context):
            remedy = "Replace it by one that expires, and renew that one in time; or remove it if nobody uses it."
            yield Found(kind, item["key"], "it never expires", remedy, people=item["people"])


def token_old(tenant: Mapping[str, Any], thresholds: Mapping[str, Any], context: Context) -> Iterator[Found]:
    """The longer a secret exists, the more copies of it do."""
    for kind, item in objects(tenant, TOKEN):
        created = context.moment(item["created"])
        if created is None or not is_usable(item, context) or context.now - created <= thresholds["days"] * _DAY:
            continue
        days = (context.now - created) // _DAY
        message = f"it was created on {created.date().isoformat()}, {plural(days, 'day')} ago"
        yield Found(kind, item["key"], message, _RENEW, people=item["people"])


def token_wide(tenant: Mapping[str, Any], thresholds: Mapping[str, Any], context: Context) -> Iterator[Found]:
    """It allows (nearly) everything. The one in use has to."""
    for kind, item in objects(tenant, TOKEN):
        if not (item["wide"] or item["administrator"]) or item["protected"] or not is_usable(item, context):
            continue
        if folded(item["key"]) in thresholds["approved"]:
            continue
        what = ", ".join(item["wide"]) or "administration"
        undeclared = item["declared"] != "present"
        yield Found(
            kind,
            item["key"],
            f"it allows more than one purpose needs: {what}{', and nobody declared it' if undeclared else ''}",
            "Replace it by one with the scopes that its user needs. If it is meant, name it in "
            "access_rules.token_wide.approved.",
            people=item["people"],
            worse=int(undeclared),
        )


def token_of_leaver(tenant: Mapping[str, Any], _thresholds: Mapping[str, Any], context: Context) -> Iterator[Found]:
    """Who has left can still get in, without an account."""
    for kind, item in objects(tenant, TOKEN):
        if not is_usable(item, context):
            continue
        for person in item["people"]:
            leaver = context.leaver(tenant["platform"], person)
            if leaver is None or leaver.may_be_on(tenant["tenant"]):
                continue
            absent = context.entry(kind, item, state="absent")
            yield Found(
                kind,
                item["key"],
                f"it acts for {person}, and {leaver.reason}",
                f"Remove it: {absent}, and dataops.access.apply; or make one for somebody else first, if it is needed."
                if absent
                else "Remove it.",
                people=(person,),
                worse=int(bool(item["wide"] or item["administrator"])),
            )
