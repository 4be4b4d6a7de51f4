# SPDX-License-Identifier: GPL-3.0-or-later
"""The patterns, by the rules of pattern specification 1.0, of the service that reads them, and of the controller.

Source: ansible/pattern-service, specifications/, and core/utils/controller/helpers.py; AWX, the check of survey
specifications.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from unit.controller.playbook import ROOT

PATTERNS = ROOT / "extensions" / "patterns"
NAMES = sorted(path.name for path in PATTERNS.iterdir())

TEXT = {"type": "string", "minLength": 1}
NAME = {"type": "string", "minLength": 1, "maxLength": 200}
IDENTIFIER = {"type": "string", "pattern": "^[a-z0-9_]{1,64}$"}
TEXTS = {"type": "array", "items": TEXT, "minItems": 1, "uniqueItems": True}


def mapping(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    """Of an object with these properties and no other one: where the schema allows more, we use none by mistake."""
    properties = {**required, **optional}
    return {"type": "object", "required": list(required), "properties": properties, "additionalProperties": False}


CHOSEN = {"multiplechoice", "multiselect"}
QUESTION = {
    **mapping(
        {
            "type": {"enum": ["text", "textarea", "password", *sorted(CHOSEN)]},
            "question_name": TEXT,
            "question_description": TEXT,
            "variable": IDENTIFIER,
            "required": {"type": "boolean"},
        },
        choices=TEXTS,
        # The schema wants a text even of a number, and the controller a number: numbers are not among the types above.
        default={"type": "string"},
        min={"type": "integer"},
        max={"type": "integer"},
    ),
    "if": {"properties": {"type": {"enum": sorted(CHOSEN)}}},
    "then": {"required": ["choices"]},
}
SURVEY = mapping({"name": TEXT, "description": TEXT, "spec": {"type": "array", "items": QUESTION, "minItems": 1}})
BOOLEANS = ("ask_credential_on_launch", "ask_inventory_on_launch", "ask_verbosity_on_launch", "ask_limit_on_launch")
JOB_TEMPLATE = mapping(
    # The last three are optional by the schema; the service fails without them, or without a survey that is enabled.
    {
        "name": NAME,
        "description": TEXT,
        "playbook": TEXT,
        "primary": {"const": True},
        "execution_environment": NAME,
        "labels": TEXTS,
    },
    **{name: {"type": "boolean"} for name in (*BOOLEANS, "diff_mode")},
    job_type={"enum": ["check", "run"]},
    survey_enabled={"const": True},
    survey=SURVEY,
)
RESOURCES = mapping(
    {
        "controller_project": mapping({"name": NAME, "description": TEXT}),
        "controller_execution_environment": mapping(
            {"name": NAME, "description": TEXT, "image_name": {"type": "string", "pattern": "^[a-z0-9-]+/[a-z0-9-]+$"}},
            pull={"enum": ["always", "missing", "never"]},
        ),
        "controller_labels": TEXTS,
        # Of several, just one could be the primary one.
        "controller_job_templates": {"type": "array", "items": JOB_TEMPLATE, "minItems": 1, "maxItems": 1},
    }
)
PATTERN = mapping(
    {
        "schema_version": {"const": "1.0"},
        "name": IDENTIFIER,
        "title": {"type": "string", "minLength": 1, "maxLength": 64},
        "description": TEXT,
        "short_description": {"type": "string", "pattern": r"[^.]$"},
        "aap_resources": RESOURCES,
    },
    tags=TEXTS,
)


def read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((PATTERNS / name / "meta" / "pattern.json").read_text())
    return found


def test_there_are_folders_alone() -> None:
    """A file among them ends an import by Galaxy."""
    assert NAMES == ["audit_access", "onboard_person"]
    assert all((PATTERNS / name).is_dir() for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_holds(name: str) -> None:
    pattern = read(name)
    jsonschema.validate(pattern, PATTERN, jsonschema.Draft202012Validator)
    assert pattern["name"] == name
    resources = pattern["aap_resources"]
    for template in resources["controller_job_templates"]:
        assert template["execution_environment"] == resources["controller_execution_environment"]["name"]
        assert set(template["labels"]) <= set(resources["controller_labels"])
        # The service creates a survey, and leaves it off.
        assert ("survey" in template) == template.get("survey_enabled", False)
        questions = template["survey"]["spec"]
        assert len({question["variable"] for question in questions}) == len(questions)
        for question in questions:
            if question["type"] in CHOSEN:
                assert set(question["default"].splitlines()) <= set(question["choices"])


@pytest.mark.parametrize("name", NAMES)
def test_its_playbook_is_one_of_the_collection(name: str) -> None:
    (template,) = read(name)["aap_resources"]["controller_job_templates"]
    folder = PATTERNS / name
    playbook = folder / "playbooks" / template["playbook"]
    (play,) = yaml.safe_load(playbook.read_text())
    wrapped = play["ansible.builtin.import_playbook"].rpartition(".")[2]
    assert (ROOT / "playbooks" / f"{wrapped}.yml").is_file()
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    arguments = Path("playbooks") / f"{playbook.stem}.meta.yml"
    assert files == {"README.md", "meta/pattern.json", f"playbooks/{playbook.name}", str(arguments)}
    # What is asked is what is described, and what the playbook knows.
    described = yaml.safe_load((folder / arguments).read_text())["argument_specs"]["main"]["options"]
    asked = {question["variable"]: question["required"] for question in template["survey"]["spec"]}
    assert asked.keys() == described.keys()
    known = (ROOT / "playbooks" / f"{wrapped}.yml").read_text()
    assert [variable for variable in asked if variable not in known] == []
