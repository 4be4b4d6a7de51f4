# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugin: one tenant's declared state, checked without network or credentials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.dataops.access.plugins.module_utils.core import expected_clients
from ansible_collections.dataops.access.plugins.module_utils.core.declared_file import Source, read_list
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.grants import grants
from ansible_collections.dataops.access.plugins.plugin_utils import declared, declared_lists, platforms, play
from ansible_collections.dataops.access.plugins.plugin_utils.controller_action import ControllerAction
from ansible_collections.dataops.access.plugins.plugin_utils.handover import declaration, rotation

# The one platform that can only be read: its module gets no declaration, so that what is expected has its own check.
READ_ONLY = "dqm_client_info"


class ActionModule(ControllerAction):
    """Runs for each host; its result is what access_report prints for all."""

    SPEC: ClassVar[Mapping[str, Any]] = {
        "declared": {
            "type": "list",
            "elements": "dict",
            "required": True,
            "options": {
                "module": {"type": "str", "required": True},
                "options": {"type": "dict", "required": True},
                "handover": {"type": "raw", "no_log": True},
            },
        },
        "credentials": {"type": "bool", "default": False},
    }

    def work(self, options: Mapping[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Check what each plural module would be given, and say who gets what by it."""
        found: dict[str, list[Any]] = {"errors": [], "grants": [], "unchecked": []}
        for entry in options["declared"]:
            given, errors = _handed_over(entry, options["credentials"], task_vars)
            found["errors"] += errors
            given, source = self._read(entry["module"], given, found)
            errors, granted = _checked(entry["module"], given, source)
            found["errors"] += errors
            found["grants"] += granted
        for text in found["unchecked"]:
            self._display.warning(f"{task_vars.get('inventory_hostname')}: {text}")
        return found

    def _read(
        self, module: str, options: Mapping[str, Any], found: Mapping[str, list[Any]]
    ) -> tuple[Mapping[str, Any], Source | None]:
        """The options with the list of a file in place of its path, and where it stands; notes what cannot be read."""
        service = platforms.SERVICES.get(module)
        plural = service.resource.plural if service else ""
        name = f"{plural}_file"
        if options.get(name) is None:
            return options, None
        others = {option: value for option, value in options.items() if option != name}
        source = Source(name, declared_lists.placed(str(options[name]), self._loader.get_basedir()))
        if options.get(plural) is not None:
            found["errors"].append(f"{plural} and {name} are both given; give one of them")
            return others, None
        if self._connection.transport != "local":
            found["unchecked"].append(
                f"{name}: {options[name]} is on the host where {module} runs, and is checked there"
            )
        else:
            try:
                return {**others, plural: read_list(source.path, name)}, source
            except ValidationError as problem:
                found["errors"].append(problem.message)
        # How many entries there are, nobody knows here.
        return {**others, plural: [], "allow_empty": True}, source


def _handed_over(
    entry: Mapping[str, Any], credentials: bool, task_vars: Mapping[str, Any]
) -> tuple[Mapping[str, Any], list[str]]:
    """The options as the module takes them, and what is wrong with where the secrets of renewed tokens go."""
    options: Mapping[str, Any] = entry["options"]
    if entry["module"] != rotation.MANY or not isinstance(options.get("tokens"), list):
        return options, []
    around = declaration.Surroundings(
        str(task_vars.get("inventory_hostname")),
        str(options.get("account")),
        play.folder_of_inventory(task_vars),
        credentials,
    )
    renewals, errors = declaration.read(options["tokens"], entry["handover"], around)
    # What the module wants is a place for the secret; which one it is was checked above.
    elsewhere = {renewal.name for renewal in renewals if not renewal.only_file}
    tokens = [
        {**told, declaration.SECRET_FILE: declaration.VARIABLE}
        if isinstance(told, Mapping) and str(told.get("name")) in elsewhere
        else told
        for told in map(declaration.without_choice, options["tokens"])
    ]
    return {**options, "tokens": tokens}, errors


def _checked(module: str, options: Mapping[str, Any], source: Source | None) -> tuple[list[str], list[dict[str, Any]]]:
    """What is wrong, and who gets what. Raises ValidationError for an unknown module."""
    if module == READ_ONLY:
        clients, users = options.get("expected_clients") or [], options.get("expected_users") or []
        errors = expected_clients.check_clients(clients) + expected_clients.check_users(users)
        return errors, [] if errors else expected_clients.grants(clients, users, options.get("user_id") or "")
    service = platforms.service_of(module)
    checked = declared.check(service, options, source)
    return checked.errors, grants(service.resource, checked.declared)
