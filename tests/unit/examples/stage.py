# SPDX-License-Identifier: GPL-3.0-or-later
"""Examples as one playbook: a play for each, on a host of its own whose tenants no other example knows.

A task that brings a platform in line is run three times: in check mode, for real, and once more in check mode, which
must find nothing to do. A playbook is run so as a whole.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.dataops.access.plugins.plugin_utils.platforms import PLATFORMS
from emulation import environment_variables

from . import kinds
from .collector import Example
from .known import PREFIX, platform_modules

HERE = Path(__file__).parent
CHECK, RUN, AGAIN = "check", "run", "again"
# Addresses that examples write out, and whose they are.
ADDRESSES = {
    re.compile(r"https://[\w.]+/ds-api"): "datasentinel",
    re.compile(r"https://api-eu\.devo\.com"): "devo",
    re.compile(r"https://[\w.]+/webapi"): "alteryx",
    re.compile(r"https://[\w.]+\.mydbsync\.com/[\w/.-]+/partner"): "dbsync",
}
# Files and folders that examples name.
PLACES = re.compile(
    r"(?<![\w/.-])(/srv|/run/secrets|/etc/payments|access-report\b|access-export\b|slice-\d|review\.csv)(?![\w-])"
)
# What examples call the secrets of a tenant.
VAULT = {
    "vault_datasentinel_password": ("datasentinel", "api_password"),
    "vault_devo_token": ("devo", "api_token"),
    "vault_alteryx_client_id": ("alteryx", "client_id"),
    "vault_alteryx_client_secret": ("alteryx", "client_secret"),
    "vault_dbsync_key": ("dbsync", "partner_app_key"),
    "vault_dbsync_token": ("dbsync", "partner_app_token"),
    "vault_dqm_password": ("dqm", "api_password"),
}
# Lists that examples take from files.
FILES = {
    "access/dbsync.json": [{"company": "Acme", "username": "ana@example.com"}],
    "access/devo.yml": [{"email": "bo@example.com", "roles": ["reviewer"]}],
    "access/devo-tokens.yml": [{"name": "personal-bo", "enabled": False}],
    "access/datasentinel.yml": [{"email": "leo@example.com", "state": "absent"}],
    "access/alteryx.yml": [{"name": "Archive 2024", "users": ["leo@example.com"]}],
}
FOLDERS = ("payments", "secrets", "handover", "access")
# What playbooks of the collection begin with: it has imported what each task's process would import by itself.
FIRST = {
    "name": "Once for all",
    "hosts": "first",
    "gather_facts": False,
    "tasks": [{"name": "Imports", "dataops.access.access_preflight": {"connections": False}}],
}

Connections = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Scene:
    """One example, and what it needs. `where` is the example's place, `host` the name of its host and its tenants."""

    example: Example
    kind: str
    host: str
    given: Mapping[str, Any] = field(default_factory=dict)
    page: Sequence[Example] = ()

    @property
    def where(self) -> str:
        return self.example.where


def world(host: str, given: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, dict[str, Any]]:
    """The five tenants of one host, as the emulator takes them. ``given``: what is otherwise for one."""
    return {
        f"{platform}-{host}": copy.deepcopy({"platform": platform, **state, **(given or {}).get(platform, {})})
        for platform, state in _start().items()
    }


@cache
def _start() -> dict[str, dict[str, Any]]:
    then = dt.datetime.now(dt.UTC) - dt.timedelta(days=85)
    text = (HERE / "world.yml").read_text().replace("85_DAYS_AGO", then.strftime("%Y-%m-%dT%H:%M:%SZ"))
    read: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return read


def placed(text: str, folder: Path) -> str:
    """An example's text with its files and folders below `folder`."""
    return PLACES.sub(lambda found: f"{folder}/{found[1].lstrip('/')}", text)


def scenes(examples: Sequence[Example]) -> list[Scene]:
    """Those examples that can be run, in their order. What a page declares before them holds for them."""
    given = yaml.safe_load((HERE / "scenes.yml").read_text())
    found: list[Scene] = []
    declared: list[Example] = []
    for example in examples:
        sort = kinds.kind(example)
        if sort == kinds.VARIABLES:
            declared.append(example)
        if sort in (kinds.TASKS, kinds.PLAYBOOK, kinds.DEFAULTS) and not kinds.named(kinds.NOT_INSTALLED, example):
            host = "example-" + re.sub(r"\W+", "-", example.where).strip("-").lower()
            page = [before for before in declared if before.file == example.file]
            found.append(Scene(example, sort, host, given.get(example.file, {}), page))
    return found


