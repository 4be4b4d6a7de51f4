# SPDX-License-Identifier: GPL-3.0-or-later
"""Who had access in a period, since when, granted and removed by which job; and what the evidence does not tell."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils.audit import (
    assembly,
    changes,
    evidence,
    folder,
    period,
    period_files,
    report,
)
from unit.audit.results import RUN, account, change, result, tenant

SCHEMA = json.loads((Path(__file__).resolve().parents[3] / "docs" / "period.schema.json").read_text())
QUARTER = period.period("2026-01-01", "2026-03-31")


def at(month: int, day: int, hour: int = 6) -> str:
    return f"2026-{month:02}-{day:02}T{hour:02}:00:00Z"


def run(when: str, job: str) -> dict[str, Any]:
    return {**RUN, "at": when, "job_id": job}


class Kept:
    """What runs keep, each naming the one before, as it would be written; and what a period report makes of it."""

    def __init__(self) -> None:
        self.records: list[tuple[str, dict[str, Any]]] = []

    def _last(self, kind: str) -> dict[str, Any] | None:
        return next((record for of, record in reversed(self.records) if of == kind), None)

    def audit(self, when: str, *accounts: dict[str, Any], host: str = "ds", complete: bool = True) -> None:
        record = tenant(result(complete=complete, existing=list(accounts) if complete else []), host=host)
        scope = report.scope([host], [host], [host], None)
        whole = assembly.whole_report(run(when, "audit"), [record], scope, previous=self._last(evidence.REPORT))
        self.records.append((evidence.REPORT, whole))

    def apply(self, when: str, job: str, *done: dict[str, Any], host: str = "ds") -> None:
        record = tenant(result(*done), host=host)
        scope = report.scope([host], [host], [host], None)
        previous = self._last(evidence.CHANGES)
        self.records.append(
            (evidence.CHANGES, changes.changes_record("apply", run(when, job), [record], scope, previous))
        )

    def report(
        self, chosen: period.Period = QUARTER, left_out: tuple[int, ...] = (), checked: bool = True
    ) -> dict[str, Any]:
        history = period.History(chosen)
        kept = [entry for place, entry in enumerate(self.records) if place not in left_out]
        for place, (kind, record) in enumerate(sorted(kept, key=lambda entry: (entry[1]["run"]["at"], entry[0]))):
            history.take(f"history/{place}/{kind}.json", kind, record)
        newest = [(f"{kind}.json", kind, self._last(kind)) for kind in {kind for kind, _record in self.records}]
        made = history.record(RUN, [(path, kind, record) for path, kind, record in newest if record is not None])
        if checked:
            jsonschema.validate(made, SCHEMA, jsonschema.Draft202012Validator)
        return made


def did(key: str, action: str, status: str = "applied") -> dict[str, Any]:
    return {**change(key, action), "status": status}


def told(made: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """Each right: who, what, and when it was granted and removed, in words."""
    return [
        (
            row["person"],
            row["entitlement"],
            period_files.moment(row["granted"]),
            period_files.moment(row["removed"]) if row["removed"] else "",
        )
        for row in made["access"]
    ]


def test_who_was_there_granted_and_removed_by_which_job() -> None:
    kept = Kept()
    kept.audit(at(1, 1), account("ana"), account("leo"))
    kept.apply(at(2, 1), "7", did("leo", "delete"), did("zoe", "create"))
    kept.audit(at(2, 2), account("ana"), account("zoe"))
    made = kept.report()
    assert told(made) == [
        ("ana", "role billing", f"before {at(1, 1)}", ""),
        ("leo", "role billing", f"before {at(1, 1)}", f"{at(2, 1)} by apply, job 7, ana"),
        ("zoe", "role billing", f"{at(2, 1)} by apply, job 7, ana", ""),
    ]
    assert [(each["key"], each["action"], each["job"]["job_id"]) for each in made["changes"]] == [
        ("leo", "delete", "7"),
        ("zoe", "create", "7"),
    ]
    assert made["gaps"] == []
    assert made["counts"] == {"people": 3, "access": 3, "uncertain": 0, "changes": 2, "gaps": 0}


def test_what_no_job_did_is_between_two_audits() -> None:
    kept = Kept()
    kept.audit(at(1, 1), account("ana"), account("leo"))
    kept.audit(at(2, 1), account("ana", entitlements=["role billing", "role payments"]), account("zoe"))
    assert told(kept.report()) == [
        ("ana", "role billing", f"before {at(1, 1)}", ""),
        ("ana", "role payments", f"between {at(1, 1)} and {at(2, 1)}, by no job", ""),
        ("leo", "role billing", f"before {at(1, 1)}", f"between {at(1, 1)} and {at(2, 1)}, by no job"),
        ("zoe", "role billing", f"between {at(1, 1)} and {at(2, 1)}, by no job", ""),
    ]


def test_a_right_is_granted_and_removed_by_an_update() -> None:
    kept = Kept()
    kept.audit(at(1, 1), account("ana", entitlements=["role a"]))
    kept.apply(at(2, 1), "7", did("ana", "update"))
    kept.audit(at(2, 2), account("ana", entitlements=["role b"]))
    assert told(kept.report()) == [
        ("ana", "role a", f"before {at(1, 1)}", f"{at(2, 1)} by apply, job 7, ana"),
        ("ana", "role b", f"{at(2, 1)} by apply, job 7, ana", ""),
    ]


def test_who_joins_and_leaves_a_group() -> None:
    kept = Kept()
    group = {"nature": "group", "entitlements": ["subscription Finance"]}
    kept.audit(at(1, 1), account("Finance", people=["ana"], **group))
    kept.apply(at(2, 1), "7", did("Finance", "update"))
    kept.audit(at(2, 2), account("Finance", people=["zoe"], **group))
    assert [(person, removed) for person, _right, _granted, removed in told(kept.report())] == [
        ("ana", f"{at(2, 1)} by apply, job 7, ana"),
        ("zoe", ""),
    ]


def test_the_platform_says_since_when_unless_audits_saw_otherwise() -> None:
    kept = Kept()
    kept.audit(at(1, 1), account("ana", created=at(1, 1, 1)), account("bo", created="2025-06-30"))
    kept.audit(
        at(2, 1), account("ana"), account("bo"), account("zoe", created="2025-06-30"), account("leo", created=at(1, 9))
    )
    assert [(person, granted) for person, _right, granted, _removed in told(kept.report())] == [
        ("ana", f"{at(1, 1, 1)}, as the platform says"),
        ("bo", "2025-06-30, as the platform says"),
        ("leo", f"{at(1, 9)}, as the platform says"),
        ("zoe", f"between {at(1, 1)} and {at(2, 1)}, by no job"),
    ]


def test_who_came_and_went_between_two_audits() -> None:
    kept = Kept()
    kept.audit(at(1, 1))
    kept.apply(at(1, 5), "7", did("zoe", "create"))
    kept.apply(at(1, 9), "8", did("zoe", "delete"))
    kept.audit(at(2, 1))
    (row,) = kept.report()["access"]
    assert (row["key"], row["granted"]["job"]["job_id"], row["removed"]["job"]["job_id"]) == ("zoe", "7", "8")
    assert row["certain"]


def test_who_was_removed_before_any_audit() -> None:
    kept = Kept()
    kept.apply(at(1, 5), "7", did("leo", "delete"))
    kept.audit(at(2, 1))
    (row,) = kept.report()["access"]
    assert (row["granted"]["at"], row["removed"]["at"], row["certain"]) == (None, at(1, 5), True)


def test_what_failed_or_was_only_planned_changed_nothing() -> None:
    kept = Kept()
    kept.audit(at(1, 1), account("leo"))
    kept.apply(at(1, 5), "7", did("leo", "delete", "failed"), did("zoe", "create", "planned"))
    made = kept.report()
    assert ([row["key"] for row in made["access"]], made["changes"]) == (["leo"], [])


def test_a_lost_answer_is_settled_by_the_next_audit() -> None:
    kept = Kept()
    kept.audit(at(1, 1), account("leo"))
    kept.apply(at(1, 5), "7", did("leo", "delete", "unknown"), did("zoe", "create", "unknown"))
    kept.audit(at(2, 1), account("zoe"))
    assert told(kept.report()) == [
        ("leo", "role billing", f"before {at(1, 1)}", f"{at(1, 5)} by apply, job 7, ana"),
        ("zoe", "role billing", f"{at(1, 5)} by apply, job 7, ana", ""),
    ]


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("2026-01-01", "2026-01-31", [("ana", True), ("leo", True)]),
        ("2026-02-01", "2026-02-28", [("ana", True), ("leo", True)]),
        ("2026-03-02", "2026-03-31", [("ana", False)]),
        ("2025-12-01", "2025-12-31", [("ana", False), ("leo", False)]),
    ],
)
def test_a_period_holds_what_was_or_may_have_been_in_it(first: str, last: str, found: list[tuple[str, bool]]) -> None:
    kept = Kept()
    kept.audit(at(1, 15), account("ana"), account("leo"))
    kept.apply(at(2, 10), "7", did("leo", "delete"))
    kept.audit(at(3, 1), account("ana"))
    made = kept.report(period.period(first, last))
    assert [(row["key"], row["certain"]) for row in made["access"]] == found


def quarter() -> Kept:
    kept = Kept()
    for month in (1, 2, 3):
        kept.audit(at(month, 1), account("ana"))
        kept.apply(at(month, 2), str(month), did("ana", "update"))
    return kept


def test_a_missing_record_is_named() -> None:
    kept = quarter()
    (gap,) = kept.report(left_out=(2,))["gaps"]
    assert (gap["what"], gap["at"]) == ("missing", at(3, 1))
    assert f"the record before it, of {at(2, 1)}" in gap["message"]
    assert [gap["what"] for gap in kept.report(left_out=(5,))["gaps"]] == ["not_kept"]
    # What is missing from before the period does not matter.
    assert kept.report(period.period("2026-02-15", "2026-03-31"), left_out=(2,))["gaps"] == []


def test_a_chain_that_begins_anew_is_named() -> None:
    kept, other = quarter(), Kept()
    other.audit(at(3, 15), account("ana"))
    kept.records += other.records
    assert [(gap["what"], gap["at"]) for gap in kept.report()["gaps"]] == [("restarted", at(3, 15))]


WHOLE = quarter()


@given(st.sets(st.integers(0, 5)))
def test_whatever_is_taken_away_is_missed(away: set[int]) -> None:
    gaps = WHOLE.report(left_out=tuple(away), checked=False)["gaps"]
    missed = {Path(gap["path"]).name for gap in gaps if gap["what"] in ("missing", "not_kept")}
    reports, records = {0, 2, 4} & away, {1, 3, 5} & away
    assert missed == {*(["report.json"] if reports else []), *(["changes.json"] if records else [])}


def test_a_tenant_that_was_not_audited_is_named() -> None:
    kept = Kept()
    kept.audit(at(1, 1), account("ana"))
    kept.audit(at(2, 1), host="closed", complete=False)
    kept.audit(at(3, 1), complete=False)
    kept.apply(at(3, 2), "7", did("zoe", "create"), host="never")
    assert [(gap["what"], gap["tenant"], gap["at"]) for gap in kept.report()["gaps"]] == [
        ("not_audited", "closed", None),
        ("not_read", "ds", at(3, 1)),
        ("not_audited", "never", None),
    ]


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        ("", "2026-03-31", "access_from: '' is no day"),
        ("2026-01-01", "31.03.2026", "access_to: '31.03.2026' is no day"),
        ("2026-03-31", "2026-01-01", "access_to: 2026-01-01 is before access_from, 2026-03-31"),
    ],
)
def test_what_is_no_period_is_refused(first: str, last: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        period.period(first, last)


def test_a_day_as_yaml_reads_it_is_a_day() -> None:
    assert period.period(dt.date(2026, 1, 1), dt.date(2026, 3, 31)) == QUARTER


def test_the_other_files_say_the_same() -> None:
    kept = Kept()
    kept.audit(at(1, 1), account("=cmd()", people=["+49"], enabled=False), account("leo|x"))
    kept.apply(at(2, 1), "7", did("leo|x", "delete"))
    made = kept.report()
    rows = list(csv.DictReader(io.StringIO(period_files.to_csv(made))))
    assert [tuple(row) for row in rows] == [period_files.COLUMNS] * 2
    assert (rows[0]["key"], rows[0]["person"], rows[0]["enabled"], rows[0]["removed_at"]) == (
        "'=cmd()",
        "'+49",
        "no",
        "",
    )
    assert (rows[1]["removed_job"], rows[1]["removed_operation"], rows[1]["removed_user"]) == ("7", "apply", "ana")
    text = period_files.to_markdown(made)
    assert "### ds (datasentinel)" in text
    assert "leo\\|x" in text
    assert "(disabled)" in text.replace("\\", "")
    assert "The chain of records is whole" in text


def test_what_was_kept_is_read_in_the_order_of_time(tmp_path: Path) -> None:
    kept = quarter()
    folder.prepare(str(tmp_path))
    for kind, record in reversed(kept.records):
        write = folder.write_run if kind == evidence.REPORT else folder.write_changes
        write(str(tmp_path), record)
    read = [record for _path, _kind, record in folder.kept(str(tmp_path)) if isinstance(record, dict)]
    assert read == [record for _kind, record in kept.records]
    moved = next((tmp_path / "history").iterdir())
    moved.rename(moved.with_name("20200101T000000Z-local"))
    broken = [
        str(record) for _path, _kind, record in folder.kept(str(tmp_path)) if isinstance(record, evidence.Damaged)
    ]
    assert ["does not belong in this folder" in message for message in broken] == [True]


def test_without_a_history_there_is_nothing_to_say(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match=r"access_report_dir: .*history does not exist"):
        list(folder.kept(str(tmp_path)))
