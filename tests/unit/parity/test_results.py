# SPDX-License-Identifier: GPL-3.0-or-later
"""Source: what modules really return. RETURN has every key of it with its type, and nothing that is never returned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from documentation import modules
from documentation.modules import INFO, MANY, ONE, Module
from emulator.server import Emulator
from unit.every_life import LIVES
from unit.kinds import KINDS
from unit.life import Life
from unit.parity.conftest import Same
from unit.returned import Documentation
from unit.road import run_info, run_many, run_one

MODULES = modules.modules()
KINDS_OF = {kind.service: kind for kind in KINDS.values()}
# Beside the steps of a life: what is returned only where it is asked for, by singular or info module.
ASKED: Mapping[str, Mapping[str, Any]] = {
    "devo_token": {"name": "shown", "audience": ["apiv2"], "return_secret": True},
    "devo_token_info": {"name": "reports", "return_secret": True},
    "subscription": {"name": "Shown", "return_secret": True},
    "subscription_info": {"assets_of": "ann@example.com"},
}


def connection_of(module: Module, life: Life | None, vendors: Emulator) -> dict[str, Any]:
    if life is not None:
        return life.connection(vendors.connections)
    platform = module.service.platform
    names = {"api_url", *(each.option for each in platform.credentials)}
    return {name: value for name, value in vendors.connections[platform.name].items() if name in names}


def steps_of(life: Life | None) -> list[Mapping[str, Any]]:
    """Options of the singular module, one task after the other."""
    if life is None:
        return [{}]
    asked = [ASKED[name] for name, each in LIVES.items() if each is life and name in ASKED]
    return [*(step.options for step in life.steps), *asked]


def results(module: Module, vendors: Emulator) -> Iterator[dict[str, Any]]:
    """What it returns in each step of its object's life, in check mode, and where the server fails."""
    service = module.service
    life = next((life for life in LIVES.values() if life.service is service), None)
    connection = connection_of(module, life, vendors)
    flags = {option.name: True for option in service.info_options if option.type == "bool"}
    shown = {"return_objects": True, "return_existing": True}
    for options in steps_of(life):
        if module.kind == ONE:
            yield run_one(service, options, connection, check=True)
        if module.kind == MANY and life is not None:
            yield run_many(service, {**shown, **life.as_many(options)}, connection, check=True)
            yield run_many(service, {**shown, **life.as_many(options)}, connection)
        elif life is not None:
            done = run_one(service, options, connection)
            if module.kind == ONE:
                yield done
        if module.kind == INFO:
            yield run_info(service, {}, connection)
            yield run_info(service, {**flags, **ASKED.get(module.name, {})}, connection)
    vendors.faults([{"fault": {"kind": "status", "status": 403}}])
    broken = {**connection, "api_retries": 0}
    if module.kind == INFO:
        yield run_info(service, {}, broken)
    elif module.kind == ONE:
        yield run_one(service, KINDS_OF[service].make(1), broken)
    else:
        yield run_many(service, {service.resource.plural: [KINDS_OF[service].make(1)]}, broken)


@pytest.mark.parametrize("name", sorted(MODULES))
@pytest.mark.usefixtures("no_backoff")
def test_a_module_returns_what_it_documents(name: str, misled_vendors: Emulator, same: Same) -> None:
    documentation = Documentation(name, MODULES[name].returns)
    wrong = {line for result in results(MODULES[name], misled_vendors) for line in documentation.wrong(result)}
    assert not wrong, "\n".join(sorted(wrong))
    told = set(documentation.paths())
    assert told <= documentation.met, f"never returned: {sorted(told - documentation.met)}"
    same("results: RETURN, what modules return", told & documentation.met, told)
