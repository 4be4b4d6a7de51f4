# SPDX-License-Identifier: GPL-3.0-or-later
"""Waivers, the chain of reports, and the playbooks that read what was kept, as they are run."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ansible_collections.dataops.access.plugins.plugin_utils.audit import evidence, folder
from emulator.server import Emulator
from unit.controller.playbook import ROOT, Controller
from unit.handover.servers import running
from unit.sinks.servers import Store

REPORT_SCHEMA, PERIOD_SCHEMA = (
    json.loads((ROOT / "docs" / f"{name}.schema.json").read_text()) for name in ("report", "period")
)
TODAY = dt.datetime.now(dt.UTC).date()
WAIVER = {
    "rule": "unmanaged",
    "pattern": ".*",
    "reason": "to be declared until then",
    "approved_by": "security@example.com",
    "expires": str(TODAY + dt.timedelta(days=30)),
}


@pytest.fixture
def controller(tmp_path: Path) -> Controller:
    return Controller(tmp_path)


def datasentinel(vendors: Emulator, *users: dict[str, Any]) -> dict[str, Any]:
    """A tenant whose variables hold everything."""
    options = vendors.connections["datasentinel"]
    connection = {f"datasentinel_{name}": value for name, value in options.items()}
    return {"access_platform": "datasentinel", **connection, "datasentinel_users": list(users)}


def variables(**given: Any) -> tuple[str, str]:
    return "-e", json.dumps(given)


def test_waivers_and_the_report_before(controller: Controller, vendors: Emulator) -> None:
    controller.inventory(ds=datasentinel(vendors))
    first = controller.play("audit")
    assert (first.code, controller.report()["verdict"]) == (0, "findings")
    before = controller.report()
    unused = {**WAIVER, "pattern": None, "key": "nobody", "tenant": "ds"}
    second = controller.play("audit", "--check", *variables(access_waivers=[WAIVER, unused]))
    now = controller.report()
    jsonschema.validate(now, REPORT_SCHEMA, jsonschema.Draft202012Validator)
    assert second.code == 0, second.output
    assert now["previous"] == {"at": before["run"]["at"], "sha256": before["sha256"]}
    assert now["counts"]["waived"] == before["counts"]["findings"] > 0
    assert [item["rule"] for item in now["findings"]] == ["waiver_unused"]
    assert {item["trend"] for item in now["tenants"][0]["findings"]} == {"persisting"}
    assert f"{now['counts']['waived']} waived" in second.output
    told = json.loads((controller.reports / "tenants" / "ds.json").read_text())
    assert told == now["tenants"][0]
    # A finding about the run as a whole counts for the exit as any other.
    assert controller.play("audit", *variables(access_waivers=[unused], access_fail_on=["low"])).code == 2
    assert vendors.writes() == []


@pytest.mark.long
def test_a_limited_run_takes_no_trend_from_the_tenants_that_it_leaves_out(
    controller: Controller, vendors: Emulator
) -> None:
    devo = {f"devo_{name}": vendors.connections["devo"][name] for name in ("api_url", "api_token", "domain")}
    controller.inventory(ds=datasentinel(vendors), devo={"access_platform": "devo", **devo})
    assert controller.play("audit").code == 0
    # Not TODAY, which may be over by now.
    day = controller.report()["run"]["at"][:10]
    long_ago = str(dt.date.fromisoformat(day) - dt.timedelta(days=91))
    # As if it had been made then.
    text = json.dumps(controller.report()).replace(day, long_ago)
    shutil.rmtree(controller.reports)
    folder.prepare(str(controller.reports))
    folder.write_whole(str(controller.reports), evidence.sealed(json.loads(text)))

    assert controller.play("audit", "--limit", "ds").code == 0
    limited = controller.report()
    full = controller.play("audit")
    report = controller.report()
    jsonschema.validate(report, REPORT_SCHEMA, jsonschema.Draft202012Validator)
    assert full.code == 0, full.output
    assert report["previous"] == {"at": limited["run"]["at"], "sha256": limited["sha256"]}
    found = {(tenant["tenant"], item["rule"]): item for tenant in report["tenants"] for item in tenant["findings"]}
    # Who is disabled since then is only now reported for that.
    assert found.pop(("devo", "account_disabled"))["message"].startswith(
        f"it is disabled, was first reported so on {long_ago}, 91 days ago"
    )
    assert {(item["trend"], item["since"][:10]) for item in found.values()} == {("persisting", long_ago)}
    assert {host for host, _rule in found} == {"ds", "devo"}
    assert (report["fixed"], limited["fixed"]) == ([], [])


def test_what_is_wrong_is_refused_before_any_platform_is_asked(controller: Controller, vendors: Emulator) -> None:
    controller.inventory(ds=datasentinel(vendors))
    wrong = controller.play("audit", *variables(access_waivers=[{**WAIVER, "expires": ""}, {**WAIVER, "rule": "all"}]))
    assert wrong.code == 2
    assert "access_waivers: entry 1 (rule unmanaged, pattern .*): expires must be given" in wrong.output
    assert "entry 2 (rule all, pattern .*): 'all' is no rule" in wrong.output
    (controller.folder / "old.json").write_text("{}")
    unread = controller.play("audit", *variables(access_previous_report="old.json"))
    assert unread.code == 2
    assert "access_previous_report: old.json is not a report of an audit" in unread.output
    assert vendors.requests() == []


@pytest.mark.long
def test_slices_leave_their_reports_where_the_merge_finds_them(controller: Controller, vendors: Emulator) -> None:
    controller.inventory(ds_eu=datasentinel(vendors), ds_us=datasentinel(vendors))
    store = Store()
    with running(store):
        url = f"{store.url}/{{run}}/{{tenant}}/{{file}}"
        sink = {"type": "http_put", "url": url, "headers": {"Authorization": "Bearer let-me-in"}}
        sinks = {"access_report_sinks": [sink]}
        artifacts: dict[str, Any] = {}
        for host in ("ds-eu", "ds-us"):
            run = controller.play("audit", "--limit", host, *variables(**sinks, access_report_dir=host))
            assert run.code == 0, run.output
            # As a controller does it with slices: of one name, one replaces the other.
            artifacts.update(run.stats())
        merged = controller.play("merge_reports", *variables(**artifacts, **sinks, access_report_output="markdown"))
        assert merged.code == 0, merged.output
        assert controller.report()["scope"]["reported"] == ["ds-eu", "ds-us"]
        assert not controller.report()["scope"]["partial"]
        assert "| tenant | platform | verdict | drift | unmanaged | errors |" in merged.output
        assert len([path for path in store.files if path.endswith("/all/report.json")]) == 3

        # What cannot be sent is said, and the verdict is the same.
        store.token = "another"
        unsent = controller.play("merge_reports", *variables(access_reports=["ds-eu/report.json"], **sinks))
        assert unsent.code == 2
        assert "Could not put report.json on sink 1 (http_put, 127.0.0.1)" in unsent.output
        assert "let-me-in" not in merged.output + unsent.output
        assert unsent.stats()["access_audit"]["verdict"] == merged.stats()["access_audit"]["verdict"]


def test_tenants_with_different_sinks_are_refused(controller: Controller, vendors: Emulator) -> None:
    sinks = [{"type": "git", "url": "/srv/evidence.git"}]
    controller.inventory(ds_eu={**datasentinel(vendors), "access_report_sinks": sinks}, ds_us=datasentinel(vendors))
    run = controller.play("audit")
    assert run.code == 2
    assert "access_report_sinks: ds-us has other sinks than other hosts" in run.output
    assert vendors.requests() == []


@pytest.mark.long
def test_slices_are_merged_into_one_report(controller: Controller, vendors: Emulator) -> None:
    controller.inventory(ds_eu=datasentinel(vendors), ds_us=datasentinel(vendors))
    for host in ("ds-eu", "ds-us"):
        assert controller.play("audit", "--limit", host, "-e", f"access_report_dir={host}").code == 0
    requests = len(vendors.requests())
    slices = ["ds-eu/report.json", "ds-us/report.json"]
    run = controller.play("merge_reports", *variables(access_reports=slices))
    assert run.code == 0, run.output
    report = controller.report()
    jsonschema.validate(report, REPORT_SCHEMA, jsonschema.Draft202012Validator)
    assert report["scope"]["reported"] == ["ds-eu", "ds-us"]
    assert not report["scope"]["partial"]
    assert run.stats()["access_audit"]["sha256"] == report["sha256"]
    assert set(run.stats()["access_plan"]) == {"ds-eu", "ds-us"}
    assert (controller.reports / "tenants" / "ds-us.json").exists()

    twice = controller.play("merge_reports", *variables(access_reports=[*slices, slices[0]]))
    assert twice.code == 2
    assert "access_reports: more than one report speaks of ds-eu" in twice.output
    failing = controller.play("merge_reports", *variables(access_reports=slices, access_fail_on=["unmanaged"]))
    assert failing.code == 2
    assert "ds-us: " in failing.output
    assert len(vendors.requests()) == requests


@pytest.mark.long
def test_a_quarter_is_told_by_what_was_kept(controller: Controller, vendors: Emulator) -> None:
    ana = {
        "email": "ana@example.com",
        "password": "canary",
        "privilege": "read",
        "profile": "developer",
        "roles": ["billing"],
    }
    controller.inventory(ds=datasentinel(vendors, ana))
    assert controller.play("apply").code == 0
    assert controller.play("audit").code == 0
    requests = len(vendors.requests())
    chosen = variables(access_from=str(TODAY - dt.timedelta(days=1)), access_to=str(TODAY + dt.timedelta(days=1)))
    run = controller.play("period_report", *chosen)
    assert run.code == 0, run.output
    record = json.loads((controller.reports / "period.json").read_text())
    jsonschema.validate(record, PERIOD_SCHEMA, jsonschema.Draft202012Validator)
    mine = [row for row in record["access"] if row["person"] == ana["email"]]
    assert "role billing" in {row["entitlement"] for row in mine}
    assert {row["granted"]["job"]["operation"] for row in mine} == {"apply"}
    assert record["gaps"] == []
    assert run.stats()["access_period"]["sha256"] == record["sha256"]
    assert "canary" not in "".join(path.read_text() for path in controller.reports.rglob("*") if path.is_file())

    (kept,) = controller.reports.glob("history/*/report.json")
    kept.write_text(kept.read_text().replace("role billing", "role nothing"))
    broken = controller.play("period_report", *chosen)
    assert broken.code == 2
    assert "The evidence is not whole" in broken.output
    assert "was changed after it was written" in broken.output
    assert len(vendors.requests()) == requests
