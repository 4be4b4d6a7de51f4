# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an action plugin that runs once for all hosts knows of its play: hosts, their variables, who runs it."""

from __future__ import annotations

import datetime as dt
import getpass
import json
import platform
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from ansible.utils.display import Display

from ansible_collections.dataops.access.plugins.plugin_utils.audit import locations
from ansible_collections.dataops.access.plugins.plugin_utils.audit.locations import Declarations

COLLECTION = Path(__file__).resolve().parents[2]


def asked(task_vars: Mapping[str, Any]) -> list[str]:
    """The hosts of the play, failed ones included."""
    return [str(host) for host in task_vars["ansible_play_hosts_all"]]


def variable(task_vars: Mapping[str, Any], host: str, name: str, default: Any = None) -> Any:
    """A variable of another host, templated; ``default`` where it is undefined."""
    variables = task_vars["hostvars"][host]
    return variables.get(name, default)


def declarations(task_vars: Mapping[str, Any]) -> Declarations:
    """Where the files beside the inventory and the playbook declare what concerns this host."""
    host = str(task_vars["inventory_hostname"])
    inventory, playbook = (str(task_vars.get(name) or "") for name in ("inventory_dir", "playbook_dir"))
    groups = [*reversed(task_vars.get("group_names") or []), "all"]
    files = locations.candidates(host, groups, [str(task_vars.get("inventory_file") or "")], [inventory, playbook])
    return Declarations(host, files, locations.project_root(inventory or playbook or "."))


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
