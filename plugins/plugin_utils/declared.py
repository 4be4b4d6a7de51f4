# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Declared state, checked without network or credentials: by the code that the modules check it with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError

from ansible_collections.dataops.access.plugins.module_utils import specs
from ansible_collections.dataops.access.plugins.module_utils.core import unknown_names
from ansible_collections.dataops.access.plugins.module_utils.core.declared_file import Source
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.resource import ABSENT, Declared
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import Redactor
from ansible_collections.dataops.access.plugins.module_utils.core.service import Service, check_unique
from ansible_collections.dataops.access.plugins.module_utils.http.settings import Settings

# In place of a client: a service looks at its settings when it is made, and asks it nothing for a declaration.
_OFFLINE = SimpleNamespace(settings=Settings(api_url=""))


@dataclass
class Checked:
    """What was declared as far as it is right, and what is wrong, one sentence each."""

    declared: list[Declared] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def offline(service_class: type[Service], options: Mapping[str, Any]) -> Service:
    """A service that can check a declaration, and asks nothing. ``options``: those at the top of the plural module.

    Raises ValidationError for what is wrong with them.
    """
    return service_class(_OFFLINE, options, None)


def check(service_class: type[Service], options: Mapping[str, Any], source: Source | None = None) -> Checked:
    """Check the options of a plural module, but for those of the connection, as the module would.

    ``source``: where the list among them stands, if it is not the option itself. Nothing is raised for what is wrong:
    every entry is looked at, so that all errors are found at once.
    """
    found = _check(service_class, options, source or Source(service_class.resource.plural))
    # What is wrong is quoted, and it may be a password, or hold the one of its entry.
    redactor = Redactor(specs.secrets_in(specs.many_spec(service_class), options))
    found.errors = [redactor.text(error) for error in found.errors]
    return found


def _check(service_class: type[Service], options: Mapping[str, Any], source: Source) -> Checked:
    plural = service_class.resource.plural
    connection = specs.connection_spec(service_class.platform)
    spec = {name: option for name, option in specs.many_spec(service_class).items() if name not in connection}
    found = Checked()
    entries = options.get(plural) or []
    if not isinstance(entries, list):
        found.errors.append(f"{plural} must be a list of entries, and is a {type(entries).__name__}")
        entries = []
    top = _validated(spec, {**options, plural: []}, found)
    if top is None:
        return found
    try:
        service = offline(service_class, top)
    except ValidationError as problem:
        found.errors.append(problem.message)
        return found
    top_options = {option.name: top[option.name] for option in service_class.resource.options if option.top}
    check_entry = specs.EntryCheck(service_class.resource)
    for place, entry in enumerate(entries):
        where = source.entry(place)
        if not isinstance(entry, Mapping):
            found.errors.append(where + "it is no mapping of options")
            continue
        params, errors = check_entry(entry)
        found.errors += [where + message_of(error) for error in errors]
        if not errors:
            try:
                found.declared.append(service.declare({**top_options, **params}, place))
            except ValidationError as problem:
                found.errors.append(where + problem.message)
    policy = specs.policy_of(top)
    kept = sum(not isinstance(entry, Mapping) or entry.get("state") != ABSENT for entry in entries)
    wholes: tuple[Callable[[], None], ...] = (
        lambda: check_unique(found.declared, service_class.resource.noun, source.whole()),
        lambda: policy.check(kept),
    )
    for whole in wholes:
        try:
            whole()
        except ValidationError as problem:
            found.errors.append(problem.message)
    return found


def message_of(error: Exception) -> str:
    """What an argument spec has against a value, in few words."""
    if isinstance(error, UnsupportedError):
        # Its text is the path of the option and a list of all others.
        paths, _ignored, known = unknown_names.in_message(str(error)).rpartition(". Supported parameters include: ")
        names = ", ".join(path.rpartition(".")[2] for path in paths.split(", "))
        return f"{names} is no option; known are {known.rstrip('.')}"
    return str(error)


def _validated(spec: Mapping[str, Any], options: Mapping[str, Any], found: Checked) -> dict[str, Any] | None:
    """The options as a module would have them; None, with the errors noted, if it would refuse them."""
    checked = ArgumentSpecValidator(dict(spec)).validate(dict(options))
    if checked.error_messages:
        found.errors += [message_of(error) for error in checked.errors]
        return None
    params: dict[str, Any] = checked.validated_parameters
    return params
