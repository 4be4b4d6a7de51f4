# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report in a terminal: what happened or was found, worst first, short enough to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.dataops.access.plugins.plugin_utils.audit import report
from ansible_collections.dataops.access.plugins.plugin_utils.audit.findings import (
    DRIFT,
    UNMANAGED,
    UNREADABLE,
    is_open,
)
from ansible_collections.dataops.access.plugins.plugin_utils.audit.trend import NEW, PERSISTING

# More lines than this for one tenant are counted, not shown; the files hold them all.
MOST = 20
_SIGNS = {"create": "+", "update": "~", "delete": "-"}
_WORDS = {"create": "created", "update": "changed", "delete": "removed"}
_PLAIN = (DRIFT, UNMANAGED, UNREADABLE)
_HEADLINES = {
    "clean": "CLEAN: every tenant is as declared, and nothing else exists",
    "findings": "FINDINGS: every tenant is as declared; see below for what else was found",
    "drift": "DRIFT: some objects are not as declared",
    "error": "ERROR: some tenants could not be audited",
}
# The same where somebody accepts findings, drift perhaps: not everything is as declared.
_HEADLINES_WAIVED = {
    **_HEADLINES,
    "clean": "CLEAN: no finding is open",
    "findings": "FINDINGS: no drift is open; see below for what else was found",
}


def headline(record: Mapping[str, Any]) -> str:
    """The verdict in a line; of a clean one, whether it is so because findings are waived."""
    waived = record["counts"]["waived"]
    if not waived:
        return _HEADLINES[record["verdict"]]
    return f"{_HEADLINES_WAIVED[record['verdict']]}; {waived} waived"


def audit_lines(record: Mapping[str, Any]) -> list[str]:
    """The audit's summary."""
    scope = record["scope"]
    lines = [f"Access audit: {headline(record)}"]
    if scope["partial"]:
        lines.append(f"PARTIAL: left out are {_names(scope['left_out'])}")
    if scope["missing"]:
        lines.append(f"Not asked although they should have been: {_names(scope['missing'])}")
    columns = ("findings", "drift", "unmanaged", "errors")
    rows = [
        [tenant["tenant"], tenant["platform"], tenant["verdict"], *(str(tenant["counts"][name]) for name in columns)]
        for tenant in record["tenants"]
    ]
    lines += ["", *_table(["tenant", "platform", "verdict", *columns], rows)]
    for tenant in record["tenants"]:
        lines += _found(f"{tenant['tenant']} ({tenant['platform']})", tenant["findings"])
    lines += _found("The run as a whole", record["findings"])
    if record["fixed"]:
        fixed = [f"  {item['tenant']}: {item['kind']} {item['key']} ({item['rule']})" for item in record["fixed"]]
        lines += ["", "Fixed since the report before", *_capped(fixed)]
    return lines


def _found(head: str, items: Sequence[Mapping[str, Any]]) -> list[str]:
    """The open findings under their head, and how many are waived; nothing where there is none of either."""
    lines = _capped([_finding(item) for item in items if is_open(item)])
    waived = sum(1 for item in items if not is_open(item))
    lines += [f"  {waived} waived"] if waived else []
    return ["", head, *lines] if lines else []


def _finding(item: Mapping[str, Any]) -> str:
    text = f"  {item['severity']:<8} {item['status']:<9} {item['kind']} {item['key']}: {item['message']}"
    text += _fields(item["fields"]) if item["status"] == "drifted" else ""
    # What the status does not tell.
    text += "" if item["rule"] in _PLAIN else f" [{item['rule']}]"
    since = {NEW: "; new", PERSISTING: f"; since {item['since']}"}
    return text + since.get(item["trend"], "")


def apply_lines(tenants: Sequence[Mapping[str, Any]], check_mode: bool) -> list[str]:
    """What a run that writes did to each tenant, or would do."""
    changes = [change for tenant in tenants for change in _written(tenant)]
    done = [
        change for tenant in tenants for change in _written(tenant) if change["status"] in _good(tenant, check_mode)
    ]
    failed = sum(1 for tenant in tenants if report.errors(tenant))
    head = "Would change" if check_mode else "Changed"
    more = f"; not done: {len(changes) - len(done)}" if len(done) < len(changes) else ""
    more += f"; FAILED: {_tenants(failed)}" if failed else ""
    lines = [f"{head}: {_numbers(done) or 'nothing'}, on {_tenants(len(tenants))}{more}"]
    for tenant in tenants:
        lines += _applied(tenant, _good(tenant, check_mode))
    return lines


def _good(tenant: Mapping[str, Any], check_mode: bool) -> Collection[str]:
    """The statuses of changes that count as done. A plan that was refused stays planned, in check mode too."""
    if not check_mode:
        return ("applied",)
    return () if report.errors(tenant) else ("planned",)


def _tenants(number: int) -> str:
    return f"{number} tenant{'' if number == 1 else 's'}"


def _written(tenant: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The changes of a tenant, but for kinds with a remedy of their own: those can only be read."""
    return [change for kind in tenant["kinds"] if not kind["remedy"] for change in kind["changes"]]


def _applied(tenant: Mapping[str, Any], good: Collection[str]) -> list[str]:
    errors = report.errors(tenant)
    words = _numbers([change for change in _written(tenant) if change["status"] in good]) or "nothing to do"
    lines = []
    for kind in tenant["kinds"]:
        if kind["remedy"]:
            words = "only read"
            lines += [f"  ? {kind['kind']} {change['key']}: {_differs(change)}" for change in kind["changes"]]
        else:
            lines += [_change(kind["kind"], change, change["status"] in good) for change in kind["changes"]]
    head = f"{tenant['tenant']} ({tenant['platform']}): {'FAILED' if errors else words}"
    return ["", head, *_capped(lines), *(f"  {error}" for error in errors)]


def _differs(change: Mapping[str, Any]) -> str:
    return "expected and missing" if change["action"] == "create" else f"differs{_fields(change['fields'])}"


def _change(kind: str, change: Mapping[str, Any], went_well: bool) -> str:
    text = f"  {_SIGNS[change['action']] if went_well else '!'} {kind} {change['key']}"
    if not went_well:
        text += f": not {_WORDS[change['action']]}"
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


def _numbers(changes: Iterable[Mapping[str, Any]]) -> str:
    done = Counter(change["action"] for change in changes)
    return ", ".join(f"{done[action]} {word}" for action, word in _WORDS.items() if done[action])


def _capped(lines: Sequence[str]) -> list[str]:
    rest = len(lines) - MOST
    return [*lines[:MOST], f"  and {rest} more"] if rest > 0 else list(lines)


def _names(names: Sequence[str]) -> str:
    return ", ".join(names[:MOST]) + (f" and {len(names) - MOST} more" if len(names) > MOST else "")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    every = [list(head), *map(list, rows)]
    widths = [max(len(row[column]) for row in every) for column in range(len(head))]
    return ["  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in every]
