# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings that somebody accepts until a day: ``access_waivers``. They change the report, never a plan. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core import expressions, unknown_names
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils.audit.findings import (
    FORBIDDEN,
    SEVERITIES,
    UNREADABLE,
    WAIVER_EXPIRED,
    WAIVER_TOO_BROAD,
    WAIVER_UNUSED,
    finding,
    worst_first,
)
from ansible_collections.dataops.access.plugins.plugin_utils.audit.report import with_findings
from ansible_collections.dataops.access.plugins.plugin_utils.audit.rules import BY_ID, MOST_WAIVED, meant, settings

OPTION = "access_waivers"
KIND = "waiver"
ANY = "*"

RULES = (WAIVER_EXPIRED, WAIVER_UNUSED, WAIVER_TOO_BROAD)

_REQUIRED = ("rule", "reason", "approved_by", "expires")
_TEXTS = ("rule", "key", "pattern", "tenant", "owner", "approved_by", "ticket", "reason")
_FIELDS = (*_TEXTS, "expires")


@dataclass(frozen=True)
class Waiver:
    """One entry of ``access_waivers``. It accepts the findings of a rule on one key, or on keys that match."""

    rule: str
    reason: str
    approved_by: str
    # The last day, in UTC, on which it holds.
    expires: dt.date
    key: str | None = None
    # A regular expression, full match on the key, case-insensitive.
    pattern: str | None = None
    tenant: str | None = None
    owner: str | None = None
    ticket: str | None = None

    def told(self) -> dict[str, str | None]:
        """What a waived finding shows of it."""
        return {
            "approved_by": self.approved_by,
            "expires": self.expires.isoformat(),
            "owner": self.owner,
            "reason": self.reason,
            "ticket": self.ticket,
        }

    def about(self) -> str:
        """What it is for, in words."""
        what = f"key {self.key}" if self.pattern is None else f"pattern {self.pattern}"
        return f"rule {self.rule}, {what}" + (f", tenant {self.tenant}" if self.tenant else "")


def check(given: Any, today: dt.date) -> tuple[Waiver, ...]:
    """``access_waivers`` as waivers. Raises ValidationError naming every entry that is wrong, and why."""
    if given is None:
        return ()
    if isinstance(given, (str, Mapping)) or not isinstance(given, Sequence):
        raise ValidationError(f"{OPTION}: give a list of waivers")
    made, wrong = [], []
    for place, entry in enumerate(given, start=1):
        try:
            made.append(_checked(entry, today))
        except ValidationError as problem:
            wrong.append(f"entry {place}{_named(entry)}: {problem.message}")
    if wrong:
        raise ValidationError(f"{OPTION}: {'; '.join(wrong)}")
    return tuple(made)


def _named(entry: Any) -> str:
    if not isinstance(entry, Mapping):
        return ""
    told = [f"{name} {entry[name]}" for name in ("rule", "key", "pattern", "tenant") if entry.get(name)]
    return f" ({', '.join(told)})" if told else ""


def _checked(entry: Any, today: dt.date) -> Waiver:
    if not isinstance(entry, Mapping):
        raise ValidationError("it is no mapping of fields")
    odd = sorted(unknown_names.shown(name for name in entry if name not in _FIELDS))
    if odd:
        raise ValidationError(f"{', '.join(odd)} is no field of a waiver; known are {', '.join(_FIELDS)}")
    told = {name: _text(name, entry.get(name)) for name in _TEXTS}
    without = [name for name in _REQUIRED if not (entry.get(name) if name == "expires" else told[name])]
    if without:
        raise ValidationError(f"{' and '.join(without)} must be given")
    if (told["key"] is None) == (told["pattern"] is None):
        raise ValidationError("give either key or pattern")
    _check_rule(str(told["rule"]))
    if told["pattern"] is not None:
        expressions.compiled("pattern", told["pattern"])
    return Waiver(**told, expires=_expires(entry["expires"], today))  # type: ignore[arg-type]  # required ones are told


def _text(name: str, value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise ValidationError(f"{name} must be a text, and is a {type(value).__name__}")
    return (value or "").strip() or None


def _check_rule(rule: str) -> None:
    if rule == UNREADABLE:
        raise ValidationError("what could not be read cannot be waived: nobody knows what is there")
    if rule in RULES:
        raise ValidationError("a finding about a waiver cannot be waived; correct that waiver")
    if rule not in BY_ID:
        raise ValidationError(f"'{rule}' is no rule{meant(rule, {*BY_ID} - {UNREADABLE, *RULES})}")


def _expires(value: Any, today: dt.date) -> dt.date:
    # YAML makes a date of an unquoted one.
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, str):
        try:
            value = dt.datetime.strptime(value.strip(), "%Y-%m-%d").replace(tzinfo=dt.timezone.utc).date()
        except ValueError:
            raise ValidationError(f"expires: '{value}' is no day such as 2026-12-31") from None
    if not isinstance(value, dt.date):
        raise ValidationError(f"expires must be a day such as 2026-12-31, and is a {type(value).__name__}")
    latest = _a_year_after(today)
    if value > latest:
        raise ValidationError(f"expires: {value} is more than a year ahead; {latest} is the latest day")
    return value


