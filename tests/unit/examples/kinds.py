# SPDX-License-Identifier: GPL-3.0-or-later
"""What sort of example each one is. There is no sort for the rest: what fits none is an error."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import yaml

from ansible_collections.dataops.access.plugins.plugin_utils.platforms import PLATFORMS

from .collector import Example
from .known import variables

TASKS, PLAYBOOK, DEFAULTS = "tasks", "playbooks", "module_defaults"
INVENTORY, HOSTS, VARIABLES, PEOPLE = "inventories", "hosts of an inventory", "variables", "entries of people"
REQUIREMENTS, STATE = "requirements of a project", "states of the emulator"
COMMANDS, CRON = "commands", "lines of a crontab"
CONNECTIONS, LIST, EVENT, READY = "files of tenants", "lists in files", "events", "what the emulator prints"
PYTHON, TEXT = "Python", "text"

# Of what is not carried out or read by a program: where, how it begins, and why.
NOT_RUN = {
    ("docs/capacity.md", "CPU seconds   C"): "a formula",
    ("docs/capacity.md", "MiB   M"): "a formula",
    ("docs/capacity.md", "api_rate_limit ="): "a formula",
    ("tests/emulator/README.md", "PYTHONPATH=tests python -m emulator ["): "a synopsis",
}
# Playbooks that are checked but not run: the role is another collection's.
NOT_INSTALLED = {("awx/README.md", "- name: Configure the platform"): "infra.aap_configuration is no dependency"}

_SHELLS = ("bash", "shell", "console", "sh")
CRON_TIMES = re.compile(r"(?:[\d*/,-]+ +){5}")
_LANGUAGES = {"python": PYTHON, **dict.fromkeys(_SHELLS, COMMANDS)}


class Unknown(ValueError):
    """An example of no sort that is known: nobody would check it."""

    def __init__(self, example: Example, why: str) -> None:
        super().__init__(f"{example.where}: {why}")


class Loader(yaml.SafeLoader):
    """YAML as Ansible writes it: what is tagged is text."""


for tag in ("!unsafe", "!vault"):
    Loader.add_constructor(tag, lambda loader, node: loader.construct_scalar(node))


def read_yaml(example: Example) -> Any:
    try:
        return yaml.load(example.text, Loader)  # noqa: S506 - a SafeLoader with two tags of Ansible
    except yaml.YAMLError as problem:
        raise Unknown(example, f"no YAML: {problem}") from None


def named(table: Mapping[tuple[str, str], str], example: Example) -> tuple[str, str] | None:
    """The entry of a table that is about the example."""
    return next((key for key in table if example.file == key[0] and example.text.startswith(key[1])), None)


def kind(example: Example) -> str:
    """The sort of an example. Raises Unknown."""
    if example.language == "yaml":
        return _of_yaml(example, read_yaml(example))
    if example.language == "json":
        return _of_json(example)
    if example.language in _LANGUAGES:
        return _LANGUAGES[example.language]
    if example.language == "text":
        if named(NOT_RUN, example):
            return TEXT
        if CRON_TIMES.match(example.text):
            return CRON
        raise Unknown(example, "text that NOT_RUN in tests/unit/examples/kinds.py gives no reason for")
    raise Unknown(example, f"say in which language it is: {example.language!r} is none that is checked")


def _of_yaml(example: Example, data: Any) -> str:
    if isinstance(data, list) and data and all(isinstance(item, dict) for item in data):
        if all("hosts" in item for item in data):
            return PLAYBOOK
        if all(any("." in key or key == "block" for key in item) for item in data):
            return TASKS
        if all("email" in item for item in data):
            return PEOPLE
    if isinstance(data, dict) and data:
        keys = set(data)
        if keys == {"all"}:
            return INVENTORY
        if keys == {"module_defaults"}:
            return DEFAULTS
        if keys == {"collections"}:
            return REQUIREMENTS
        if keys <= variables():
            return VARIABLES
        if all(isinstance(value, dict) and "access_platform" in value for value in data.values()):
            return HOSTS
        if all(isinstance(value, dict) and (key in PLATFORMS or "platform" in value) for key, value in data.items()):
            return STATE
        unknown = sorted(keys - variables())
        raise Unknown(example, f"no variable of a role, a playbook or awx/ is called {', '.join(unknown)}")
    raise Unknown(example, "YAML of no known sort")


def _of_json(example: Example) -> str:
    try:
        data = json.loads(example.text)
    except ValueError as problem:
        raise Unknown(example, f"no JSON: {problem}") from None
    if isinstance(data, list) and data and all(isinstance(item, dict) and "email" in item for item in data):
        return LIST
    if isinstance(data, dict) and "event" in data:
        return EVENT
    if isinstance(data, dict) and set(data) == {"port", "platforms"}:
        return READY
    if isinstance(data, dict) and data and all(isinstance(value, dict) for value in data.values()):
        return CONNECTIONS
    raise Unknown(example, "JSON of no known sort")
