# SPDX-License-Identifier: GPL-3.0-or-later
"""One emulator for the tests of the road, put back to its start before each.

Only what is documented may be sent; and a test that tests/endpoints.py lists for an endpoint has to call it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.dataops.access.plugins.module_utils.http import retry
from contract.check import called, violations
from contract.named import endpoints_of
from emulator.server import Emulator


@pytest.fixture(scope="session")
def vendors_running() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def vendors(vendors_running: Emulator, request: pytest.FixtureRequest) -> Iterator[Emulator]:
    """The five emulated platforms at their start state."""
    vendors_running.reset()
    yield vendors_running
    assert vendors_running.complaints() == []
    asked = vendors_running.requests(full=True)
    assert violations(asked) == []
    assert endpoints_of(request.node.nodeid) - called(asked) == set()


@pytest.fixture
def misled_vendors(vendors_running: Emulator) -> Emulator:
    """The same for a test that sends what no vendor understands: complaints are expected."""
    vendors_running.reset()
    return vendors_running


@pytest.fixture
def no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """Repetitions follow at once, unless the server says how long to wait."""
    monkeypatch.setattr(retry, "backoff", lambda attempt: 0.0)
