# SPDX-License-Identifier: GPL-3.0-or-later
"""The files under awx/: what an automation controller takes, and what must never be in them."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import pytest

from unit.awx.configured import ALL_GIVEN, AWX, GIVEN, configured, files, one
from unit.awx.schemas import FILES

ROOT = AWX.parent
FEW, MANY = configured(GIVEN), configured(ALL_GIVEN)
BOTH = pytest.mark.parametrize("lists", [FEW, MANY], ids=["few", "all"])


def test_every_list_has_its_file() -> None:
    assert set(files()) == set(FILES)


@BOTH
@pytest.mark.parametrize("name", sorted(FILES))
def test_a_controller_takes_every_object(name: str, lists: dict[str, Any]) -> None:
    schema = jsonschema.Draft202012Validator(FILES[name])
    assert [error.message for each in lists[name] for error in schema.iter_errors(each)] == []


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_schemas_are_schemas(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(FILES[name])
    assert list(jsonschema.Draft202012Validator(FILES[name]).iter_errors({"unknown": "x"}))


def test_everything_is_there_when_everything_is_given() -> None:
    assert all(MANY.values())
    assert {name for name, found in FEW.items() if not found} == {
        "controller_execution_environments",
        "controller_notifications",
    }


@BOTH
def test_names_have_the_prefix_and_everything_is_in_the_organization(lists: dict[str, Any]) -> None:
    for name, found in lists.items():
        for each in found:
            assert each["name"].startswith("Blue"), name
            assert each.get("organization", "Identity") == "Identity"
            assert "organization" in each or name == "controller_credential_types"


@pytest.mark.parametrize("prefix", ["", "DE-"])
def test_any_prefix_does(prefix: str) -> None:
    for name in ("controller_labels", "controller_projects", "controller_schedules"):
        made = one(name, {**GIVEN, "access_awx_prefix": prefix})
        assert all(each["name"].strip() and each["name"].startswith(prefix.strip()) for each in made)


@BOTH
def test_a_name_is_found_once(lists: dict[str, Any]) -> None:
    """Projects, inventory sources, templates and workflows are looked up in one list."""
    kinds = ("projects", "inventory_sources", "templates", "workflows")
    names = [each["name"] for kind in kinds for each in lists[f"controller_{kind}"]]
    assert len(set(names)) == len(names)
    for found in lists.values():
        assert len({each["name"] for each in found}) == len(found)


@BOTH
def test_what_is_referred_to_exists(lists: dict[str, Any]) -> None:
    names = {kind: {each["name"] for each in found} for kind, found in lists.items()}
    launched = names["controller_templates"] | names["controller_workflows"]
    for each in lists["controller_templates"]:
        assert each["project"] in names["controller_projects"]
        assert each["inventory"] in names["controller_inventories"]
        assert {each["execution_environment"]} - {""} == names["controller_execution_environments"]
    for each in lists["controller_inventory_sources"]:
        assert (each["source_project"], each["inventory"]) == (
            lists["controller_projects"][0]["name"],
            lists["controller_inventories"][0]["name"],
        )
    assert {each["unified_job_template"] for each in lists["controller_schedules"]} <= launched
    for each in lists["controller_templates"] + lists["controller_workflows"]:
        assert set(each["labels"]) <= names["controller_labels"]
        told = [each.get(f"notification_templates_{when}", []) for when in ("success", "error", "approvals")]
        assert set(chain(*told)) <= names["controller_notifications"]


# --- job templates --------------------------------------------------------------------------------------------------

TEMPLATES = {each["name"].removeprefix("Blue "): each for each in MANY["controller_templates"]}


def test_every_playbook_is_in_the_example_project_or_in_the_collection() -> None:
    for each in TEMPLATES.values():
        places = (ROOT / "examples" / "awx_project" / each["playbook"], ROOT / "playbooks" / each["playbook"])
        assert any(place.exists() for place in places), each["playbook"]


@pytest.mark.parametrize("each", TEMPLATES.values(), ids=TEMPLATES)
def test_nobody_who_launches_chooses_where_credentials_go(each: dict[str, Any]) -> None:
    for asked in ("variables", "inventory", "scm_branch", "execution_environment"):
        assert each[f"ask_{asked}_on_launch"] is False
    assert each["allow_simultaneous"] is False
    assert each["become_enabled"] is False


def test_an_audit_is_a_check_with_diff() -> None:
    assert (TEMPLATES["audit"]["job_type"], TEMPLATES["audit"]["diff_mode"]) == ("check", True)
    assert {each["job_type"] for name, each in TEMPLATES.items() if name != "audit"} == {"run"}


def test_one_person_is_one_job_on_all_tenants() -> None:
    for name in ("onboard", "offboard"):
        assert TEMPLATES[name]["job_slice_count"] == 1
        assert TEMPLATES[name]["ask_limit_on_launch"] is False
    # It adds the slices up.
    assert TEMPLATES["announce plan"]["job_slice_count"] == 1
    assert {TEMPLATES[name]["job_slice_count"] for name in ("audit", "apply", "apply approved plan")} == {4}


def test_who_asks_no_platform_gets_none_of_the_credentials() -> None:
    assert TEMPLATES["announce plan"]["credentials"] == ["Controller"]
    assert TEMPLATES["merge reports"]["credentials"] == ["Sinks"]
    assert "credentials" not in TEMPLATES["validate"]
    for name in ("audit", "apply", "apply approved plan", "onboard", "offboard", "rotate tokens", "export"):
        assert TEMPLATES[name]["credentials"] == ["Tenants"]


def test_variables_are_given_by_the_template_alone() -> None:
    assert TEMPLATES["apply approved plan"]["extra_vars"]["access_approval_required"] is True
    assert "access_approval_required" not in TEMPLATES["apply"]["extra_vars"]
    assert TEMPLATES["audit"]["extra_vars"]["access_fail_on"] == ["drift"]
    assert TEMPLATES["audit"]["extra_vars"]["access_report_sinks"] == ALL_GIVEN["access_awx_report_sinks"]
    # They would go before what the inventory says.
    assert all("access_report_sinks" not in each.get("extra_vars", {}) for each in FEW["controller_templates"])


# --- surveys --------------------------------------------------------------------------------------------------------

SURVEYS = {name: each["survey_spec"] for name, each in TEMPLATES.items() if "survey_spec" in each}


@pytest.mark.parametrize("name", SURVEYS)
def test_a_survey_can_be_saved_and_answered(name: str) -> None:
    questions = SURVEYS[name]["spec"]
    assert TEMPLATES[name]["survey_enabled"] is True
    assert len({each["variable"] for each in questions}) == len(questions)
    for each in questions:
        chooses = each["type"] in ("multiplechoice", "multiselect")
        assert ("choices" in each) is chooses
        assert isinstance(each["default"], {"integer": int, "float": float}.get(each["type"], str))
        if chooses and each["default"]:
            assert set(each["default"].split("\n")) <= set(each["choices"])
        # An answer that was left empty comes as an empty text, which must not be too short.
        if each["type"] in ("text", "textarea") and not each["required"]:
            assert each["min"] == 0


def test_the_help_desk_is_offered_what_it_may_grant() -> None:
    onboard = TEMPLATES["onboard"]
    (profiles,) = [each for each in SURVEYS["onboard"]["spec"] if each["type"] == "multiselect"]
    assert profiles["choices"] == onboard["extra_vars"]["access_onboard_offered"] == ["finance", "reviews"]
    # Not by a survey, which whoever may edit the template could do away with.
    assert not {"access_onboard_profiles", "access_onboard_offered"} & {
        each["variable"] for each in SURVEYS["onboard"]["spec"]
    }
    limited = one("controller_templates", {**GIVEN, "access_onboard_profiles": ["finance"]})
    (onboard,) = [each for each in limited if each["playbook"] == "onboard.yml"]
    assert onboard["extra_vars"]["access_onboard_offered"] == ["finance"]
    assert onboard["survey_spec"]["spec"][2]["choices"] == ["finance"]


def variables_of(playbook: str) -> set[str]:
    """The variables that a playbook of the collection may be given, and those of the plugin for one person."""
    text = (ROOT / "playbooks" / playbook).read_text()
    return set(re.findall(r"\baccess_\w+", text))


@pytest.mark.parametrize("name", SURVEYS)
def test_the_answers_reach_the_playbook(name: str) -> None:
    known = variables_of(TEMPLATES[name]["playbook"])
    assert {each["variable"] for each in SURVEYS[name]["spec"]} <= known


# --- workflow -------------------------------------------------------------------------------------------------------

(WORKFLOW,) = MANY["controller_workflows"]
NODES = {each["identifier"]: each for each in WORKFLOW["simplified_workflow_nodes"]}
EDGES = ("success_nodes", "failure_nodes", "always_nodes")


def test_a_workflow_leads_from_a_failed_audit_over_an_approval_to_an_audit() -> None:
    edges = {(name, kind, other) for name, each in NODES.items() for kind in EDGES for other in each.get(kind, [])}
    assert edges == {
        ("audit", "failure_nodes", "announce"),
        ("announce", "success_nodes", "approve"),
        ("approve", "success_nodes", "apply"),
        ("apply", "always_nodes", "verify"),
    }
    launched = {name: each.get("unified_job_template", "").removeprefix("Blue ") for name, each in NODES.items()}
    assert launched == {
        "audit": "audit",
        "announce": "announce plan",
        "approve": "",
        "apply": "apply approved plan",
        "verify": "audit",
    }


def test_a_workflow_waits_for_the_one_before_and_takes_no_variables() -> None:
    assert WORKFLOW["allow_simultaneous"] is False
    for asked in ("variables", "inventory", "scm_branch"):
        assert WORKFLOW[f"ask_{asked}_on_launch"] is False
    # Those nodes alone that ask for a limit get the workflow's.
    for name in ("audit", "announce plan", "apply approved plan"):
        assert TEMPLATES[name]["ask_limit_on_launch"] is WORKFLOW["ask_limit_on_launch"] is True


def test_an_announcement_outlives_a_new_configuration() -> None:
    assert set(NODES["approve"]["approval_node"]) == {"name", "timeout"}


# --- schedules ------------------------------------------------------------------------------------------------------


def rule_errors(rrule: str) -> list[str]:
    """What the controller has against it."""
    start, *rules = rrule.split(" ")
    errors = []
    zone = re.fullmatch(r"DTSTART;TZID=([^:]+):\d{8}T\d{6}", start)
    if zone:
        ZoneInfo(zone[1])
    elif not re.fullmatch(r"DTSTART:\d{8}T\d{6}Z", start):
        errors.append("a start with its zone")
    for rule in rules:
        parts = dict(part.partition("=")[::2] for part in rule.removeprefix("RRULE:").split(";"))
        if not rule.startswith("RRULE:") or "INTERVAL" not in parts:
            errors.append("a rule with INTERVAL")
        if parts.get("FREQ") not in ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY"):
            errors.append("FREQ")
        if re.search(r"\d", parts.get("BYDAY", "")):
            errors.append("BYDAY with a number")
        if not set(parts.get("BYDAY", "MO").split(",")) <= {"MO", "TU", "WE", "TH", "FR", "SA", "SU"}:
            errors.append("BYDAY")
        if ("COUNT" in parts and "UNTIL" in parts) or int(parts.get("COUNT", 1)) > 999:
            errors.append("COUNT")
        if set(parts) - {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYHOUR", "BYMINUTE", "WKST"}:
            errors.append("an unknown part")
    return errors + ([] if rules else ["a rule"])


@pytest.mark.parametrize("zone", ["Etc/UTC", "Europe/Paris"])
def test_the_controller_takes_the_rule_of_every_schedule(zone: str) -> None:
    for each in one("controller_schedules", {**GIVEN, "access_awx_timezone": zone}):
        assert rule_errors(each["rrule"]) == []
        assert f"TZID={zone}:" in each["rrule"]


@pytest.mark.parametrize(
    "rrule",
    [
        "DTSTART:20260105T030000 RRULE:FREQ=DAILY;INTERVAL=1",
        "DTSTART:20260105T030000Z RRULE:FREQ=DAILY",
        "DTSTART:20260105T030000Z RRULE:FREQ=SECONDLY;INTERVAL=1",
        "DTSTART:20260105T030000Z RRULE:FREQ=MONTHLY;INTERVAL=1;BYDAY=1MO",
        "DTSTART:20260105T030000Z RRULE:FREQ=DAILY;INTERVAL=1;COUNT=2;UNTIL=20270101T000000Z",
        "DTSTART:20260105T030000Z RRULE:FREQ=DAILY;INTERVAL=1;COUNT=1000",
        "DTSTART:20260105T030000Z EXDATE:20260106T030000Z",
        "DTSTART:20260105T030000Z",
    ],
)
def test_the_rules_of_schedules_are_told_apart(rrule: str) -> None:
    assert rule_errors(rrule)


def test_only_what_changes_nothing_is_enabled() -> None:
    enabled = [each["unified_job_template"] for each in MANY["controller_schedules"] if each["enabled"]]
    assert enabled == ["Blue audit"]


# --- all files ------------------------------------------------------------------------------------------------------


def paths() -> list[Path]:
    return sorted(AWX.rglob("*.yml"))


def test_no_secret_is_in_any_file_and_none_is_asked_for_by_a_survey() -> None:
    for found in SURVEYS.values():
        assert all(each["type"] != "password" for each in found["spec"])
    for each in chain(*FEW.values()):
        assert "canary" not in str(each)
    settings = [each.pop("notification_configuration") for each in one("controller_notifications", ALL_GIVEN)]
    assert "canary" in str(settings)
    without = [{**each, "notification_configuration": None} for each in MANY["controller_notifications"]]
    others = [each for name, found in MANY.items() if name != "controller_notifications" for each in found]
    assert "canary" not in str(without + others)


def test_awx_awx_is_enough() -> None:
    used = set(re.findall(r"^ +(?:- )?(\w+\.\w+\.\w+):", "\n".join(path.read_text() for path in paths()), re.MULTILINE))
    assert {name.rsplit(".", 1)[0] for name in used} == {"ansible.builtin", "awx.awx"}
