# SPDX-License-Identifier: GPL-3.0-or-later
"""An export: what is there becomes declared state, and applying that changes nothing."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from yamllint.config import YamlLintConfig
from yamllint.linter import run as yamllint

from emulator.server import Emulator
from unit.controller.playbook import ROOT, Controller

EXAMPLE = ROOT / "examples" / "tenants"
INVENTORY = yaml.safe_load((EXAMPLE / "inventory.yml").read_text())["all"]
FOLDER = "access-export"
TEMPLATE = "{{ lookup('pipe', 'false') }}"
# What a tenant says of itself without declaring who has access.
BARE = ("access_platform", "devo_domain", "devo_account", "dqm_expected_users")


@pytest.fixture(scope="module")
def running() -> Iterator[Emulator]:
    state = yaml.safe_load((EXAMPLE / "emulator-state.yml").read_text())
    for user in state["datasentinel-eu"]["users"]:
        user.setdefault("comment", TEMPLATE)
    with Emulator(state) as emulator:
        yield emulator


@pytest.fixture
def tenants(running: Emulator) -> Emulator:
    """The tenants of the example at their start."""
    running.reset()
    return running


@pytest.fixture
def controller(tmp_path: Path, tenants: Emulator) -> Controller:
    """The example's hosts, of whom nothing is declared."""
    made = Controller(tmp_path)
    hosts = {
        host: {name: variables[name] for name in BARE if name in variables}
        for host, variables in INVENTORY["hosts"].items()
    }
    (tmp_path / "inventory.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}))
    write_tenants(made, tenants)
    made.environment["ACCESS_TENANTS_FILE"] = "tenants.json"
    return made


def write_tenants(controller: Controller, tenants: Emulator, **wrong: dict[str, str]) -> None:
    """The tenants file; ``wrong``: options that replace a tenant's own."""
    entries = {
        host: {**tenants.connections[host], **wrong.get(host.replace("-", "_"), {})} for host in INVENTORY["hosts"]
    }
    for entry in entries.values():
        entry.pop("domain", None)
        entry.pop("account", None)
    (controller.folder / "tenants.json").write_text(json.dumps(entries))


# Names that YAML or Ansible would read as something else.
ODD = (
    "{{ 7 * 7 }}",
    "{% if %}",
    "yes",
    "1e3",
    "2026-01-01",
    "null",
    "a: b #c",
    'quo"tation\\',
    "Mo\u0308bius \u6f22",
    "=",
)


def files(controller: Controller) -> dict[str, str]:
    """The text of every file, by name."""
    return {path.name: path.read_text() for path in (controller.folder / FOLDER).iterdir()}


def check_texts(texts: dict[str, str]) -> None:
    """They are as a linter likes them, and hold no secret."""
    settings = YamlLintConfig(file=str(ROOT / ".yamllint"))
    assert [problem for text in texts.values() for problem in yamllint(text, settings)] == []
    for secret in ("emulated-", "fake-", "fa4e0000", "the-old-one"):
        assert not any(secret in text for text in texts.values())


def declare(controller: Controller) -> None:
    """Declare what was exported."""
    shutil.copytree(controller.folder / FOLDER, controller.folder / "host_vars")
    people = controller.folder / "host_vars" / "access_people.yml"
    if people.exists():
        (controller.folder / "group_vars" / "all").mkdir(parents=True)
        shutil.move(people, controller.folder / "group_vars" / "all")


def state(tenants: Emulator) -> dict[str, Any]:
    """What the emulator holds of the tenants."""
    return {host: tenants.state(host) for host in tenants.connections}


def check_nothing_changes(controller: Controller, tenants: Emulator, *hosts: str) -> None:
    """Apply what is declared."""
    before, start = state(tenants), len(tenants.requests())
    run = controller.play("apply", "--diff")
    assert run.code == 0, run.output
    assert [host for host in hosts if run.recap(host)["changed"]] == []
    assert tenants.writes(since=start) == []
    assert state(tenants) == before
    run = controller.play("validate")
    assert run.code == 0, run.output


@pytest.mark.long
def test_applying_an_export_changes_nothing(controller: Controller, tenants: Emulator) -> None:
    run = controller.play("export", "--check")
    assert run.code == 0, run.output
    assert tenants.writes() == []
    folder = controller.folder / FOLDER
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    first = files(controller)
    assert set(first) == {f"{host}.yml" for host in INVENTORY["hosts"]}
    # The same state is the same file.
    assert run.recap("alteryx-server")["changed"] == 1
    again = controller.play("export", "--limit", "alteryx-server")
    assert (again.code, again.recap("alteryx-server")["changed"], files(controller)) == (0, 0, first)
    # Two users of one e-mail, and a licence that has ended.
    assert run.stats()["access_export"] == {"form": "tenants", "tenants": 6, "left_out": 3, "failed": []}
    assert "not declared: Uma@example.com: several users have this e-mail" in run.output
    assert "# - Globex/eve@example.com: the licence is inactive" in first["dbsync-partner.yml"]

    check_texts(first)
    declare(controller)
    check_nothing_changes(controller, tenants, *INVENTORY["hosts"])


@pytest.mark.long
def test_applying_people_and_profiles_changes_nothing(controller: Controller, tenants: Emulator) -> None:
    run = controller.play("export", "-e", "access_export_form=people")
    assert run.code == 0, run.output
    assert "profiles -> access-export/access_people.yml" in run.output
    check_texts(files(controller))
    declare(controller)
    assert "datasentinel_users: []\n" in (controller.folder / "host_vars" / "datasentinel-eu.yml").read_text()
    check_nothing_changes(controller, tenants, *INVENTORY["hosts"])


def test_names_come_back_as_they_are(controller: Controller, tenants: Emulator) -> None:
    users = [{"company": company, "name": name} for company in ("{{ 6 }}", "on") for name in ODD]
    partner = {"app_key": "fake-partner-app-key", "app_token": "fake-partner-app-token", "users": users}
    tenants.reset(state={"dbsync-partner": {"platform": "dbsync", "partners": [partner]}})
    run = controller.play("export", "--limit", "dbsync-partner")
    assert run.code == 0, run.output
    assert files(controller)["dbsync-partner.yml"].count("!unsafe") > len(ODD)
    declare(controller)
    before = state(tenants)
    run = controller.play(
        "apply", "--limit", "dbsync-partner", "-e", '{"dbsync_purge": true, "dbsync_max_deletions": "-1"}'
    )
    assert (run.code, run.recap("dbsync-partner")["changed"]) == (0, 0), run.output
    assert tenants.writes() == []
    assert state(tenants) == before


def test_a_tenant_that_cannot_be_read_does_not_stop_the_others(controller: Controller, tenants: Emulator) -> None:
    two = ("--limit", "datasentinel-eu,dqm-group")
    assert controller.play("export", "--limit", "datasentinel-eu").code == 0
    older = files(controller)["datasentinel-eu.yml"]
    write_tenants(controller, tenants, datasentinel_eu={"api_password": "wrong"})
    run = controller.play("export", *two)
    assert run.code == 2
    assert (run.recap("datasentinel-eu")["failed"], run.recap("dqm-group")["failed"]) == (1, 0)
    assert "datasentinel-eu: it could not be read, and is not exported: " in run.output
    assert run.stats()["access_export"]["failed"] == ["datasentinel-eu"]
    # What was exported before stays.
    assert files(controller)["datasentinel-eu.yml"] == older
    assert "dqm_expected_clients:" in files(controller)["dqm-group.yml"]


def test_a_file_that_somebody_has_edited_is_not_lost(controller: Controller, tenants: Emulator) -> None:
    assert controller.play("export", "--limit", "devo-eu").code == 0
    path = controller.folder / FOLDER / "devo-eu.yml"
    edited = path.read_text().replace("[OWNER]", "[ADMIN]")
    path.write_text(edited)
    asked = len(tenants.requests())
    run = controller.play("export")
    assert run.code == 2
    assert "access-export/devo-eu.yml: not as an export wrote it" in run.output
    assert (path.read_text(), len(tenants.requests()), len(files(controller))) == (edited, asked, 1)
    run = controller.play("export", "-e", "access_export_force=true", "--limit", "devo-eu")
    assert (run.code, path.read_text() == edited) == (0, False)


def test_a_devo_tenant_without_domain_and_account_says_what_it_needs(controller: Controller) -> None:
    controller.inventory(devo_eu={"access_platform": "devo"})
    run = controller.play("export", "-e", "access_export_form=nothing")
    assert run.code == 2
    assert "tenants, people" in run.output
    (*_before, (module, _where, result)) = controller.results()
    assert (module, result["failure"]["kind"]) == ("access_export", "validation")
    run = controller.play("export")
    assert run.code == 2
    assert "devo-eu: it is not exported: there is nothing to read: for users of Devo set devo_domain" in run.output
