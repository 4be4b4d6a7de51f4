# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of several files need of one service."""

from __future__ import annotations

from pathlib import Path

import pytest

from emulator.server import Emulator

from .devo_renewing_tenant import Tenant


@pytest.fixture
def tenant(vendors: Emulator, tmp_path: Path) -> Tenant:
    """A Devo account with a token whose secret is kept in a file."""
    return Tenant(vendors, tmp_path)
