# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about people's accounts: leavers, administrators, what one person may hold, names. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.account import GROUP, LICENSE, NATURES, USER
from ansible_collections.dataops.access.plugins.module_utils.core.names import folded
from ansible_collections.dataops.access.plugins.plugin_utils.audit.context import Context
from ansible_collections.dataops.access.plugins.plugin_utils.audit.lookalikes import skeleton
from ansible_collections.dataops.access.plugins.plugin_utils.audit.rule import EVERY, Found, is_usable, objects, plural


def leaver_active(tenant: Mapping[str, Any], _thresholds: Mapping[str, Any], context: Context) -> Iterator[Found]:
    """Somebody who has left can still get in."""
    for kind, item in objects(tenant, USER, LICENSE, GROUP):
        if not is_usable(item, context):
            continue
        for person in item["people"]:
            leaver = context.leaver(tenant["platform"], person)
            if leaver is None or leaver.may_be_on(tenant["tenant"]):
                continue
            is_member = item["nature"] == GROUP
            absent = None if is_member else context.entry(kind, item, state="absent")
            yield Found(
                "member" if is_member else kind,
                f"{item['key']}/{person}" if is_member else item["key"],
                f"{leaver.reason}, and {'is still in it' if is_member else 'the account is enabled'}",
                f"Remove it: {absent}, and dataops.access.apply." if absent else f"Take this person out of the {kind}.",
                people=(person,),
                worse=int(item["administrator"]),
            )


def account_disabled(tenant: Mapping[str, Any], thresholds: Mapping[str, Any], context: Context) -> Iterator[Found]:
    """Disabled long ago and still there: whoever enables it again gets all its rights back."""
    for kind, item in objects(tenant, USER):
        since = item["disabled_since"]
        if item["enabled"] is not False or since is None:
            continue
        days = (context.today - dt.date.fromisoformat(since)).days
        if days >= thresholds["days"]:
            absent = context.entry(kind, item, state="absent")
            yield Found(
                kind,
                item["key"],
                f"it is disabled, was first reported so on {since}, {plural(days, 'day')} ago, and is not removed",
                f"Remove it: {absent}, and dataops.access.apply." if absent else "Remove it.",
                people=item["people"],
            )


def user_unrestricted(tenant: Mapping[str, Any], thresholds: Mapping[str, Any], context: Context) -> Iterator[Found]:
    """Without any role nothing restricts what is seen."""
    for kind, item in objects(tenant, USER):
        if item["unrestricted"] and not item["protected"] and is_usable(item, context):
            if set(item["people"]) <= set(thresholds["approved"]):
                continue
            roles = context.entry(kind, item, roles=["..."])
            yield Found(
                kind,
                item["key"],
                "it has no role, so that nothing restricts what it sees",
                f"Give it a role{f': {roles}' if roles else ''}. If it may see everything, name it in "
                "access_rules.user_unrestricted.approved.",
                people=item["people"],
            )


def administrator_unapproved(
    tenant: Mapping[str, Any], thresholds: Mapping[str, Any], context: Context
) -> Iterator[Found]:
    """An administrator whom nobody declared; or, with a list of the approved ones, who is not in it."""
    approved = thresholds["approved"]
    for kind, item in objects(tenant, USER):
        if not item["administrator"] or item["protected"] or not is_usable(item, context):
            continue
        if approved is None:
            if item["declared"] == "present":
                continue
            why = "nobody declared it"
        else:
            if set(item["people"]) <= set(approved):
                continue
            why = "it is not among the approved ones"
        yield Found(
            kind,
            item["key"],
            f"it is an administrator, and {why}",
            "Take the right away or remove the account. If it is meant, declare it, and name it in "
            "access_rules.administrator_unapproved.approved where that is set.",
            people=item["people"],
        )


def administrators_too_many(
    tenant: Mapping[str, Any], thresholds: Mapping[str, Any], context: Context
) -> Iterator[Found]:
    """More administrators than a tenant needs, the account in use and the built-in ones included."""
    kinds: dict[str, list[str]] = {}
    for kind, item in objects(tenant, USER):
        if item["administrator"] and is_usable(item, context):
            kinds.setdefault(kind, []).append(item["key"])
    for kind, keys in kinds.items():
        if len(keys) > thresholds["maximum"]:
            yield Found(
                kind,
                EVERY,
                f"{len(keys)} of them are administrators, and {thresholds['maximum']} may be: {', '.join(keys)}",
                "Take the right away from those who do not need it.",
                people=sorted({folded(key) for key in keys}),
            )


