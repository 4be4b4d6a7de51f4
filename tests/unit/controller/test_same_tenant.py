# SPDX-License-Identifier: GPL-3.0-or-later
"""Two hosts of a play that are one tenant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.plugin_utils import platforms, same_tenant
from emulator.server import Emulator
from unit.controller.playbook import Controller

URL = "https://api.example.com/base"
KEY = "canary-key"


@pytest.fixture
def controller(tmp_path: Path) -> Controller:
    return Controller(tmp_path)


def clashes(
    platform: str, *hosts: dict[str, Any], file: list[dict[str, Any]] | None = None, **environment: str
) -> list[str]:
    """Those of hosts with these variables, whose names are a, b, c and so on."""
    found = []
    for place, variables in enumerate(hosts):
        entry = None if file is None else file[place]
        named = platforms.named(platform)
        found += [("abc"[place], each) for each in same_tenant.places(named, variables.get, entry, environment)]
    return same_tenant.clashes(found)


@pytest.mark.parametrize("platform", ["alteryx", "datasentinel"])
def test_a_server_is_one_tenant_whoever_logs_in(platform: str) -> None:
    one, two = ({f"{platform}_api_url": URL, f"{platform}_api_token": token} for token in ("x", "y"))
    said = [f"hosts a and b are one tenant of {platform}: all have the URL {URL}"]
    assert clashes(platform, one, two) == said
    assert clashes(platform, one, {f"{platform}_api_url": URL + "2"}) == []
    # Where the variables hold no URL, the environment does; with a file, only the file.
    prefix = platforms.named(platform).prefix
    assert clashes(platform, {}, one, **{f"{prefix}_API_URL": URL}) == said
    assert clashes(platform, {}, one, file=[{}, {}], **{f"{prefix}_API_URL": URL}) == []
    assert clashes(platform, {}, one, file=[{"api_url": URL}, {"api_url": " "}]) == said


@pytest.mark.parametrize(
    "spelling", ["HTTPS://API.Example.com/base", f"{URL}/", f" {URL}// ", "https://api.example.com:443/base"]
)
def test_a_url_has_many_spellings(spelling: str) -> None:
    assert clashes("alteryx", {"alteryx_api_url": URL}, {"alteryx_api_url": spelling})


@pytest.mark.parametrize(
    "other",
    [
        "http://api.example.com/base",
        "https://api.example.com:444/base",
        "https://api.example.com/Base",
        "https://[::1]/base",
        "https://api.example.com:none/base",
        "https://[::1/base",
    ],
)
def test_what_may_be_another_server_is_another(other: str) -> None:
    assert clashes("alteryx", {"alteryx_api_url": URL}, {"alteryx_api_url": other}) == []
    assert same_tenant.normalised(other) == other


def test_a_partner_of_dbsync_is_known_by_its_key_which_is_not_shown() -> None:
    same = {"dbsync_api_url": URL, "dbsync_partner_app_key": KEY}
    other = {**same, "dbsync_partner_app_key": "other"}
    (said,) = clashes("dbsync", same, other, {**same, "dbsync_partner_app_token": "another token"})
    assert said == f"hosts a and c are one tenant of dbsync: all have the URL {URL} and the same partner_app_key"
    blank = {"dbsync_api_url": URL}
    assert clashes("dbsync", blank, blank) == []
    assert clashes("dbsync", blank, same, DBSYNC_PARTNER_APP_KEY=KEY)
    # What a file holds of credentials hides those of the variables.
    assert clashes("dbsync", same, same, file=[{}, {"partner_app_token": "x"}]) == []
    assert clashes("dbsync", other, same, file=[{"partner_app_key": KEY, "partner_app_token": "x"}, {}])


def test_a_domain_of_devo_may_be_split_into_users_and_tokens() -> None:
    url = {"devo_api_url": URL}
    users, tokens = {**url, "devo_domain": "example"}, {**url, "devo_account": "example"}
    assert clashes("devo", users, tokens, {**url, "devo_domain": "other"}) == []
    for one in (users, tokens):
        assert clashes("devo", {**users, **tokens}, one)
    assert clashes("devo", users, {**users, "devo_api_url": "https://api-us.example.com"}) == []


def test_where_nothing_is_written_hosts_may_share_everything() -> None:
    assert clashes("dqm", {"dqm_api_username": "robot@example.com"}, {"dqm_api_username": "robot@example.com"}) == []


def test_no_licence_is_paid_twice(controller: Controller, vendors: Emulator) -> None:
    options = vendors.connections["dbsync"]
    tenant = {
        "access_platform": "dbsync",
        "dbsync_license_users": [{"company": "Acme", "username": "new2@example.com"}],
    }
    in_variables = {f"dbsync_{name}": value for name, value in options.items()}
    broken = {**tenant, "dbsync_api_url": "{{ nobody_knows }}"}
    controller.inventory(one={**tenant, **in_variables}, two=tenant, broken=broken)
    file = controller.folder / "tenants.json"
    own = {"api_url": "http://127.0.0.1:9/nobody-listens", "partner_app_key": "x", "partner_app_token": "x"}
    file.write_text(json.dumps({"one": {}, "two": {**options, "api_url": options["api_url"] + "/"}, "broken": own}))
    run = controller.play("apply", ACCESS_TENANTS_FILE=str(file))
    assert run.code == 2
    assert "hosts one and two are one tenant of dbsync" in run.output
    assert "and the same partner_app_key. A host is one tenant" in run.output
    assert options["partner_app_key"] not in run.output
    assert vendors.requests() == []

    # A part of the play is judged by itself.
    run = controller.play("apply", "--limit", "one", ACCESS_TENANTS_FILE=str(file))
    assert run.code == 0, run.output
    assert len(vendors.writes()) == 1
