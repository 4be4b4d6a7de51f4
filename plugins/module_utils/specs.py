# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Argument specs made from the declarations, and what they say about values: which are secret, which are wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible.module_utils.basic import AnsibleFallbackNotFound
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.dataops.access.plugins.module_utils.core.plain_entry import PlainEntries
from ansible_collections.dataops.access.plugins.module_utils.core.policy import Policy
from ansible_collections.dataops.access.plugins.module_utils.core.resource import Resource
from ansible_collections.dataops.access.plugins.module_utils.core.service import Reader, Service
from ansible_collections.dataops.access.plugins.module_utils.http.connection import Platform


def nonblank_env(*variables: str) -> str:
    """An environment fallback that takes an empty or blank variable as unset: AWX injects those."""
    for variable in variables:
        value = os.environ.get(variable, "")
        if value.strip():
            return value.strip()
    raise AnsibleFallbackNotFound


def connection_spec(platform: Platform) -> dict[str, Any]:
    """The connection options of one platform."""
    spec: dict[str, Any] = {
        "api_url": {"type": "str"},
        "api_timeout": {"type": "float", "default": 30.0},
        "api_retries": {"type": "int", "default": 4},
        "api_deadline": {"type": "float", "default": 0.0},
        "api_rate_limit": {"type": "float", "default": 0.0},
        "api_concurrency": {"type": "int", "default": 8},
        "api_proxy": {"type": "str"},
        "api_allow_http": {"type": "bool", "default": False},
        "validate_certs": {"type": "bool", "default": True},
        "ca_path": {"type": "path"},
        "client_cert": {"type": "path"},
        "client_key": {"type": "path", "no_log": False},
    }
    if platform.default_url:
        spec["api_url"]["default"] = platform.default_url
    spec.update({option.name: option.spec() for option in platform.options})
    for name, option in spec.items():
        option["fallback"] = (nonblank_env, [platform.variable(name)])
    # No fallback here: credentials resolve as a set, in http/connection.py.
    spec.update({item.option: {"type": "str", "no_log": item.secret} for item in platform.credentials})
    return spec


def one_spec(service: type[Service]) -> dict[str, Any]:
    """Argument spec of the singular module."""
    return {**connection_spec(service.platform), **service.resource.spec()}


def _list_spec(resource: Resource) -> dict[str, Any]:
    """The plural module's option that holds the declared list."""
    return {
        "type": "list",
        "elements": "dict",
        "no_log": False,
        "options": resource.spec(top=False),
        **resource.rules(),
    }


class EntryCheck:
    """The argument spec's check of a declared list, for one entry after the other: the same values, the same errors."""

    def __init__(self, resource: Resource) -> None:
        self._name = resource.plural
        self._spec = {self._name: _list_spec(resource)}
        self._plain = PlainEntries(self._spec[self._name])
        self._validator = ArgumentSpecValidator(self._spec)

    def __call__(self, entry: Mapping[str, Any]) -> tuple[dict[str, Any], Sequence[Exception]]:
        """The options of the entry, and what is wrong with them."""
        plain = self._plain.take(entry)
        if plain is not None:
            return plain, ()
        checked = self._validator.validate({self._name: [entry]})
        options: dict[str, Any] = checked.validated_parameters[self._name][0]
        return options, checked.errors

    def secrets(self, entries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        """Every secret that is declared."""
        return secrets_in(self._spec, {self._name: entries})


def many_spec(service: type[Service]) -> dict[str, Any]:
    """Argument spec of the plural module."""
    resource = service.resource
    spec = {
        **connection_spec(service.platform),
        **resource.spec(top=True),
        resource.plural: _list_spec(resource),
        f"{resource.plural}_file": {"type": "path", "no_log": False},
        "purge": {"type": "bool", "default": False},
        "allow_empty": {"type": "bool", "default": False},
        "purge_exclude": {"type": "list", "elements": "str", "default": []},
        "max_deletions": {"type": "str", "default": "10"},
        "return_objects": {"type": "bool", "default": False},
        "return_existing": {"type": "bool", "default": False},
        "approved_plan": {"type": "str"},
    }
    if resource.spends_quota:
        spec["max_registrations"] = {"type": "int", "default": 10}
    spec.update({option.name: option.spec() for option in service.many_options})
    return spec


def info_spec(reader: type[Reader]) -> dict[str, Any]:
    """Argument spec of the info module."""
    return {**connection_spec(reader.platform), **{option.name: option.spec() for option in reader.info_options}}


def policy_of(params: Mapping[str, Any]) -> Policy:
    """The guards among the plural module's options."""
    return Policy(
        purge=params["purge"],
        allow_empty=params["allow_empty"],
        exclude=tuple(params["purge_exclude"]),
        max_deletions=params["max_deletions"],
        max_registrations=params.get("max_registrations", -1),
    )


def secrets_in(spec: Mapping[str, Any], options: Mapping[str, Any]) -> Iterator[str]:
    """Every value of a secret option, at whatever depth, whatever its type."""
    for name, option in spec.items():
        value = options.get(name)
        if option.get("no_log"):
            yield from _texts(value)
        elif "options" in option and value is not None:
            # A list may have 100,000 entries.
            inner = {key: each for key, each in option["options"].items() if each.get("no_log") or "options" in each}
            for entry in value if isinstance(value, list) else [value]:
                if isinstance(entry, Mapping):
                    yield from secrets_in(inner, entry)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        # Braces without quotes make a key without a value of what is between them.
        value = [name if inner is None else inner for name, inner in value.items()]
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
