# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page's head: the verdict, what to do next, and which tenants the report speaks of. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.dataops.access.plugins.plugin_utils.audit.findings import UNREADABLE, is_open
from ansible_collections.dataops.access.plugins.plugin_utils.audit.page_findings import every

# The rest is in the list of findings.
_MOST = 5
_VERDICTS = {
    "clean": ("Clean", "Every tenant is as declared, nothing else exists, and no rule found anything."),
    "findings": ("Findings", "Every tenant is as declared, but there is something to decide about."),
    "drift": ("Drift", "Some objects are not as declared."),
    "error": ("Error", "Something could not be audited: what this report does not show may still exist."),
}
# Where somebody accepts findings, drift perhaps.
_SENTENCES_WAIVED = {
    "clean": "No finding is open; what was found is waived, and is in the list of findings.",
    "findings": "No drift is open, but there is something to decide about.",
}


@dataclass(frozen=True)
class Verdict:
    """The verdict in a word and in a sentence; ``name`` is one of the record's four."""

    name: str
    title: str
    sentence: str


@dataclass(frozen=True)
class Step:
    """One thing to do, and the heading where it is told in detail."""

    text: str
    anchor: str
    link: str


@dataclass(frozen=True)
class Tenant:
    """One line of the table of tenants; ``record`` is None for one that was not reported."""

    name: str
    state: str
    record: Mapping[str, Any] | None
    listings: list[str]


def verdict(record: Mapping[str, Any]) -> Verdict:
    """The verdict for a reader, who is told where it rests on waivers."""
    name = record["verdict"]
    title, sentence = _VERDICTS[name]
    return Verdict(name, title, _SENTENCES_WAIVED.get(name, sentence) if record["counts"]["waived"] else sentence)


def steps(record: Mapping[str, Any], severities: Mapping[str, int]) -> Iterator[Step]:
    """What to do, the most urgent first; never nothing. ``severities``: the number of open findings of each."""
    scope, counts = record["scope"], record["counts"]
    current = [item for item in every(record) if is_open(item)]
    if scope["missing"]:
        yield Step(f"Find out why the run did not reach {names(scope['missing'])}.", "scope", "tenants")
    unread = [item for item in current if item["rule"] == UNREADABLE]
    if unread:
        where = names(sorted({item["tenant"] for item in unread}))
        yield Step(f"Make readable what could not be read on {where}, and run the audit again.", "findings", "why")
    urgent = [severity for severity in ("critical", "high") if severities[severity]]
    if urgent:
        several = " and ".join(f"{severities[severity]:,} {severity}" for severity in urgent)
        yield Step(f"Settle what is critical or high first: {several}.", urgent[0], "those findings")
    if counts["drift"]:
        text = (
            f"Bring {objects(counts['drift'])} in line: run dataops.access.apply (with --check --diff first), "
            "or correct the declaration."
        )
        yield Step(text, "findings", "what differs")
    if counts["unmanaged"]:
        text = f"Decide about {objects(counts['unmanaged'])} that nobody declared: declare each one, or remove it."
        yield Step(text, "findings", "which")
    if current and not (unread or urgent or counts["drift"] or counts["unmanaged"]):
        yield Step("Look through the findings: each says what mends it.", "findings", "all of them")
    if scope["partial"]:
        text = f"For a verdict on all tenants, run it for {names(scope['left_out'])} too."
        yield Step(text, "scope", "tenants")
    if not current and not scope["missing"]:
        yield Step("Keep this report as evidence; there is nothing to mend in what it covers.", "evidence", "evidence")


def objects(number: int) -> str:
    """A number of objects in words."""
    return "1 object" if number == 1 else f"{number:,} objects"


def names(texts: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    rest = len(texts) - _MOST
    return ", ".join(texts[:_MOST]) + (f" and {rest:,} more" if rest > 0 else "")


def tenants(record: Mapping[str, Any]) -> list[Tenant]:
    """Every tenant of a whole report, by name: reported, missing or left out."""
    reported = [Tenant(each["tenant"], "reported", each, _listings(each)) for each in record["tenants"]]
    known = {each.name for each in reported}
    absent = [
        Tenant(name, state, None, [])
        for state, key in (("missing", "missing"), ("left out", "left_out"))
        for name in record["scope"][key]
        if name not in known
    ]
    return sorted(reported + absent, key=lambda each: each.name)


def _listings(tenant: Mapping[str, Any]) -> list[str]:
    """How completely each kind of object was read."""
    return [
        f"{kind['kind']}: {'all ' if kind['complete'] else 'incomplete, '}{len(kind['existing']):,}"
        for kind in tenant["kinds"]
    ]


def not_covered(record: Mapping[str, Any]) -> dict[str, list[str]]:
    """By platform, what no audit of it can tell; a platform whose list is empty says nothing of the kind."""
    told: dict[str, list[str]] = {}
    for tenant in record["tenants"]:
        lines = told.setdefault(tenant["platform"], [])
        lines += [line for line in tenant["not_covered"] if line not in lines]
    return {platform: told[platform] for platform in sorted(told)}
