# SPDX-License-Identifier: GPL-3.0-or-later
"""What each module is asked to do while something goes wrong: steps of its object's life, secrets replaced by canaries.

The lives are those of tests/unit/lives, so that a new kind of object is covered as soon as it has one.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.resource import Option
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import HIDDEN_CHANGED
from ansible_collections.dataops.access.plugins.module_utils.core.service import Service
from emulator.server import Emulator
from leaks.modules import MODULES, Module
from leaks.search import Canaries
from unit.every_life import LIVES
from unit.life import Life, Step
from unit.road import run_one


@dataclass(frozen=True)
class Scene:
    """One task: a module, its options but for the connection, and what the servers hold before it."""

    name: str
    module: Module
    options: Mapping[str, Any]
    state: Mapping[str, Any]
    # Whether the step changes an existing secret.
    changes_secret: bool = False


def scenes(emulator: Emulator, canaries: Canaries, start: Mapping[str, Any]) -> Iterator[Scene]:
    """Every module: the plural and the singular ones create, update, change a secret, delete; the others read."""
    lives = {life.service: life for life in LIVES.values()}
    for service in dict.fromkeys(module.service for module in MODULES.values()):
        modules = [module for module in MODULES.values() if module.service is service]
        if service in lives:
            yield from _of_life(lives[service], modules, emulator, canaries, start)
        for module in modules:
            if module.kind == "info":
                yield Scene(f"{module.name}: read", module, _filters(module, emulator), start)


def _of_life(
    life: Life, modules: list[Module], emulator: Emulator, canaries: Canaries, start: Mapping[str, Any]
) -> Iterator[Scene]:
    emulator.reset(state={**start, **(life.state or {})})
    chosen: set[str] = set()
    for plain in life.steps:
        step = with_canaries(plain, life.service, canaries)
        what = "change of a secret" if _changes_secret(step) else step.expect
        if what not in chosen and step.expect != "nothing":
            chosen.add(what)
            state = {**start, life.tenant: copy.deepcopy(emulator.state(life.tenant))}
            for module in modules:
                options = {"one": dict(step.options), "many": life.as_many(step.options)}.get(module.kind)
                if options is not None:
                    scene = Scene(f"{module.name}: {what}", module, {**life.common, **options}, state)
                    yield replace(scene, changes_secret=_changes_secret(step))
        emulator.faults([])
        run_one(life.service, step.options, life.connection(emulator.connections))


def with_canaries(step: Step, service: type[Service], canaries: Canaries) -> Step:
    """The step with a canary in the place of every secret that it gives."""
    secret = {
        name: canaries.chosen(f"{service.resource.noun} {name} {step.options[name]}", ascii_only=False)
        for name in (option.name for option in service.resource.options if option.secret)
        if step.options.get(name)
    }
    return replace(step, options={**step.options, **secret})


def _changes_secret(step: Step) -> bool:
    return any(after == HIDDEN_CHANGED for _before, after in (step.fields or {}).values())


def _filters(module: Module, emulator: Emulator) -> dict[str, Any]:
    given: dict[str, str] = emulator.connections[module.platform.name]
    needed: list[Option] = [option for option in module.service.info_options if option.required]
    return {option.name: given[option.name] for option in needed}
