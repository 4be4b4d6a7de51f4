# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator answers as the vendors' documents say, whatever it is asked and whichever way its switches stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection

from contract.check import APIS
from contract.emulated import Client, compare, examples, operations
from emulator.platforms import PLATFORMS
from emulator.server import Emulator

EXAMPLES = 10
ORDER = ("get", "put", "post", "delete")
# whose good example does not succeed on the emulator as it starts
REFUSED = {
    "alteryx: PUT /v3/subscription/{subscriptionId}": "the other path is served",
    "datasentinel: GET /user-token": "no token that could be written down is valid",
    "datasentinel: POST /roles/{role}": "it is there already",
    "datasentinel: POST /users/{email}": "it is there already",
    "datasentinel: DELETE /roles/{role}": "users have it",
    "dbsync: POST /partner": "the method is part of the path",
    "dbsync: POST /partner/registerUser": "it is there already",
    "devo: POST /probio/user/internal": "it is there already",
    "devo: POST /probio/user/external": "it is there already",
    "devo: POST /probio/user/email/{userEmail}/domain/{domainName}/enable": "the user is enabled",
    "devo: DELETE /probio/user/email/{userEmail}/domain/{domainName}/role": "it is the user's last role",
    "devo: GET /probio/user/internal/{id}": "ids are made anew",
    "devo: PUT /probio/user/internal/{id}": "ids are made anew",
    "dqm: GET /dqm-identity/v1/v1/users/{userId}/clients": "the other path is served",
}
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
        # a query that makes no sense may be ignored, a body may not
        if mode is GenerationMode.NEGATIVE and operation.body:
            case.validate_response(response, checks=[negative_data_rejection])

    ask()
    assert [note for note in running.complaints() if "emulator bug" in note["message"]] == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_good_example_is_good(name: str, running: Emulator) -> None:
    """So that the tests below meet more than refusals."""
    api, operation = OPERATIONS[name]
    running.reset()
    *_others, known = examples(operation)
    status = Client(running, api).send(known).status_code
    refused = name in REFUSED or operation.path.startswith("/ws/")
    assert status >= 400 if refused else 200 <= status < 300


def readings() -> Iterator[Any]:
    """Every value of every switch."""
    for api in APIS:
        yield pytest.param(api, {}, id=f"{api}-defaults")
        for switch in PLATFORMS[api].switches:
            for value in switch.choices:
                if value != switch.default:
                    yield pytest.param(api, {f"{api}.{switch.name}": value}, id=f"{api}-{switch.name}={value}")


@pytest.mark.parametrize(("api", "switches"), list(readings()))
def test_every_reading(api: str, switches: dict[str, str], running: Emulator) -> None:
    """Each example; what changes something twice; and by nobody. What is deleted goes last, from the inside out."""
    running.reset(switches=switches)
    client = Client(running, api)
    for operation in sorted(operations(api), key=lambda each: (ORDER.index(each.method), -len(each.path))):
        if operation.path.startswith("/ws/") and "devo.layout" not in switches:
            continue  # the other layout of the same calls, which is not there
        cases = list(examples(operation))
        reads = operation.method == "get"
        for case in cases if reads else [*cases, cases[-1]]:
            compare(case, client.send(case))
        if reads or not switches:
            compare(cases[-1], client.send(cases[-1], Accept="application/json"))
    assert [note for note in running.complaints() if "emulator bug" in note["message"]] == []
