# SPDX-License-Identifier: GPL-3.0-or-later
"""The report's files beside the page: each valid by its standard, whatever names a server holds."""

from __future__ import annotations

import copy
import csv
import io
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.plugin_utils.audit import csv_file, markdown, review_rows
from ansible_collections.dataops.access.plugins.plugin_utils.audit.renderers import RENDERERS
from unit.audit.results import account, change, result, tenant, whole

HERE = Path(__file__).parent
SARIF = jsonschema.Draft202012Validator(json.loads((HERE / "schemas" / "sarif-2.1.0.json").read_text()))
JUNIT = xmlschema.XMLSchema(str(HERE / "schemas" / "junit.xsd"))
REPORT = json.loads((HERE.parents[2] / "docs" / "report.schema.json").read_text())
WAIVER = {"owner": "ana", "approved_by": "bo", "ticket": "T-1", "reason": "agreed", "expires": "2026-12-31"}
ANYTHING = st.text(st.characters(), min_size=1, max_size=30)


def record(name: str = "ann@example.com", waived: bool = False) -> dict[str, Any]:
    """A report with drift, something that nobody declared, a tenant that could not be read, one that was not asked."""
    existing = [account(name, entitlements=["role a", "role b"]), account("zoe@example.com", declared=None, people=[])]
    found = result(
        change(name, "update", comment=(name, "x")), unmanaged=(("zoe@example.com", "undeclared"),), existing=existing
    )
    first = tenant(found)
    if waived:
        first["findings"] = [{**item, "waiver": WAIVER} for item in first["findings"]]
    return whole(first, tenant(error=f"no answer for {name}", host="broken"), asked=("ds", "broken", "silent"))


def rendered(name: str, told: dict[str, Any]) -> str:
    before = copy.deepcopy(told)
    text = RENDERERS[name](told)
    assert told == before
    return text


def test_the_record_is_valid() -> None:
    jsonschema.validate(record(), REPORT)
    jsonschema.validate(record(waived=True), REPORT)


@given(ANYTHING)
def test_every_file_can_be_written_and_is_valid_whatever_the_names_are(name: str) -> None:
    told = record(name)
    texts = {file: rendered(file, told) for file in RENDERERS}
    for text in texts.values():
        text.encode("utf-8")
    assert json.loads(texts["report.json"]) == told
    SARIF.validate(json.loads(texts["report.sarif"]))
    JUNIT.validate(texts["report.junit.xml"])
    rows = list(csv.reader(io.StringIO(texts["report.csv"])))
    assert {len(row) for row in rows} == {len(review_rows.COLUMNS)}
    assert len(rows) == 1 + 3


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
@given(rest=ANYTHING)
def test_no_cell_is_a_formula(start: str, rest: str) -> None:
    text = rendered("report.csv", record(start + rest))
    for row in csv.reader(io.StringIO(text)):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


@given(ANYTHING.filter(str.isprintable))
def test_a_cell_reads_back_as_it_was(text: str) -> None:
    assert csv_file.plain(csv_file.neutral(text)) == text


def test_one_row_for_each_account_person_and_right() -> None:
    rows = list(review_rows.rows(record()))
    assert [(row["key"], row["person"], row["entitlement"]) for row in rows] == [
        ("ann@example.com", "ann@example.com", "role a"),
        ("ann@example.com", "ann@example.com", "role b"),
        ("zoe@example.com", "", "role billing"),
    ]
    assert len({row["row"] for row in rows}) == 3
    assert [row["recommendation"] for row in rows] == ["correct", "correct", "remove"]
    assert {row[name] for row in rows for name in review_rows.ANSWERS} == {""}


def test_nobody_recommends_to_remove_what_is_protected() -> None:
    existing = [account("root@example.com", declared=None, protected="the built-in account")]
    told = whole(tenant(result(unmanaged=(("root@example.com", "protected"),), existing=existing)))
    assert [row["recommendation"] for row in review_rows.rows(told)] == ["correct"]


def test_junit_says_what_failed_where() -> None:
    root = ET.fromstring(rendered("report.junit.xml", record()))  # noqa: S314 - made two lines above
    failed = {
        (case.get("classname"), case.get("name"), problem.tag) for case in root.iter("testcase") for problem in case
    }
    assert failed == {
        ("ds.user", "ann@example.com", "failure"),
        ("ds.user", "zoe@example.com", "failure"),
        ("broken.tenant", "broken", "error"),
        ("silent.tenant", "silent", "error"),
    }
    assert (root.get("failures"), root.get("errors")) == ("2", "2")


def test_junit_of_a_clean_tenant_has_a_case_that_passes() -> None:
    root = ET.fromstring(rendered("report.junit.xml", whole(tenant(result()))))  # noqa: S314 - made here
    assert [(case.get("name"), len(case)) for case in root.iter("testcase")] == [("ds", 0)]


def test_a_waived_finding_is_suppressed_and_not_hidden() -> None:
    told = record(waived=True)
    (run,) = json.loads(rendered("report.sarif", told))["runs"]
    suppressed = {each["properties"]["key"] for each in run["results"] if each.get("suppressions")}
    assert suppressed == {"ann@example.com", "zoe@example.com"}
    root = ET.fromstring(rendered("report.junit.xml", told))  # noqa: S314 - made here
    assert {case.get("name") for case in root.iter("testcase") if case.find("skipped") is not None} == suppressed
    assert "ann@example" not in rendered("report.md", told)


@pytest.mark.parametrize(
    ("file", "uri"),
    [("inventory.yml", "inventory.yml"), ("host_vars/a b#é%.yml", "host_vars/a%20b%23%C3%A9%25.yml")],
)
def test_sarif_points_at_the_line_that_declares_it(file: str, uri: str) -> None:
    told = record()
    told["tenants"][1]["findings"][0]["location"] = {"file": file, "line": 7}
    (run,) = json.loads(rendered("report.sarif", told))["runs"]
    places = [each["locations"][0].get("physicalLocation") for each in run["results"]]
    assert {"artifactLocation": {"uri": uri, "uriBaseId": "SRCROOT"}, "region": {"startLine": 7}} in places
    assert len({each["partialFingerprints"]["accessFinding/v1"] for each in run["results"]}) == len(run["results"])


@given(ANYTHING)
def test_markdown_keeps_its_table_whatever_the_names_are(name: str) -> None:
    lines = rendered("report.md", record(name)).splitlines()
    table = [line for line in lines if line.startswith("| ")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in table} == {7}
    assert not re.search(r"(?<!\\)<", "".join(lines))


def test_markdown_is_capped_with_the_worst_first() -> None:
    changes = [change(f"user-{number:05}@example.com", "update", comment=("a" * 500, "b")) for number in range(5_000)]
    told = whole(tenant(result(*changes), error=None), tenant(error="no answer", host="broken"))
    number = told["counts"]["findings"]
    text = rendered("report.md", told)
    assert len(text) <= markdown.WHOLE.longest
    findings = [line for line in text.splitlines() if line.startswith(("| high", "| medium"))]
    assert findings[0].startswith("| high | unreadable")
    assert number > 5_000
    assert f"and {number - len(findings)} more" in text


def test_a_partial_report_is_headed_so() -> None:
    told = whole(tenant(result()), expected=("ds", "other"))
    assert "**PARTIAL**: left out are other." in rendered("report.md", told)
