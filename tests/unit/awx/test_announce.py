# SPDX-License-Identifier: GPL-3.0-or-later
"""announce_plan.yml of the example project: what an approval says, and when nobody is asked for one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from unit.awx.configured import AWX
from unit.awx.controller import START, Controller

PLAYBOOK = AWX.parent / "examples" / "awx_project" / "announce_plan.yml"
NODE = {
    "identifier": "approve",
    "workflow_job_template": "Access audit and apply",
    "organization": "Default",
    "approval_node": {"name": "Apply access changes?", "timeout": 60},
}
# What the jobs of two slices hand on, put together; the sums of the one overwrite those of the other.
HANDED_ON: dict[str, Any] = {
    "access_audit": {"verdict": "drift", "tenants": 1, "create": 1, "update": 0, "delete": 0, "registrations": 0},
    "access_audit__devo-eu": {"verdict": "drift", "create": 3, "update": 0, "delete": 2, "registrations": 0},
    "access_audit__dbsync.example": {"verdict": "drift", "create": 4, "update": 1, "delete": 0, "registrations": 4},
    "access_audit__dqm": {"verdict": "clean", "create": 0, "update": 0, "delete": 0, "registrations": 0},
    "access_audit__of_another_inventory": {"verdict": "drift", "create": 9},
}
TENANTS = "dqm,dbsync.example,devo-eu"


@pytest.fixture
def controller(tmp_path: Path) -> Controller:
    made = Controller(tmp_path)
    workflow = {"name": "Access audit and apply", "organization": "Default"}
    made.state = {**START, "workflow_job_template": [workflow], "workflow_job_template_node": [NODE]}
    return made


def announce(controller: Controller, tenants: str, **given: Any) -> tuple[int, str, dict[str, Any]]:
    """The exit code, what was printed, and the approval afterwards."""
    told = {"awx_workflow_job_name": "Access audit and apply", "access_workflow_organization": "Default", **HANDED_ON}
    code, output = controller.play(PLAYBOOK, tenants, {**told, **given})
    (node,) = controller.state["workflow_job_template_node"]
    approval: dict[str, Any] = node["approval_node"]
    return code, " ".join(output.split()), approval


def test_an_approval_says_what_it_lets_through(controller: Controller) -> None:
    code, output, approval = announce(controller, TENANTS)
    assert code == 0, output
    assert approval["name"] == "Apply access changes? 7 created, 1 changed, 2 deleted, 4 registered, on 2 of 3 tenants"
    assert approval["description"].startswith(
        "devo-eu: 3 created, 0 changed, 2 deleted, 0 registered. "
        "dbsync.example: 4 created, 1 changed, 0 deleted, 4 registered."
    )
    assert approval["name"] in output


@pytest.mark.long
@pytest.mark.parametrize(
    ("tenants", "given", "says"),
    [
        (f"{TENANTS},gone", {}, "Could not be audited: gone."),
        (TENANTS, {"access_audit__dqm": {"verdict": "error"}}, "Could not be audited: dqm."),
        ("gone", {"access_announce_partial": True}, "The audit handed on no numbers."),
        ("dqm", {}, "No plan changes anything"),
        (
            TENANTS,
            {"access_announce_partial": True}
            | {f"access_audit__{host}": {"verdict": "error", "create": 5} for host in TENANTS.split(",")},
            "No plan changes anything",
        ),
    ],
)
def test_nobody_is_asked_where_nobody_could_tell(
    controller: Controller, tenants: str, given: dict[str, Any], says: str
) -> None:
    code, output, approval = announce(controller, tenants, **given)
    assert (code, approval) == (2, NODE["approval_node"])
    assert says in output


@pytest.mark.long
def test_it_goes_on_with_a_part_if_that_is_meant(controller: Controller) -> None:
    broken = {"access_audit__devo-eu": {"verdict": "error"}, "access_announce_partial": True}
    code, output, approval = announce(controller, TENANTS, **broken)
    assert code == 0, output
    assert approval["name"].endswith("4 created, 1 changed, 0 deleted, 4 registered, on 1 of 3 tenants")
    assert "Could not be audited, and will be refused: devo-eu." in approval["description"]


@pytest.mark.long
def test_a_limit_is_the_workflows_and_many_tenants_are_cut_short(controller: Controller) -> None:
    plan = {"verdict": "drift", "create": 1, "update": 0, "registrations": 0}
    many = {f"t{n:02}": {**plan, "delete": n} for n in range(30)}
    code, output, approval = announce(
        controller, ",".join(many), **{f"access_audit__{host}": each for host, each in many.items()}
    )
    assert code == 0, output
    assert "on 30 of 30 tenants" in approval["name"]
    assert approval["description"].startswith("t29: 1 created, 0 changed, 29 deleted")
    assert "And 10 more tenants." in approval["description"]
    assert "t09" not in approval["description"]


@pytest.mark.long
def test_launched_by_itself_it_only_says_it(controller: Controller) -> None:
    code, output, approval = announce(controller, TENANTS, awx_workflow_job_name="")
    assert (code, approval) == (0, NODE["approval_node"])
    assert "7 created" in output
