# SPDX-License-Identifier: GPL-3.0-or-later
"""The rulebook: what ansible-rulebook takes, which job templates it launches with what, and which events it obeys.

The schema is written from the documentation of ansible-rulebook, as far as the rulebook uses it.
"""

from __future__ import annotations

import re
from typing import Any

import jsonschema
import pytest
import yaml
from jinja2 import StrictUndefined, UndefinedError
from jinja2.nativetypes import NativeEnvironment

from unit.awx.configured import one
from unit.controller.playbook import ROOT

RULEBOOK = ROOT / "extensions" / "eda" / "rulebooks" / "joiners_and_leavers.yml"
TEXT = {"type": "string", "minLength": 1}


def mapping(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    properties = {**required, **optional}
    return {"type": "object", "required": list(required), "properties": properties, "additionalProperties": False}


LAUNCH = mapping(
    {
        "name": TEXT,
        "organization": TEXT,
        # Else the whole event becomes a variable of the job.
        "include_events": {"const": False},
        "job_args": mapping({"extra_vars": {"type": "object", "additionalProperties": TEXT}}),
    }
)
ACTION = {"oneOf": [mapping({"run_job_template": LAUNCH}), mapping({"debug": mapping({"msg": TEXT})})]}
WEBHOOK = mapping({"token": TEXT, "port": TEXT}, host=TEXT)
SCHEMA = {
    "type": "array",
    "minItems": 1,
    "items": mapping(
        {
            "name": TEXT,
            "hosts": TEXT,
            "sources": {
                "type": "array",
                "minItems": 1,
                "items": mapping({"ansible.eda.webhook": WEBHOOK}, name=TEXT),
            },
            "rules": {
                "type": "array",
                "minItems": 1,
                "items": mapping({"name": TEXT, "condition": TEXT, "action": ACTION}),
            },
        },
        execution_strategy={"enum": ["sequential", "parallel"]},
    ),
}


def rules() -> dict[str, dict[str, Any]]:
    """The rules, by name."""
    ((ruleset),) = yaml.safe_load(RULEBOOK.read_text())
    return {rule["name"]: rule for rule in ruleset["rules"]}


def rendered(node: Any, **variables: Any) -> Any:
    """As ansible-rulebook fills variables in: an undefined one ends it."""
    if isinstance(node, dict):
        return {key: rendered(value, **variables) for key, value in node.items()}
    return (
        NativeEnvironment(undefined=StrictUndefined).from_string(node).render(variables)
        if isinstance(node, str)
        else node
    )


def test_the_schema_holds() -> None:
    jsonschema.validate(yaml.safe_load(RULEBOOK.read_text()), SCHEMA, jsonschema.Draft202012Validator)


def test_nothing_is_heard_without_a_token() -> None:
    (ruleset,) = yaml.safe_load(RULEBOOK.read_text())
    (source,) = ruleset["sources"]
    with pytest.raises(UndefinedError, match="access_eda_token"):
        rendered(source["ansible.eda.webhook"])
    given = {"token": "t", "host": "127.0.0.1", "port": 5000}
    assert rendered(source["ansible.eda.webhook"], access_eda_token="t") == given


EVENT = {
    "email": "nia@example.com",
    "name": "Nia Novak",
    "profiles": ["finance", "billing"],
    "end_date": "2026-02-01",
}


@pytest.mark.parametrize(("rule", "template"), [("Somebody joins", "onboard"), ("Somebody has left", "offboard")])
def test_a_job_gets_what_its_survey_asks_for(rule: str, template: str) -> None:
    launch = rules()[rule]["action"]["run_job_template"]
    found = {each["name"]: each for each in one("controller_templates")}
    prefix = next(name for name in found if name.endswith(f" {template}")).removesuffix(template)
    told = rendered(launch, event={"payload": EVENT}, access_awx_prefix=prefix, access_awx_organization="Identity")
    questions = {question["variable"]: question for question in found[told["name"]]["survey_spec"]["spec"]}
    given = told["job_args"]["extra_vars"]
    assert given.keys() == questions.keys()
    # As a controller checks the answers.
    kinds = {"text": str, "multiselect": list}
    assert {name: type(value) for name, value in given.items()} == {
        name: kinds[question["type"]] for name, question in questions.items()
    }
    assert rendered(launch, event={"payload": EVENT})["name"] == f"Access {template}"


def test_an_end_date_may_be_left_out() -> None:
    launch = rules()["Somebody joins"]["action"]["run_job_template"]
    event = {key: value for key, value in EVENT.items() if key != "end_date"}
    assert rendered(launch, event={"payload": event})["job_args"]["extra_vars"]["access_person_end_date"] == ""


def patterns(rule: str, field: str) -> list[str]:
    return re.findall(rf'event\.payload\.{re.escape(field)} is match\("(.*?)"\)', rules()[rule]["condition"])


@pytest.mark.parametrize("rule", ["Somebody joins", "Somebody has left"])
@pytest.mark.parametrize(
    ("email", "fits"),
    [
        ("nia@example.com", True),
        ("Nia.O'Neil+a@mail.example.com", True),
        ("nia", False),
        ("nia@example", False),
        ("nia@example.com, bob@example.com", False),
        ("{{ x }}@example.com", False),
        (" nia@example.com", False),
    ],
)
def test_an_address_is_one_address(rule: str, email: str, fits: bool) -> None:
    (pattern,) = patterns(rule, "email")
    assert bool(re.match(pattern, email)) is fits


@pytest.mark.parametrize(
    ("field", "value", "fits"),
    [
        ("name", "Nia Novak", True),
        ("name", "Ñía O'Neil-2", True),
        # It would become a number, or be filled in.
        ("name", "12", False),
        ("name", "{{ 1 + 1 }}", False),
        ("name", "[1]", False),
        ("end_date", "2026-12-31", True),
        ("end_date", "31.12.2026", False),
        ("end_date", "soon", False),
        ("profiles[0]", "finance", True),
        ("profiles[0]", "{{ x }}", False),
    ],
)
def test_a_joiner_has_fields_that_can_be_used(field: str, value: str, fits: bool) -> None:
    (pattern,) = patterns("Somebody joins", field)
    assert bool(re.match(pattern, value)) is fits


def test_whatever_else_comes_launches_nothing() -> None:
    last = list(rules().values())[-1]
    # Of the rules that fit, the first acts alone, so that this one has to be the last.
    assert last["condition"] == "event.meta is defined"
    assert "payload" not in last["action"]["debug"]["msg"]
