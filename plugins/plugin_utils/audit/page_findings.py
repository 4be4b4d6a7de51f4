# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page's findings: open ones by severity, waived and fixed ones apart, and what they are filtered by. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.names import folded
from ansible_collections.dataops.access.plugins.plugin_utils.audit.findings import SEVERITIES, is_open

# By what findings are filtered: a letter for the tags, the label, the finding's field.
FACETS = (
    ("s", "Severity", "severity"),
    ("p", "Platform", "platform"),
    ("t", "Tenant", "tenant"),
    ("r", "Rule", "rule"),
    ("u", "Status", "status"),
)


@dataclass(frozen=True)
class Item:
    """One finding, and its tags: which choices of the filter it belongs to. Tags hold no text of the finding."""

    finding: Mapping[str, Any]
    tags: str


@dataclass(frozen=True)
class Group:
    """Findings under one heading."""

    name: str
    title: str
    items: list[Item]


@dataclass(frozen=True)
class Facet:
    """One select box: ``choices`` are (tag, text)."""

    letter: str
    label: str
    choices: list[tuple[str, str]]


@dataclass(frozen=True)
class Findings:
    """All of them; ``concerned`` counts the open ones by person."""

    groups: list[Group]
    facets: list[Facet]
    total: int
    severities: dict[str, int]
    concerned: Mapping[str, int]


def every(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The findings of all tenants and those of no tenant."""
    return [item for tenant in record["tenants"] for item in tenant["findings"]] + list(record["findings"])


def view(record: Mapping[str, Any]) -> Findings:
    """The groups in the order of the page, each with the worst first."""
    found = sorted(every(record), key=_order)
    facets = [_facet(letter, label, name, [*found, *record["fixed"]]) for letter, label, name in FACETS]
    tags = {
        (letter, text): tag for (letter, _label, _name), facet in zip(FACETS, facets) for tag, text in facet.choices
    }

    def item(finding: Mapping[str, Any]) -> Item:
        return Item(finding, " ".join(tags[letter, str(finding[name])] for letter, _label, name in FACETS))

    current = [finding for finding in found if is_open(finding)]
    groups = [
        Group(severity, severity.capitalize(), [item(each) for each in current if each["severity"] == severity])
        for severity in SEVERITIES
    ]
    groups += [
        Group("waived", "Waived", [item(finding) for finding in found if not is_open(finding)]),
        Group("fixed", "Fixed since the previous report", [item(finding) for finding in record["fixed"]]),
    ]
    return Findings(
        groups=[group for group in groups if group.items],
        facets=facets,
        total=len(found) + len(record["fixed"]),
        severities={severity: sum(1 for each in current if each["severity"] == severity) for severity in SEVERITIES},
        concerned=_concerned(current),
    )


def _order(finding: Mapping[str, Any]) -> tuple[Any, ...]:
    return (
        SEVERITIES.index(finding["severity"]),
        finding["trend"] != "new",
        finding["tenant"],
        finding["rule"],
        finding["key"],
    )


def _facet(letter: str, label: str, name: str, found: Iterable[Mapping[str, Any]]) -> Facet:
    values = {str(finding[name]) for finding in found}
    texts = [value for value in SEVERITIES if value in values] if name == "severity" else sorted(values)
    return Facet(letter, label, [(f"{letter}{number}", text) for number, text in enumerate(texts)])


def _concerned(found: Iterable[Mapping[str, Any]]) -> Counter[str]:
    concerned: Counter[str] = Counter()
    for finding in found:
        concerned.update({folded(finding["key"]), *(folded(person) for person in finding["people"])})
    return concerned


def shown(value: Any) -> str:
    """One side of a changed field, for a reader."""
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return value or '""'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)) and all(isinstance(entry, str) for entry in value):
        return ", ".join(value) or "nothing"
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
