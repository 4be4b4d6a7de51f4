# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report in a terminal: what happened or was found, worst first, short enough to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core import report

# More lines than this for one tenant are counted, not shown; the files hold them all.
MOST = 20
_SIGNS = {"create": "+", "update": "~", "delete": "-"}
_WORDS = {"create": "created", "update": "changed", "delete": "removed"}
_HEADLINES = {
    "clean": "CLEAN: every tenant is as declared, and nothing else exists",
    "findings": "FINDINGS: every tenant is as declared; see below for what else was found",
    "drift": "DRIFT: some objects are not as declared",
    "error": "ERROR: some tenants could not be audited",
}


def audit_lines(record: Mapping[str, Any]) -> list[str]:
    """The audit's summary."""
    scope = record["scope"]
    lines = [f"Access audit: {_HEADLINES[record['verdict']]}"]
    if scope["partial"]:
        lines.append(f"PARTIAL: left out are {_names(scope['left_out'])}")
    if scope["missing"]:
        lines.append(f"Not asked although they should have been: {_names(scope['missing'])}")
    columns = ("drift", "unmanaged", "errors")
    rows = [
        [tenant["tenant"], tenant["platform"], tenant["verdict"], *(str(tenant["counts"][name]) for name in columns)]
        for tenant in record["tenants"]
    ]
    lines += ["", *_table(["tenant", "platform", "verdict", *columns], rows)]
    for tenant in record["tenants"]:
        if tenant["findings"]:
            lines += ["", f"{tenant['tenant']} ({tenant['platform']})"]
            lines += _capped([_finding(item) for item in tenant["findings"]])
    return lines


def _finding(item: Mapping[str, Any]) -> str:
    text = f"  {item['severity']:<8} {item['status']:<9} {item['kind']} {item['key']}: {item['message']}"
    return text + _fields(item["fields"]) if item["status"] == "drifted" else text


def apply_lines(tenants: Sequence[Mapping[str, Any]], check_mode: bool) -> list[str]:
    """What a run that writes did to each tenant, or would do."""
    totals = dict.fromkeys(_SIGNS, 0)
    failed = 0
    parts: list[str] = []
    for tenant in tenants:
        done = [change for kind in tenant["kinds"] for change in kind["changes"]]
        good = [change for change in done if change["status"] in ("applied", "planned")]
        failed += len(done) - len(good)
        for change in good:
            totals[change["action"]] += 1
        parts += _applied(tenant, check_mode)
    head = "Would change" if check_mode else "Changed"
    numbers = _numbers(totals)
    more = f", {failed} failed" if failed else ""
    return [f"{head}: {numbers}{more}, on {len(tenants)} tenants", *parts]


def _applied(tenant: Mapping[str, Any], check_mode: bool) -> list[str]:
    changes = [(kind["kind"], change) for kind in tenant["kinds"] for change in kind["changes"]]
    errors = report.errors(tenant)
    words = "nothing to do"
    if changes:
        totals = dict.fromkeys(_SIGNS, 0)
        for _kind, change in changes:
            totals[change["action"]] += 1
        words = _numbers(totals)
    if errors:
        words = "FAILED"
    elif not changes and tenant["platform"] == "dqm":
        words = "nothing to do (this platform is only read)"
    lines = ["", f"{tenant['tenant']} ({tenant['platform']}): {words}"]
    lines += _capped([_change(kind, change) for kind, change in changes])
    return lines + [f"  {error}" for error in errors]


def _change(kind: str, change: Mapping[str, Any]) -> str:
    sign = _SIGNS[change["action"]] if change["status"] in ("applied", "planned") else "!"
    text = f"  {sign} {kind} {change['key']}"
    if change["action"] == "update":
        text += (" replaced" if change.get("replaced") else "") + _fields(change["fields"])
    return text if not change["error"] else f"{text}: {change['error']['msg']}"


def _fields(fields: Mapping[str, Any]) -> str:
    shown = [f"{name} {_value(side['before'])} -> {_value(side['after'])}" for name, side in sorted(fields.items())]
    return f" ({'; '.join(shown)})" if shown else ""


def _value(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        text = ", ".join(str(item) for item in value)
        return f"[{text if len(text) < 60 else text[:57] + '...'}]"
    return str(value) if value != "" else '""'


def _numbers(totals: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {_WORDS[action]}" for action, number in totals.items() if number) or "nothing"


def _capped(lines: Sequence[str]) -> list[str]:
    rest = len(lines) - MOST
    return [*lines[:MOST], f"  and {rest} more"] if rest > 0 else list(lines)


def _names(names: Sequence[str]) -> str:
    return ", ".join(names[:MOST]) + (f" and {len(names) - MOST} more" if len(names) > MOST else "")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    every = [list(head), *map(list, rows)]
    widths = [max(len(row[column]) for row in every) for column in range(len(head))]
    return ["  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in every]
