# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy gets its own log-in and nobody else does; one that fails is named without its password."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import trustme

from ansible_collections.dataops.access.plugins.module_utils.services.datasentinel import DatasentinelUsers
from unit.http import servers
from unit.road import run_info, run_one

HOST = servers.HOST
TENANT = "tenant.example.com"
PASSWORD = "p@ss canary/4711"
TOKEN = "opaque-canary-0815"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST, TENANT).configure_cert(context)
    return context


@pytest.fixture(params=["http", "https"])
def origin(request: pytest.FixtureRequest, authority: trustme.CA) -> Iterator[tuple[str, servers.Running]]:
    """The scheme, and the server with users."""
    with servers.users(tls(authority) if request.param == "https" else None) as server:
        yield request.param, server


@pytest.fixture
def options(tmp_path: Path, authority: trustme.CA) -> dict[str, Any]:
    file = tmp_path / "ca.pem"
    file.write_bytes(authority.cert_pem.bytes())
    return {"api_token": TOKEN, "ca_path": str(file), "api_retries": 3}


def url_of(proxy: servers.Running, username: str = "", password: str = "", scheme: str = "http") -> str:
    log_in = f"{username}:{quote(password, safe='')}@" if username else ""
    return f"{scheme}://{log_in}{HOST}:{proxy.port}"


def asked(origin: tuple[str, servers.Running], options: dict[str, Any], host: str = HOST) -> dict[str, Any]:
    scheme, server = origin
    url = f"{scheme}://{host}:{server.port}/ds-api"
    return run_info(DatasentinelUsers, {}, {"api_url": url, "api_allow_http": True, **options})


def assert_silent(result: dict[str, Any]) -> None:
    text = json.dumps(result)
    assert "canary" not in text
    assert quote(PASSWORD, safe="") not in text


def test_the_log_in_reaches_the_proxy_alone(origin: tuple[str, servers.Running], options: dict[str, Any]) -> None:
    scheme, server = origin
    with servers.proxy("ann", PASSWORD) as proxy:
        result = asked(origin, {**options, "api_proxy": url_of(proxy, "ann", PASSWORD)})
    assert len(result["users"]) == 1
    assert_silent(result)
    assert [head["user-token"] for head in server.heads] == [TOKEN]
    assert "proxy-authorization" not in server.heads[0]
    (seen,) = proxy.heads
    assert seen["proxy-authorization"].startswith("Basic ")
    if scheme == "https":
        # Through the tunnel the proxy sees nothing of the request.
        assert (seen[":method"], seen[":target"]) == ("CONNECT", f"{HOST}:{server.port}")
        assert TOKEN not in str(proxy.heads)


@pytest.mark.parametrize("log_in", [(), ("ann", "wrong canary")], ids=["none", "wrong"])
def test_a_proxy_that_wants_another_log_in_is_named(
    origin: tuple[str, servers.Running], options: dict[str, Any], log_in: tuple[str, ...]
) -> None:
    with servers.proxy("ann", PASSWORD) as proxy:
        result = asked(origin, {**options, "api_proxy": url_of(proxy, *log_in)})
    assert result["failure"]["kind"] == "connection"
    assert f"the proxy http://{HOST}:{proxy.port}" in result["msg"]
    assert "407" in result["msg"]
    assert "Next: check api_proxy" in result["msg"]
    assert_silent(result)
    assert (origin[1].heads, len(proxy.heads)) == ([], 1)


def test_a_write_that_the_proxy_refused_was_not_made(options: dict[str, Any]) -> None:
    def refuse(handler: servers.Proxy) -> None:
        handler.answer(407)

    with servers.users() as server, servers.running(servers.Proxy, wanted=None, do_DELETE=refuse) as proxy:
        url = f"http://{HOST}:{server.port}/ds-api"
        connection = {"api_url": url, "api_proxy": url_of(proxy), **options}
        result = run_one(DatasentinelUsers, {"email": "ana@example.com", "state": "absent"}, connection)
    assert result["changes"][0]["status"] == "failed"
    assert not result["changed"]
    assert "407" in result["msg"]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_write_whose_answer_was_lost_behind_a_proxy_is_looked_up(
    authority: trustme.CA, options: dict[str, Any], scheme: str
) -> None:
    certificate = tls(authority) if scheme == "https" else None
    with servers.running(servers.Losing, certificate) as server, servers.proxy() as proxy:
        url = f"{scheme}://{HOST}:{server.port}/ds-api"
        connection = {"api_url": url, "api_allow_http": True, "api_proxy": url_of(proxy), **options}
        result = run_one(DatasentinelUsers, {"email": "ana@example.com", "state": "absent"}, connection)
    assert [head[":method"] for head in server.heads].count("DELETE") == 1
    assert [change["status"] for change in result["changes"]] == ["applied"]
    assert result["changed"]


