# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A review that comes back: ``report.csv`` with decisions, checked row by row against the report that it was. Pure.

Spreadsheets save what they opened in other forms: with semicolons or tabs, a byte-order mark, UTF-16, other dates, and
without the guard before what looks like a formula. All of that reads the same.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils.audit import csv_file, review_rows

KEEP, REMOVE, DISABLE = "keep", "remove", "disable"
DECISIONS = (KEEP, REMOVE, DISABLE)
_NEEDED = ("report_sha256", "row", *review_rows.ANSWERS[:3])
# More problems than this are counted, not told.
_MOST = 20
_DATES = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?"), (0, 1, 2)),
    (re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})"), (2, 1, 0)),
)
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


@dataclass
class Decision:
    """What was decided about one account. ``entitlements``: those to be taken away, where the rest of it stays."""

    tenant: str
    platform: str
    kind: str
    account: Mapping[str, Any]
    decision: str
    reviewers: set[str]
    entitlements: list[str] = field(default_factory=list)


@dataclass
class Review:
    """A whole file: what is decided, and how many accounts nobody has decided about yet."""

    decisions: list[Decision]
    undecided: int


def read(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file, whatever a spreadsheet made of it. Raises ValidationError."""
    text = _decoded(content)
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as problem:
        raise ValidationError(f"access_review_file: it is no CSV: {problem}") from None
    lines = [line for line in lines if any(cell.strip() for cell in line)]
    if not lines:
        raise ValidationError("access_review_file: it is empty")
    names = [name.strip().lower() for name in lines[0]]
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise ValidationError(
            f"access_review_file: the columns {', '.join(missing)} are missing; send back report.csv with all of its "
            "columns"
        )
    return [
        {name: csv_file.plain(cell.strip()) for name, cell in zip(names, line) if name in review_rows.COLUMNS}
        for line in lines[1:]
    ]


def _decoded(content: bytes) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise ValidationError(
            "access_review_file: it is neither UTF-8 nor UTF-16; save it as 'CSV UTF-8' in the spreadsheet"
        ) from None


def report_hash(rows: Sequence[Mapping[str, str]]) -> str:
    """The SHA-256 of the one report that all rows are of. Raises ValidationError."""
    found = {row.get("report_sha256", "") for row in rows}
    if len(found) != 1 or not re.fullmatch("[0-9a-f]{64}", next(iter(found))):
        raise ValidationError("access_review_file: the rows are not all of one report (column report_sha256)")
    return found.pop()


def review(rows: Sequence[Mapping[str, str]], record: Mapping[str, Any], today: dt.date, max_age_days: int) -> Review:
    """What the rows decide about the accounts of ``record``. Raises ValidationError with everything that is wrong."""
    made = dt.date.fromisoformat(record["run"]["at"][:10])
    problems = []
    if (today - made).days > max_age_days:
        problems.append(
            f"the report is of {made}, more than access_review_max_age: {max_age_days} days ago; audit again, and have "
            "that report reviewed"
        )
    expected = {row["row"]: row for row in review_rows.rows(record)}
    seen: set[str] = set()
    answers: dict[str, Mapping[str, str]] = {}
    for number, row in enumerate(rows, start=2):
        wrong = _wrong_row(row, expected, seen, made, today)
        seen.add(row.get("row", ""))
        if wrong:
            problems.append(f"line {number}: {wrong}")
        else:
            answers[row["row"]] = row
    found = Review([], 0)
    if not problems:
        for account in review_rows.reviewed(record):
            _decide(account, [answers.get(row["row"]) for row in account.rows], found, problems)
    if problems:
        more = f"; and {len(problems) - _MOST} more" if len(problems) > _MOST else ""
        raise ValidationError(f"access_review_file: nothing is done: {'; '.join(problems[:_MOST])}{more}")
    return found


def _wrong_row(
    row: Mapping[str, str],
    expected: Mapping[str, Mapping[str, str]],
    seen: set[str],
    made: dt.date,
    today: dt.date,
) -> str | None:
    name = row.get("row", "")
    if name not in expected:
        return f"the report has no row '{name}'"
    if name in seen:
        return f"row '{name}' stands there twice"
    for column in review_rows.IDENTITY:
        # As a spreadsheet that hides the guard, or has taken it off, shows it.
        if column in row and row[column].strip() != csv_file.plain(csv_file.neutral(expected[name][column])).strip():
            return f"{column} was changed from '{expected[name][column]}' to '{row[column]}'"
    if not any(row.get(answer) for answer in review_rows.ANSWERS):
        return None
    decision = row.get("decision", "").lower()
    if decision not in DECISIONS:
        return f"decision '{row.get('decision', '')}' is none of {', '.join(DECISIONS)}"
    if not row.get("reviewer"):
        return "it has no reviewer"
    return _wrong_date(row.get("date", ""), made, today)


def _wrong_date(text: str, made: dt.date, today: dt.date) -> str | None:
    if not text:
        return "it has no date"
    date = day(text)
    if date is None:
        return f"the date '{text}' is not clear; write it as 2026-01-31"
    if not made <= date <= today:
        return f"the date {date} is not between that of the report ({made}) and today ({today})"
    return None


def day(text: str) -> dt.date | None:
    """A date as people and spreadsheets write it; None where it is none, or could be two different days."""
    for pattern, order in _DATES:
        match = pattern.fullmatch(text)
        if match:
            return _date(*(int(match[place + 1]) for place in order))
    match = _SLASHES.fullmatch(text)
    if match is None:
        return None
    first, second, year = map(int, match.groups())
    both = {_date(year, first, second), _date(year, second, first)} - {None}
    return both.pop() if len(both) == 1 else None


def _date(year: int, month: int, number: int) -> dt.date | None:
    try:
        return dt.date(year, month, number)
    except ValueError:
        return None


def _decide(
    account: review_rows.Reviewed, answers: Sequence[Mapping[str, str] | None], found: Review, problems: list[str]
) -> None:
    decided = [(row, (answer or {}).get("decision", "").lower()) for row, answer in zip(account.rows, answers)]
    words = {word for _row, word in decided}
    if words == {""}:
        found.undecided += 1
        return
    if "" in words:
        problems.append(f"{account}: some of its rows have a decision and others have none")
        return
    reviewers = {answer["reviewer"] for answer in answers if answer}
    decision = Decision(account.tenant, account.platform, account.kind, account.account, KEEP, reviewers)
    if len(words) == 1:
        decision.decision = words.pop()
    elif words == {KEEP, REMOVE}:
        kept = {row["entitlement"] for row, word in decided if word == KEEP}
        gone = {row["entitlement"] for row, word in decided if word == REMOVE}
        if kept & gone:
            problems.append(
                f"{account}: {', '.join(sorted(kept & gone))} is kept for one person and removed for another"
            )
            return
        decision.decision, decision.entitlements = REMOVE, sorted(gone)
    else:
        problems.append(f"{account}: its rows contradict each other ({', '.join(sorted(words))})")
        return
    found.decisions.append(decision)


def declaration(decision: Decision, fields: Iterable[str]) -> dict[str, Any] | None:
    """The entry of a plural module that carries a decision out; None: nothing is to be done.

    ``fields``: those that a declaration of this kind may have. Raises ValidationError where the platform has no way.
    """
    account = decision.account
    where = f"{decision.tenant}: {decision.kind} {account['key']}"
    if decision.decision == KEEP:
        return None
    if decision.decision == DISABLE:
        if "enabled" not in fields:
            raise ValidationError(f"{where} cannot be disabled on this platform; keep or remove it")
        return {**account["identity"], "enabled": False}
    if not decision.entitlements:
        return {**account["identity"], "state": "absent"}
    other = [right for right in decision.entitlements if not right.startswith("role ")]
    if other or "roles" not in fields:
        raise ValidationError(
            f"{where}: {', '.join(other or decision.entitlements)} cannot be taken away alone; decide about the whole "
            "account, or change its declaration"
        )
    kept = [
        right for right in account["entitlements"] if right.startswith("role ") and right not in decision.entitlements
    ]
    return {**account["identity"], "roles": [right.removeprefix("role ") for right in kept]}
