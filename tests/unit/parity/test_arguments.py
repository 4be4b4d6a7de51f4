# SPDX-License-Identifier: GPL-3.0-or-later
"""Source: the argument specs. Documentation of modules, of actions and of filters says what these take."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils import specs
from ansible_collections.dataops.access.plugins.plugin_utils.people.kinds import KINDS
from ansible_collections.dataops.access.plugins.plugin_utils.platforms import PLATFORMS
from documentation import modules
from documentation.modules import documented
from unit.parity.conftest import Same

PLUGINS = Path(specs.__file__).parents[1]
PACKAGE = "ansible_collections.dataops.access.plugins"
MODULES = modules.modules()
SPECS = {modules.ONE: specs.one_spec, modules.MANY: specs.many_spec, modules.INFO: specs.info_spec}
PLURAL = sorted(name for name, module in MODULES.items() if module.kind == modules.MANY)
# Modules that are documentation alone: an action plugin of the same name does the work.
ACTIONS = sorted(path.stem for path in (PLUGINS / "modules").glob("*.py") if (PLUGINS / "action" / path.name).exists())
FILTERS = sorted(path.stem for path in (PLUGINS / "filter").glob("*.py"))


def options(of: dict[str, Any], nested: str, below: str = "") -> dict[str, dict[str, Any]]:
    """By path, what documentation (``nested``: suboptions) and argument specs (``nested``: options) both say."""
    found = {}
    for name, option in of.items():
        found[below + name] = {
            "type": option.get("type", "str"),
            "elements": option.get("elements"),
            "choices": option.get("choices"),
            "default": option.get("default"),
            "required": option.get("required", False),
        }
        found.update(options(option.get(nested) or {}, nested, f"{below}{name}[]."))
    return found


@pytest.mark.parametrize("name", sorted(MODULES))
def test_a_module_documents_its_argument_spec(name: str, same: Same) -> None:
    module = MODULES[name]
    told = options({**module.fragment_options, **module.options}, "suboptions")
    taken = options(SPECS[module.kind](module.service), "options")
    same("options: documentation of modules, argument specs", told, taken)


@pytest.mark.parametrize("name", PLURAL)
def test_suboptions_are_those_of_the_singular_module_in_its_order(name: str, same: Same) -> None:
    module = MODULES[name]
    told = list(module.options[module.service.resource.plural]["suboptions"])
    same("options: plural modules, singular modules", told, list(modules.suboptions(module)))


@pytest.mark.parametrize("name", ACTIONS)
def test_a_controller_module_documents_the_spec_of_its_action(name: str, same: Same) -> None:
    spec = importlib.import_module(f"{PACKAGE}.action.{name}").ActionModule.SPEC
    told = documented(PLUGINS / "modules" / f"{name}.py", "DOCUMENTATION").get("options") or {}
    assert options(told, "suboptions") == options(dict(spec), "options")
    if spec:
        same("options: documentation of controller modules, specs of actions", set(told), set(spec))


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_documents_what_its_function_takes(name: str, same: Same) -> None:
    filters = importlib.import_module(f"{PACKAGE}.filter.{name}").FilterModule().filters()
    told = documented(PLUGINS / "filter" / f"{name}.py", "DOCUMENTATION")
    assert list(filters) == [name] == [told["name"]]
    _input, *taken = inspect.signature(filters[name]).parameters.values()
    same(
        "options: documentation of filters, parameters",
        {each: bool(option.get("required")) for each, option in told["options"].items() if each != "_input"},
        {each.name: each.default is inspect.Parameter.empty for each in taken},
    )
    positional = [each for each in told.get("positional", "").split(", ") if each]
    assert positional == [each.name for each in taken][: len(positional)]


def test_what_names_all_platforms_or_kinds_names_all(same: Same) -> None:
    connection = documented(PLUGINS / "filter" / "connection.py", "DOCUMENTATION")["options"]["platform"]["choices"]
    same("choices: the filter connection, platforms", sorted(connection), sorted(PLATFORMS))
    kinds = documented(PLUGINS / "filter" / "entitlements.py", "DOCUMENTATION")["options"]["platform"]["choices"]
    same("choices: the filter entitlements, kinds that people can have", sorted(kinds), sorted(KINDS))
    terms = documented(PLUGINS / "lookup" / "declared.py", "DOCUMENTATION")["options"]["_terms"]["description"]
    same("choices: the lookup declared, kinds that people can have", re.findall(r"V\((\w+)\)", terms), list(KINDS))
