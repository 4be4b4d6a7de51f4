# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks that go through every fault: made from the modules that there are and from the lives of their objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

from documentation import modules
from documentation.modules import INFO, MANY, ONE
from unit.every_life import LIVES
from unit.life import Life, Step
from unit.road import run_info, run_many, run_one

RUN: Mapping[str, Callable[..., dict[str, Any]]] = {ONE: run_one, MANY: run_many, INFO: run_info}
# Takes the connection, gives the result.
Before = Callable[[Mapping[str, Any]], dict[str, Any]]
WRITING = ("create", "update", "delete")
# What a plural task does: everything at once.
MIXED = "mixed"


@dataclass(frozen=True)
class Kind:
    """What one platform has, and how it is read and written."""

    # The module for many objects, or that for reading where there is no other.
    name: str
    service: type[Any]
    tenant: str
    life: Life | None = field(compare=False)
    # The forms that there are modules of: one, many, info.
    forms: frozenset[str]

    def __str__(self) -> str:
        return self.name

    def connection(self, tenants: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
        """The options of every task, out of what the emulator's tenants are reached by."""
        return dict(tenants[self.tenant]) if self.life is None else self.life.connection(tenants)


@cache
def kinds() -> tuple[Kind, ...]:
    """Every kind that there is a module for."""
    lives = {life.service: life for life in LIVES.values()}
    found: dict[type[Any], dict[str, str]] = {}
    for module in modules.modules().values():
        found.setdefault(module.service, {})[module.kind] = module.name
    return tuple(
        Kind(names.get(MANY, names.get(INFO, "")), service, service.platform.name, lives.get(service), frozenset(names))
        for service, names in found.items()
    )


@dataclass(frozen=True)
class Task:
    """One task of a playbook."""

    kind: Kind
    # "one", "many" or "info".
    form: str
    # What it does: "create", "update", "delete", "mixed" or "read"
    action: str
    # Tells it from others of that form and action.
    name: str
    options: Mapping[str, Any] = field(compare=False)
    # What is done before it, in order: so the tenant becomes what the task starts from.
    before: tuple[Before, ...] = field(compare=False, default=())

    @property
    def is_first(self) -> bool:
        """Whether it is the first of its form and action; the others are further steps of a life."""
        return self.name == self.action

    def __str__(self) -> str:
        return f"{self.kind.name}-{self.form}-{self.name}"

    def run(self, connection: Mapping[str, Any], check: bool = False) -> dict[str, Any]:
        """The module's result."""
        return RUN[self.form](self.kind.service, self.options, connection, check)


@cache
def tasks(kind: Kind) -> tuple[Task, ...]:
    """Every task of a kind, the same ones each time."""
    return tuple(_tasks(kind))


def _tasks(kind: Kind) -> Iterator[Task]:
    """Its life's writing steps one by one, then all at once, then reading."""
    life = kind.life
    done: tuple[Before, ...] = ()
    for step in life.steps if life else ():
        if step.expect in WRITING:
            name = step.expect if step is first(life, step.expect) else step.name
            yield Task(kind, ONE, step.expect, name, step.options, done)
            done = (*done, partial(run_one, kind.service, step.options))
    if life:
        yield several(kind, life)
    if INFO in kind.forms:
        created = (partial(run_one, kind.service, first(life, "create").options),) if life else ()
        yield Task(kind, INFO, "read", "read", {}, created)


def first(life: Life, action: str) -> Step:
    """The first step that does that, after the object was created."""
    return next(step for step in life.steps if step.expect == action)


def several(kind: Kind, life: Life) -> Task:
    """Two to be created, one changed, one removed, one in line, and whatever else there is purged."""
    plural = kind.service.resource.plural
    create = first(life, "create").options
    changes = [dict(step.options) for step in life.steps if step.expect == "update"][:1]
    existing = [_named(kind, create, name, life.further or {}) for name in ("changed", "gone", "same")]
    declared = [
        dict(create),
        *[_named(kind, create, "changed", change) for change in changes],
        {**_identity(kind, _named(kind, create, "gone", {})), "state": "absent"},
        existing[2],
        _named(kind, create, "new", life.further or {}),
    ]
    rest = _unlimited(kind)
    return Task(
        kind,
        MANY,
        MIXED,
        MIXED,
        {plural: declared, "purge": True, **rest},
        (partial(run_many, kind.service, {plural: existing if changes else existing[1:], **rest}),),
    )


def several_new(kind: Kind, number: int) -> Task:
    """So many new objects, alike but for their identity."""
    assert kind.life is not None
    create = first(kind.life, "create").options
    names = [f"n{count}" for count in range(number)]
    declared = [_named(kind, create, name, kind.life.further or {}) for name in names]
    return Task(kind, MANY, "create", f"{number} new", {kind.service.resource.plural: declared, **_unlimited(kind)})


def _unlimited(kind: Kind) -> dict[str, Any]:
    return {"max_deletions": "-1", **({"max_registrations": -1} if kind.service.resource.spends_quota else {})}


def _identity(kind: Kind, options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: options[name] for name in kind.service.resource.identity if name in options}


def _named(kind: Kind, create: Mapping[str, Any], word: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of another object than the one that `create` makes."""
    identity = _identity(kind, create)
    last = list(identity)[-1]
    return {**(options or create), **identity, last: f"{word}.{identity[last]}"}
