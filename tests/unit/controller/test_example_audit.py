# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit of examples/tenants: every rule finds something at its start, and what an apply leaves is no alarm."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
import yaml

from ansible_collections.dataops.access.plugins.plugin_utils import platforms
from ansible_collections.dataops.access.plugins.plugin_utils.audit.report import FAIL_ON_DEFAULT
from ansible_collections.dataops.access.plugins.plugin_utils.audit.rules import RULES, settings
from emulator.server import Emulator
from unit.controller.example import controller_of, emulated, inventory, write_tenants
from unit.controller.playbook import ROOT, Controller, Run

SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text())
SOON = (dt.datetime.now(dt.UTC) + dt.timedelta(days=9)).date().isoformat()
ACCEPTED = {"reason": "for this test", "approved_by": "security@example.com"}
WAIVERS = [
    {**ACCEPTED, "rule": "drift", "pattern": ".*", "expires": "2020-02-29"},
    # Of a tenant that is read: what could not be read may be what a waiver is for.
    {**ACCEPTED, "rule": "drift", "key": "nobody", "tenant": "devo-eu", "expires": SOON},
    {**ACCEPTED, "rule": "drift", "pattern": ".*", "expires": SOON},
]


@pytest.fixture(scope="module")
def tenants() -> Iterator[Emulator]:
    with emulated() as emulator:
        yield emulator


@pytest.fixture(scope="module")
def controller(tmp_path_factory: pytest.TempPathFactory, tenants: Emulator) -> Controller:
    return controller_of(tmp_path_factory.mktemp("example"), tenants)


@pytest.fixture(scope="module")
def start(controller: Controller, tenants: Emulator) -> tuple[Run, dict[str, Any]]:
    """An audit of the start state, where one tenant cannot be read, and waivers are of no use."""
    write_tenants(controller, tenants, dqm_group={"api_password": "wrong"})
    run = controller.play("audit", "-e", json.dumps({"access_waivers": WAIVERS}))
    write_tenants(controller, tenants)
    return run, controller.report()


def rules_of(report: dict[str, Any]) -> set[str]:
    return {item["rule"] for part in (report, *report["tenants"]) for item in part["findings"]}


def test_every_rule_finds_something(start: tuple[Run, dict[str, Any]], tenants: Emulator) -> None:
    run, report = start
    assert run.code == 2
    assert {rule.id for rule in RULES} == rules_of(report)
    assert tenants.writes() == []
    jsonschema.validate(report, SCHEMA, jsonschema.Draft202012Validator)


def test_the_report_holds_the_rules_as_they_were_set(start: tuple[Run, dict[str, Any]]) -> None:
    assert start[1]["rules"] == settings(inventory()["all"]["vars"]["access_rules"])


def test_every_finding_says_what_to_do_and_every_tenant_what_was_not_looked_at(
    start: tuple[Run, dict[str, Any]],
) -> None:
    for tenant in start[1]["tenants"]:
        assert tenant["not_covered"] == list(platforms.PLATFORMS[tenant["platform"]].not_covered)
        for item in tenant["findings"]:
            assert item["message"]
            assert item["remedy"].endswith((".", "]"))


def test_a_remedy_is_taken_by_the_role_that_it_is_for(start: tuple[Run, dict[str, Any]]) -> None:
    variables = {variable for variable, _service in platforms.VARIABLES.values()}
    told = 0
    for tenant in start[1]["tenants"]:
        for item in tenant["findings"]:
            for variable in variables:
                _before, found, after = item["remedy"].partition(f"{variable}: [")
                if found and "..." not in after:
                    (entry,) = yaml.safe_load(f"[{after.partition(']')[0]}]")
                    assert variable.startswith(tenant["platform"])
                    assert entry.get("state", "absent") == "absent"
                    told += 1
    assert told > 20


@pytest.mark.long
def test_what_an_apply_leaves_is_no_alarm(start: tuple[Run, dict[str, Any]], controller: Controller) -> None:
    run = controller.play("apply")
    assert run.code == 0, run.output
    run = controller.play("audit")
    report = controller.report()
    assert run.code == 0, run.output
    assert report["verdict"] == "findings"
    assert not {item["severity"] for tenant in report["tenants"] for item in tenant["findings"]} & set(FAIL_ON_DEFAULT)
    licences = {tenant["tenant"]: tenant["licences"] for tenant in report["tenants"] if tenant["licences"]}
    assert licences == {"dbsync-partner": {"used": 9, "quota": 10}}
    # These were mended by it.
    mended = {"leaver_active", "token_of_leaver", "separation_of_duties", "administrator_unapproved", "mass_change"}
    assert mended <= {item["rule"] for item in report["fixed"]}
