# SPDX-License-Identifier: GPL-3.0-or-later
"""Many people who join at once: each password is made up, and in one place only."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from ansible_collections.dataops.access.plugins.module_utils.services.datasentinel import DatasentinelUsers
from ansible_collections.dataops.access.plugins.plugin_utils.people import expansion, model
from emulator.server import Emulator
from unit.road import run_many

NEWCOMERS = [f"new-{number}@example.com" for number in range(120)]


def test_each_of_120_passwords_is_saved_for_its_owner_alone(vendors: Emulator, tmp_path: Path) -> None:
    profile = {"privilege": "read", "profile": "developer", "password_file": f"{tmp_path}/{{email}}"}
    people = model.read([{"email": email, "profiles": ["p"]} for email in NEWCOMERS], {"p": {"datasentinel": profile}})
    users = expansion.entitlements(people, "datasentinel", None, expansion.Terms(dt.date(2026, 1, 31)))
    connection = {**vendors.connections["datasentinel"], "api_concurrency": 8}
    options = {"users": users, "return_objects": True}

    result = run_many(DatasentinelUsers, options, connection)
    assert result["summary"]["create"] == len(NEWCOMERS)
    assert not result.get("failed"), result
    files = {path.name: path for path in tmp_path.iterdir()}
    assert sorted(files) == sorted(NEWCOMERS)
    saved = {name: path.read_text().strip() for name, path in files.items()}
    assert {path.stat().st_mode & 0o777 for path in files.values()} == {0o600}
    assert len(set(saved.values())) == len(NEWCOMERS)
    # The platform's state tells no password, so that each of them proves itself by a log-in.
    for email, password in list(saved.items())[::40]:
        login = {**vendors.connections["datasentinel"], "api_username": email, "api_password": password}
        refused = run_many(DatasentinelUsers, {"users": []}, login)
        assert refused["failure"]["kind"] == "permission", refused
    text = json.dumps(result)
    assert not [password for password in saved.values() if password in text]

    again = run_many(DatasentinelUsers, options, connection)
    assert again["changed"] is False
    assert {name: path.read_text().strip() for name, path in files.items()} == saved
