# SPDX-License-Identifier: GPL-3.0-or-later
"""The platform roles: argument specs, defaults, internal variables and README tables that follow from the modules.

Regions, with MODULE a plural (or the only) module of the platform and PREFIX what the role's variables begin with:
`suboptions of MODULE as VARIABLE` in argument specs, `policy of MODULE as PREFIX` in argument specs and defaults,
`connection of MODULE as PREFIX` in these and in vars/main.yml, `variables` in README.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.dataops.access.plugins.module_utils import specs

from .modules import ROOT, Module, modules, suboptions
from .text import cell, fill_regions, on_a_line, redirected, to_yaml

FILES = ("meta/argument_specs.yml", "defaults/main.yml", "vars/main.yml", "README.md")
ARGUMENT_SPECS, DEFAULTS, VARS, README = FILES
# Of a plural module's options those that the role hands on under its own prefix.
POLICY = ("companies", "purge", "allow_empty", "purge_exclude", "max_deletions", "max_registrations")


def documents() -> Iterator[tuple[Path, str, str]]:
    """The files of all roles: path, text as it is, text as it should be."""
    for role in sorted(path for path in (ROOT / "roles").glob("*") if path.is_dir()):
        for name in FILES:
            path = role / name
            if path.exists():
                text = path.read_text()
                yield path, text, filled(role, name, text)


def filled(role: Path, name: str, text: str) -> str:
    """The text of one file of a role with its regions made anew."""

    def content(what: str, indent: int) -> str:
        if name == README:
            return _table(role)
        match = re.fullmatch(r"(suboptions|policy|connection) of (\w+)(?: as (\w+))?", what)
        if not match:
            raise ValueError(f"{role.name}/{name}: no region is called '{what}'")
        part, module, prefix = match[1], modules()[match[2]], match[3] or ""
        if part == "suboptions":
            return to_yaml(role_suboptions(module, prefix, role.name), indent)
        options = policy(module, prefix) if part == "policy" else connection(module, prefix)
        if name == ARGUMENT_SPECS:
            return to_yaml(options, indent)
        if name == DEFAULTS:
            return to_yaml({variable: option.get("default", "") for variable, option in options.items()}, indent)
        return to_yaml({variable.removeprefix(f"{prefix}_"): f"{{{{ {variable} }}}}" for variable in options}, indent)

    return fill_regions(text, content)


def role_suboptions(module: Module, variable: str, role: str) -> dict[str, Any]:
    """The options of one object declared in `variable`: what the module's spec says, with its descriptions."""
    resource = module.service.resource
    spec = resource.spec(top=False)
    top = specs.connection_spec(module.service.platform)

    def option(name: str) -> str:
        if name in spec:
            return f"{variable}[].{name}"
        return f"{role}_{name}" if name in top else name

    def value(name: str) -> str:
        first, dot, rest = name.partition(".")
        inner = f"{resource.plural}[].{rest}" if dot and first == resource.singular else name
        return f"dataops.access.{module.name}#module:{inner}"

    documented = redirected(suboptions(module), option, value)
    return {name: {"description": each["description"], **_plain(spec[name])} for name, each in documented.items()}


def policy(module: Module, prefix: str) -> dict[str, Any]:
    """The guards of the plural module, as variables of the role."""
    spec = specs.many_spec(module.service)
    names = [name for name in POLICY if name in spec]
    documented = {**module.fragment_options, **module.options}
    options = {name: _option(documented[name], spec[name]) for name in names}
    for option in options.values():
        if option["type"] == "list":
            option.setdefault("default", [])
    return _renamed(options, prefix)


def connection(module: Module, prefix: str) -> dict[str, Any]:
    """The connection options, as variables of the role: a blank one is left to the environment of the module."""
    platform = module.service.platform
    spec = specs.connection_spec(platform)
    own = ["api_url", *(credential.option for credential in platform.credentials), *(o.name for o in platform.options)]
    options = {}
    for name in [*own, *(name for name in spec if name not in own)]:
        option = {key: value for key, value in spec[name].items() if key not in ("default", "fallback")}
        # A blank string has to pass, whatever the type.
        option["type"] = "str" if option["type"] in ("str", "path") and "choices" not in option else "raw"
        option.pop("choices", None)
        options[name] = {**_option(module.fragment_options[name], option), "default": ""}
    return _renamed(options, prefix, platform.prefix)


def _option(documented: Mapping[str, Any], spec: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": documented["description"], **_plain(spec)}


def _plain(spec: Mapping[str, Any]) -> dict[str, Any]:
    """An option of an argument spec without what is not said."""
    return {key: value for key, value in spec.items() if not (key == "no_log" and not value)}


def _renamed(options: Mapping[str, Any], prefix: str, variables: str = "") -> dict[str, Any]:
    """Options under the role's names, with references to each other put right."""

    renamed = redirected(options, lambda name: f"{prefix}_{name}", lambda name: name)
    return {
        f"{prefix}_{name}": {
            **option,
            "description": [line.replace("<PREFIX>", variables) for line in option["description"]],
        }
        for name, option in renamed.items()
    }


def _table(role: Path) -> str:
    specs = yaml.safe_load((role / ARGUMENT_SPECS).read_text())["argument_specs"]["main"]
    lines = ["| variable | type | default | meaning |", "| --- | --- | --- | --- |"]
    for name, option in specs["options"].items():
        if option.get("required"):
            default = "required"
        elif "default" in option:
            default = f"`{on_a_line(option['default'])}`"
        else:
            default = ""
        description = option["description"]
        first = description if isinstance(description, str) else description[0]
        lines.append(f"| `{name}` | {_type(option)} | {default} | {_markdown(first)} |")
    return "\n".join(["", *lines, "", ""])


def _type(option: Mapping[str, Any]) -> str:
    if "options" in option:
        return "list of dict"  # whoever checks the entries
    return f"list of {option['elements']}" if "elements" in option else option.get("type", "str")


def _markdown(text: str) -> str:
    return re.sub(r"\b(?:RV|[OVECMP])\(([^)]*)\)", r"`\1`", cell(text))
