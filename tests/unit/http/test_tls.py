# SPDX-License-Identifier: GPL-3.0-or-later
"""A server whose certificate nobody vouches for: refused with a sentence that says what to do, and not asked again."""

from __future__ import annotations

import datetime as dt
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ansible_collections.dataops.access.plugins.module_utils.services.datasentinel import DatasentinelUsers
from unit.road import run_info


class Users(BaseHTTPRequestHandler):
    """Answers every request with one user."""

    def do_GET(self) -> None:
        body = b'[{"id": 1, "login": "ana", "email": "ana@example.com", "roles": []}]'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name in the base class
        """Say nothing."""


def certificate(folder: Path, address: str) -> Path:
    """A self-signed certificate for an address, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test server")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{address}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture(params=["127.0.0.1", "127.0.0.2"], ids=["right host", "wrong host"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[dict[str, Any], Path, bool]]:
    """Connection options, the certificate, and whether it is that of the host."""
    file = certificate(tmp_path, request.param)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with ThreadingHTTPServer(("127.0.0.1", 0), Users) as http:
        http.handle_error = lambda *_args: None  # type: ignore[method-assign]  # a refused handshake is expected
        http.socket = context.wrap_socket(http.socket, server_side=True)
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        url = f"https://127.0.0.1:{http.server_address[1]}/ds-api"
        yield {"api_url": url, "api_token": "opaque"}, file, request.param == "127.0.0.1"
        http.shutdown()
        thread.join()


def test_an_unknown_authority_is_refused_and_said(server: tuple[dict[str, Any], Path, bool]) -> None:
    connection, _file, _right = server
    result = run_info(DatasentinelUsers, {}, connection)
    assert result["failure"]["kind"] == "connection"
    assert "TLS failed" in result["msg"]
    assert "set ca_path" in result["msg"]
    assert result["stats"]["retries"] == 0


def test_ca_path_is_trusted_for_its_own_host_alone(server: tuple[dict[str, Any], Path, bool]) -> None:
    connection, file, right = server
    result = run_info(DatasentinelUsers, {}, {**connection, "ca_path": str(file)})
    assert bool(result.get("failed")) is not right
    if not right:
        assert "TLS failed" in result["msg"]


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")  # that is what the option asks for
def test_validate_certs_off_takes_any(server: tuple[dict[str, Any], Path, bool]) -> None:
    connection, _file, _right = server
    assert len(run_info(DatasentinelUsers, {}, {**connection, "validate_certs": False})["users"]) == 1
