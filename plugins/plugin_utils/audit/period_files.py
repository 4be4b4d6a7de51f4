# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``period.csv`` and ``period.md``: the period report for a spreadsheet and for reading. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.dataops.access.plugins.plugin_utils.audit.csv_file import neutral
from ansible_collections.dataops.access.plugins.plugin_utils.audit.markdown import escaped

# More rows than this are counted; the other files hold them all.
MOST = 500

_ACCESS = (
    "tenant",
    "platform",
    "kind",
    "key",
    "person",
    "entitlement",
    "nature",
    "administrator",
    "enabled",
    "declared",
    "certain",
)
_MOMENT = ("at", "after", "basis", "operation", "job", "user")
COLUMNS = (*_ACCESS, *(f"{moment}_{name}" for moment in ("granted", "removed") for name in _MOMENT))


def to_csv(record: Mapping[str, Any]) -> str:
    """Comma separated, one line for each person and right."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in record["access"]:
        cells = {name: row[name] for name in _ACCESS}
        for moment in ("granted", "removed"):
            cells.update({f"{moment}_{name}": value for name, value in _told(row[moment]).items()})
        writer.writerow({name: neutral(_cell(value)) for name, value in cells.items()})
    return text.getvalue()


def _told(moment: Mapping[str, Any] | None) -> dict[str, Any]:
    if moment is None:
        return dict.fromkeys(_MOMENT)
    job = moment["job"] or {}
    told = {name: moment[name] for name in ("at", "after", "basis")}
    return {**told, "operation": job.get("operation"), "job": job.get("job_id"), "user": job.get("user")}


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def to_markdown(record: Mapping[str, Any]) -> str:
    """What the evidence does not tell, then who had access, tenant by tenant, capped."""
    return "\n".join([*_lines(record), "", f"SHA-256 of this report: `{record['sha256']}`", ""])


def _lines(record: Mapping[str, Any]) -> Iterator[str]:
    counts, run = record["counts"], record["run"]
    yield f"## Access from {record['from']} to {record['to']}"
    yield ""
    yield f"{counts['people']} people, {counts['access']} rights, {counts['changes']} changes by jobs."
    yield f"Made at {run['at']}, job {escaped(run['job_id'])}, by {escaped(run['user'] or 'nobody known')}, from "
    yield f"{len(record['sources'])} records."
    yield ""
    if record["gaps"]:
        yield "### What the evidence does not tell"
        yield ""
        for gap in record["gaps"][:MOST]:
            yield f"- **{gap['what'].replace('_', ' ')}**: " + escaped(
                f"{gap['path']}: {gap['message']}" if gap["path"] else gap["message"]
            )
    else:
        yield "The chain of records is whole, and every tenant was audited in the period."
    tenant = None
    for row in record["access"][:MOST]:
        if row["tenant"] != tenant:
            tenant = row["tenant"]
            yield from ("", f"### {escaped(tenant)} ({escaped(row['platform'])})", "")
            yield "| person | object | right | granted | removed |"
            yield "| --- | --- | --- | --- | --- |"
        cells = (row["person"], f"{row['kind']} {row['key']}{_marks(row)}", row["entitlement"])
        moments = (moment(row["granted"]), "" if row["removed"] is None else moment(row["removed"]))
        yield f"| {' | '.join(escaped(cell) for cell in (*cells, *moments))} |"
    if len(record["access"]) > MOST:
        yield from ("", f"… and {len(record['access']) - MOST} more: see period.csv or period.json.")


def _marks(row: Mapping[str, Any]) -> str:
    marks = [
        word for word, is_so in (("disabled", row["enabled"] is False), ("uncertain", not row["certain"])) if is_so
    ]
    return f" ({', '.join(marks)})" if marks else ""


def moment(told: Mapping[str, Any]) -> str:
    """When, and by whom as far as it is known, in words."""
    if told["job"] is not None:
        job = told["job"]
        return f"{told['at']} by {job['operation']}, job {job['job_id']}" + (f", {job['user']}" if job["user"] else "")
    if told["at"] is None:
        return "before the first audit"
    if told["basis"] == "platform":
        return f"{told['at']}, as the platform says"
    return f"between {told['after']} and {told['at']}, by no job" if told["after"] else f"before {told['at']}"
