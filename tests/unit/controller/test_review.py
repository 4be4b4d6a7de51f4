# SPDX-License-Identifier: GPL-3.0-or-later
"""A review as it goes round: the audit's CSV, decisions in it, and the playbook that carries them out."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from emulator.server import Emulator
from unit.controller.playbook import Controller

STATE = {
    "datasentinel": {
        "users": [
            {"email": f"{name}@example.com", "privilege": "read", "profile": "developer", "roles": roles}
            for name, roles in (("ann", ["billing", "reporting"]), ("bob", ["billing"]), ("zoe", ["billing"]))
        ]
    }
}


@pytest.fixture
def controller(tmp_path: Path, vendors: Emulator) -> Controller:
    """Three users of which Ann and Bob are declared, in an audit that has been made."""
    vendors.reset(state=STATE)
    controller = Controller(tmp_path)
    connection = {f"datasentinel_{name}": value for name, value in vendors.connections["datasentinel"].items()}
    declared = [{"email": "ann@example.com"}, {"email": "bob@example.com"}]
    tenant = {
        "access_platform": "datasentinel",
        **connection,
        "datasentinel_users": declared,
        "datasentinel_purge": True,
    }
    controller.inventory(ds={**tenant, "datasentinel_purge": True})
    run = controller.play("audit", "-e", '{"access_fail_on": ["none"]}')
    assert run.code == 0, run.output
    return controller


def decide(controller: Controller, **decisions: str) -> str:
    """Fill the CSV in: what is decided about each name, about a single role as ``ann_billing``; returns its path."""
    with (controller.reports / "report.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    today = dt.datetime.now(dt.UTC).date().isoformat()
    for row in rows:
        name = row["key"].partition("@")[0]
        decision = decisions.get(f"{name}_{row['entitlement'].removeprefix('role ')}", decisions.get(name))
        if decision:
            row.update(decision=decision, reviewer="dana", date=today)
    path = controller.folder / "review.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def users(vendors: Emulator) -> dict[str, Any]:
    return {user["email"]: sorted(user["roles"]) for user in vendors.state("datasentinel")["users"]}


def test_a_review_is_carried_out_and_nothing_else(controller: Controller, vendors: Emulator) -> None:
    before = users(vendors)
    file = decide(controller, ann="keep", ann_reporting="remove", zoe="remove")

    mark = len(vendors.requests())
    checked = controller.play("apply_review", "--check", "-e", f"access_review_file={file}")
    assert checked.code == 0, checked.output
    assert "- user zoe@example.com" in checked.output
    assert "~ user ann@example.com (roles [billing, reporting] -> [billing])" in checked.output
    assert vendors.writes(since=mark) == []

    # Extra variables go before all others: neither of these may reach anybody of whom nothing was decided.
    more = {"datasentinel_purge": True, "datasentinel_users": [{"email": "bob@example.com", "state": "absent"}]}
    done = controller.play("apply_review", "-e", f"access_review_file={file}", "-e", json.dumps(more))
    # Ann is declared, though without roles: nobody would give it back, but somebody has to look.
    assert "the declared state would give back, at the next apply: user ann@example.com" in done.output
    assert done.code == 2
    expected = {**before, "ann@example.com": ["billing"]}
    del expected["zoe@example.com"]
    assert users(vendors) == expected

    mark = len(vendors.requests())
    again = controller.play("apply_review", "-e", f"access_review_file={file}")
    assert again.recap("ds")["changed"] == 0
    assert vendors.writes(since=mark) == []


def test_a_review_obeys_the_guards(controller: Controller, vendors: Emulator) -> None:
    before = users(vendors)
    file = decide(controller, ann="remove", bob="remove", zoe="remove")
    run = controller.play("apply_review", "-e", f"access_review_file={file}", "-e", "datasentinel_max_deletions=2")
    assert "3 deletions are planned, more than max_deletions: 2 allows" in run.output
    assert run.code == 2
    assert users(vendors) == before


def test_a_review_that_was_tampered_with_asks_no_platform(controller: Controller, vendors: Emulator) -> None:
    path = Path(decide(controller, zoe="remove"))
    path.write_text(path.read_text().replace("zoe@example.com", "bob@example.com"))
    mark = len(vendors.requests())
    run = controller.play("apply_review", "-e", f"access_review_file={path}")
    assert run.code == 2
    assert "nothing is done: line " in run.output
    assert vendors.requests()[mark:] == []
