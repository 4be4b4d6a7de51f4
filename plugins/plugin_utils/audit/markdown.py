# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``report.md``: for a merge request or a job's output, capped, worst first. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.render import printable
from ansible_collections.dataops.access.plugins.plugin_utils.audit.findings import SEVERITIES, is_open
from ansible_collections.dataops.access.plugins.plugin_utils.audit.text import headline


@dataclass(frozen=True)
class Size:
    """At most so many characters, and rows of a table."""

    longest: int
    most: int


# Comments of the usual forges take 65,536 characters.
WHOLE = Size(60_000, 100)
# For a job's output and a mail.
SHORT = Size(8_000, 20)
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|~@&-])")

_TABLE = ("| severity | rule | tenant | object | what | next |", "| --- | --- | --- | --- | --- | --- |")


def title(record: Mapping[str, Any]) -> str:
    """The report in one line of plain text."""
    return f"Access audit: {headline(record)}"


def as_is(lines: Iterable[str]) -> str:
    """Lines of a terminal as Markdown that shows them so."""
    return "\n".join(["", *(f"    {printable(line)}" for line in lines), ""])


def render(record: Mapping[str, Any], size: Size = WHOLE) -> str:
    """The report as Markdown of at most so many characters."""
    head = list(_head(record, size.most))
    found = [item for tenant in record["tenants"] for item in tenant["findings"]] + list(record["findings"])
    items = sorted(filter(is_open, found), key=_worst_and_new_first)
    lines = [_finding(item) for item in items[: size.most]]
    room = size.longest - sum(len(line) + 1 for line in head) - 200
    kept: list[str] = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    if items:
        head += ["", *_TABLE, *kept]
    if len(kept) < len(items):
        head += ["", f"… and {len(items) - len(kept)} more: see report.html or report.json."]
    return "\n".join([*head, "", f"SHA-256 of this report: `{record['sha256']}`", ""])


def _worst_and_new_first(item: Mapping[str, Any]) -> tuple[int, bool]:
    return SEVERITIES.index(item["severity"]), item["trend"] != "new"


def _head(record: Mapping[str, Any], most: int) -> Iterator[str]:
    scope, counts, run = record["scope"], record["counts"], record["run"]
    yield f"## Access audit: {escaped(headline(record))}"
    yield ""
    if scope["partial"]:
        yield f"**PARTIAL**: left out are {escaped(_some(scope['left_out']))}."
    if scope["missing"]:
        yield f"**Not asked although they should have been**: {escaped(_some(scope['missing']))}."
    numbers = f"{counts['drift']} not as declared, {counts['unmanaged']} not declared, {counts['errors']} not readable"
    waived = f", {counts['waived']} waived" if counts["waived"] else ""
    fixed = f", {len(record['fixed'])} fixed since the report before" if record["fixed"] else ""
    yield f"{counts['findings']} open findings on {counts['tenants']} tenants: {numbers}{waived}{fixed}."
    yield f"Run at {run['at']}, job {escaped(run['job_id'])}, by {escaped(run['user'] or 'nobody known')}."
    yield ""
    yield "| tenant | platform | verdict | drift | unmanaged | errors |"
    yield "| --- | --- | --- | ---: | ---: | ---: |"
    worst = {"error": 0, "drift": 1, "findings": 2, "clean": 3}
    ordered = sorted(record["tenants"], key=lambda tenant: (worst[tenant["verdict"]], tenant["tenant"]))
    for tenant in ordered[:most]:
        told = tenant["counts"]
        cells = (tenant["tenant"], tenant["platform"], tenant["verdict"])
        numbers = " | ".join(str(told[name]) for name in ("drift", "unmanaged", "errors"))
        yield f"| {' | '.join(map(escaped, cells))} | {numbers} |"
    if len(ordered) > most:
        yield f"| … and {len(ordered) - most} more | | | | | |"


def _finding(item: Mapping[str, Any]) -> str:
    what = item["message"] + (" (new)" if item["trend"] == "new" else "")
    cells = (item["severity"], item["rule"], item["tenant"], f"{item['kind']} {item['key']}", what, item["remedy"])
    return f"| {' | '.join(map(escaped, cells))} |"


def _some(names: list[str]) -> str:
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")


def escaped(text: str) -> str:
    """Text in one line that is no markup, no mention of anybody and no link."""
    one_line = printable(" ".join(str(text).split()))
    return _MARKUP.sub(r"\\\1", one_line).replace("://", ":&#8203;//")
