# SPDX-License-Identifier: GPL-3.0-or-later
"""A redirect is never followed: whatever it leads to would be sent credentials, or a write as a read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.services.datasentinel import DatasentinelUsers
from ansible_collections.dataops.access.plugins.module_utils.services.dbsync import DBSyncUsers
from unit.http import servers
from unit.road import run_info, run_one

HOST = servers.HOST
TOKEN = "opaque-canary-0815"


def connection(server: servers.Running) -> dict[str, Any]:
    return {"api_url": f"http://{HOST}:{server.port}/ds-api", "api_token": TOKEN, "api_retries": 3}


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location",
    ["http://{host}:{other}/ds-api/users", "/elsewhere", "//{host}:{other}/", "https://{host}:{other}/", ""],
    ids=["another host", "the same host", "the same scheme", "another scheme", "nowhere"],
)
def test_a_redirect_is_refused_and_carries_nothing(status: int, location: str) -> None:
    with servers.users() as server, servers.users() as other:
        server.location, server.status = location.format(host=HOST, other=other.port), status
        result = run_info(DatasentinelUsers, {}, connection(server))
    assert result["failure"]["kind"] == "protocol"
    assert f"was redirected to {server.location}" in result["msg"]
    assert "Next: set api_url to the final address" in result["msg"]
    assert (len(server.heads), other.heads) == (1, [])


def test_a_redirected_log_in_carries_no_password() -> None:
    with servers.users() as server, servers.users() as other:
        server.location, server.status = f"http://{HOST}:{other.port}/", 307
        options = {"api_username": "ann", "api_password": "canary-4711-canary"}
        url = connection(server)["api_url"]
        result = run_info(DatasentinelUsers, {}, {"api_url": url, **options})
    assert "was redirected" in result["msg"]
    assert other.heads == []


def test_a_redirected_body_carries_no_key() -> None:
    with servers.users() as server, servers.users() as other:
        server.location, server.status = f"http://{HOST}:{other.port}/", 308
        options = {"partner_app_key": "canary-key-4711", "partner_app_token": "canary-token-4711"}
        result = run_info(DBSyncUsers, {}, {"api_url": connection(server)["api_url"], **options})
    assert "was redirected" in result["msg"]
    assert other.heads == []


def test_a_location_that_quotes_a_credential_or_steers_the_terminal_is_masked() -> None:
    with servers.users() as server:
        server.location = f"http://elsewhere.example.com/?token={TOKEN}&x=\x1b[2J\u202e"
        result = run_info(DatasentinelUsers, {}, connection(server))
    assert "canary" not in json.dumps(result)
    assert result["msg"].isprintable()


def test_a_redirected_write_is_not_made() -> None:
    def redirect(handler: servers.Users) -> None:
        handler.answer(303, Location="/elsewhere")

    with servers.running(servers.Users, do_DELETE=redirect) as server:
        result = run_one(DatasentinelUsers, {"email": "ana@example.com", "state": "absent"}, connection(server))
    assert result["changes"][0]["status"] == "failed"
    assert not result["changed"]
    assert "was redirected to /elsewhere" in result["msg"]


@pytest.mark.parametrize("host", ["tenant.example.com", "10.0.0.1", "[2001:db8::1]", "localhost.example.com"])
def test_plain_http_is_refused_off_the_loopback_interface(host: str) -> None:
    result = run_info(DatasentinelUsers, {}, {"api_url": f"http://{host}/ds-api", "api_token": TOKEN})
    assert result["failure"]["kind"] == "validation"
    assert "would send credentials in clear" in result["msg"]
    assert "stats" not in result or result["stats"]["requests"] == 0


def test_plain_http_where_it_is_allowed() -> None:
    with servers.users() as server, servers.proxy() as proxy:
        options = {"api_token": TOKEN, "api_allow_http": True, "api_proxy": f"http://{HOST}:{proxy.port}"}
        url = f"http://tenant.example.com:{server.port}/ds-api"
        assert len(run_info(DatasentinelUsers, {}, {"api_url": url, **options})["users"]) == 1
