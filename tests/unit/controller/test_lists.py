# SPDX-License-Identifier: GPL-3.0-or-later
"""Declared lists in files: a tenant is the same whether a variable or a file declares it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from emulator.server import Emulator
from unit.controller.playbook import Controller, elsewhere

ANA = {"email": "ana@example.com", "password": "canary password", "privilege": "read", "profile": "developer"}
LEO = {"email": "leo@example.com", "password_file": "/srv/leo", "privilege": "read", "profile": "developer"}


@pytest.fixture
def controller(tmp_path: Path) -> Controller:
    return Controller(tmp_path)


def tenant(vendors: Emulator, **more: Any) -> dict[str, Any]:
    """A Datasentinel platform, whose users nobody declares yet."""
    options = vendors.connections["datasentinel"]
    return {
        "access_platform": "datasentinel",
        **{f"datasentinel_{name}": value for name, value in options.items()},
        **more,
    }


def in_file(controller: Controller, entries: Any, name: str = "users.json") -> str:
    path = controller.folder / name
    path.write_text(entries if isinstance(entries, str) else json.dumps(entries))
    return str(path)


def test_a_file_declares_what_a_variable_would(controller: Controller, vendors: Emulator) -> None:
    path = in_file(
        controller,
        "- email: ana@example.com\n  password: canary password\n  privilege: read\n  profile: developer\n",
        "users.yml",
    )
    controller.inventory(
        ds_file=tenant(vendors, datasentinel_users_file=path, datasentinel_purge=True),
        ds_list=tenant(vendors, datasentinel_users=[ANA], datasentinel_purge=True),
    )
    audited = controller.play("audit")
    plans = {each["tenant"]: each["plan_sha256"] for each in controller.report()["tenants"]}
    assert plans["ds-list"]
    assert plans["ds-file"] == plans["ds-list"]
    found = next(each for each in controller.report()["tenants"][0]["findings"] if each["key"] == ANA["email"])
    assert found["location"] == {"file": "users.yml", "line": 1}
    assert vendors.writes() == []

    approved = ("--limit", "ds-file", "-e", json.dumps({"access_approved_plan": plans}))
    run = controller.play("apply", *approved)
    assert (run.code, run.recap("ds-file")["changed"] > 0) == (0, True), run.output
    again = controller.play("apply", "--limit", "ds-file")
    assert (again.code, again.recap("ds-file")["changed"]) == (0, 0), again.output
    for output in (audited.output, run.output, again.output):
        assert "canary" not in output


@pytest.mark.long
def test_the_audit_finds_no_drift_once_the_file_is_applied(controller: Controller, vendors: Emulator) -> None:
    controller.inventory(ds=tenant(vendors, datasentinel_users_file=in_file(controller, [ANA])))
    drift = []
    for _turn in range(2):
        controller.play("audit")
        drift.append(controller.report()["tenants"][0]["counts"]["drift"])
        assert controller.play("apply").code == 0
    assert drift == [1, 0]


@pytest.mark.long
def test_the_other_platforms_take_files_too(controller: Controller, vendors: Emulator) -> None:
    def of(platform: str, **more: Any) -> dict[str, Any]:
        options = vendors.connections[platform]
        return {"access_platform": platform, **{f"{platform}_{name}": value for name, value in options.items()}, **more}

    users = in_file(controller, [{"company": "Acme", "username": "new@example.com"}], "dbsync.json")
    dbsync = of("dbsync", dbsync_license_users_file=users)
    subscriptions = in_file(controller, "- name: New\n", "alteryx.yaml")
    controller.inventory(
        alteryx=of("alteryx", alteryx_subscriptions_file=subscriptions),
        dbsync=dbsync,
        # The role writes something into each entry.
        dbsync_again=elsewhere({**dbsync, "dbsync_allow_reregister": True}),
    )
    for arguments in (("validate",), ("apply", "--check")):
        run = controller.play(*arguments)
        assert run.code == 0, run.output
    for line in ("+ subscription New", "+ license_user Acme/new@example.com"):
        assert line in run.output


@pytest.mark.long
def test_one_wrong_file_stops_no_other_tenant_and_removes_nobody(controller: Controller, vendors: Emulator) -> None:
    right = in_file(controller, [ANA])
    purging = {"datasentinel_purge": True, "datasentinel_allow_empty": True}
    wrong: dict[str, dict[str, Any]] = {
        "both": {"datasentinel_users": [], "datasentinel_users_file": right},
        "absent": {"datasentinel_users_file": str(controller.folder / "nobody.json")},
        "entry": {
            "datasentinel_users_file": in_file(controller, [LEO, {**ANA, "privilege": "canary password"}], "entry.json")
        },
        "twice": {"datasentinel_users_file": in_file(controller, [ANA, LEO, ANA], "twice.json")},
        "email": {"datasentinel_users_file": in_file(controller, [ANA, {"email": "leo"}], "email.json")},
    }
    says = {
        "both": "datasentinel_users and datasentinel_users_file are both given; keep one of them",
        "absent": f"users_file: {controller.folder}/nobody.json cannot be read: No such file",
        "entry": f"users_file: entry 2 of {controller.folder}/entry.json: value of privilege must be one of: read",
        "twice": f"users_file: {controller.folder}/twice.json: Datasentinel user 'ana@example.com' is declared twice",
        "email": f"users_file: entry 2 of {controller.folder}/email.json: email: 'leo' is no e-mail address",
    }
    tenants = {
        name: elsewhere(tenant(vendors, **purging, **more), number)
        for number, (name, more) in enumerate(wrong.items(), 1)
    }
    controller.inventory(**tenants, right=tenant(vendors, datasentinel_users_file=right))
    for playbook in ("validate", "apply"):
        run = controller.play(playbook)
        assert {host: run.recap(host)["failed"] for host in (*wrong, "right")} == {
            **dict.fromkeys(wrong, 1),
            "right": 0,
        }
        for name, text in says.items():
            assert text in run.output, name
        assert "canary" not in run.output
    emails = [user["email"] for user in vendors.state("datasentinel")["users"]]
    assert len(vendors.writes()) == 1
    assert ANA["email"] in emails


@pytest.mark.long
def test_people_are_added_to_a_file_and_contradictions_name_it(controller: Controller, vendors: Emulator) -> None:
    path = in_file(controller, [ANA])
    people = {
        "access_people": [{"email": "zoe@example.com", "profiles": ["finance"]}],
        "access_profiles": {
            "finance": {
                "datasentinel": {
                    "privilege": "read",
                    "profile": "developer",
                    "password_file": f"{controller.folder}/{{email}}",
                }
            }
        },
    }
    controller.inventory(ds=tenant(vendors, datasentinel_users_file=path, **people))
    run = controller.play("apply", "-e", json.dumps({"datasentinel_purge": True}))
    assert run.code == 0, run.output
    emails = {user["email"] for user in vendors.state("datasentinel")["users"]}
    assert {"ana@example.com", "zoe@example.com"} < emails
    in_file(controller, [{**ANA, "email": "zoe@example.com", "privilege": "admin"}])
    run = controller.play("apply")
    assert "datasentinel_users_file says privilege 'admin'" in run.output
    assert run.code == 2


@pytest.mark.long
def test_a_person_who_leaves_has_to_be_taken_out_of_the_file(controller: Controller, vendors: Emulator) -> None:
    path = in_file(controller, [ANA])
    controller.inventory(ds=tenant(vendors, datasentinel_users_file=path))
    assert controller.play("apply").code == 0
    run = controller.play("offboard", "-e", "access_person=ana@example.com")
    assert run.code == 2
    assert f"# ds, in the file that datasentinel_users_file names: {path}" in run.output
    assert ANA["email"] not in {user["email"] for user in vendors.state("datasentinel")["users"]}


@pytest.mark.long
def test_a_relative_path_of_a_secret_in_a_file_is_refused(controller: Controller, vendors: Emulator) -> None:
    path = in_file(controller, [{**LEO, "password_file": "leo"}])
    controller.inventory(ds=tenant(vendors, datasentinel_users_file=path))
    run = controller.play("apply")
    assert run.code == 2
    assert "host ds: datasentinel_users_file: password_file 'leo': give an absolute path" in run.output
    assert vendors.requests() == []


@pytest.mark.long
def test_tokens_in_a_file_are_not_renewed_by_apply(controller: Controller, vendors: Emulator) -> None:
    options = vendors.connections["devo"]
    devo = {"access_platform": "devo", **{f"devo_{name}": value for name, value in options.items()}}
    token = {
        "name": "ci",
        "audience": ["http"],
        "user": "ci@example.com",
        "renew_before": 60,
        "secret_file": f"{controller.folder}/ci",
    }
    users = in_file(
        controller, [{"email": "ana@example.com", "username": "Ana", "roles": ["NO_PRIVILEGES"]}], "users.json"
    )
    tokens = in_file(controller, [{**token, "handover": "secret_file"}], "tokens.json")
    controller.inventory(devo={**devo, "devo_users_file": users, "devo_tokens_file": tokens})
    for changed in (2, 0):
        run = controller.play("apply")
        assert (run.code, run.recap("devo")["changed"]) == (0, changed), run.output
    assert controller.play("validate").code == 0


@pytest.mark.long
def test_where_the_module_runs_elsewhere_the_file_is_checked_there(controller: Controller, vendors: Emulator) -> None:
    path = in_file(controller, "no list")
    controller.inventory(
        ds=tenant(vendors, datasentinel_users_file=path, ansible_connection="ssh", ansible_host="192.0.2.1")
    )
    run = controller.play("validate")
    assert run.code == 0, run.output
    assert f"users_file: {path} is on the host where ds_users runs, and is checked there" in " ".join(
        run.output.split()
    )
