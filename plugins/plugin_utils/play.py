# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an action plugin that runs once for all hosts knows of its play: hosts, their variables, who runs it."""

from __future__ import annotations

import datetime as dt
import getpass
import json
import platform
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml
from ansible.errors import AnsibleError
from ansible.utils.display import Display

from ansible_collections.dataops.access.plugins.plugin_utils import declared_lists
from ansible_collections.dataops.access.plugins.plugin_utils.audit import locations
from ansible_collections.dataops.access.plugins.plugin_utils.audit.locations import Declarations

# Connections to the controller itself.
_LOCAL = (None, "", "local", "ansible.builtin.local")
COLLECTION = Path(__file__).resolve().parents[2]


def asked(task_vars: Mapping[str, Any]) -> list[str]:
    """The hosts of the play, failed ones included."""
    return [str(host) for host in task_vars["ansible_play_hosts_all"]]


def variable(task_vars: Mapping[str, Any], host: str, name: str, default: Any = None) -> Any:
    """A variable of another host, templated; ``default`` where it is undefined."""
    variables = task_vars["hostvars"][host]
    return variables.get(name, default)


def folder_of_inventory(task_vars: Mapping[str, Any]) -> Path:
    """Where relative paths in a host's variables begin; for an inventory without a folder, that of the playbook."""
    return Path(str(task_vars.get("inventory_dir") or task_vars.get("playbook_dir") or ".")).absolute()


class HostVariables:
    """The variables of one host, with the lists that files declare in place of those that are missing.

    Templating large lists is slow, so that it is done where there is a template alone.
    """

    def __init__(self, raw: Mapping[str, Any], templated: Mapping[str, Any]) -> None:
        self._raw = raw
        self._templated = templated
        self._lists: dict[str, list[dict[str, Any]]] = {}

    @classmethod
    def of(cls, task_vars: Mapping[str, Any], host: str) -> HostVariables:
        """Those of a host of the play."""
        return cls(task_vars["hostvars"].raw_get(host), task_vars["hostvars"][host])

    def get(self, name: str) -> Any:
        """One variable, templated; None where it is undefined. Raises declared_lists.Unread."""
        path = self.file_of(name)
        if path is None:
            return self._variable(name)
        if name not in self._lists:
            self._lists[name] = declared_lists.listed(path, name)
        return self._lists[name]

    def file_of(self, name: str) -> str | None:
        """The path of the file that holds the list of this name; None where none does. Raises declared_lists.Unread."""
        path = declared_lists.file_of(self._variable, name)
        return None if path is None else declared_lists.placed(path, str(self._raw.get("playbook_dir") or ""))

    def _variable(self, name: str) -> Any:
        value = self._raw.get(name)
        return value if _is_plain(value) else self._templated.get(name)

    def entries(self, name: str, options: Collection[str]) -> Any:
        """A list of mappings, with these options of each alone; another value as it is. Raises as ``get`` does."""
        value = None if self.file_of(name) else self._raw.get(name)
        if isinstance(value, list):
            picked = _picked(value, options)
            if _is_plain(picked):
                return picked
        return _picked(self.get(name), options)


def is_local(variables: HostVariables) -> bool:
    """Whether a host's modules run on the controller, as the playbooks want it: a variable goes over what they say."""
    try:
        return variables.get("ansible_connection") in _LOCAL
    except AnsibleError:
        return False


def _picked(value: Any, options: Collection[str]) -> Any:
    if not isinstance(value, (list, tuple)):
        return value
    return [
        {option: item[option] for option in options if option in item} if isinstance(item, Mapping) else item
        for item in value
    ]


def _is_plain(value: Any) -> bool:
    """Whether templating would leave the value as it is. A vaulted text is of a class of its own."""
    if isinstance(value, str):
        return "{{" not in value and "{%" not in value
    if isinstance(value, Mapping):
        return all(map(_is_plain, value)) and all(map(_is_plain, value.values()))
    if isinstance(value, (list, tuple)):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, (bool, int, float, dt.date))


def declarations(task_vars: Mapping[str, Any], host: str, section: str | None = None) -> Declarations:
    """Where the files beside the inventory and the playbook, and those of its lists, declare what concerns a host.

    ``section``: where in a file of several hosts to look, if not under the host's own name.
    """
    variables = task_vars["hostvars"][host]
    lists = _files_of_lists(HostVariables.of(task_vars, host)) if section is None else []
    inventory, file = (str(variables.get(name) or "") for name in ("inventory_dir", "inventory_file"))
    playbook = str(task_vars.get("playbook_dir") or "")
    groups = [*reversed(variables.get("group_names") or []), "all"]
    files = locations.candidates(host, groups, [file], [inventory, playbook])
    return Declarations(section or host, (*lists, *files), locations.project_root(inventory or playbook or "."))


def _files_of_lists(variables: HostVariables) -> list[Path]:
    found = []
    for name in declared_lists.FILES:
        # What is wrong with one is no matter for a hint.
        with suppress(AnsibleError, declared_lists.Unread):
            path = variables.file_of(name)
            found += [Path(path)] if path is not None and Path(path).is_file() else []
    return found


def run_facts(task_vars: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    """Who ran it, when, as which job, with which versions. Times are UTC, ``2026-01-31T06:00:00Z``."""
    now = dt.datetime.now(dt.timezone.utc)
    return {
        "at": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "check_mode": check_mode,
        "job_id": str(_of_job(task_vars, "job_id") or "local"),
        "job_template": _of_job(task_vars, "job_template_name"),
        "launch_type": _of_job(task_vars, "job_launch_type"),
        "schedule": _of_job(task_vars, "schedule_name"),
        "user": _of_job(task_vars, "user_name") or _local_user(),
        "revision": _of_job(task_vars, "project_revision"),
        "versions": {
            "collection": collection_version(),
            "ansible_core": (task_vars.get("ansible_version") or {}).get("full"),
            "python": platform.python_version(),
        },
    }


def today() -> dt.date:
    """The day in UTC."""
    return dt.datetime.now(dt.timezone.utc).date()


def collection_version() -> str | None:
    """The version of this collection, as installed or as checked out."""
    manifest = COLLECTION / "MANIFEST.json"
    if manifest.exists():
        version = json.loads(manifest.read_text(encoding="utf-8"))["collection_info"]["version"]
    elif (COLLECTION / "galaxy.yml").exists():
        version = yaml.safe_load((COLLECTION / "galaxy.yml").read_text(encoding="utf-8"))["version"]
    else:
        version = None
    return None if version is None else str(version)


def display(lines: Iterable[str]) -> None:
    """Print these lines, an empty one before them."""
    Display().display("\n".join(["", *lines]))


def _of_job(task_vars: Mapping[str, Any], name: str) -> str | None:
    for prefix in ("awx", "tower"):
        value = task_vars.get(f"{prefix}_{name}")
        if value not in (None, ""):
            return str(value)
    return None


def _local_user() -> str | None:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return None
