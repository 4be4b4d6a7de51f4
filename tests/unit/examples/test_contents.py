# SPDX-License-Identifier: GPL-3.0-or-later
"""What examples hold is what its reader takes: JSON, Python, and the variables that the controller's plugins read."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from jinja2 import Environment

from ansible_collections.dataops.access.plugins.module_utils.core import tenants
from ansible_collections.dataops.access.plugins.module_utils.specs import connection_spec
from ansible_collections.dataops.access.plugins.plugin_utils.audit import rules, waivers
from ansible_collections.dataops.access.plugins.plugin_utils.handover import declaration as handover
from ansible_collections.dataops.access.plugins.plugin_utils.platforms import PLATFORMS
from ansible_collections.dataops.access.plugins.plugin_utils.sinks import declaration as sinks
from emulator.app import App
from unit.awx.configured import GIVEN, configured
from unit.awx.schemas import FILES

from . import kinds, known
from .collector import ROOT, Example, collected

RULEBOOK = ROOT / "extensions" / "eda" / "rulebooks" / "joiners_and_leavers.yml"


def of(*sorts: str) -> list[Any]:
    """The examples of some sorts, as parameters that say where they stand."""
    return [pytest.param(each, id=each.where) for each in collected() if kinds.kind(each) in sorts]


# --- JSON ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", of(kinds.CONNECTIONS))
def test_a_file_of_tenants_holds_connection_options(example: Example, tmp_path: Path) -> None:
    file = tmp_path / "tenants.json"
    file.write_text(example.text)
    for host, entry in tenants.read_tenants(str(file)).items():
        takes = {
            name
            for name, platform in PLATFORMS.items()
            if set(entry) <= {*connection_spec(platform), *(each.option for each in platform.credentials)}
        }
        # Hosts are called after their platform.
        assert any(name in host for name in takes), f"{host}: {sorted(entry)}"


@pytest.mark.parametrize("example", of(kinds.LIST))
def test_a_list_in_a_file_is_what_the_module_takes(example: Example) -> None:
    options = known.spec("ds_users")
    assert options is not None
    assert [*known.arguments(example.where, {"users": json.loads(example.text)}, options)] == []


@pytest.mark.parametrize("example", of(kinds.EVENT))
def test_an_event_launches_what_its_page_says(example: Example) -> None:
    event = json.loads(example.text)
    environment = Environment()  # noqa: S701 - expressions, of which nobody makes a page
    environment.tests["match"] = lambda value, pattern: re.match(pattern, str(value)) is not None
    environment.tests["select"] = lambda values, _how, pattern: any(re.search(pattern, value) for value in values)
    environment.tests["search"] = lambda value, pattern: re.search(pattern, str(value)) is not None
    # In conditions of ansible-rulebook a backslash is one; Jinja has escapes.
    (ruleset,) = yaml.safe_load(RULEBOOK.read_text().replace("\\", "\\\\"))
    launched = [
        rule["action"]["run_job_template"]["name"].rpartition(" ")[2]
        for rule in ruleset["rules"]
        if "run_job_template" in rule["action"]
        and environment.compile_expression(rule["condition"])(event={"payload": event, "meta": {}})
    ]
    assert len(launched) == 1
    assert launched[0].endswith({"joiner": "onboard", "leaver": "offboard"}[event["event"]])


@pytest.mark.parametrize("example", of(kinds.READY))
def test_the_emulator_prints_what_is_shown(example: Example) -> None:
    shown = json.loads(example.text)["platforms"]
    served = App().connections("http://127.0.0.1:43210")
    for platform, options in shown.items():
        assert set(options) == set(served[platform])
        assert options["api_url"] == served[platform]["api_url"]


@pytest.mark.parametrize("example", of(kinds.STATE))
def test_the_emulator_starts_with_such_a_state(example: Example) -> None:
    state = kinds.read_yaml(example)
    assert set(state) <= set(App(state).dump())


# --- Python ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", of(kinds.PYTHON))
def test_python_compiles_and_what_uses_the_emulator_runs(example: Example, tally: Callable[..., None]) -> None:
    code = compile(example.text, example.where, "exec", dont_inherit=True)
    # What docs/adding-a-platform.md shows is run by tests/unit/test_adding_a_platform.py.
    if "from emulator" in example.text:
        exec(code, {"__name__": "example"})  # noqa: S102 - the page's own code is what is tested
        tally("examples, run against the emulator", "Python of pages", 1)


# --- variables -------------------------------------------------------------------------------------------------


def declared(name: str) -> list[Any]:
    """The examples that declare a variable."""
    return [each for each in of(kinds.VARIABLES) if name in kinds.read_yaml(each.values[0])]


@pytest.mark.parametrize("example", declared("access_waivers"))
def test_waivers_are_taken(example: Example) -> None:
    given = kinds.read_yaml(example)["access_waivers"]
    # They name a day that was to come when they were written.
    written = min(dt.date.fromisoformat(str(entry["expires"])) for entry in given) - dt.timedelta(days=90)
    assert len(waivers.check(given, written)) == len(given)
    for entry in given:
        assert entry["rule"] in rules.BY_ID


@pytest.mark.parametrize("example", declared("access_rules"))
def test_rules_are_taken(example: Example) -> None:
    given = kinds.read_yaml(example)["access_rules"]
    in_force, by_default = rules.settings(given), rules.settings()
    assert {name for name in in_force if in_force[name] != by_default[name]} == set(given)


@pytest.mark.parametrize("example", declared("access_report_sinks"))
def test_sinks_are_taken(example: Example) -> None:
    given = kinds.read_yaml(example)["access_report_sinks"]
    assert [each.kind for each in sinks.read(given)] == [entry["type"] for entry in given]


@pytest.mark.parametrize("example", declared("access_licence_quota"))
def test_a_quota_is_a_number(example: Example) -> None:
    assert isinstance(kinds.read_yaml(example)["access_licence_quota"], int)


@pytest.mark.parametrize("example", declared("access_reports"))
def test_reports_are_named(example: Example) -> None:
    assert all(name.endswith("/report.json") for name in kinds.read_yaml(example)["access_reports"])


@pytest.mark.parametrize("example", declared("access_token_handover"))
def test_a_handover_is_taken(example: Example, tmp_path: Path) -> None:
    (tmp_path / "tasks").mkdir()
    (tmp_path / "tasks" / "push-token.yml").touch()
    (tmp_path / "group_vars" / "collectors").mkdir(parents=True)
    around = handover.Surroundings("devo-eu", "example", tmp_path, credentials=False)
    token = {"name": "collector", "renew_before": 604800, "secret_file": "/run/secrets/devo-collector"}
    (renewal,), errors = handover.read([token], kinds.read_yaml(example)["access_token_handover"], around)
    assert errors == []
    assert kinds.read_yaml(example)["access_token_handover"]["kind"] in {each.kind for each in renewal.handovers}


@pytest.mark.parametrize("example", [each for each in of(kinds.VARIABLES) if "access_awx_" in each.values[0].text])
def test_a_controller_is_configured_by_them(example: Example) -> None:
    for name, objects in configured({**GIVEN, **kinds.read_yaml(example)}).items():
        for each in objects:
            jsonschema.validate(each, FILES[name], jsonschema.Draft202012Validator)


@pytest.mark.parametrize("example", of(kinds.PLAYBOOK))
def test_a_playbook_for_another_collection_names_files_that_there_are(example: Example) -> None:
    if kinds.named(kinds.NOT_INSTALLED, example):
        (play,) = kinds.read_yaml(example)
        mine = {path.name for path in (ROOT / "awx").glob("controller_*.yml")} | {"vars.yml"}
        assert {Path(name).name for name in play["vars_files"] if name.startswith("access/")} == mine


@pytest.mark.parametrize("example", of(kinds.REQUIREMENTS))
def test_requirements_name_this_collection(example: Example) -> None:
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text())
    assert kinds.read_yaml(example) == {"collections": [{"name": f"{galaxy['namespace']}.{galaxy['name']}"}]}
