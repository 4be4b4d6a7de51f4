# SPDX-License-Identifier: GPL-3.0-or-later
"""What is Ledger's own: which request makes which change."""

from __future__ import annotations

from ansible_collections.dataops.access.plugins.module_utils.services.ledger import LedgerAccounts
from emulator.server import Emulator
from unit.lives.ledger_account import LIFE
from unit.road import run_info, run_many


def test_each_change_is_one_request_and_what_nobody_declared_stays(vendors: Emulator) -> None:
    connection = LIFE.connection(vendors.connections)
    declared = [{"name": "ANN", "teams": ["green", "blue"]}, {"name": "nia", "level": "writer"}]
    done = run_many(LedgerAccounts, {"accounts": declared, "purge": True}, connection)
    assert not done.get("failed"), done["msg"]
    sent = [f"{request['method']} {request['path'].partition('/api')[2]}" for request in vendors.writes()]
    assert sorted(sent) == ["DELETE /accounts/3", "POST /accounts", "PUT /accounts/2"]
    olga, ann, nia = vendors.state("ledger")["accounts"]
    assert ann == {"id": "2", "name": "Ann", "level": "reader", "teams": ["blue", "green"]}
    assert (nia["level"], nia["teams"]) == ("writer", [])
    assert {"key": olga["name"], "reason": "protected"} in done["unmanaged"]


def test_a_name_is_found_whatever_its_case(vendors: Emulator) -> None:
    found = run_info(LedgerAccounts, {"name": "ANN"}, LIFE.connection(vendors.connections))
    assert [account["name"] for account in found["accounts"]] == ["Ann"]
