# SPDX-License-Identifier: GPL-3.0-or-later
"""The import rule of the collection, read from syntax trees: arrows point one way.

A module imports the runner and its own service; the runner, and the argument specs and the AnsibleModule that it stands
on, import core, http and Ansible; a service imports core and http; http imports core.errors and core.secrets; core
imports nothing outside itself. Filters, lookups and actions, which run on the controller and are never packed, import
core and plugin_utils, and that alone knows all services. The audit in plugin_utils/audit knows the core alone, and
neither Ansible nor a vendor.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

PLUGINS = "ansible_collections.dataops.access.plugins"

# What the files of a layer may import of the collection, as prefixes below plugins, `module_utils.` left out.
ALLOWED = {
    "core": ("core",),
    "http": ("http", "core.errors", "core.secrets"),
    "services": ("services", "core", "http"),
    "specs": ("core", "http"),
    "masked_module": ("specs", "core"),
    "runner": ("masked_module", "specs", "core", "http"),
    "modules": ("runner", "services"),
    "doc_fragments": (),
    "plugin_utils": ("plugin_utils", "core", "http", "services", "specs", "runner"),
    "audit": ("plugin_utils.audit", "core"),
    "action": ("core", "plugin_utils"),
    "filter": ("core", "plugin_utils"),
    "lookup": ("core", "plugin_utils"),
}
MAY_IMPORT_ANSIBLE = {"specs", "masked_module", "runner", "modules", "plugin_utils", "action", "filter", "lookup"}
THIRD_PARTY = {"requests": "http.session", "urllib3": "http"}


@dataclass(frozen=True)
class Import:
    line: int
    module: str  # absolute
    guarded: bool  # under `try`, at any depth


def layer_of(path: PurePosixPath) -> str:
    """`core`, `http`, `services`, `runner`, `modules`, …, of a path below plugins/."""
    parts = path.parts
    if parts[0] == "module_utils" or parts[:2] == ("plugin_utils", "audit"):
        return parts[1].removesuffix(".py")
    return parts[0]


def dotted(path: PurePosixPath) -> str:
    return ".".join(path.with_suffix("").parts)


def imports(path: PurePosixPath, source: str) -> Iterator[Import]:
    """Every import of the file, inside functions and TYPE_CHECKING blocks too; relative ones made absolute."""
    package = f"{PLUGINS}.{dotted(path)}".split(".")[:-1]

    def walk(node: ast.AST, *, guarded: bool) -> Iterator[Import]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(node.lineno, alias.name, guarded)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                yield Import(node.lineno, f"{module}.{alias.name}", guarded)
        for child in ast.iter_child_nodes(node):
            yield from walk(child, guarded=guarded or (isinstance(node, ast.Try) and child in node.body))

    yield from walk(ast.parse(source), guarded=False)


def is_within(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(f"{prefix}.")


def why_not_ours(layer: str, target: str) -> str | None:
    """Why a file of `layer` may not import `target` of this collection; None if it may."""
    if layer not in ALLOWED:
        return f"{layer} is no known layer: add to ALLOWED what it may import"
    if any(is_within(target, prefix) for prefix in ALLOWED[layer]):
        return None
    return f"{layer} may import {', '.join(ALLOWED[layer]) or 'nothing of ours'}"


def why_not_foreign(path: PurePosixPath, found: Import) -> str | None:
    """The same for what comes from outside this collection."""
    top = found.module.split(".")[0]
    if top == "ansible_collections":
        return "no other collection is a dependency"
    if top == "ansible" and layer_of(path) not in MAY_IMPORT_ANSIBLE:
        return "only the runner, modules, action and filter plugins import Ansible"
    if top in THIRD_PARTY:
        home = f"module_utils.{THIRD_PARTY[top]}"
        if not is_within(dotted(path), home):
            return f"only {home} imports {top}"
        if not found.guarded:
            return f"{top} is imported under `try`, as sanity imports without it"
    return None


def violations(path: PurePosixPath, source: str) -> list[str]:
    """What the file at `path` (below plugins/) imports against the rule, as readable lines."""
    layer = layer_of(path)
    wrong = []
    services = set()
    for found in imports(path, source):
        if is_within(found.module, PLUGINS):
            target = found.module.removeprefix(f"{PLUGINS}.").removeprefix("module_utils.")
            why = why_not_ours(layer, target)
            if is_within(target, "services"):
                services.add(target.split(".")[1].split("_")[0])  # devo, of services.devo_users
        else:
            why = why_not_foreign(path, found)
        if why:
            wrong.append(f"{path}:{found.line}: imports {found.module}: {why}")
    if layer == "modules" and len(services) > 1:
        wrong.append(f"{path}: a module imports its one service, not {', '.join(sorted(services))}")
    return wrong
