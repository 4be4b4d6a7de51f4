# SPDX-License-Identifier: GPL-3.0-or-later
"""awx/configure.yml with the collection awx.awx itself, against a stand-in for a controller's REST API."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import awx_collection
from unit.awx.configured import ALL_GIVEN, configured
from unit.awx.controller import OPTIONS, configure
from unit.awx.records import APPROVALS, ASSOCIATIONS, Object, Records, Refused
from unit.awx.rest import Rest
from unit.handover.servers import running

ROOT = Path(__file__).resolve().parents[3]
UNORDERED = {name for each in ASSOCIATIONS.values() for name in each}


@pytest.fixture(scope="module")
def collections() -> Path:
    """The directory of awx.awx, downloaded by the first test that asks for it."""
    return awx_collection.collection(ROOT / ".work", ROOT / "requirements" / "awx.txt")


@pytest.fixture
def rest() -> Iterator[Rest]:
    project = ROOT / "examples" / "awx_project"
    server = Rest(Records(frozenset(path.name for path in project.glob("*.yml"))))
    with running(server):
        yield server


def filled(filed: Object) -> Object:
    """Without what is empty, zero or off: a file may leave it out, or the module. What is associated has no order."""
    found = {name: sorted(value) if name in UNORDERED else value for name, value in filed.items() if value}
    if "simplified_workflow_nodes" in found:
        found["simplified_workflow_nodes"] = [filled(each) for each in found["simplified_workflow_nodes"]]
    return found


def by_name(filed: list[Object]) -> dict[str, Object]:
    found = {each["name"]: filled(each) for each in filed}
    assert len(found) == len(filed)
    return found


def changed(output: str) -> list[str]:
    return [line for line in output.splitlines() if line.startswith("changed:")]


def test_the_stand_in_refuses_what_a_controller_would() -> None:
    records = Records(frozenset({"audit.yml"}))
    organization = records.number("organizations", "Default")
    project = records.keep("projects", {"name": "project", "organization": organization})
    inventory = records.keep("inventories", {"name": "tenants", "organization": organization})
    template = {"name": "audit", "organization": organization, "project": project, "inventory": inventory}
    template |= {"playbook": "audit.yml", "job_type": "check", "extra_vars": "{}"}
    records.check("job_templates", 0, template)
    for wrong, says in (
        ({"name": ""}, r"\$.name"),
        ({"timeout": "60"}, r"\$.timeout"),
        ({"unheard_of": 1}, "unheard_of"),
        ({"project": inventory}, "project: there is no"),
        ({"playbook": "other.yml"}, "not in the project"),
    ):
        with pytest.raises(Refused, match=says):
            records.check("job_templates", 0, template | wrong)
    with pytest.raises(Refused, match="inventory"):
        records.check("job_templates", 0, {name: value for name, value in template.items() if name != "inventory"})


@pytest.mark.long
def test_the_real_modules_create_everything_and_then_change_nothing(
    rest: Rest, collections: Path, tmp_path: Path
) -> None:
    def run(*arguments: str, **more: Any) -> str:
        rest.asked.clear()
        environment = {"CONTROLLER_HOST": rest.url, "CONTROLLER_OAUTH_TOKEN": rest.token}
        environment |= {"ANSIBLE_COLLECTIONS_PATH": str(collections), "ANSIBLE_PIPELINING": "1"}
        code, output = configure(tmp_path, {**ALL_GIVEN, **more}, *arguments, **environment)
        assert code == 0, output
        assert "canary" not in output
        return output

    run()
    records = rest.records
    for variable, wanted in configured(ALL_GIVEN).items():
        assert by_name(records.as_file(variable)) == by_name(wanted), variable
    organization = records.number("organizations", "Identity")
    galaxy = records.number("credentials", "Ansible Galaxy")
    assert records.associated[organization, "galaxy_credentials"] == [galaxy]
    # A template is refused while its project has not been fetched, and the first job needs tenants.
    assert ("GET", f"/api/v2/project_updates/{next(iter(records.objects['project_updates']))}/") in rest.asked
    assert len(records.objects["inventory_updates"]) == 1

    assert (changed(run()), rest.writes()) == ([], [])

    # Somebody edits what is theirs to edit, an announcement writes the approval's text, and one variable is another.
    onboard = records.number("job_templates", "Blue onboard")
    schedule = records.number("schedules", "Blue nightly audit")
    records.surveys[onboard]["spec"][0]["question_name"] = "Who?"
    records.objects["schedules"][schedule] |= {"enabled": False, "description": "in the holidays"}
    next(iter(records.objects[APPROVALS].values()))["name"] = "2 deleted"
    before = json.loads(json.dumps([records.objects, records.surveys]))
    # What the other parts create, the second run has left alone.
    run("--tags", "templates,workflow,schedules", access_awx_slices=8)
    names = ("Blue audit", "Blue apply", "Blue apply approved plan", "Blue rotate tokens")
    sliced = [records.number("job_templates", name) for name in names]
    assert sorted(rest.writes()) == sorted(("PATCH", f"/api/v2/job_templates/{number}/") for number in sliced)
    for number in sliced:
        before[0]["job_templates"][str(number)]["job_slice_count"] = 8
    assert json.loads(json.dumps([records.objects, records.surveys])) == before


def documented(module: Path) -> dict[str, str]:
    """The options of a module, written as options.yml has them."""
    assigned = (node for node in ast.parse(module.read_text()).body if isinstance(node, ast.Assign))
    (text,) = (node.value for node in assigned if ast.unparse(node.targets[0]) == "DOCUMENTATION")
    options = yaml.safe_load(ast.literal_eval(text))["options"]
    return {name: _written(option) for name, option in options.items()}


def _written(option: Object) -> str:
    words = [option.get("type", "str")]
    words += ["|".join(map(str, option["choices"]))] if "choices" in option else []
    words += ["!"] if option.get("required") else []
    return " ".join(words)


@pytest.mark.long
def test_the_modules_of_the_shorter_tests_have_the_options_of_the_real_ones(collections: Path) -> None:
    modules = collections / "ansible_collections" / "awx" / "awx" / "plugins" / "modules"
    stand_ins = yaml.safe_load(OPTIONS.read_text())
    assert {name: documented(modules / f"{name}.py") for name in stand_ins} == stand_ins
