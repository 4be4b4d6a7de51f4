# SPDX-License-Identifier: GPL-3.0-or-later
"""Examples of declared state as one inventory: a host of each platform that an example declares something for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.dataops.access.plugins.plugin_utils.platforms import PLATFORMS

from . import kinds
from .collector import Example
from .stage import Connections, placed, world

SORTS = (kinds.INVENTORY, kinds.HOSTS, kinds.VARIABLES, kinds.PEOPLE)
# Of Devo, where an example leaves them out.
DEVO = {"devo_domain": "example", "devo_account": "example"}


@dataclass(frozen=True)
class Tenant:
    """One host of an example. ``variables``: what is declared for it."""

    name: str
    platform: str
    example: Example
    variables: Mapping[str, Any]


def slug(example: Example) -> str:
    return re.sub(r"\W+", "-", example.where).strip("-").lower()


def tenants(examples: Sequence[Example], folder: Path) -> list[Tenant]:
    """All hosts that examples declare something for."""
    return [tenant for each in examples if kinds.kind(each) in SORTS for tenant in _hosts(each, folder)]


def _hosts(example: Example, folder: Path) -> Iterator[Tenant]:
    sort = kinds.kind(example)
    name = slug(example)
    text = placed(example.text, folder / name)
    # A profile that is for one tenant: it is called otherwise here.
    text = re.sub(r"(\btenant: )([a-z]+)[\w-]*", rf"\1\2-{name}", text)
    data = kinds.read_yaml(replace(example, text=text))
    if sort in (kinds.INVENTORY, kinds.HOSTS):
        for host, variables in (data["all"]["hosts"] if sort == kinds.INVENTORY else data).items():
            base = DEVO if variables["access_platform"] == "devo" else {}
            yield Tenant(f"{host}-{name}", variables["access_platform"], example, {**base, **variables})
        return
    declared = {"access_people": data} if sort == kinds.PEOPLE else data
    for platform in PLATFORMS:
        own = any(variable.startswith(f"{platform}_") for variable in declared)
        if own or "access_people" in declared:
            base = DEVO if platform == "devo" else {}
            yield Tenant(f"{platform}-{name}", platform, example, {"access_platform": platform, **base, **declared})


def world_of(tenant: Tenant) -> dict[str, dict[str, Any]]:
    """The tenant as the emulator takes it, with the domain that the example names."""
    name = f"{tenant.platform}-{tenant.name}"
    state = world(tenant.name)[name]
    if tenant.platform == "devo":
        state["domains"] = [{**state["domains"][0], "name": tenant.variables["devo_domain"]}]
    return {name: state}


def write(folder: Path, found: Sequence[Tenant], connections: Connections, lists: Sequence[Example]) -> None:
    """The inventory, the file of tenants, and the files that declarations name."""
    hosts = {tenant.name: dict(tenant.variables) for tenant in found}
    (folder / "inventory.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}))
    file = folder / "tenants.json"
    file.write_text(json.dumps({tenant.name: _options(tenant, connections) for tenant in found}))
    (folder / "lists").mkdir()
    for example in lists:
        (folder / "lists" / "my-datasentinel.json").write_text(example.text)
    for tenant in found:
        for place in ("run/secrets", "srv/handover"):
            (folder / slug(tenant.example) / place).mkdir(parents=True, exist_ok=True)


def _options(tenant: Tenant, connections: Connections) -> dict[str, str]:
    given = connections[f"{tenant.platform}-{tenant.name}"]
    return {name: value for name, value in given.items() if name not in ("domain", "account")}