class Stage:
    """Writes the inventory and the playbook of some scenes into a folder.

    ``connections``: of the emulator's tenants; ``elsewhere``: other addresses, and what stands for them; ``once``: run
    for real, and nothing else.
    """

    def __init__(
        self, folder: Path, connections: Connections, elsewhere: Mapping[str, str], once: bool = False
    ) -> None:
        self._folder = folder
        self._modes = (RUN,) if once else (CHECK, RUN, AGAIN)
        self._connections = connections
        self._elsewhere = elsewhere

    def write(self, scenes: Sequence[Scene]) -> None:
        """`inventory.yml` and `examples.yml`."""
        hosts = {scene.host: self._variables(scene) for scene in scenes}
        hosts["first"] = {"access_platform": "devo"}
        plays = [FIRST, *(play for scene in scenes for play in self._plays(scene))]
        (self._folder / "inventory.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}))
        (self._folder / "examples.yml").write_text(yaml.safe_dump(plays, sort_keys=False, width=1000))
        for scene in scenes:
            place = self._place(scene)
            for name in FOLDERS:
                (place / "srv" / name).mkdir(parents=True)
            for name, entries in FILES.items():
                dump = json.dumps if name.endswith(".json") else yaml.safe_dump
                (place / "srv" / name).write_text(dump(entries))
            for name in ("run/secrets", "etc/payments"):
                (place / name).mkdir(parents=True)

    def _place(self, scene: Scene) -> Path:
        return self._folder / scene.host

    def _connection(self, scene: Scene, platform: str) -> Mapping[str, str]:
        return self._connections[f"{platform}-{scene.host}"]

    def _read(self, scene: Scene, text: str) -> Any:
        """An example's YAML, with the addresses and the places of this stage."""
        for pattern, platform in ADDRESSES.items():
            text = pattern.sub(self._connection(scene, platform)["api_url"], text)
        for address, instead in self._elsewhere.items():
            text = text.replace(address, instead)
        text = placed(text, self._place(scene))
        # The other hosts of the inventory are other examples.
        text = text.replace("groups['all']", "[inventory_hostname]")
        return kinds.read_yaml(replace(scene.example, text=text))

    def _given(self, scene: Scene, part: str) -> Any:
        text = yaml.safe_dump(scene.given.get(part, []), sort_keys=False, width=1000)
        return yaml.safe_load(text.replace("HOST", scene.host).replace("FOLDER", str(self._place(scene))))

    def _variables(self, scene: Scene) -> dict[str, Any]:
        declared: dict[str, Any] = {}
        for before in scene.page:
            declared |= self._read(scene, before.text)
        vault = {name: self._connection(scene, platform)[option] for name, (platform, option) in VAULT.items()}
        fixed = {"vault_ana_password": "only-for-this-example", "access_hosts": scene.host}
        return {**declared, **vault, **fixed, **(self._given(scene, "vars") or {})}

    def _environment(self, scene: Scene) -> dict[str, str]:
        made: dict[str, str] = {}
        for platform in PLATFORMS:
            made |= environment_variables(platform, self._connection(scene, platform))
        return made

    def _plays(self, scene: Scene) -> Iterator[dict[str, Any]]:
        data = self._read(scene, scene.example.text)
        # A play that fails ends the run, and the plays after it would tell nothing: the verdict sees what was ignored.
        common = {"hosts": scene.host, "environment": self._environment(scene), "ignore_errors": True}
        if scene.kind == kinds.PLAYBOOK:
            for mode in self._modes:
                for play in data:
                    yield {**play, **common, "name": f"{mode}: {scene.where}", "check_mode": mode != RUN}
            return
        defaults: dict[str, Any] = {}
        if scene.kind == kinds.DEFAULTS:
            # They alone say where the tenant is.
            defaults = {**data, "environment": {}}
        tasks = self._given(scene, "tasks") if scene.kind == kinds.DEFAULTS else data
        yield {
            "name": scene.where,
            **common,
            **defaults,
            "connection": "local",
            "gather_facts": False,
            "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
            "tasks": [*self._given(scene, "before"), *(each for task in tasks for each in self._repeated(task))],
        }

    def _repeated(self, task: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """A task as it is run: more than once where check mode can be compared with it."""
        modules = [key.removeprefix(PREFIX) for key in task if key.startswith(PREFIX)]
        name = task.get("name", "without a name")
        several = modules and modules[0] in platform_modules() and "check_mode" not in task
        for mode in self._modes if several else (RUN,):
            checked = {} if mode == RUN else {"check_mode": True}
            yield {**task, **checked, "name": f"{mode}: {name}"}
