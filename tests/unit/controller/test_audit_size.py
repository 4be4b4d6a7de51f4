# SPDX-License-Identifier: GPL-3.0-or-later
"""An audit of ten tenants: each kind of object is listed once, however many objects there are."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from emulator.platforms import PLATFORMS as EMULATED
from emulator.server import Emulator
from unit.controller.playbook import Controller

# What an audit asks a tenant, whatever it holds: to log in, to list each kind, and of Devo which token is in use.
REQUESTS = {
    "alteryx": ["POST webapi/oauth2/token", "GET webapi/v3/subscriptions"],
    "datasentinel": ["POST ds-api/user-token", "GET ds-api/users"],
    "dbsync": ["POST appcode/v2/partner/licenseDetails"],
    "devo": [
        "GET probio/user/domain/example@reseller",
        "GET v2/accounts/example/tokens",
        "GET v2/accounts/example/tokens/1",
    ],
    "dqm": ["POST dqm-security/v1/authenticate", "GET dqm-identity/v1/users/1234/clients"],
}


def filled(platform: str, number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a tenant with so many objects of each kind holds, and the variables that declare all but the last one."""
    names = [f"object-{place:04}" for place in range(number)]
    emails = [f"{name}@example.com" for name in names]
    users = [{"email": email, "roles": ["analyst"]} for email in emails]
    specs = EMULATED[platform].start_state
    if platform == "alteryx":
        state = {"subscriptions": [*specs["subscriptions"], *({"name": name} for name in names)]}
        return state, {"alteryx_subscriptions": [{"name": name} for name in names[:-1]]}
    if platform == "datasentinel":
        state = {"users": [{"email": email, "privilege": "read", "profile": "developer"} for email in emails]}
        return state, {"datasentinel_users": [{"email": email, "privilege": "read"} for email in emails[:-1]]}
    if platform == "dbsync":
        licences = [{"company": "Acme", "username": email} for email in emails]
        held = [{"company": "Acme", "name": email} for email in emails]
        partner = {**specs["partners"][0], "annual_quota": 2 * number, "annual_used": number, "users": held}
        return {"partners": [partner]}, {"dbsync_license_users": licences[:-1]}
    if platform == "devo":
        (domain,) = specs["domains"]
        tokens = [{"name": name, "audience": "apiv2", "user": emails[0]} for name in names]
        held = [{**domain, "users": [*domain["users"], *users], "tokens": [*domain["tokens"], *tokens]}]
        people = [*specs["people"], *({"email": email} for email in emails)]
        return {"people": people, "domains": held}, {
            "devo_domain": domain["name"],
            "devo_users": users[:-1],
            "devo_account": domain["account"],
            "devo_tokens": [{"name": name, "audience": ["apiv2"]} for name in names[:-1]],
        }
    clients = [{"id": name, "name": name, "status": "PROD"} for name in names]
    state = {"users": [{"uid": 1234, "email": "dana@example.com", "clients": names}], "clients": clients}
    return state, {"dqm_expected_clients": [{"id": name} for name in names[:-1]]}


def test_one_listing_for_a_tenant_and_kind(
    tmp_path: Path, tally: Callable[[str, str, int], None], pytestconfig: pytest.Config
) -> None:
    of_each, number = (2, 1_000) if pytestconfig.getoption("long") else (1, 30)
    tenants = {f"{platform}-{place}": platform for platform in sorted(EMULATED) for place in range(of_each)}
    made = {host: filled(platform, number) for host, platform in tenants.items()}
    state = {host: {"platform": tenants[host], **held} for host, (held, _declared) in made.items()}
    hosts = {host: {"access_platform": tenants[host], **declared} for host, (_held, declared) in made.items()}
    with Emulator(state) as emulator:
        controller = Controller(tmp_path)
        controller.inventory(**hosts)
        given = {host: dict(emulator.connections[host]) for host in tenants}
        for options in given.values():
            options.pop("domain", None)
            options.pop("account", None)
        (tmp_path / "tenants.json").write_text(json.dumps(given))
        began = time.monotonic()
        run = controller.play("audit", ACCESS_TENANTS_FILE="tenants.json")
        seconds = time.monotonic() - began
        asked = emulator.requests()
    assert run.code == 0, run.output[-3000:]
    paths = [(request["platform"], f"{request['method']} {request['path'].split('/', 2)[2]}") for request in asked]
    assert Counter(paths) == Counter((host, path) for host, platform in tenants.items() for path in REQUESTS[platform])

    # Everything was read, up to the last object, which nobody declared.
    report = controller.report()
    kinds = [kind for tenant in report["tenants"] for kind in tenant["kinds"]]
    assert len(kinds) == of_each * 6
    for kind in kinds:
        assert kind["complete"]
        assert kind["summary"]["in_sync"] == kind["summary"]["declared"] == number - 1
        strangers = {entry["key"].rpartition("/")[2].partition("@")[0] for entry in kind["unmanaged"]}
        assert f"object-{number - 1:04}" in strangers
        assert f"object-{number - 2:04}" not in strangers
    told = f"audit of {len(tenants)} tenants, {number:,} objects of each kind"
    tally(told, "objects read", sum(kind["summary"]["in_sync"] + len(kind["unmanaged"]) for kind in kinds))
    tally(told, "findings", report["counts"]["findings"])
    tally(told, "requests", len(asked))
    tally(told, "seconds", round(seconds))
