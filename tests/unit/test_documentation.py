# SPDX-License-Identifier: GPL-3.0-or-later
"""What is documented is what the modules take, and what a command writes is what is committed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import document
from ansible_collections.dataops.access.plugins.module_utils import specs
from ansible_collections.dataops.access.plugins.module_utils.core.errors import KINDS
from documentation import modules
from documentation.text import fill_regions, redirected

ROOT = Path(__file__).resolve().parents[2]
MODULES = modules.modules()
SPECS = {modules.ONE: specs.one_spec, modules.MANY: specs.many_spec, modules.INFO: specs.info_spec}
DEFAULT_TYPE = "str"


def comparable(options: dict[str, Any], nested: str) -> dict[str, Any]:
    """The parts of documentation (`nested`: suboptions) and of argument specs (`nested`: options) that both have."""
    return {
        name: {
            "type": option.get("type", DEFAULT_TYPE),
            "elements": option.get("elements"),
            "choices": option.get("choices"),
            "default": option.get("default"),
            "required": option.get("required", False),
            "suboptions": comparable(option[nested], nested) if option.get(nested) else None,
        }
        for name, option in options.items()
    }


def test_nothing_would_be_written_otherwise() -> None:
    assert document.stale() == [], "run tools/document.py"


def test_the_kinds_of_failures_are_documented() -> None:
    results = yaml.safe_load((Path(modules.__file__).parent / "results.yml").read_text())
    (text,) = results["failure"]["contains"]["kind"]["description"]
    assert set(re.findall(r"V\((\w+)\)", text)) == set(KINDS)


def test_every_variable_of_a_playbook_is_documented() -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "playbooks").rglob("*.yml"))
    read = set(re.findall(r"(?<![.\w^])(?:access_[a-z_]+|alteryx_overflow_subscription)\b(?!_)", code))
    made = set(re.findall(r"(?:register: |loop_var: |^ +)(access_[a-z_]+)(?::|$)", code, re.MULTILINE))
    told = set(re.findall(r"`(\w+)`", (ROOT / "docs" / "playbooks.md").read_text()))
    assert read - made - told == set()
    assert {path.stem for path in (ROOT / "playbooks").glob("*.yml")} <= set(
        re.findall(r"`dataops\.access\.(\w+)`", (ROOT / "docs" / "playbooks.md").read_text())
    )


@pytest.mark.parametrize("name", sorted(MODULES))
def test_documentation_is_the_argument_spec(name: str) -> None:
    module = MODULES[name]
    documented = comparable({**module.fragment_options, **module.options}, "suboptions")
    assert documented == comparable(SPECS[module.kind](module.service), "options")


@pytest.mark.parametrize("name", sorted(name for name, module in MODULES.items() if module.kind == modules.MANY))
def test_suboptions_stand_in_the_order_of_the_singular_module(name: str) -> None:
    module = MODULES[name]
    documented = module.options[module.service.resource.plural]["suboptions"]
    assert list(documented) == list(modules.suboptions(module))


def test_a_region_is_filled_and_the_rest_is_kept() -> None:
    text = "a\n  # BEGIN it (tools/document.py)\n  old\n  # END it\nb\n"
    assert fill_regions(text, lambda what, indent: f"{' ' * indent}{what} new\n") == text.replace("old", "it new")


def test_references_are_redirected() -> None:
    told = {"a": ["See O(email), O(state=absent), RV(user.id), O(users[].x), E(email), V(email)."]}
    assert redirected(told, lambda name: f"users[].{name}", lambda name: f"m#module:{name}") == {
        "a": ["See O(users[].email), O(users[].state=absent), RV(m#module:user.id), O(users[].x), E(email), V(email)."]
    }
