# SPDX-License-Identifier: GPL-3.0-or-later
"""What examples may name: options of modules, variables of roles and playbooks, variables of the environment."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import yaml

from ansible_collections.dataops.access.plugins.module_utils import specs
from ansible_collections.dataops.access.plugins.plugin_utils.platforms import PLATFORMS
from documentation import modules

from .collector import ROOT

PREFIX = "dataops.access."
_SPECS = {modules.ONE: specs.one_spec, modules.MANY: specs.many_spec, modules.INFO: specs.info_spec}


@cache
def platform_modules() -> dict[str, Any]:
    return modules.modules()


@cache
def spec(module: str) -> dict[str, Any] | None:
    """The argument spec of a module of this collection; None if there is no such module."""
    known = platform_modules()
    if module in known:
        made: dict[str, Any] = _SPECS[known[module].kind](known[module].service)
        return made
    if not (ROOT / "plugins" / "action" / f"{module}.py").is_file():
        return None
    action = importlib.import_module(f"ansible_collections.dataops.access.plugins.action.{module}")
    return dict(action.ActionModule.SPEC)


@cache
def role_variables() -> frozenset[str]:
    """The variables of all roles, by their argument specs."""
    names: set[str] = set()
    for path in ROOT.glob("roles/*/meta/argument_specs.yml"):
        for entry in yaml.safe_load(path.read_text())["argument_specs"].values():
            names |= set(entry.get("options", {}))
    return frozenset(names)


@cache
def variables() -> frozenset[str]:
    """What an inventory, `-e` or a play may set: variables of roles, of playbooks as documented, and of awx/."""
    documented = "".join((ROOT / "docs" / name).read_text() for name in ("playbooks.md", "people.md"))
    in_tables = {
        name for row in re.findall(r"^\| (`[^|]*) \|", documented, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)
    }
    configured = "".join(path.read_text() for path in (ROOT / "awx").rglob("*.yml"))
    return role_variables() | in_tables | set(re.findall(r"\baccess_awx_\w+", configured))


@cache
def environment_variables() -> frozenset[str]:
    """What the collection and its example read from the environment."""
    names = {"ACCESS_TENANTS_FILE", "EXAMPLE_SECRETS", "EXAMPLE_FIRST_PASSWORD"}
    for platform in PLATFORMS.values():
        names |= {
            name for option in specs.connection_spec(platform).values() for name in option.get("fallback", (0, []))[1]
        }
        names |= {credential.variable for credential in platform.credentials}
    return frozenset(names)


@cache
def names() -> frozenset[str]:
    """Everything that is called `dataops.access.…`."""
    plugins = {path.stem for kind in ("modules", "filter", "lookup") for path in (ROOT / "plugins" / kind).glob("*.py")}
    roles = {path.name for path in (ROOT / "roles").iterdir()}
    playbooks = {path.stem for path in (ROOT / "playbooks").glob("*.yml")}
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())
    redirected = set(runtime.get("plugin_routing", {}).get("modules", {}))
    return frozenset(plugins | roles | playbooks | redirected | set(runtime["action_groups"]))


def arguments(where: str, given: Any, options: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a module's arguments, by its spec. Templates are taken for any value."""
    if not isinstance(given, Mapping):
        if given is not None and "{{" not in str(given):
            yield f"{where}: {given!r} is no mapping"
        return
    spelled = {alias: name for name, option in options.items() for alias in [name, *option.get("aliases", [])]}
    for name, value in given.items():
        option = options.get(spelled.get(name, ""))
        if option is None:
            yield f"{where}.{name}: there is no such option"
            continue
        choices = option.get("choices")
        if choices and isinstance(value, str) and "{{" not in value and value not in choices:
            yield f"{where}.{name}: {value!r} is none of {choices}"
        if option.get("options"):
            for entry in value if isinstance(value, list) else [value]:
                yield from arguments(f"{where}.{name}", entry, option["options"])
    for name, option in options.items():
        if option.get("required") and name not in {spelled.get(each) for each in given}:
            yield f"{where}: {name} is required"


def tasks_of(play_or_task: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """All tasks of a play or of a block, blocks left out."""
    inside = ("pre_tasks", "tasks", "post_tasks", "handlers", "block", "rescue", "always")
    parts = [play_or_task[name] for name in inside if name in play_or_task]
    for task in (task for part in parts for task in part):
        yield from tasks_of(task)
    if not parts:
        yield play_or_task


def problems(task: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the arguments of a task of this collection, and with the role that it includes."""
    for key, given in task.items():
        if key.startswith(PREFIX):
            options = spec(key.removeprefix(PREFIX))
            yield from [f"there is no module {key}"] if options is None else arguments(key, given, options)
        elif key == "ansible.builtin.include_role" and given["name"].startswith(PREFIX) and "{{" not in given["name"]:
            yield from [] if given["name"].removeprefix(PREFIX) in names() else [f"there is no role {given['name']}"]
