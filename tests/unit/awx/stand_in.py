# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugin: stands in for each module of awx.awx that awx/configure.yml runs.

Takes the same options (options.yml), finds what they refer to or fails, and keeps what was created in the JSON file
that STAND_IN_STATE names. It runs as a part of a collection, so that it imports nothing of the tests.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

Object = dict[str, Any]
State = dict[str, list[Object]]

# What an option names: the modules that create such a thing.
LAUNCHED = ("job_template", "workflow_job_template", "project", "inventory_source")
REFERENCES: Mapping[str, tuple[str, ...]] = {
    "credential": ("credential",),
    "credentials": ("credential",),
    "execution_environment": ("execution_environment",),
    "galaxy_credentials": ("credential",),
    "inventory": ("inventory",),
    "labels": ("label",),
    "lookup_organization": ("organization",),
    "notification_templates_approvals": ("notification_template",),
    "notification_templates_error": ("notification_template",),
    "notification_templates_success": ("notification_template",),
    "organization": ("organization",),
    "project": ("project",),
    "source_project": ("project",),
    "unified_job_template": LAUNCHED,
    "workflow_job_template": ("workflow_job_template",),
}
NODES = ("success_nodes", "failure_nodes", "always_nodes")
# What makes an object another one.
IDENTITY = {
    "credential_type": ("name",),
    "inventory_source": ("name", "inventory"),
    "organization": ("name",),
    "schedule": ("name", "unified_job_template"),
    "workflow_job_template_node": ("identifier", "workflow_job_template"),
}
SECRET = ("token", "password")


class ActionModule(ActionBase):
    """Runs in the process of the playbook, which is faster than a module."""

    TRANSFERS_FILES = False

    def run(self, tmp: Any = None, task_vars: Any = None) -> Object:
        result: Object = super().run(tmp, task_vars)
        module = self._task.action.rsplit(".", 1)[-1]
        path = Path(os.environ["STAND_IN_STATE"])
        state: State = json.loads(path.read_text())
        given = self._given(module)
        changed = _updated(state, given) if module == "inventory_source_update" else _kept(state, module, given)
        if changed and not self._task.check_mode:
            path.write_text(json.dumps(state, indent=1, sort_keys=True))
        # What a module says of its arguments, so that a secret among them would be seen.
        return {**result, "changed": changed, "invocation": {"module_args": given}}

    def _given(self, module: str) -> Object:
        table = yaml.load(Path(os.environ["STAND_IN_OPTIONS"]).read_text(), yaml.CSafeLoader)[module]
        spec = {name: _option(kind) for name, kind in table.items()}
        more: Object = {}
        if module == "workflow_job_template_node":
            what = ("unified_job_template", "approval_node", *NODES)
            more = {"required_one_of": [what], "mutually_exclusive": [("unified_job_template", "approval_node")]}
        _result, given = self.validate_argument_spec(argument_spec=spec, **more)
        plain: Object = json.loads(json.dumps(given))
        return {name: value for name, value in plain.items() if value is not None}


def _option(kind: str) -> Object:
    words = kind.split()
    option: Object = {"type": words[0], "required": words[-1] == "!"}
    choices = next((word.split("|") for word in words[1:] if "|" in word), None)
    if choices:
        option["choices"] = [int(choice) for choice in choices] if words[0] == "int" else choices
    return option


def _updated(state: State, given: Object) -> bool:
    _find(state, ("inventory_source",), given["name"], "name")
    _find(state, ("inventory",), given["inventory"], "inventory")
    return True


def _find(state: State, kinds: tuple[str, ...], name: str, option: str) -> None:
    found = [each for kind in kinds for each in state.get(kind, []) if each["name"] == name]
    if len(found) != 1:
        raise AnsibleActionFail(f"{option}: '{name}' was found {len(found)} times")


def _kept(state: State, module: str, given: Object) -> bool:
    """Create or change it, with what it refers to found. Returns whether anything is different now."""
    wanted = given.pop("state", "present")
    identity = IDENTITY.get(module, ("name", "organization"))
    objects = state.setdefault(module, [])
    existing = next((each for each in objects if all(each.get(key) == given.get(key) for key in identity)), None)
    if existing is not None and wanted == "exists":
        return False
    for option, kinds in REFERENCES.items():
        for name in _names(given.get(option)):
            _find(state, kinds, name, option)
    for option in NODES:
        for name in given.get(option, []):
            same = [each for each in objects if each["workflow_job_template"] == given["workflow_job_template"]]
            if name not in {each["identifier"] for each in same}:
                raise AnsibleActionFail(f"{option}: there is no node '{name}'")
    if existing is None:
        objects.append(given)
        return True
    # Nothing tells whether a secret is another one.
    rewritten = any(given.get("notification_configuration", {}).get(name) for name in SECRET)
    different = {name: value for name, value in given.items() if _sorted(existing.get(name)) != _sorted(value)}
    existing.update(different)
    return bool(different) or rewritten


def _names(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


def _sorted(value: Any) -> Any:
    """Associations have no order."""
    return sorted(value) if isinstance(value, list) and all(isinstance(each, str) for each in value) else value
