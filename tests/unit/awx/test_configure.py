# SPDX-License-Identifier: GPL-3.0-or-later
"""awx/configure.yml, run against a stand-in for awx.awx."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from unit.awx import engine
from unit.awx.configured import ALL_GIVEN, GIVEN, configured
from unit.awx.controller import START, Controller

# The module that creates the objects of a list.
MODULES = {
    "controller_labels": "label",
    "controller_credential_types": "credential_type",
    "controller_execution_environments": "execution_environment",
    "controller_notifications": "notification_template",
    "controller_projects": "project",
    "controller_inventories": "inventory",
    "controller_inventory_sources": "inventory_source",
    "controller_templates": "job_template",
    "controller_workflows": "workflow_job_template",
    "controller_schedules": "schedule",
}


@pytest.fixture
def controller(tmp_path: Path) -> Controller:
    return Controller(tmp_path)


def changed(output: str) -> list[str]:
    return [line for line in output.splitlines() if line.startswith("changed:")]


def question(template: dict[str, Any]) -> dict[str, Any]:
    asked: dict[str, Any] = template["survey_spec"]["spec"][0]
    return asked


def forget(notification: dict[str, Any]) -> None:
    notification["notification_configuration"]["token"] = "another"


def test_everything_is_created_and_what_was_edited_stays(controller: Controller) -> None:
    code, output = controller.configure(ALL_GIVEN, "-vv")
    assert code == 0, output
    assert "canary" not in output
    state = controller.state
    for name, wanted in configured(ALL_GIVEN).items():
        kept = {each["name"]: each for each in state[MODULES[name]]}
        assert set(kept) == {each["name"] for each in wanted}
        for each in wanted:
            known = {key: value for key, value in each.items() if key in kept[each["name"]]}
            assert {key: kept[each["name"]][key] for key in known} == known
            # What is not passed on is empty, or made of nodes.
            left_out = set(each) - set(known) - {"simplified_workflow_nodes"}
            assert not any(each[key] for key in left_out), (name, each["name"])
    for each in state["credential_type"]:
        engine.check(each)
    nodes = {each["identifier"]: each for each in state["workflow_job_template_node"]}
    (workflow,) = configured(ALL_GIVEN)["controller_workflows"]
    for node in workflow["simplified_workflow_nodes"]:
        assert {key: nodes[node["identifier"]][key] for key in node} == node
    assert {each.get("organization", "Identity") for found in state.values() for each in found} == {"Identity"}

    # Somebody edits what is theirs to edit, and an announcement writes the approval's text.
    controller.edit("job_template", "Blue onboard", lambda each: question(each).update(question_name="Who?"))
    controller.edit("job_template", "Blue offboard", lambda each: each.update(survey_enabled=False))
    controller.edit("schedule", "Blue nightly audit", lambda each: each.update(enabled=False, rrule="another"))
    controller.edit("workflow_job_template_node", "approve", lambda each: each["approval_node"].update(name="2 gone"))
    controller.edit("notification_template", "Blue notification: slack", forget)
    before = controller.state
    code, output = controller.configure(ALL_GIVEN)
    assert (code, changed(output)) == (0, []), output
    assert controller.state == before


@pytest.mark.long
def test_what_is_not_theirs_is_put_right_and_the_rest_if_asked_for(controller: Controller) -> None:
    assert controller.configure(ALL_GIVEN)[0] == 0
    before = controller.state
    controller.edit("job_template", "Blue audit", lambda each: each.update(ask_variables_on_launch=True))
    controller.edit("credential_type", "Blue Devo", lambda each: each["injectors"]["env"].clear())
    controller.edit("workflow_job_template_node", "audit", lambda each: each.update(success_nodes=["approve"]))
    edited = controller.state
    code, output = controller.configure(ALL_GIVEN, "--check")
    assert (code, len(changed(output)), controller.state) == (0, 3, edited), output
    assert controller.configure(ALL_GIVEN)[0] == 0
    assert controller.state == before

    controller.edit("job_template", "Blue onboard", lambda each: question(each).update(question_name="Who?"))
    controller.edit("schedule", "Blue nightly audit", lambda each: each.update(enabled=False))
    controller.edit("notification_template", "Blue notification: slack", forget)
    again = {**ALL_GIVEN, "access_awx_overwrite": ["surveys", "schedules", "notifications"]}
    code, output = controller.configure(again, "-vv")
    assert code == 0, output
    assert "canary" not in output
    assert controller.state == before


@pytest.mark.long
def test_two_prefixes_stand_side_by_side(controller: Controller) -> None:
    assert controller.configure(GIVEN)[0] == 0
    before = controller.state
    code, output = controller.configure({**GIVEN, "access_awx_prefix": "Green ", "access_awx_organization": "Default"})
    assert code == 0, output
    for module, objects in controller.state.items():
        if module not in START and module != "workflow_job_template_node":
            assert len(objects) == 2 * len(before[module])
            assert {each["name"].split()[0] for each in objects} == {"Blue", "Green"}
            assert [each for each in objects if each["name"].startswith("Blue")] == before[module]


def test_what_cannot_work_is_said_before_anything_is_written(controller: Controller) -> None:
    code, output = controller.configure({**GIVEN, "access_awx_project_url": ""})
    assert code == 2
    assert "access_awx_project_url must be the URL of the repository" in " ".join(output.split())
    assert controller.state == START


@pytest.mark.long
@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"access_awx_project_url": "https://user:canary@git.example.com/x"}, "without a password"),
        ({"access_awx_organization": " "}, "access_awx_organization must be a name"),
        ({"access_awx_prefix": "a++b"}, "without ++"),
        ({"access_profiles": {}}, "There are no profiles"),
        ({"access_onboard_profiles": ["fnance"]}, "access_profiles does not have fnance"),
        ({"access_awx_profiles": "finance"}, "There are no profiles"),
        ({"access_awx_slices": 0}, "access_awx_slices must be a whole number of at least 1"),
        ({"access_awx_timeout": "1h"}, "access_awx_timeout must be a whole number"),
        ({"access_awx_notifications": ["pager"]}, "pager is none of email, mattermost, slack, teams, webhook"),
        (
            {"access_awx_notifications": ["slack"], "access_awx_slack": {"token": "canary"}},
            "lacks channels",
        ),
        (
            {"access_awx_report_sinks": [{"type": "http_put", "headers": {"Authorization": "Bearer canary"}}]},
            "access_awx_report_sinks holds a secret",
        ),
        ({"access_awx_report_sinks": [{"type": "mail", "password": "canary"}]}, "holds a secret"),
        ({"access_awx_overwrite": ["survey"]}, "may name surveys, schedules and notifications"),
    ],
)
def test_each_input_that_cannot_work_is_named(controller: Controller, given: dict[str, Any], says: str) -> None:
    code, output = controller.configure({**GIVEN, **given})
    assert code == 2
    assert says in " ".join(output.split())
    assert "canary" not in output
    assert controller.state == START


@pytest.mark.long
def test_a_controller_has_to_be_named(controller: Controller) -> None:
    code, output = controller.configure(GIVEN, CONTROLLER_HOST="")
    assert (code, controller.state) == (2, START)
    assert "No controller is named. Set CONTROLLER_HOST" in " ".join(output.split())
    # A setting that awx.awx reads by itself.
    (controller.folder / ".tower_cli.cfg").write_text("host: https://controller.example.com\n")
    assert controller.configure(GIVEN, CONTROLLER_HOST="")[0] == 0