def _a_year_after(day: dt.date) -> dt.date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return dt.date(day.year + 1, 3, 1)


def applied(
    tenants: Sequence[Mapping[str, Any]],
    waivers: Sequence[Waiver],
    today: dt.date,
    partial: bool = False,
    rules: Mapping[str, Any] | None = None,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The tenants' records with ``waiver`` filled where somebody accepts a finding, and the findings about the waivers.

    A waiver that has expired or that matches more than `MOST_WAIVED` findings accepts none. A critical finding is
    accepted by its exact key alone. ``partial``: tenants were left out; what was left out or not read may be what a
    waiver is for.
    ``rules``: as rules.settings returns them, or as a report has them; what is not among them has its defaults.
    Raises AccessError where the patterns take too long.
    """
    items = [item for tenant in tenants for item in tenant["findings"]]
    accepted: dict[str, Waiver] = {}
    about = []
    with expressions.within(f"{OPTION}: pattern"):
        matches = [_matches(waiver, items) for waiver in waivers]
    read = {str(tenant["tenant"]): not tenant["counts"]["errors"] for tenant in tenants}
    everything_read = not partial and all(read.values())
    for waiver, found in zip(waivers, matches):
        usable = [item for item in found if waiver.pattern is None or item["severity"] != SEVERITIES[0]]
        if waiver.expires < today:
            about.append(
                _about(waiver, WAIVER_EXPIRED, f"it expired on {waiver.expires}; what it was for is open again")
            )
        elif len(found) > MOST_WAIVED:
            about.append(
                _about(
                    waiver,
                    WAIVER_TOO_BROAD,
                    f"it matches {len(found)} findings, more than {MOST_WAIVED}: it waives none",
                )
            )
        elif usable:
            for item in usable:
                accepted.setdefault(item["id"], waiver)
        elif found:
            about.append(
                _about(waiver, WAIVER_UNUSED, "it matches critical findings alone, and those need their exact key")
            )
        elif read.get(waiver.tenant, not partial) if waiver.tenant else everything_read:
            about.append(_about(waiver, WAIVER_UNUSED, "it matches no finding"))
    judged = [with_findings(tenant, [_waived(item, accepted) for item in tenant["findings"]]) for tenant in tenants]
    return judged, sorted(_in_force(about, {**settings(), **(rules or {})}), key=worst_first)


def _matches(waiver: Waiver, items: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    found = [item for item in items if item["rule"] == waiver.rule and waiver.tenant in (None, item["tenant"])]
    if waiver.pattern is None:
        return [item for item in found if item["key"] == waiver.key]
    pattern = expressions.compiled(OPTION, waiver.pattern)
    return [item for item in found if pattern.fullmatch(item["key"])]


def _waived(item: Mapping[str, Any], accepted: Mapping[str, Waiver]) -> dict[str, Any]:
    waiver = accepted.get(item["id"])
    return {**item, "waiver": None if waiver is None else waiver.told()}


_REMEDIES = {
    WAIVER_EXPIRED: (
        "Mend what it was for, or have it approved again with a new day; otherwise take it out of access_waivers."
    ),
    WAIVER_UNUSED: "Take it out of access_waivers, or correct its rule, key, pattern or tenant.",
    WAIVER_TOO_BROAD: "Name the keys one by one, or narrow its pattern or tenant.",
}


def _about(waiver: Waiver, rule: str, message: str) -> dict[str, Any]:
    place = {"tenant": waiver.tenant or ANY, "platform": ANY}
    key = f"{waiver.rule}/{waiver.key if waiver.pattern is None else waiver.pattern}"
    whole = f"the waiver for {waiver.about()}: {message}"
    return finding(rule, BY_ID[rule].severity, FORBIDDEN, place, KIND, key, whole, _REMEDIES[rule])


def _in_force(found: Sequence[Mapping[str, Any]], rules: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The findings with the severities that are set for their rules, without those of rules that are switched off."""
    chosen = [(item, rules[item["rule"]]) for item in found]
    return [{**item, "severity": setting["severity"]} for item, setting in chosen if setting is not None]
