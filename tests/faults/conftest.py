# SPDX-License-Identifier: GPL-3.0-or-later
"""One emulator for all faults, and nobody waits: neither between two tries, nor ten times the time-out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from ansible_collections.dataops.access.plugins.module_utils.http import client, session
from emulator.server import Emulator
from faults.stage import Stage


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    with Emulator() as emulator:
        yield Stage(emulator)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits are counted and left out; an answer may take as long as api_timeout in all."""
    monkeypatch.setattr(client, "time", SimpleNamespace(sleep=lambda seconds: None, monotonic=time.monotonic))
    monkeypatch.setattr(session, "_ANSWER_TIMEOUTS", 1)
