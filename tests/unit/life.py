# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of an object, step by step, and what each step has to show: see test_life.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.service import Service


@dataclass(frozen=True)
class Step:
    """One task of a playbook and what it is expected to do."""

    name: str
    # The singular module's options, without the connection.
    options: Mapping[str, Any]
    # "create", "update", "delete", "nothing", or "refused" (then `says` is searched in the message).
    expect: str
    # {field: (before, after)} of the change, where it is stated; None: not looked at.
    fields: Mapping[str, tuple[Any, Any]] | None = None
    says: str = ""


@dataclass(frozen=True)
class Life:
    """One module's life, under every switch of its platform."""

    service: type[Service]
    # The tenant's name in the emulator.
    tenant: str
    steps: tuple[Step, ...]
    # (switch, value) -> {step name: what the message says}: the steps that this reading of the documents makes fail.
    # Such a step must leave the object as it was; the life goes on with the next.
    refusals: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)
    # (switch, value) -> {step name: a Step}: steps that are different under this reading, but do not fail.
    instead: Mapping[tuple[str, str], Mapping[str, Step]] = field(default_factory=dict)
    # Switches of the platform that this kind of object cannot meet, with the reason.
    unmet: Mapping[str, str] = field(default_factory=dict)
    # The emulator's start state, where the default one does not do.
    state: Mapping[str, Any] | None = None
    # Options of every step, beside the connection (account, domain).
    common: Mapping[str, Any] = field(default_factory=dict)
    # What a further object is created with, but for its identity; None: with the same as the first one.
    further: Mapping[str, Any] | None = None

    def connection(self, tenants: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
        """The options of every task of this life, out of what the emulator's tenants are reached by."""
        platform = self.service.platform
        names = {"api_url", *(credential.option for credential in platform.credentials)}
        names |= {option.name for option in platform.options} | set(self.common)
        given = {**tenants[self.tenant], **self.common}
        return {name: value for name, value in given.items() if name in names}

    def as_many(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The plural module's options for those of the singular one, without any limit."""
        resource = self.service.resource
        top = {option.name for option in resource.options if option.top}
        entry = {name: value for name, value in options.items() if name not in top}
        above = {name: value for name, value in options.items() if name in top}
        return {**above, resource.plural: [entry], "max_deletions": "-1"}
