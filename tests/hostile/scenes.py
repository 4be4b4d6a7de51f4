# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of every module, to be disturbed: found in the modules and the lives, so that a new platform joins by itself."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils import runner, specs
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import Redactor
from ansible_collections.dataops.access.plugins.module_utils.core.service import Reader, Service
from emulator.server import Emulator
from unit.life import Life, Step
from unit.road import run

_TESTS = Path(__file__).parent.parent
_MODULES = _TESTS.parent / "plugins" / "modules"
_PACKAGE = "ansible_collections.dataops.access.plugins.modules"

LIVES: dict[str, Life] = {
    path.stem: importlib.import_module(f"unit.lives.{path.stem}").LIFE
    for path in sorted((_TESTS / "unit" / "lives").glob("[a-z]*.py"))
}


def readers() -> dict[str, type[Reader]]:
    """What every info module reads with, by the name of what it reads: the one class that the module imports."""
    found = {}
    for path in sorted(_MODULES.glob("*_info.py")):
        module = importlib.import_module(f"{_PACKAGE}.{path.stem}")
        own = [item for item in vars(module).values() if isinstance(item, type) and issubclass(item, Reader)]
        (found[path.stem.removesuffix("_info")],) = own
    return found


READERS = readers()
# By singular module; what can only be read has an info module alone.
KINDS = sorted({*LIVES, *READERS})


@dataclass(frozen=True)
class Scene:
    """One run of one module: its options, and the state of the platform before it."""

    name: str
    reader: type[Reader]
    # "one", "many" or "info"
    form: str
    tenant: str
    params: Mapping[str, Any]
    state: Mapping[str, Any]
    # Whether it makes an object that is not there.
    creates: bool = False

    def play(self, check: bool = False) -> dict[str, Any]:
        """The module's result."""
        starts = {"one": runner.run_one, "many": runner.run_many, "info": runner.run_info}
        start: Any = starts[self.form]
        return run(lambda: start(self.reader), self.params, check)


class Stage:
    """The scenes of one kind of object on a running emulator."""

    def __init__(self, emulator: Emulator, kind: str) -> None:
        self.emulator = emulator
        self.reader = READERS[kind]
        self.tenant = self.reader.platform.name
        given = emulator.connections[self.tenant]
        # A log-in name is no secret.
        secret = [item.option for item in self.reader.platform.credentials if item.secret]
        self.redactor = Redactor(given[option] for option in secret if option in given)
        self.scenes = list(self._of_info())
        if kind in LIVES:
            self.scenes += self._of_life(LIVES[kind])

    def set(self, scene: Scene) -> None:
        """Put the platform into the state before the scene."""
        self.emulator.reset(state={self.tenant: scene.state})

    def creations(self) -> Iterator[Scene]:
        """The scenes that make an object, by the singular and by the plural module; none where nothing is ever made."""
        return (scene for scene in self.scenes if scene.creates)

    def state(self) -> dict[str, Any]:
        """What the platform holds now."""
        return self.emulator.state(self.tenant)

    def _connection(self, spec: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
        # One request after the other: which answer is which must not depend on threads.
        given = {**self.emulator.connections[self.tenant], **more, "api_retries": 0, "api_concurrency": 1}
        return {name: value for name, value in given.items() if name in spec}

    def _of_life(self, life: Life) -> Iterator[Scene]:
        """Each step of the life as a task of its own: where the object does not exist yet, and where it does."""
        self.emulator.reset(state=life.state)
        service = life.service
        connection = self._connection(specs.one_spec(service), life.common)
        start = self.state()
        creation = [step for step in life.steps if step.expect == "create"][0]  # noqa: RUF015 - next() ends a generator
        result = run(lambda: runner.run_one(service), {**connection, **creation.options})
        assert result["changed"], result
        created = self.state()
        for step in life.steps:
            for state in (start, created) if step is creation else (created,):
                one = {**connection, **step.options}
                makes = step is creation and state is start
                yield Scene(f"{step.name}, one", service, "one", self.tenant, one, state, makes)
                many = {**connection, **as_many(service, step)}
                yield Scene(f"{step.name}, many", service, "many", self.tenant, many, state, makes)

    def _of_info(self) -> Iterator[Scene]:
        """Without a filter, and with everything that can be asked for besides."""
        spec = specs.info_spec(self.reader)
        self.emulator.reset()
        state = self.state()
        connection = self._connection(spec, {})
        yield Scene("info", self.reader, "info", self.tenant, connection, state)
        flags = {option.name: True for option in self.reader.info_options if option.type == "bool"}
        yield Scene("info with all there is", self.reader, "info", self.tenant, {**connection, **flags}, state)


def as_many(service: type[Service], step: Step) -> dict[str, Any]:
    """A step as a task of the plural module that also removes whatever is not declared."""
    top = {option.name for option in service.resource.options if option.top}
    entry = {name: value for name, value in step.options.items() if name not in top}
    options = {name: value for name, value in step.options.items() if name in top}
    return {**options, service.resource.plural: [entry], "purge": True, "allow_empty": True, "max_deletions": "-1"}
