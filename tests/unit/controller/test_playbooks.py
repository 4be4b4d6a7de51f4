# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks as they are run: what they refuse, what they report, and how they end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from emulator.server import Emulator
from unit.controller.playbook import ROOT, Controller, elsewhere

CHANGES_SCHEMA = json.loads((ROOT / "docs" / "changes.schema.json").read_text())
SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text())
ANA = {
    "email": "ana@example.com",
    "password": "canary password",
    "privilege": "read",
    "profile": "developer",
    "roles": ["billing"],
}
WRONG = {**ANA, "roles": ["nobody knows this role"]}


@pytest.fixture
def controller(tmp_path: Path) -> Controller:
    return Controller(tmp_path)


def datasentinel(vendors: Emulator, *users: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A tenant whose variables hold everything."""
    options = vendors.connections["datasentinel"]
    connection = {f"datasentinel_{name}": value for name, value in options.items()}
    return {"access_platform": "datasentinel", **connection, "datasentinel_users": list(users), **more}


def test_a_failing_tenant_does_not_stop_the_others(controller: Controller, vendors: Emulator) -> None:
    good = elsewhere(datasentinel(vendors, {**ANA, "comment": "good"}))
    controller.inventory(bad=datasentinel(vendors, WRONG), good=good)
    run = controller.play("apply")
    assert run.code == 2
    assert (run.recap("good")["changed"], run.recap("good")["failed"]) == (1, 0)
    assert (run.recap("bad")["changed"], run.recap("bad")["failed"]) == (0, 1)
    assert "has no role 'nobody knows this role'" in run.output.split("This tenant ends as it should")[1]
    assert "canary" not in run.output
    first = controller.changes()
    assert first["counts"] == {"tenants": 2, "applied": 1, "failed": 1, "unknown": 0, "planned": 0}
    assert "has no role" in first["tenants"][0]["kinds"][0]["changes"][0]["error"]["msg"]
    assert run.stats()["access_changes"]["sha256"] == first["sha256"]

    again = controller.play("apply", "--limit", "good")
    assert (again.code, again.recap("good")["changed"]) == (0, 0)
    second = controller.changes()
    assert second["previous"] == {"at": first["run"]["at"], "sha256": first["sha256"]}
    assert second["scope"]["left_out"] == ["bad"]
    for record in (first, second):
        jsonschema.validate(record, CHANGES_SCHEMA, jsonschema.Draft202012Validator)

    # What was only planned is no evidence; and what was changed by hand is none either.
    controller.play("apply", "--check")
    assert controller.changes() == second
    asked = len(vendors.requests())
    text = (controller.reports / "changes.json").read_text()
    (controller.reports / "changes.json").write_text(text.replace('"applied": 0', '"applied": 1'))
    refused = controller.play("apply")
    assert refused.code == 2
    assert "access-report/changes.json was changed after it was written" in refused.output
    assert len(vendors.requests()) == asked


def test_a_purge_that_is_declined_on_the_command_line_is_none(controller: Controller, vendors: Emulator) -> None:
    # Variables given as key=value are strings, and "no" is true to Jinja.
    controller.inventory(ds=datasentinel(vendors, ANA))
    run = controller.play("apply", "--check", "-e", "datasentinel_purge=no")
    assert run.code == 0, run.output
    assert "  - user" not in run.output


def test_the_audit_reports_in_check_mode_and_writes_nothing_in_any(controller: Controller, vendors: Emulator) -> None:
    controller.inventory(
        ds_eu=datasentinel(vendors, ANA, datasentinel_purge=True, datasentinel_max_deletions="0"),
        ds_us=datasentinel(vendors, WRONG),
    )
    reports = []
    for arguments in ((), ("--check", "--diff")):
        run = controller.play("audit", *arguments)
        assert run.code == 2, run.output
        report = controller.report()
        reports.append(report)
        jsonschema.validate(report, SCHEMA, jsonschema.Draft202012Validator)
        assert report["run"]["check_mode"] is bool(arguments)
        # Neither a limit nor a refusal hides what differs.
        assert [(each["tenant"], each["verdict"]) for each in report["tenants"]] == [
            ("ds-eu", "drift"),
            ("ds-us", "drift"),
        ]
        stats = run.stats()
        counts = {name: number for name, number in report["counts"].items() if name != "waived"}
        # What would be refused is planned all the same.
        plan = {"create": 2, "update": 0, "delete": 2, "registrations": 0}
        assert stats["access_audit"] == {"verdict": "drift", **counts, **plan, "sha256": report["sha256"]}
        hashes = {each["tenant"]: each["plan_sha256"] for each in report["tenants"]}
        assert stats["access_plan"] == hashes
        assert stats["access_audit__ds-eu"]["plan_sha256"] == hashes["ds-eu"]
        assert json.loads((controller.reports / "tenants" / "ds-eu.json").read_text()) == report["tenants"][0]
        assert "ds-eu: 3 objects are not as declared" in run.output
        assert "canary" not in run.output
    assert vendors.writes() == []
    assert reports[0]["tenants"][0]["plan_sha256"] == reports[1]["tenants"][0]["plan_sha256"]
    assert len(list((controller.reports / "history").iterdir())) == 2
    for path in controller.reports.rglob("*.*"):
        assert "canary" not in path.read_text()


def test_the_exit_is_chosen_and_the_verdict_is_not(controller: Controller, vendors: Emulator) -> None:
    controller.inventory(ds=datasentinel(vendors, ANA))
    run = controller.play("audit", "-e", '{"access_fail_on": ["none"]}')
    assert (run.code, controller.report()["verdict"]) == (0, "drift")


def test_a_tenant_that_cannot_be_read_is_an_error_beside_the_others(controller: Controller, vendors: Emulator) -> None:
    wrong = datasentinel(vendors, ANA, datasentinel_api_password="wrong")
    controller.inventory(locked=wrong, ds=datasentinel(vendors), typo=datasentinel(vendors, datasentinel_purge="maybe"))
    run = controller.play("audit")
    report = controller.report()
    assert run.code == 2
    assert report["verdict"] == "error"
    assert {each["tenant"]: each["verdict"] for each in report["tenants"]} == {
        "ds": "findings",
        "locked": "error",
        "typo": "error",
    }
    assert (run.recap("ds")["failed"], run.recap("locked")["failed"]) == (0, 1)
    assert "locked: it could not be audited: " in run.output


def test_a_limit_makes_the_report_partial(controller: Controller, vendors: Emulator) -> None:
    controller.inventory(ds_eu=datasentinel(vendors), ds_us=datasentinel(vendors), other={})
    run = controller.play("audit", "--limit", "ds-eu")
    assert run.code == 0
    assert "PARTIAL: left out are ds-us" in run.output
    assert controller.report()["scope"] == {
        "expected": ["ds-eu", "ds-us"],
        "reported": ["ds-eu"],
        "missing": [],
        "left_out": ["ds-us"],
        "partial": True,
        "limit": "ds-eu",
    }


@pytest.mark.parametrize("playbook", ["apply", "audit", "validate"])
def test_a_host_that_is_no_tenant_is_refused(controller: Controller, vendors: Emulator, playbook: str) -> None:
    controller.inventory(ds=datasentinel(vendors), web={}, odd={"access_platform": "oracle"})
    run = controller.play(playbook)
    assert run.code == 2
    assert "access_platform is not set for web" in run.output
    assert "access_hosts" in run.output
    assert "'oracle' is none of" in controller.play(playbook, "-e", "access_hosts=odd").output
    assert vendors.requests() == []


def test_credentials_of_the_environment_go_to_one_server(controller: Controller, vendors: Emulator) -> None:
    url = vendors.connections["datasentinel"]["api_url"]
    blank = {"access_platform": "datasentinel", "datasentinel_api_username": "", "datasentinel_validate_certs": False}
    controller.inventory(
        ds_eu={**blank, "datasentinel_api_url": url}, ds_us={**blank, "datasentinel_api_url": f"{url}-2"}
    )
    environment = {"DATASENTINEL_USERNAME": "robot", "DATASENTINEL_PASSWORD": "canary"}
    run = controller.play("audit", **environment)
    assert run.code == 2
    assert "several tenants of one platform would take the same credentials" in run.output
    assert "canary" not in run.output
    assert vendors.requests() == []


def test_the_tenants_file_serves_each_host_its_own(controller: Controller, vendors: Emulator) -> None:
    tenant = {"access_platform": "datasentinel", "datasentinel_users": []}
    controller.inventory(ds_eu=tenant, ds_us=tenant)
    file = controller.folder / "tenants.json"
    entries = {"ds-eu": vendors.connections["datasentinel"]}
    file.write_text(json.dumps(entries))
    refused = controller.play("audit", ACCESS_TENANTS_FILE=str(file))
    assert refused.code == 2
    assert "has no entry for ds-us" in refused.output
    assert vendors.requests() == []

    file.write_text(json.dumps({**entries, "ds-us": {**entries["ds-eu"], "api_password": "canary"}}))
    run = controller.play("audit", "-vvv", "-e", f"access_tenants_file={file}", DATASENTINEL_API_TOKEN="not used")
    assert {each["tenant"]: each["verdict"] for each in controller.report()["tenants"]} == {
        "ds-eu": "findings",
        "ds-us": "error",
    }
    assert "canary" not in run.output
    assert entries["ds-eu"]["api_password"] not in run.output


def test_a_report_folder_that_cannot_be_used_is_refused_at_the_start(controller: Controller, vendors: Emulator) -> None:
    controller.inventory(ds=datasentinel(vendors))
    (controller.folder / "access-report").write_text("a file")
    run = controller.play("audit")
    assert run.code == 2
    assert "access_report_dir: access-report cannot be used" in run.output
    wrong = controller.play("audit", "-e", '{"access_fail_on": ["everything"], "access_report_dir": "elsewhere"}')
    assert "access_fail_on: everything is none of" in wrong.output
    assert vendors.requests() == []


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"access_rules": {"token_odl": False}}, "there is no rule 'token_odl'; did you mean 'token_old'?"),
        ({"access_rules": {"unreadable": False}}, "this rule cannot be switched off"),
        ({"access_licence_quota": "many"}, "access_licence_quota has to be a whole number of at least 0"),
        ({"access_timezone": "Mars/Olympus"}, "'Mars/Olympus' is no time zone"),
        ({"access_people": [{"name": "Leo"}]}, "has no email, which is how a person is told from others"),
    ],
)
def test_rules_that_are_wrong_are_refused_at_the_start(
    controller: Controller, vendors: Emulator, variables: dict[str, Any], message: str
) -> None:
    controller.inventory(ds=datasentinel(vendors))
    run = controller.play("audit", "-e", json.dumps(variables))
    assert run.code == 2
    assert message in " ".join(run.output.split())
    assert vendors.requests() == []


@pytest.mark.parametrize("playbook", ["validate", "apply", "audit"])
def test_a_secret_would_not_be_saved_in_the_folder_of_the_collection(
    controller: Controller, vendors: Emulator, playbook: str
) -> None:
    """A module runs in the folder of the playbook, and so would begin a relative path."""
    controller.inventory(ds=datasentinel(vendors, {**ANA, "password_file": "{{ place }}/ana"}, place="secrets"))
    run = controller.play(playbook)
    assert run.code == 2
    said = " ".join(run.output.split())
    assert "host ds: datasentinel_users: password_file 'secrets/ana': give an absolute path" in said
    assert vendors.requests() == []


def test_a_file_for_a_secret_beside_the_inventory(controller: Controller, vendors: Emulator) -> None:
    (controller.folder / "secrets").mkdir()
    new = {"email": "new@example.com", "privilege": "read", "profile": "developer", "roles": ["billing"]}
    place = "{{ inventory_dir }}/secrets"
    controller.inventory(ds=datasentinel(vendors, {**new, "password_file": "{{ place }}/new"}, place=place))
    assert controller.play("apply").code == 0
    assert len((controller.folder / "secrets" / "new").read_text()) > 12


@pytest.mark.long
def test_one_report_has_one_set_of_rules(controller: Controller, vendors: Emulator) -> None:
    rules = {"access_rules": {"drift": False}}
    controller.inventory(ds_eu=datasentinel(vendors, **rules), ds_us=datasentinel(vendors))
    run = controller.play("audit")
    assert run.code == 2
    assert "access_rules: ds-us has others than ds-eu" in run.output
    assert vendors.requests() == []
    controller.inventory(ds_eu=datasentinel(vendors, ANA, **rules), ds_us=datasentinel(vendors, **rules))
    assert controller.play("audit").code == 0
    report = controller.report()
    assert report["rules"]["drift"] is None
    assert {tenant["counts"]["drift"] for tenant in report["tenants"]} == {0}


@pytest.mark.long
def test_a_leaver_of_one_tenant_is_found_on_another(controller: Controller, vendors: Emulator) -> None:
    # Both hosts are the same emulated platform.
    controller.inventory(
        ds_eu=datasentinel(vendors, ANA), ds_us=datasentinel(vendors, {"email": ANA["email"], "state": "absent"})
    )
    assert controller.play("apply", "--limit", "ds-eu").code == 0
    controller.play("audit")
    found = {
        tenant["tenant"]: {item["rule"] for item in tenant["findings"]} for tenant in controller.report()["tenants"]
    }
    assert "declared_stale" in found["ds-eu"]
    assert "leaver_active" not in found["ds-eu"]
    assert "leaver_active" in found["ds-us"]


def test_only_the_approved_plan_is_carried_out(controller: Controller, vendors: Emulator) -> None:
    controller.inventory(ds=datasentinel(vendors, ANA))
    approved = json.dumps({"access_approved_plan": controller.play("audit").stats()["access_plan"]})
    controller.inventory(ds=datasentinel(vendors, {**ANA, "privilege": "admin"}))
    refused = controller.play("apply", "-e", approved)
    assert refused.code == 2
    assert "not the approved one any more" in refused.output
    assert vendors.writes() == []

    controller.inventory(ds=datasentinel(vendors, ANA))
    assert controller.play("apply", "-e", approved).recap("ds")["changed"] > 0
    assert any(user["email"] == ANA["email"] for user in vendors.state("datasentinel")["users"])


def test_a_job_behind_an_audit_carries_out_what_that_planned(controller: Controller, vendors: Emulator) -> None:
    """A workflow of a controller hands each stat of a job on as an extra variable."""
    eu = datasentinel(vendors, ANA)
    unreadable = {**elsewhere(eu), "datasentinel_api_password": "wrong"}
    controller.inventory(ds_eu=eu, ds_us=unreadable, ds_new=elsewhere(eu, 2))
    artifacts = controller.play("audit", "--limit", "ds-eu,ds-us").stats()
    assert {
        name: artifacts["access_audit__ds-eu"][name] for name in ("create", "update", "delete", "registrations")
    } == {
        "create": 1,
        "update": 0,
        "delete": 0,
        "registrations": 0,
    }
    applied = controller.play("apply", "-e", json.dumps({**artifacts, "access_approval_required": True}))
    failed = {host: applied.recap(host)["failed"] for host in ("ds-eu", "ds-new", "ds-us")}
    assert failed == {"ds-eu": 0, "ds-new": 1, "ds-us": 1}
    assert "could not read this tenant, so that there is no plan of it to approve" in applied.output
    assert "No plan of this tenant was approved" in applied.output
    assert len(vendors.writes()) == 1
    assert any(user["email"] == ANA["email"] for user in vendors.state("datasentinel")["users"])


def test_nobody_approves_by_what_is_declared(controller: Controller, vendors: Emulator) -> None:
    # Compared without limits, written with them: a declaration can tell the two apart.
    two_faced = (
        "{{ [{'email': 'ana@example.com', 'privilege': 'admin' if access_limits | default(true) else 'read',"
        " 'profile': 'developer', 'roles': [], 'password': 'canary password'}] }}"
    )
    own_stat = {"access_audit__ds": {"verdict": "drift", "plan_sha256": "0" * 64}}
    controller.inventory(ds={**datasentinel(vendors), "datasentinel_users": two_faced, **own_stat})
    required = {"access_approval_required": True}
    unaudited = controller.play("apply", "-e", json.dumps({**required, "access_approved_plan": {}}))
    assert "No plan of this tenant was approved" in unaudited.output
    artifacts = controller.play("audit").stats()
    refused = controller.play("apply", "-e", json.dumps({**artifacts, **required}))
    assert refused.recap("ds")["failed"] == 1
    assert "approved_plan: the plan is not the approved one any more" in refused.output
    assert vendors.writes() == []


def test_validate_finds_all_errors_without_network(controller: Controller, vendors: Emulator) -> None:
    controller.inventory(
        ds=datasentinel(vendors, ANA, {"email": "bo"}, datasentinel_api_url="https://nowhere.example.com"),
        dqm={"access_platform": "dqm", "dqm_expected_clients": [{"name": "Example Corp"}]},
        devo={"access_platform": "devo", "devo_domain": "example", "devo_account": "example", "devo_tokens": [{}]},
    )
    run = controller.play("validate")
    assert run.code == 2
    assert "ds (datasentinel): user - privilege read; profile developer; roles billing" in run.output
    assert "dqm (dqm): client Example Corp" in run.output
    assert "entry 2 of users: email: 'bo' is no e-mail address" in run.output
    assert "entry 1 of tokens" in run.output
    assert [run.recap(host)["failed"] for host in ("ds", "dqm", "devo")] == [1, 0, 1]
    assert "canary" not in run.output
    assert vendors.requests() == []
