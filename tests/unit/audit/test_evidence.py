# SPDX-License-Identifier: GPL-3.0-or-later
"""A record that was changed after it was written is no evidence, and says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils.audit import changes, evidence, folder, report
from ansible_collections.dataops.access.plugins.plugin_utils.audit.renderers import to_json
from unit.audit.results import RUN, change, result, tenant, whole

SCHEMA = json.loads((Path(__file__).resolve().parents[3] / "docs" / "changes.schema.json").read_text())
REPORT = whole(tenant(result(change("ana", "update", roles=(["a"], ["b"])), unmanaged=(("zoé", "undeclared"),))))


def applied(key: str, action: str, status: str = "applied") -> dict[str, Any]:
    return {**change(key, action), "status": status}


def changed(*records: dict[str, Any], previous: dict[str, Any] | None = None) -> dict[str, Any]:
    """The record of an apply."""
    hosts = [record["tenant"] for record in records]
    return changes.changes_record("apply", RUN, records, report.scope(hosts, hosts, hosts, None), previous)


CHANGES = changed(tenant(result(applied("ana", "create"), applied("bo", "update", "unknown"))))


def test_what_was_written_is_read() -> None:
    assert evidence.parse(to_json(REPORT), evidence.REPORT) == REPORT
    assert evidence.parse(to_json(CHANGES), evidence.CHANGES) == CHANGES


@given(st.data())
@pytest.mark.parametrize(("record", "kind"), [(REPORT, evidence.REPORT), (CHANGES, evidence.CHANGES)])
def test_every_changed_byte_is_found(record: dict[str, Any], kind: str, data: st.DataObject) -> None:
    whole_text = to_json(record).encode()
    place = data.draw(st.integers(0, len(whole_text) - 1))
    with_byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != whole_text[place]))
    damaged = whole_text[:place] + bytes([with_byte]) + whole_text[place + 1 :]
    try:
        read = evidence.parse(damaged.decode("utf-8", errors="surrogateescape"), kind)
    except evidence.Damaged:
        return
    # Blanks between values say nothing.
    assert read == record
    assert damaged.split() == whole_text.split()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is no JSON that was written whole"),
        ("[]", "is not a report of an audit"),
        (to_json(REPORT)[:-20], "is no JSON that was written whole"),
        ("[" * 100_000, "is no JSON that was written whole"),
        ('{"a": NaN}', "NaN is no number"),
        (to_json(REPORT).replace('"errors": 0', '"errors":-0'), "-0 is not how that number is written"),
        (to_json(CHANGES), "is not a report of an audit"),
        (to_json({**REPORT, "schema_version": "2.0.0"}), "has the schema 2.0.0, and this version of the collection"),
        (to_json({**REPORT, "verdict": "clean"}), "was changed after it was written"),
        (to_json({**REPORT, "sha256": None}), "was changed after it was written"),
        (
            to_json(REPORT).replace('"verdict"', '"verdict": "clean",\n  "verdict"'),
            "'verdict' stands twice",
        ),
        (
            to_json(evidence.sealed({**REPORT, "tenants": [{}]})),
            "is not a report of an audit: tenants.tenant is missing",
        ),
        (to_json(evidence.sealed({**REPORT, "run": []})), "is not a report of an audit: run is missing"),
    ],
)
def test_what_is_no_evidence_says_why(text: str, message: str) -> None:
    with pytest.raises(evidence.Damaged) as damaged:
        evidence.parse(text, evidence.REPORT)
    assert message in str(damaged.value)


def test_a_later_schema_of_the_same_major_version_is_read() -> None:
    later = evidence.sealed({**REPORT, "schema_version": "1.4.0", "more": 1})
    assert evidence.parse(to_json(later), evidence.REPORT) == later


def test_the_record_of_an_apply() -> None:
    first = changed(
        tenant(result(applied("ana", "create"), applied("bo", "update", "failed")), host="ds"),
        tenant(result(change("leo", "delete"), failed=True, msg="too many deletions"), host="refused"),
        tenant(result(change("Example Corp", "create"), remedy="Change it by hand."), host="dqm"),
    )
    assert first["counts"] == {"tenants": 3, "applied": 1, "failed": 1, "unknown": 0, "planned": 1}
    assert [one["error"] for one in first["tenants"]] == [None, None, "too many deletions"]
    # What can only be read was not done by anybody.
    assert first["tenants"][0]["kinds"] == []
    second = changed(tenant(error="no credentials"), previous=first)
    assert second["previous"] == {"at": RUN["at"], "sha256": first["sha256"]}
    for record in (first, second, CHANGES):
        jsonschema.validate(json.loads(to_json(record)), SCHEMA, jsonschema.Draft202012Validator)
    assert changes.stat(first) == {"tenants": 3, "applied": 1, "failed": 1, "unknown": 0, "sha256": first["sha256"]}


def test_the_newest_report_of_the_folder_is_the_previous_one(tmp_path: Path) -> None:
    folder.prepare(str(tmp_path))
    assert folder.previous_report(str(tmp_path), "") is None
    assert folder.previous_changes(str(tmp_path)) is None
    folder.write_run(str(tmp_path), REPORT)
    kept = folder.write_changes(str(tmp_path), CHANGES)
    assert [Path(path).name for path in kept.paths] == ["changes.json", "changes.json"]
    assert folder.previous_report(str(tmp_path), "") == REPORT
    assert folder.previous_changes(str(tmp_path)) == CHANGES
    other = tmp_path / "other.json"
    other.write_text(to_json(whole(tenant(result(), host="other"))))
    chosen = folder.previous_report(str(tmp_path), str(other)) or {}
    assert chosen["scope"]["reported"] == ["other"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"\xff", "is no text in UTF-8"),
        (b"{}", "is not a report of an audit"),
    ],
)
def test_a_previous_report_that_is_none_is_refused(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "old.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ValidationError) as refused:
        folder.previous_report(str(tmp_path), str(path))
    assert f"access_previous_report: {path} {message}" in refused.value.message
    assert "leave access_previous_report out" in refused.value.message


def test_a_newest_report_that_was_changed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text(to_json(REPORT).replace("drift", "clean"))
    with pytest.raises(ValidationError, match=r"access_report_dir: .*report.json was changed .*move it away"):
        folder.previous_report(str(tmp_path), None)