def separation_of_duties(tenant: Mapping[str, Any], thresholds: Mapping[str, Any], context: Context) -> Iterator[Found]:
    """One person holds two entitlements that exclude each other, in whichever accounts, tokens and groups."""
    here = holdings([tenant], thresholds, context.now).get(tenant["platform"], {})
    for person in sorted(here):
        for one, other in thresholds["pairs"]:
            rights = {one, other} & set(here[person])
            if len(rights) == 2:
                message = f"holds '{one}' and '{other}', which nobody may hold together"
            else:
                elsewhere = context.held.get(person, {}).get(other if one in rights else one, [])
                if not rights or not elsewhere:
                    continue
                message = (
                    f"holds '{one}' and '{other}', one of them here and the other on {', '.join(elsewhere[:3])}, and "
                    "nobody may hold both"
                )
            yield Found(
                "person",
                f"{person}: {one} + {other}",
                message,
                "Take one of them away: change the declaration, and run dataops.access.apply.",
                people=(person,),
            )


def holdings(
    tenants: Iterable[Mapping[str, Any]], thresholds: Mapping[str, Any] | None, now: dt.datetime
) -> dict[str, dict[str, dict[str, list[str]]]]:
    """By platform and person: the entitlements in pairs that exclude each other, and the tenants where they are held.

    ``thresholds``: of the rule `separation_of_duties`; None: it is switched off.
    """
    wanted = {right for pair in (thresholds or {}).get("pairs", ()) for right in pair}
    context = Context(now=now)
    found: dict[str, dict[str, dict[str, list[str]]]] = {}
    for tenant in tenants if wanted else ():
        people = found.setdefault(tenant["platform"], {})
        for _kind, item in objects(tenant, *NATURES):
            for right in wanted.intersection(folded(right) for right in item["entitlements"]):
                if is_usable(item, context):
                    for person in item["people"]:
                        where = people.setdefault(person, {}).setdefault(right, [])
                        if tenant["tenant"] not in where:
                            where.append(tenant["tenant"])
    return found


def account_duplicate(tenant: Mapping[str, Any], _thresholds: Mapping[str, Any], _context: Context) -> Iterator[Found]:
    """Accounts whose names differ only in case, or in letters that look alike: one may pass for the other."""
    alike: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for kind, item in objects(tenant, USER, LICENSE):
        alike.setdefault((kind, skeleton(item["key"])), []).append(item)
    for (kind, _looks), items in sorted(alike.items()):
        if len(items) > 1:
            keys = sorted(item["key"] for item in items)
            names = ", ".join(_told_apart(key, times) for key, times in Counter(keys).items())
            yield Found(
                kind,
                keys[0],
                f"{len(keys)} accounts have names that differ only in case or in letters that look alike: {names}",
                "Find out whose they are, keep one, and remove the others; those of one name, on the platform itself.",
                people=sorted({person for item in items for person in item["people"]}),
            )


def _told_apart(key: str, times: int) -> str:
    shown = key if key.isascii() else f"{key} ({ascii(key)[1:-1]})"
    return shown if times == 1 else f"{shown} ({times} times)"


def email_domain(tenant: Mapping[str, Any], thresholds: Mapping[str, Any], _context: Context) -> Iterator[Found]:
    """Somebody from outside: their e-mail is of none of the allowed domains."""
    allowed = thresholds["allowed"]
    if not allowed:
        return
    for kind, item in objects(tenant, USER, LICENSE, GROUP):
        outside = [person for person in item["people"] if not _is_allowed(person, allowed)]
        if outside and not item["protected"]:
            yield Found(
                kind,
                item["key"],
                f"it is used from outside of the allowed domains ({', '.join(allowed)}): {', '.join(outside)}",
                "Remove it, or add the domain to access_rules.email_domain.allowed.",
                people=outside,
            )


def _is_allowed(person: str, allowed: list[str]) -> bool:
    _name, at, domain = person.rpartition("@")
    if not at:
        return True  # a name and no e-mail
    return any(
        domain.endswith(entry[1:]) if entry.startswith("*.") else domain == entry.lstrip("@") for entry in allowed
    )
