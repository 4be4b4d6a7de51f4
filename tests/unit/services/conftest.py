# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of several files need of one service."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from emulator.server import Emulator

from .dbsync_partner import PartnerApplication
from .devo_account import Account
from .devo_domain import DOMAIN, KEYS, STATE
from .devo_renewing_tenant import Tenant


@pytest.fixture
def partner(vendors: Emulator, no_backoff: None) -> PartnerApplication:
    """DBSync's partner application as the emulator has it."""
    return PartnerApplication(vendors)


@pytest.fixture
def tenant(vendors: Emulator, tmp_path: Path) -> Tenant:
    """A Devo account with a token whose secret is kept in a file."""
    return Tenant(vendors, tmp_path)


@pytest.fixture
def account(vendors: Emulator) -> Account:
    """A Devo account as the emulator has it."""
    return Account(vendors)


@pytest.fixture
def devo(vendors: Emulator) -> Emulator:
    """Devo with domains that have owners, and one that is empty."""
    vendors.reset(state={"devo": STATE})
    return vendors


@pytest.fixture
def connection(devo: Emulator) -> dict[str, Any]:
    """How the first of these domains is reached."""
    return {"api_url": devo.connections["devo"]["api_url"], "domain": DOMAIN, **KEYS}
