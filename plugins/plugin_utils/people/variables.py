# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables that declare people, as a play has them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core import checks
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.names import folded
from ansible_collections.dataops.access.plugins.plugin_utils import declared_lists
from ansible_collections.dataops.access.plugins.plugin_utils.audit.context import zone
from ansible_collections.dataops.access.plugins.plugin_utils.people import expansion, model
from ansible_collections.dataops.access.plugins.plugin_utils.people.kinds import KINDS, of_platform

# What a play sets, each with its default.
DEFAULTS: dict[str, Any] = {
    "access_people": None,
    "access_profiles": None,
    "access_timezone": "UTC",
    "access_retention_days": 0,
    "access_unentitled": expansion.REPORT,
    "access_protected_people": (),
}


def kind(name: Any) -> str:
    """The name of a kind. Raises ValidationError listing them."""
    if str(name) not in KINDS:
        raise ValidationError(f"'{name}' is no platform, which are {', '.join(KINDS)}{checks.near(str(name), KINDS)}")
    return str(name)


def terms(
    now: dt.datetime, today: Any, timezone: Any, retention_days: Any, unentitled: Any, protected: Any
) -> expansion.Terms:
    """The terms on which people have access. Raises ValidationError.

    ``today``: the day where it is not that of ``now`` in ``timezone``.
    """
    days = _whole_number(retention_days, "access_retention_days")
    if unentitled not in (expansion.REPORT, expansion.REMOVE):
        raise ValidationError(f"access_unentitled is '{unentitled}', and has to be report or remove")
    if not isinstance(protected or [], (list, tuple)):
        raise ValidationError("access_protected_people must be a list of e-mails")
    day = model.day(today, "today") or now.astimezone(zone(timezone)).date()
    return expansion.Terms(day, days, str(unentitled), frozenset(folded(str(name).strip()) for name in protected or ()))


def of_play(get: Callable[[str], Any]) -> tuple[model.People | None, expansion.Terms]:
    """The people of one host, and the terms. ``get``: a variable, None where it is undefined. Raises ValidationError.

    None: no people are declared, not even none.
    """
    given = {name: default if get(name) in (None, "") else get(name) for name, default in DEFAULTS.items()}
    found = terms(
        dt.datetime.now(dt.timezone.utc),
        None,
        given["access_timezone"],
        given["access_retention_days"],
        given["access_unentitled"],
        given["access_protected_people"],
    )
    people, profiles = given["access_people"], given["access_profiles"]
    if people is None and profiles is None:
        return None, found
    # Profiles that nobody has are checked as well.
    declared = model.read(people, profiles or {})
    return None if people is None else declared, found


def check(
    get: Callable[[str], Any], platform: str, host: str, locate: Callable[[str], str]
) -> dict[str, list[Any] | None]:
    """What a host declares with its people, by role variable; without those lists that cannot be read here.

    Nothing where no people are declared. ``locate``: where a word is declared, as " (file, line 7)", or nothing. Raises
    ValidationError where people cannot be granted what they are declared to have.
    """
    try:
        people, found = of_play(get)
    except model.PeopleError as problem:
        texts = (f"{each.text}{locate(each.word)}" for each in problem.problems)
        raise ValidationError("; ".join(texts)) from None
    declared: dict[str, list[Any] | None] = {}
    for kind in of_platform(platform) if people is not None else ():
        try:
            own, said_by = get(kind.variable), declared_lists.source_of(get, kind.variable)
        except declared_lists.Unread:
            continue  # the role says it of this tenant, and the others go on
        declared[kind.variable] = expansion.declared(own, people, kind.name, host, found, said_by)
    return declared


def misplaced(get: Callable[[str], Any], platforms: Mapping[str, str]) -> list[str]:
    """Entitlements for hosts that have nothing of the kind, which would silently grant nothing: one sentence each.

    ``platforms``: that of every host of the inventory.
    """
    people, _terms = of_play(get)
    declared = people or model.read(None, get("access_profiles") or {})
    found: dict[str, None] = {}
    for grant in declared.grants():
        kind = KINDS[grant.kind]
        for tenant in grant.tenants:
            if platforms.get(tenant) != kind.platform:
                known = [host for host, platform in platforms.items() if platform == kind.platform]
                why = (
                    f"is a tenant of {platforms[tenant]}" if platforms.get(tenant) else "is no tenant of the inventory"
                )
                text = f"{grant.source}: {grant.kind}: '{tenant}' {why}, so that it grants nothing there"
                found[text + checks.near(tenant, known)] = None
    return list(found)


def _whole_number(value: Any, name: str) -> int:
    try:
        number = int(str(value))
    except ValueError:
        number = -1
    if number < 0 or isinstance(value, bool):
        raise ValidationError(f"{name} is '{value}', and has to be a number of days")
    return number
