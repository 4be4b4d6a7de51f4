# SPDX-License-Identifier: GPL-3.0-or-later
"""One emulator for all tests of the emulator, put back to its start before each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from emulator.server import Emulator


@pytest.fixture(scope="session")
def running() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def emulator(running: Emulator) -> Iterator[Emulator]:
    running.reset()
    yield running
    assert not [note for note in running.complaints() if "emulator bug" in note["message"]]
