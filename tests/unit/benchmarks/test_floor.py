# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark compares like with like: its plain script sends what the module sends, and the server ends the same."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.core.service import Service
from ansible_collections.dataops.access.plugins.module_utils.services.datasentinel import DatasentinelUsers
from ansible_collections.dataops.access.plugins.module_utils.services.devo_tokens import DevoTokens
from ansible_collections.dataops.access.plugins.module_utils.services.devo_users import DevoUsers
from benchmarks import floor, work
from benchmarks.kinds import DEVO_TOKENS, DEVO_USERS, DS_USERS, Kind
from emulator.server import Emulator
from unit.road import run_many

NUMBER = 5
NAMED = ("name", "email")
SERVICES = ((DS_USERS, DatasentinelUsers), (DEVO_USERS, DevoUsers), (DEVO_TOKENS, DevoTokens))


def sent(emulator: Emulator) -> list[tuple[str, str, Any]]:
    """The requests without their order, which threads decide."""
    return sorted(
        (one["method"], one["path"], json.dumps(one["body"], sort_keys=True)) for one in emulator.requests(full=True)
    )


def names(state: Any) -> list[str]:
    """What a tenant holds, by name."""
    if isinstance(state, dict):
        return sorted(name for key, value in state.items() for name in ([value] if key in NAMED else names(value)))
    return sorted(name for item in state for name in names(item)) if isinstance(state, list) else []


@pytest.mark.parametrize(("kind", "service"), SERVICES, ids=[kind.name for kind, _service in SERVICES])
@pytest.mark.parametrize("operation", ["create", "purge", "no change"])
def test_the_script_sends_what_the_module_sends(
    vendors: Emulator, kind: Kind, service: type[Service], operation: str
) -> None:
    held = 0 if operation == "create" else NUMBER
    one = work.Work(kind, NUMBER, held=held, kept=1 if operation == "purge" else None)
    vendors.reset(state=kind.start(one.held))
    connection = vendors.connections[kind.platform]
    options = {**one.options(connection), kind.option: one.declared(), "max_deletions": "-1"}
    result = run_many(service, {**options, "purge": one.kept is not None}, {})
    assert not result.get("failed"), result
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
    vendors.reset(state=DS_USERS.start(one.held, one.drifted))
    options = {**one.options(vendors.connections["datasentinel"]), "users": one.declared(), "_ansible_check_mode": True}
    result = run_many(DatasentinelUsers, options, {}, check=True)
    assert result["summary"]["update"] == drifted == one.writes
    assert vendors.writes() == []
