# SPDX-License-Identifier: GPL-3.0-or-later
"""One emulator for all tests of leaks, put back to its start before each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.dataops.access.plugins.module_utils.http import retry
from emulator.server import Emulator


@pytest.fixture(scope="session")
def vendors_running() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def vendors(vendors_running: Emulator) -> Emulator:
    """The five emulated platforms at their start state."""
    vendors_running.reset()
    return vendors_running


@pytest.fixture
def no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """Repetitions follow at once."""
    monkeypatch.setattr(retry, "backoff", lambda attempt: 0.0)
