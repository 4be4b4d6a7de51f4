# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS with certificates of a small authority: what is not in order is refused, and the message says what to do."""

from __future__ import annotations

import datetime as dt
import os
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import trustme
from cryptography.hazmat.primitives import serialization

from ansible_collections.dataops.access.plugins.module_utils.services.datasentinel import DatasentinelUsers
from unit.http import servers
from unit.road import run_info, run_one

HOST = servers.HOST
DAY = dt.timedelta(days=1)


@dataclass
class Office:
    """An authority that vouches for the server, one that does not, and files with what they issued."""

    folder: Path
    trusted: trustme.CA
    stranger: trustme.CA

    def file(self, name: str, *parts: bytes) -> str:
        path = self.folder / name
        path.write_bytes(b"".join(parts))
        return str(path)

    @property
    def ca_path(self) -> str:
        return self.file("ca.pem", self.trusted.cert_pem.bytes())

    def server(self, *names: str, **more: Any) -> ssl.SSLContext:
        """A server with a certificate for these names."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.trusted.issue_cert(*names, **more).configure_cert(context)
        return context


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("office"), trustme.CA(), trustme.CA())


@pytest.fixture
def trusting(office: Office) -> dict[str, Any]:
    """Options of a task that knows the right authority, and would repeat what may be repeated."""
    return {"api_token": "opaque", "ca_path": office.ca_path, "api_retries": 3}


def asked(server: servers.Running, options: dict[str, Any]) -> dict[str, Any]:
    return run_info(DatasentinelUsers, {}, {"api_url": f"https://{HOST}:{server.port}/ds-api", **options})


def assert_refused(server: servers.Running, result: dict[str, Any], *says: str) -> None:
    """Not a single request reached the server, nothing was tried again, and the message says all this."""
    assert result["failure"]["kind"] == "connection", result
    assert "TLS failed" in result["msg"]
    for text in says:
        assert text in result["msg"]
    assert result["stats"]["retries"] == 0
    assert server.heads == []


# --- after the handshake ---------------------------------------------------------------------------------------------


def test_a_write_is_looked_up_when_its_answer_arrives_damaged(office: Office, trusting: dict[str, Any]) -> None:
    def broken(handler: servers.Losing) -> None:
        # A record of the right form whose content is none.
        os.write(handler.connection.fileno(), b"\x17\x03\x03\x00\x40" + bytes(range(64)))

    with servers.running(servers.Losing, office.server(HOST), broken=broken) as server:
        connection = {"api_url": f"https://{HOST}:{server.port}/ds-api", **trusting}
        result = run_one(DatasentinelUsers, {"email": "ana@example.com", "state": "absent"}, connection)
    assert [head[":method"] for head in server.heads].count("DELETE") == 1
    assert [change["status"] for change in result["changes"]] == ["applied"]
    assert result["changed"]


# --- the server's certificate ---------------------------------------------------------------------------------------


def test_a_certificate_of_a_known_authority_is_taken(office: Office, trusting: dict[str, Any]) -> None:
    with servers.users(office.server(HOST)) as server:
        assert len(asked(server, trusting)["users"]) == 1


@pytest.mark.parametrize("ca_path", [None, "stranger", "empty"])
def test_an_unknown_authority_is_refused(office: Office, trusting: dict[str, Any], ca_path: str | None) -> None:
    files = {
        None: None,
        "stranger": office.file("stranger.pem", office.stranger.cert_pem.bytes()),
        # What a credential without an authority becomes in AWX: as if it were not set.
        "empty": office.file("empty.pem"),
    }
    with servers.users(office.server(HOST)) as server:
        result = asked(server, {**trusting, "ca_path": files[ca_path]})
        assert_refused(server, result, "certificate verify failed", "set ca_path to the certificate authority")


@pytest.mark.parametrize(
    ("names", "more", "says"),
    [
        ([HOST], {"not_before": -2, "not_after": -1}, ("has expired", "has to be renewed")),
        ([HOST], {"not_before": 1, "not_after": 2}, ("not yet valid", "this host's clock")),
        (["other.example.com"], {}, ("not valid for", "set api_url to a name that is in the server's certificate")),
        (["*.0.0.1"], {}, ("not valid for", "set api_url")),
    ],
    ids=["expired", "not yet valid", "another host", "wildcard"],
)
def test_a_certificate_that_is_not_in_order_is_refused(
    office: Office, trusting: dict[str, Any], names: list[str], more: dict[str, int], says: tuple[str, ...]
) -> None:
    now = dt.datetime.now(dt.UTC)
    with servers.users(office.server(*names, **{name: now + days * DAY for name, days in more.items()})) as server:
        assert_refused(server, asked(server, trusting), *says)


def test_a_write_to_a_server_that_is_not_the_right_one_is_never_sent(office: Office, trusting: dict[str, Any]) -> None:
    with servers.users(office.server("other.example.com")) as server:
        connection = {"api_url": f"https://{HOST}:{server.port}/ds-api", **trusting}
        result = run_one(DatasentinelUsers, {"email": "ana@example.com", "state": "absent"}, connection)
        assert_refused(server, result)
        assert not result["changed"]


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")  # that is what the option asks for
def test_validate_certs_off_takes_any(office: Office) -> None:
    with servers.users(office.server("other.example.com")) as server:
        assert len(asked(server, {"api_token": "opaque", "validate_certs": False})["users"]) == 1


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")  # the old versions are what this is about
def test_old_versions_of_tls_are_refused(office: Office, trusting: dict[str, Any], version: ssl.TLSVersion) -> None:
    context = office.server(HOST)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    with servers.users(context) as server:
        assert_refused(server, asked(server, trusting), "let the server speak TLS 1.2 or newer")


def test_plain_http_where_tls_should_be_is_said(trusting: dict[str, Any]) -> None:
    with servers.users() as server:
        result = asked(server, trusting)
        assert "TLS failed" in result["msg"]
        assert "check scheme and port of api_url: this is not TLS" in result["msg"]


def test_an_answer_byte_by_byte_is_cut_off_under_tls_too(office: Office, trusting: dict[str, Any]) -> None:
    over = threading.Event()

    def drip(handler: servers.Users) -> None:
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        while not over.wait(0.05):
            handler.wfile.write(b" ")

    with servers.running(servers.Users, office.server(HOST), do_GET=drip) as server:
        start = time.monotonic()
        result = asked(server, {**trusting, "api_timeout": 0.2, "api_retries": 0})
        over.set()
        assert "10 × api_timeout" in result["msg"]
        assert time.monotonic() - start < 10


# --- the client's certificate ----------------------------------------------------------------------------------------


@pytest.fixture(params=[ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["1.2", "1.3"])
def strict(office: Office, request: pytest.FixtureRequest) -> Iterator[servers.Running]:
    """A server that asks for a certificate of the authority that it trusts."""
    context = office.server(HOST)
    office.trusted.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    context.maximum_version = request.param
    with servers.users(context) as server:
        yield server


@pytest.fixture(scope="module")
def client(office: Office) -> trustme.LeafCert:
    return office.trusted.issue_cert("automation@example.com")


def test_a_client_certificate_with_its_key_is_shown(
    office: Office, strict: servers.Running, trusting: dict[str, Any], client: trustme.LeafCert
) -> None:
    together = office.file("client.pem", client.private_key_and_cert_chain_pem.bytes())
    alone = office.file("client.crt", client.cert_chain_pems[0].bytes())
    key = office.file("client.key", client.private_key_pem.bytes())
    assert len(asked(strict, {**trusting, "client_cert": together})["users"]) == 1
    assert len(asked(strict, {**trusting, "client_cert": alone, "client_key": key})["users"]) == 1


@pytest.mark.parametrize("which", ["none", "of a stranger"])
def test_a_client_certificate_that_the_server_does_not_take(
    office: Office, strict: servers.Running, trusting: dict[str, Any], which: str
) -> None:
    stranger = office.stranger.issue_cert("automation@example.com").private_key_and_cert_chain_pem.bytes()
    more = {} if which == "none" else {"client_cert": office.file("stranger-client.pem", stranger)}
    result = asked(strict, {**trusting, **more})
    assert result["failure"]["kind"] == "connection"
    assert strict.heads == []
    # With TLS 1.3 the server's refusal follows the handshake, and its alert may be lost with the connection.
    assert "set client_cert to one that it accepts" in result["msg"] or "reset" in result["msg"].lower()


# --- files -----------------------------------------------------------------------------------------------------------


def encrypted(client: trustme.LeafCert) -> bytes:
    key = serialization.load_pem_private_key(client.private_key_pem.bytes(), None)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"a passphrase"),
    )


Made = Callable[[Office, trustme.LeafCert], dict[str, str]]
FILES: dict[str, tuple[Made, str]] = {
    "no authority": (lambda office, _: {"ca_path": str(office.folder / "none")}, "ca_path: there is no file"),
    "an authority that is no PEM": (
        lambda office, _: {"ca_path": office.file("text", b"hello")},
        "ca_path: .* holds no certificate in PEM form",
    ),
    "an authority cut in half": (
        lambda office, _: {"ca_path": office.file("half", office.trusted.cert_pem.bytes()[:200])},
        "ca_path: .* holds no certificate in PEM form",
    ),
    "no client certificate": (
        lambda office, _: {"client_cert": str(office.folder / "none")},
        "client_cert: there is no file",
    ),
    "a client certificate that is no PEM": (
        lambda office, _: {"client_cert": office.file("text", b"hello")},
        "client_cert: .* does not hold a certificate and its key in PEM form",
    ),
    "a folder": (lambda office, _: {"client_cert": str(office.folder)}, "client_cert: .* cannot be read"),
    "a client certificate without its key": (
        lambda office, client: {"client_cert": office.file("client.crt", client.cert_chain_pems[0].bytes())},
        "name the key's file in client_key",
    ),
    "no key": (
        lambda office, client: {
            "client_cert": office.file("client.crt", client.cert_chain_pems[0].bytes()),
            "client_key": str(office.folder / "none"),
        },
        "client_key: there is no file",
    ),
    "a key that is no PEM": (
        lambda office, client: {
            "client_cert": office.file("client.crt", client.cert_chain_pems[0].bytes()),
            "client_key": office.file("text", b"hello"),
        },
        "are not a certificate and its key in PEM form",
    ),
    "the key of another certificate": (
        lambda office, client: {
            "client_cert": office.file("client.crt", client.cert_chain_pems[0].bytes()),
            "client_key": office.file("other.key", office.trusted.issue_cert("x.example.com").private_key_pem.bytes()),
        },
        "client_key: the key in .* is not that of the certificate",
    ),
    "a key with a passphrase": (
        lambda office, client: {
            "client_cert": office.file("client.crt", client.cert_chain_pems[0].bytes()),
            "client_key": office.file("encrypted.key", encrypted(client)),
        },
        "client_key: the key in .* needs a passphrase",
    ),
    "a key with a passphrase beside its certificate": (
        lambda office, client: {
            "client_cert": office.file("both.pem", encrypted(client), client.cert_chain_pems[0].bytes())
        },
        "client_cert: the key in .* needs a passphrase",
    ),
    "a key without a certificate": (
        lambda office, client: {"client_key": office.file("client.key", client.private_key_pem.bytes())},
        "client_key needs client_cert",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_not_what_it_should_be_is_named(
    office: Office, trusting: dict[str, Any], client: trustme.LeafCert, name: str
) -> None:
    made, says = FILES[name]
    with servers.users(office.server(HOST)) as server:
        result = asked(server, {**trusting, **made(office, client)})
        assert server.heads == []
    assert result["failure"]["kind"] == "validation", result
    assert re.search(says, result["msg"]), result["msg"]
