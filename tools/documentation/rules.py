# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide about audits: the table of rules, and what an audit of each platform cannot tell.

Regions of docs/audit.md: `rules`, `not covered`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ansible_collections.dataops.access.plugins.plugin_utils import platforms
from ansible_collections.dataops.access.plugins.plugin_utils.audit.rule import Rule
from ansible_collections.dataops.access.plugins.plugin_utils.audit.rules import RULES

from .modules import ROOT
from .text import cell, fill_regions, on_a_line

GUIDE = ROOT / "docs" / "audit.md"


def documents() -> Iterator[tuple[Path, str, str]]:
    """The guide: path, text as it is, text as it should be."""
    text = GUIDE.read_text()
    yield GUIDE, text, filled(text)


def filled(text: str) -> str:
    """The guide with its regions made anew."""
    regions = {"rules": _rules, "not covered": _not_covered}
    return fill_regions(text, lambda what, _indent: f"\n{regions[what]()}\n\n")


def _rules() -> str:
    lines = ["| rule | severity | finds | thresholds and their defaults |", "| --- | --- | --- | --- |"]
    for rule in RULES:
        cells = (f"`{rule.id}`", rule.severity, rule.about, _thresholds(rule))
        lines.append(f"| {' | '.join(cell(text) for text in cells)} |")
    return "\n".join(lines)


def _thresholds(rule: Rule) -> str:
    told = [f"`{each.name}: {on_a_line(each.default)}`, {each.about}" for each in rule.thresholds]
    return "; ".join([*told, *([] if rule.can_be_off else ["cannot be switched off"])])


def _not_covered() -> str:
    lines = []
    for platform in sorted(platforms.PLATFORMS.values(), key=lambda platform: platform.title):
        lines += [f"- {platform.title}", *(f"  - {text}" for text in platform.not_covered)]
    return "\n".join(lines)
