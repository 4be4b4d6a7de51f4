# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator answers as the vendors' documents say, whatever it is asked and whichever way its switches stand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from contract.check import APIS
from contract.emulated import Client, compare, operations
from emulator.server import Emulator

EXAMPLES = 15
OPERATIONS = {f"{api}: {each.label}": (api, each) for api in APIS for each in operations(api)}


@pytest.fixture(scope="module")
def running() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.mark.parametrize("name", OPERATIONS)
def test_whatever_is_asked(name: str, running: Emulator) -> None:
    api, operation = OPERATIONS[name]
    running.reset()
    client = Client(running, api)

    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(st.data())
    def ask(data: st.DataObject) -> None:
        mode = data.draw(st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE]))
        case = data.draw(operation.as_strategy(generation_mode=mode))
        response = client.send(case)
        assert response.status_code < 500
        compare(case, response)

    ask()
    assert [note for note in running.complaints() if "emulator bug" in note["message"]] == []
