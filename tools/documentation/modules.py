# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules as they stand in plugins/modules: their documentation and the service that they run."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from .text import fill_regions, redirected, region, to_yaml

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = "ansible_collections.dataops.access.plugins"
ONE, MANY, INFO = "one", "many", "info"
CONTROLLER = "controller"
SUBOPTIONS, RESULTS = "suboptions", "results"


@dataclass(frozen=True)
class Module:
    """One module that talks to a platform."""

    name: str
    kind: str
    service_name: str

    @property
    def path(self) -> Path:
        return ROOT / "plugins" / "modules" / f"{self.name}.py"

    @cached_property
    def service(self) -> Any:
        """The service class (core.service.Reader) that the module runs."""
        return getattr(importlib.import_module(f"{PLUGINS}.modules.{self.name}"), self.service_name)

    @cached_property
    def documentation(self) -> dict[str, Any]:
        return documented(self.path, "DOCUMENTATION")

    @cached_property
    def returns(self) -> dict[str, Any]:
        """The documentation of the module's results."""
        return documented(self.path, "RETURN")

    @cached_property
    def options(self) -> dict[str, Any]:
        """The documentation of the module's own options, without those of its fragments."""
        options: dict[str, Any] = self.documentation.get("options", {})
        return options

    @cached_property
    def fragment_options(self) -> dict[str, Any]:
        """The documentation of the options that come from its fragments."""
        options: dict[str, Any] = {}
        for name in self.documentation["extends_documentation_fragment"]:
            fragment, _ignored, variant = name.removeprefix("dataops.access.").partition(".")
            path = ROOT / "plugins" / "doc_fragments" / f"{fragment}.py"
            options |= documented(path, variant.upper() or "DOCUMENTATION").get("options") or {}
        return options


def modules() -> dict[str, Module]:
    """Every platform module by name."""
    found = {}
    for path in sorted((ROOT / "plugins" / "modules").glob("*.py")):
        call = re.search(r"runner\.run_(one|many|info)\((\w+)\)", path.read_text())
        if call:
            found[path.stem] = Module(path.stem, call[1], call[2])
    return found


def controller_modules() -> list[Path]:
    """The files of the modules whose work an action plugin of the same name does."""
    return sorted((ROOT / "plugins" / "modules").glob("access_*.py"))


def singular_of(module: Module) -> Module | None:
    """The module for one object of the kind that `module` is about; None for what can only be read."""
    resource = getattr(module.service, "resource", None)
    for other in modules().values():
        if other.kind == ONE and resource is not None and other.service.resource is resource:
            return other
    return None


def suboptions(module: Module) -> dict[str, Any]:
    """Documentation of the options of one object, as it stands in the singular module."""
    singular = singular_of(module)
    if singular is None:
        raise ValueError(f"{module.name}: no module for one object runs {module.service_name}'s resource")
    names = module.service.resource.spec(top=False)
    missing = sorted(set(names) - set(singular.options))
    if missing:
        raise ValueError(f"{singular.name}: options without documentation: {', '.join(missing)}")
    return {name: option for name, option in singular.options.items() if name in names}


def filled(module: Module, text: str) -> str:
    """The text of the module's file with the regions made anew, and added where they are missing."""
    if module.kind == MANY:
        text = re.sub(
            r"^( +)suboptions: \{\}\n", r"\1suboptions:\n" + _at(r"\1  ", SUBOPTIONS), text, flags=re.MULTILINE
        )
    text = _with_results(text)

    def content(what: str, indent: int) -> str:
        if what == SUBOPTIONS:
            return to_yaml(_redirected(suboptions(module), module), indent)
        return to_yaml(_results(module, text), indent)

    return fill_regions(text, content)


def filled_controller(text: str) -> str:
    """The same for a module whose work an action plugin does."""
    results = {name: item for name, item in _common() if CONTROLLER in item.pop("for")}
    return fill_regions(_with_results(text), lambda _what, indent: to_yaml(results, indent))


def _with_results(text: str) -> str:
    """The text, with an empty region for common results if it had none."""
    if f"BEGIN {RESULTS} " in text:
        return text
    _begin, end = _span(text, "RETURN")
    return f"{text[:end]}{region(RESULTS)}{text[end:]}"


def _common() -> Iterator[tuple[str, dict[str, Any]]]:
    yield from yaml.safe_load((Path(__file__).parent / "results.yml").read_text()).items()


def _at(indent: str, what: str) -> str:
    return "".join(f"{indent}{line}\n" for line in region(what).splitlines())


def _results(module: Module, text: str) -> dict[str, Any]:
    """The results that are not particular to the module."""
    own = yaml.safe_load(fill_regions(_block(text, "RETURN"), lambda what, indent: "")) or {}
    results = {name: item for name, item in _objects(module).items() if name not in own}
    common = dict(_common())
    for name, item in common.items():
        if module.kind in item.pop("for"):
            inside = {"contains": _applicable(item["contains"], module)} if "contains" in item else {}
            results[name] = {**item, **inside}
    twice = sorted(set(own) & set(common))
    if twice:
        raise ValueError(f"{module.name}: RETURN describes by hand what is common to all: {', '.join(twice)}")
    return results


def _applicable(contains: dict[str, Any], module: Module) -> dict[str, Any]:
    kept = {}
    for name, item in contains.items():
        only, option = item.pop("only", None), item.pop("option", None)
        has = only is None or getattr(module.service.resource, only)
        if has and (option is None or option in module.service.resource.spec()):
            kept[name] = item
    return kept


def _objects(module: Module) -> dict[str, Any]:
    """The list of objects that the plural and the info module return, described as the singular module's one is."""
    singular = None if module.kind == ONE else singular_of(module)
    if singular is None:
        return {}
    resource = module.service.resource
    contains = _redirected(documented(singular.path, "RETURN")[resource.singular]["contains"], module)
    if module.kind == MANY:
        description = "The declared objects that exist, as they are now or would be in check mode."
        return {resource.plural: _list(description, "with O(return_objects)", contains)}
    return {resource.listed_as: _list("What was found, sorted.", "success", contains)}


def _redirected(documentation: Any, module: Module) -> Any:
    """Documentation of the singular module, whose references fit the plural or the info module."""
    resource, singular = module.service.resource, singular_of(module)
    entries = suboptions(module) if module.kind == MANY else {}
    name_of_list = resource.plural if module.kind == MANY else resource.listed_as

    def option(name: str) -> str:
        if name in entries:
            return f"{resource.plural}[].{name}"
        known = name in module.options or name in module.fragment_options
        return name if known or singular is None else f"dataops.access.{singular.name}#module:{name}"

    def value(name: str) -> str:
        first, dot, rest = name.partition(".")
        return f"{name_of_list}[].{rest}" if dot and first == resource.singular else name

    return redirected(documentation, option, value)


def _list(description: str, returned: str, contains: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": description,
        "returned": returned,
        "type": "list",
        "elements": "dict",
        "contains": contains,
    }


def _span(text: str, name: str) -> tuple[int, int]:
    match = re.search(rf'^{name} = r"""\n(.*?)"""', text, re.MULTILINE | re.DOTALL)
    if not match:
        raise ValueError(f'no {name} = r"""…"""')
    return match.start(1), match.end(1)


def _block(text: str, name: str) -> str:
    begin, end = _span(text, name)
    return text[begin:end]


def documented(path: Path, name: str) -> dict[str, Any]:
    """The YAML in the string constant `name` of a Python file, at module level or in its class."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets):
            return yaml.safe_load(ast.literal_eval(node.value)) or {}
    raise ValueError(f"{path.name}: no {name}")
