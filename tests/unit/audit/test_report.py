# SPDX-License-Identifier: GPL-3.0-or-later
"""From the results of modules to findings, a verdict and one canonical record."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ansible_collections.dataops.access.plugins.module_utils.core.canonical import sha256
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils.audit import report, text
from unit.audit.results import change, result, shown, tenant, whole

SCHEMA = json.loads((Path(__file__).resolve().parents[3] / "docs" / "report.schema.json").read_text())


def test_nothing_to_say_is_clean() -> None:
    record = tenant(result())
    assert (record["verdict"], record["findings"]) == ("clean", [])
    assert record["counts"] == {"findings": 0, "drift": 0, "unmanaged": 0, "errors": 0, "waived": 0}


def test_every_kind_of_drift_has_its_status() -> None:
    record = tenant(
        result(
            change("ana", "create", privilege=(None, "read")),
            change("bo", "update", comment=("", "x")),
            change("leo", "delete"),
            change("zoe", "delete"),
            unmanaged=(("zoe", "undeclared"),),
        )
    )
    assert shown(record) == [
        ("drift", "high", "forbidden", "leo"),
        ("drift", "medium", "missing", "ana"),
        ("drift", "medium", "drifted", "bo"),
        ("drift", "medium", "forbidden", "zoe"),
    ]
    assert record["verdict"] == "drift"
    assert [item["message"] for item in record["findings"]][3] == "it exists, is not declared, and would be purged"


@pytest.mark.parametrize(
    ("reason", "severity"),
    [
        ("undeclared", "medium"),
        ("in_use", "medium"),
        ("out_of_scope", "medium"),
        ("excluded", "low"),
        ("protected", "low"),
    ],
)
def test_what_nobody_declared_is_a_finding_and_no_drift(reason: str, severity: str) -> None:
    record = tenant(result(unmanaged=(("zoe", reason),)))
    assert shown(record) == [("unmanaged", severity, "unmanaged", "zoe")]
    assert record["verdict"] == "findings"


def test_of_one_name_there_may_be_several_and_no_declaration_tells_them_apart() -> None:
    record = tenant(result(unmanaged=(("ana", "protected"), ("ana", "undeclared"), ("zoe", "undeclared"))))
    assert shown(record) == [
        ("unmanaged", "medium", "unmanaged", "ana"),
        ("unmanaged", "medium", "unmanaged", "zoe"),
    ]
    several, one = record["findings"]
    assert "2 of this name exist" in several["message"]
    assert several["remedy"].startswith("Find out whose they are, and remove or rename all but one on the platform")
    assert "of this name" not in one["message"]


def test_who_is_in_an_object_undeclared_is_unmanaged() -> None:
    members = [{"key": "Finance", "members": [{"id": "a1", "email": "zoe@example.com"}, {"id": "a2"}]}]
    record = tenant(result(unmanaged_members=members))
    assert [(item["kind"], item["key"]) for item in record["findings"]] == [
        ("member", "Finance/a2"),
        ("member", "Finance/zoe@example.com"),
    ]


def test_a_refused_plan_is_drift_and_not_an_error() -> None:
    record = tenant(
        result(change("robot", "delete", "it is the account in use"), failed=True, msg="Nothing was written")
    )
    assert record["verdict"] == "drift"
    assert "it cannot be brought in line as declared: it is the account in use" in record["findings"][0]["message"]


def test_what_was_not_read_whole_is_an_error() -> None:
    incomplete = tenant(result(complete=False))
    failed = tenant({"failed": True, "msg": "403", "failure": {"kind": "permission"}})
    for record, message in ((incomplete, "did not list everything"), (failed, "403")):
        assert record["verdict"] == "error"
        assert message in record["findings"][0]["message"]
        assert shown(record) == [("unreadable", "high", "unknown", "*")]


def test_a_tenant_without_results_is_an_error() -> None:
    assert tenant()["findings"][0]["message"] == "it was never asked"
    assert tenant(error="arguments are wrong")["findings"][0]["message"] == "arguments are wrong"


def test_a_failure_is_reported_once() -> None:
    record = tenant({"failed": True, "msg": "403"}, error="403")
    assert record["counts"]["errors"] == 1
    assert report.errors(record) == ["403"]


def test_a_failure_beside_good_results_is_an_error() -> None:
    assert tenant(result(), error="the role failed later")["verdict"] == "error"


def test_one_object_that_cannot_be_read_is_an_error() -> None:
    record = tenant(result(unknown=[{"key": "erik", "reason": "403"}]))
    assert shown(record) == [("unreadable", "high", "unknown", "erik")]
    assert record["verdict"] == "error"


def test_the_plan_hashes_the_same_whatever_became_of_it() -> None:
    planned = result(change("ana", "create"), change("bo", "update", comment=("", "x")))
    applied = copy.deepcopy(planned)
    applied["changes"].reverse()
    for entry in applied["changes"]:
        entry["status"] = "applied"
    assert tenant(planned)["plan_sha256"] == tenant(applied)["plan_sha256"]
    applied["changes"][0]["fields"]["comment"]["after"] = "y"
    assert tenant(planned)["plan_sha256"] != tenant(applied)["plan_sha256"]
    assert tenant(result())["plan_sha256"] == tenant(error="x")["plan_sha256"] == sha256([])


def test_a_finding_keeps_its_id() -> None:
    first = tenant(result(change("bo", "update", comment=("", "x"))))["findings"][0]["id"]
    again = tenant(result(change("bo", "update", comment=("", "y"))))["findings"][0]["id"]
    other = tenant(result(change("bo", "update", comment=("", "x"))), host="ds-2")["findings"][0]["id"]
    assert first == again != other


@pytest.mark.parametrize(
    ("records", "verdict"),
    [
        (["clean"], "clean"),
        (["clean", "findings"], "findings"),
        (["findings", "drift"], "drift"),
        (["drift", "error", "clean"], "error"),
    ],
)
def test_the_worst_verdict_is_the_runs(records: list[str], verdict: str) -> None:
    made = {
        "clean": lambda host: tenant(result(), host=host),
        "findings": lambda host: tenant(result(unmanaged=(("z", "undeclared"),)), host=host),
        "drift": lambda host: tenant(result(change("a", "create")), host=host),
        "error": lambda host: tenant(error="x", host=host),
    }
    record = whole(*(made[name](f"host-{place}") for place, name in enumerate(records)))
    assert record["verdict"] == verdict
    assert record["counts"]["tenants"] == len(records)


def test_a_tenant_that_was_not_asked_is_an_error() -> None:
    record = whole(tenant(result()), asked=("ds", "ds-2"))
    assert record["scope"]["missing"] == ["ds-2"]
    assert (record["verdict"], record["counts"]["errors"], record["scope"]["partial"]) == ("error", 1, False)


def test_a_tenant_that_was_left_out_makes_it_partial() -> None:
    record = whole(tenant(result()), expected=("ds", "ds-2"), asked=("ds",))
    assert record["scope"]["left_out"] == ["ds-2"]
    assert (record["verdict"], record["scope"]["partial"]) == ("clean", True)
    assert "PARTIAL: left out are ds-2" in text.audit_lines(record)


def test_the_hash_is_over_everything_else() -> None:
    record = whole(tenant(result(change("a", "create"))))
    told = record.pop("sha256")
    assert told == sha256(json.loads(json.dumps(record)))
    record["tenants"][0]["findings"][0]["severity"] = "low"
    assert told != sha256(record)


def test_the_order_of_tenants_does_not_matter() -> None:
    one, two = tenant(result(), host="a"), tenant(result(change("x", "delete")), host="b")
    assert whole(one, two) == whole(two, one)


def test_an_approval_is_told_what_an_apply_would_do() -> None:
    registering = result(change("Acme/ann", "create"), change("Acme/bo", "update"))
    registering["summary"]["registrations"] = 2
    # What can only be read is no plan.
    record = whole(
        tenant(registering, host="dbsync"),
        tenant({**result(change("Example", "create")), "remedy": "ask"}, host="dqm"),
        tenant(result(change("zoe", "delete")), host="ds"),
    )
    told = {name: report.run_stat(record)[name] for name in ("create", "update", "delete", "registrations")}
    assert told == {"create": 1, "update": 1, "delete": 1, "registrations": 2}
    assert report.tenant_stat(record["tenants"][1])["create"] == 0


def test_stats() -> None:
    record = whole(tenant(result(change("a", "create"), unmanaged=(("z", "undeclared"),))))
    assert report.run_stat(record) == {
        "verdict": "drift",
        "tenants": 1,
        "findings": 2,
        "drift": 1,
        "unmanaged": 1,
        "errors": 0,
        "create": 1,
        "update": 0,
        "delete": 0,
        "registrations": 0,
        "sha256": record["sha256"],
    }
    told = record["tenants"][0]
    assert report.tenant_stat(told) == {
        "verdict": "drift",
        "findings": 2,
        "drift": 1,
        "unmanaged": 1,
        "errors": 0,
        "create": 1,
        "update": 0,
        "delete": 0,
        "registrations": 0,
        "plan_sha256": told["plan_sha256"],
    }
    assert report.plans(record) == {"ds": told["plan_sha256"]}


@pytest.mark.parametrize(
    ("fail_on", "reasons"),
    [
        (["none"], []),
        (["error"], []),
        (["critical"], []),
        (["drift"], ["1 objects are not as declared"]),
        (["unmanaged"], ["1 objects exist and are not declared"]),
        (["high"], ["1 findings are high: drift"]),
        (["low"], ["1 findings are low: unmanaged"]),
        (list(report.FAIL_ON_DEFAULT), ["1 objects are not as declared"]),
    ],
)
def test_what_ends_as_failed_is_chosen(fail_on: list[str], reasons: list[str]) -> None:
    record = tenant(result(change("leo", "delete"), unmanaged=(("sso", "excluded"),)))
    assert report.failing(record, fail_on) == reasons
    assert record["verdict"] == "drift"


def test_drift_and_what_could_not_be_audited_are_told_apart() -> None:
    record = tenant(error="no credentials")
    assert report.failing(record, report.FAIL_ON_DEFAULT) == ["it could not be audited: no credentials"]
    assert report.failing(record, ["drift"]) == []


@pytest.mark.parametrize("wrong", ["everything", [], ["drift", "nothing"], ["none", "drift"], 3])
def test_an_unknown_choice_is_refused(wrong: Any) -> None:
    with pytest.raises(ValidationError, match="access_fail_on"):
        report.check_fail_on(wrong)


def test_one_choice_may_stand_alone() -> None:
    assert report.check_fail_on("none") == ["none"]


def test_the_record_is_as_the_schema_says() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    record = whole(
        tenant(
            result(
                {**change("r", "update", secret=("********", "******** (changed)")), "replaced": True},
                change("a", "create", "quota"),
                unmanaged=(("z", "protected"),),
                unknown=[{"key": "e", "reason": "403"}],
                unmanaged_members=[{"key": "s", "members": [{"id": "1"}]}],
                stats={"requests": 2},
            )
        ),
        tenant({"failed": True, "msg": "no", "failure": {"kind": "auth"}}, host="b"),
        tenant(error="never", host="c"),
    )
    jsonschema.validate(json.loads(json.dumps(record)), SCHEMA, jsonschema.Draft202012Validator)


def test_the_schema_is_closed() -> None:
    record = {**whole(tenant(result())), "more": 1}
    with pytest.raises(jsonschema.ValidationError, match="more"):
        jsonschema.validate(record, SCHEMA, jsonschema.Draft202012Validator)
