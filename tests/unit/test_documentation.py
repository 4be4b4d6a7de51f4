# SPDX-License-Identifier: GPL-3.0-or-later
"""What is documented is what the modules take, and what a command writes is what is committed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import document
from ansible_collections.dataops.access.plugins.module_utils import runner
from ansible_collections.dataops.access.plugins.module_utils.core.errors import KINDS
from documentation import modules
from documentation.text import fill_regions, redirected

MODULES = modules.modules()
SPECS = {modules.ONE: runner.one_spec, modules.MANY: runner.many_spec, modules.INFO: runner.info_spec}
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
