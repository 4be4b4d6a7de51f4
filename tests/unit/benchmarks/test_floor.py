# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark compares like with like: its plain script sends what the module sends, and the server ends the same."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.core.service import Service
from ansible_collections.dataops.access.plugins.module_utils.services.alteryx import Subscriptions
from ansible_collections.dataops.access.plugins.module_utils.services.datasentinel import DatasentinelUsers
from ansible_collections.dataops.access.plugins.module_utils.services.dbsync import DBSyncUsers
from ansible_collections.dataops.access.plugins.module_utils.services.devo_tokens import DevoTokens
from ansible_collections.dataops.access.plugins.module_utils.services.devo_users import DevoUsers
from benchmarks import floor, work
from benchmarks.kinds import DEVO_TOKENS, DEVO_USERS, DS_USERS, LICENCES, SUBSCRIPTIONS, Kind
from emulator.server import Emulator
from unit.road import run_many

NUMBER = 5
NAMED = ("name", "email")
SERVICES = (
    (DS_USERS, DatasentinelUsers),
    (DEVO_USERS, DevoUsers),
    (DEVO_TOKENS, DevoTokens),
    (LICENCES, DBSyncUsers),
    (SUBSCRIPTIONS, Subscriptions),
)
SCRIPTED = [pair for pair in SERVICES if pair[0].script]


def sent(emulator: Emulator) -> list[tuple[str, str, Any]]:
    """The requests without their order, which threads decide."""
    return sorted(
        (one["method"], one["path"], json.dumps(one["body"], sort_keys=True)) for one in emulator.requests(full=True)
    )


def run(emulator: Emulator, one: work.Work, service: type[Service], check: bool = False) -> dict[str, Any]:
    """The work by the plural module, from its start."""
    kind = one.kind
    emulator.reset(state=kind.start(one.held, one.drifted))
    options = {**one.options(emulator.connections[kind.platform]), kind.option: one.declared(), "max_deletions": "-1"}
    result = run_many(service, {**options, "purge": one.kept is not None}, {}, check=check)
    assert not result.get("failed"), result
    return result


def names(state: Any) -> list[str]:
    """What a tenant holds, by name."""
    if isinstance(state, dict):
        return sorted(name for key, value in state.items() for name in ([value] if key in NAMED else names(value)))
    return sorted(name for item in state for name in names(item)) if isinstance(state, list) else []


@pytest.mark.parametrize(("kind", "service"), SCRIPTED, ids=[kind.name for kind, _service in SCRIPTED])
@pytest.mark.parametrize("operation", ["create", "purge", "no change"])
def test_the_script_sends_what_the_module_sends(
    vendors: Emulator, kind: Kind, service: type[Service], operation: str
) -> None:
    held = 0 if operation == "create" else NUMBER
    one = work.Work(kind, NUMBER, held=held, kept=1 if operation == "purge" else None)
    run(vendors, one, service)
    by_module, state = sent(vendors), vendors.state(kind.platform)
    assert sum(request["write"] for request in vendors.requests()) == one.writes

    vendors.reset(state=kind.start(one.held))
    floor.with_requests(one.script(vendors.connections[kind.platform]))
    by_script = sent(vendors)
    further = [request for request in by_module if request not in by_script]
    assert sorted([*by_script, *further]) == by_module
    # Before anything is taken away, the module makes sure that it is not the account or the token in use.
    assert {method for method, _path, _body in further} <= ({"GET"} if operation == "purge" else set())
    assert names(vendors.state(kind.platform)) == names(state)


@pytest.mark.parametrize("drifted", [0, 2, NUMBER])
def test_check_mode_sees_the_drift_and_writes_nothing(vendors: Emulator, drifted: int) -> None:
    one = work.Work(DS_USERS, NUMBER, held=NUMBER, drifted=drifted)
    result = run(vendors, one, DatasentinelUsers, check=True)
    assert result["summary"]["update"] == drifted == one.writes
    assert vendors.writes() == []


@pytest.mark.parametrize(("kind", "service"), SERVICES, ids=[kind.name for kind, _service in SERVICES])
def test_what_is_as_declared_costs_the_same_reads_however_much_it_is(
    vendors: Emulator, kind: Kind, service: type[Service]
) -> None:
    numbers = []
    for number in (1, 20):
        result = run(vendors, work.Work(kind, number, held=number), service)
        assert result["summary"]["in_sync"] == number + len(kind.always)
        numbers.append((result["stats"]["reads"], result["stats"]["writes"]))
    assert numbers == [(1, 0), (1, 0)]


@pytest.mark.parametrize(("kind", "service"), SERVICES, ids=[kind.name for kind, _service in SERVICES])
def test_a_creation_costs_one_write_and_one_more_listing(vendors: Emulator, kind: Kind, service: type[Service]) -> None:
    one = work.Work(kind, 20)
    result = run(vendors, one, service)
    assert result["summary"]["create"] == 20
    # A registration is paid for: who is to be registered is asked for by name before.
    asked = 20 if kind is LICENCES else 0
    assert (result["stats"]["reads"], result["stats"]["writes"]) == (2 + asked, one.writes)