def test_a_read_whose_answer_was_lost_behind_a_proxy_is_repeated(options: dict[str, Any]) -> None:
    def answer_the_second(handler: servers.Users) -> None:
        if handler.running.heads:
            servers.Users.do_GET(handler)
        else:
            handler.note()
            handler.close_connection = True

    with servers.running(servers.Users, do_GET=answer_the_second) as server, servers.proxy() as proxy:
        result = asked(("http", server), {**options, "api_proxy": url_of(proxy)})
    assert len(result["users"]) == 1
    assert result["stats"]["retries"] == 1


@pytest.mark.parametrize("scheme", ["http", "https", "socks5"])
def test_a_proxy_that_is_not_there_is_named(
    origin: tuple[str, servers.Running], options: dict[str, Any], scheme: str
) -> None:
    result = asked(origin, {**options, "api_proxy": f"{scheme}://ann:{quote(PASSWORD, safe='')}@{HOST}:1"})
    assert result["failure"]["kind"] == "connection"
    assert f"the proxy {scheme}://{HOST}:1 failed" in result["msg"]
    assert result["stats"]["retries"] == 0
    assert_silent(result)


def test_a_proxy_with_tls_is_verified(
    origin: tuple[str, servers.Running], options: dict[str, Any], authority: trustme.CA
) -> None:
    with servers.proxy(tls=tls(authority)) as proxy:
        through = {**options, "api_proxy": url_of(proxy, scheme="https")}
        assert len(asked(origin, through)["users"]) == 1
        del through["ca_path"]
        proxy.heads.clear()
        assert "TLS failed" in asked(origin, through)["msg"]
        assert proxy.heads == []


# --- the variables of the environment ---------------------------------------------------------------------------------


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[servers.Running]:
    """A proxy, with a log-in, that the environment names for both schemes."""
    for name in ("no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with servers.proxy("ann", PASSWORD) as proxy:
        for name in ("http_proxy", "https_proxy"):
            monkeypatch.setenv(name, url_of(proxy, "ann", PASSWORD))
            monkeypatch.setenv(name.upper(), url_of(proxy, "ann", PASSWORD))
        yield proxy


def test_the_proxy_of_the_environment_is_used(
    origin: tuple[str, servers.Running], options: dict[str, Any], environment: servers.Running
) -> None:
    result = asked(origin, options, host=TENANT)
    assert len(result["users"]) == 1
    assert len(environment.heads) == 1
    assert_silent(result)


@pytest.mark.parametrize("variable", ["no_proxy", "NO_PROXY"])
@pytest.mark.parametrize("value", [TENANT, ".example.com", "other.example.net, example.com", "*"])
def test_no_proxy_is_honoured(
    origin: tuple[str, servers.Running],
    options: dict[str, Any],
    environment: servers.Running,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str,
) -> None:
    monkeypatch.setenv(variable, value)
    # The name leads nowhere but through the proxy.
    result = asked(origin, {**options, "api_retries": 0}, host=TENANT)
    assert result["failure"]["kind"] == "connection"
    assert "proxy http" not in result["msg"]
    assert environment.heads == []


def test_the_loopback_interface_needs_no_proxy(
    origin: tuple[str, servers.Running], options: dict[str, Any], environment: servers.Running
) -> None:
    assert len(asked(origin, options)["users"]) == 1
    assert environment.heads == []


def test_api_proxy_beats_the_environment(
    origin: tuple[str, servers.Running], options: dict[str, Any], environment: servers.Running
) -> None:
    with servers.proxy() as own:
        assert len(asked(origin, {**options, "api_proxy": url_of(own)}, host=TENANT)["users"]) == 1
    assert (len(own.heads), environment.heads) == (1, [])


def test_a_password_in_the_environment_stays_there(
    origin: tuple[str, servers.Running], options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, f"http://ann:{quote(PASSWORD, safe='')}@{HOST}:1")
    monkeypatch.setenv("no_proxy", "")
    result = asked(origin, options, host=TENANT)
    assert f"the proxy http://{HOST}:1 failed" in result["msg"]
    assert_silent(result)
