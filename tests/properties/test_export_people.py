# SPDX-License-Identifier: GPL-3.0-or-later
"""Exported as people and profiles, a state is declared as by the tenants' files alone, whatever it is."""

from __future__ import annotations

import copy
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.http import retry
from ansible_collections.dataops.access.plugins.plugin_utils.export import files
from ansible_collections.dataops.access.plugins.plugin_utils.export.people import people
from ansible_collections.dataops.access.plugins.plugin_utils.export.tenant import Tenant
from ansible_collections.dataops.access.plugins.plugin_utils.people import expansion, model
from ansible_collections.dataops.access.plugins.plugin_utils.people.kinds import KINDS, Kind
from emulator.names import folded
from emulator.server import Emulator
from properties.kind import Case
from properties.test_check_equals_run import KINDS as STATES_OF
from properties.test_export import MORE, STATES, Loader, Round

TERMS = expansion.Terms(dt.date(2026, 1, 31))
KIND_OF = {kind.variable: kind for kind in KINDS.values()}


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running


def read(text: str) -> dict[str, Any]:
    """The variables of a file, as Ansible reads them."""
    found: dict[str, Any] = yaml.load(text, Loader)  # noqa: S506 - a SafeLoader
    return found


def normal(kind: Kind, entries: list[dict[str, Any]]) -> list[Any]:
    """Entries without what says nothing of an existing object: order, the case of e-mails, what a new one is called."""
    told = [
        {
            name: sorted(value) if name in kind.lists else folded(value) if name == "email" else value
            for name, value in entry.items()
            if name != "username" or kind.name == "dbsync"
        }
        for entry in entries
    ]
    for entry in told:
        if kind.name == "alteryx" and "users" in entry:
            entry["users"] = sorted(folded(user) for user in entry["users"])
        if kind.name == "devo_tokens" and "user" in entry:
            entry["user"] = folded(entry["user"])
    return sorted(told, key=lambda entry: repr(sorted(entry.items())))


@pytest.mark.parametrize("name", STATES_OF)
def test_applying_people_and_profiles_changes_nothing(
    name: str,
    emulator: Emulator,
    tally: Callable[[str, str, int], None],
    monkeypatch: pytest.MonkeyPatch,
    pytestconfig: pytest.Config,
) -> None:
    monkeypatch.setattr(retry, "backoff", lambda attempt: 0.0)
    counts: Counter[str] = Counter()

    @settings(max_examples=1_000 if pytestconfig.getoption("long") else MORE.get(name, STATES))
    @given(STATES_OF[name].cases(), st.sampled_from(((), ("alteryx", "datasentinel", "dbsync", "devo"))))
    def check(case: Case, alone: tuple[str, ...]) -> None:
        one = Round(STATES_OF[name], case, emulator)
        exported = one.export()
        if exported is None:
            return
        # The same again under another name, of which nothing may come to the first.
        other = Tenant("another", exported.platform, copy.deepcopy(exported.declarations))
        tenants = [exported, *([] if alone else [other])]
        alone_declared = [dict(entry.options) for entry in exported.declarations[0].entries]
        made = people(tenants, alone)
        variables = read(files.text(["People."], made.document()))
        declared_people = model.read(variables["access_people"], variables["access_profiles"])
        for tenant in tenants:
            (declaration,) = tenant.declarations
            own = read(files.text(["A tenant."], tenant.document()))[declaration.variable]
            kind = KIND_OF[declaration.variable]
            entries = expansion.declared(own, declared_people, kind.name, tenant.host, TERMS)
            assert entries is not None
            assert normal(kind, entries) == normal(kind, alone_declared)
            done = one.apply(entries)
            assert not done.get("failed"), done["msg"]
            assert (done["changed"], done["changes"]) == (False, [])
            purged = one.purge(declaration, entries)
            left_out = {folded(what) for what, _why in declaration.left_out}
            assert {folded(change["key"]) for change in purged} <= left_out
        assert emulator.writes() == []
        counts["states"] += 1
        counts["people"] += len(made.people)
        counts["profiles"] += len(made.profiles)

    check()
    assert counts["states"] >= 20
    assert counts["people"] > 0
    for what, number in counts.items():
        tally("exports as people", f"{name}: {what}", number)
