# SPDX-License-Identifier: GPL-3.0-or-later
"""The clients of a DQM user under every reading of the documents: the same list, or the one refusal that is listed."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.services.dqm import DqmClients
from emulator.platforms import PLATFORMS
from emulator.server import Emulator
from unit.road import run_info

READINGS = [(switch.name, value) for switch in PLATFORMS["dqm"].switches for value in switch.choices]
REFUSALS = {
    ("uid", "missing"): "pass user_id",
    ("clients", "missing"): "not of this API: clients should be a list",
    ("clients", "error_200"): "Could not list the clients",
    ("throttle", "seconds"): "answered 429",
    ("throttle", "bare"): "answered 429",
}


@pytest.mark.parametrize(("switch", "value"), READINGS)
def test_every_reading_gives_the_same_clients(vendors: Emulator, switch: str, value: str) -> None:
    connection: dict[str, Any] = {**vendors.connections["dqm"], "api_retries": 0}
    expected = run_info(DqmClients, {}, connection)
    assert expected["clients"]
    vendors.reset(switches={f"dqm.{switch}": value})
    result = run_info(DqmClients, {}, connection)
    says = REFUSALS.get((switch, value))
    if says:
        assert says in result["msg"]
        assert "clients" not in result
    else:
        assert (result["clients"], result["user_id"]) == (expected["clients"], expected["user_id"])


def test_every_refusal_is_one_of_a_reading() -> None:
    assert set(REFUSALS) <= set(READINGS)
