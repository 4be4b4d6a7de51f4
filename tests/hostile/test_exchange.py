# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that take reports and secrets: whatever they do, an exchange with one ends, and says why."""

from __future__ import annotations

import itertools
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import trustme

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, LostAnswer
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import Redactor
from ansible_collections.dataops.access.plugins.plugin_utils import exchange
from ansible_collections.dataops.access.plugins.plugin_utils.caller import Caller
from ansible_collections.dataops.access.plugins.plugin_utils.sinks import declaration, mail
from ansible_collections.dataops.access.plugins.plugin_utils.sinks.parcel import Parcel
from hostile.wire import answer, serving

TIMEOUT = 0.2
CUT_OFF = "the answer took longer than 2 × timeout in all"


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "_TIMEOUTS", 2)


def slowly(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """A piece now and then, always before the time-out for a read; as good as without an end."""
    pause = threading.Event()
    # Several times as long as an exchange may take: who does not cut it off fails, and does not hang.
    for piece in itertools.islice(pieces, 60):
        yield piece
        pause.wait(TIMEOUT / 4)


def dripping(head: bytes, piece: bytes) -> Callable[[], Iterator[bytes]]:
    return lambda: slowly(itertools.chain([head], itertools.repeat(piece)))


DRIPS = {
    "headers": dripping(b"HTTP/1.1 200 OK\r\nX: ", b"x"),
    "a body": dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n[", b" "),
    "the body of a refusal": dripping(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 100000\r\n\r\n[", b" "),
    "empty answers before the answer": dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
}


def caller(url: str, **more: Any) -> Caller:
    options = {"url": url, "ca_path": None, "timeout": TIMEOUT, "validate_certs": True, **more}
    return Caller("the server", options, {}, Redactor())


@pytest.mark.parametrize("drip", DRIPS)
def test_an_answer_that_never_ends_is_cut_off_once(drip: str) -> None:
    asked = []

    def pieces() -> Iterator[bytes]:
        asked.append(drip)
        return DRIPS[drip]()

    with serving(pieces) as url, pytest.raises(AccessError, match=CUT_OFF) as caught:
        caller(url).put("put a file", "/file", b"{}", "application/json")
    assert caught.value.kind == "timeout"
    assert asked == [drip]


def test_of_a_write_that_is_cut_off_nobody_knows() -> None:
    with serving(DRIPS["headers"]) as url, pytest.raises(LostAnswer, match=CUT_OFF):
        caller(url).write("write a secret", "POST", "/secret", {})


def test_an_answer_that_ends_in_time_is_read() -> None:
    with serving(lambda: (bytes([byte]) for byte in answer(b'{"a": 1}'))) as url:
        assert caller(url).read("read a secret", "/secret").data == {"a": 1}


@dataclass(frozen=True)
class Certified:
    """A server with a certificate of a small authority, whose own is in ``ca_path``."""

    context: ssl.SSLContext
    ca_path: str


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return Certified(context, str(path))


def test_with_tls_it_is_cut_off_too(certified: Certified) -> None:
    whole = answer(b'{"a": 1}')
    with serving(lambda: [whole], tls=certified.context) as url:
        assert caller(url, ca_path=certified.ca_path).read("read a secret", "/secret").data == {"a": 1}
        assert caller(url, validate_certs=False).read("read a secret", "/secret").data == {"a": 1}
    with serving(DRIPS["a body"], tls=certified.context) as url, pytest.raises(AccessError, match=CUT_OFF):
        caller(url, ca_path=certified.ca_path).read("read a secret", "/secret")


def test_whom_nobody_vouches_for_gets_nothing(certified: Certified) -> None:
    with (
        serving(lambda: [answer(b"{}")], tls=certified.context) as url,
        pytest.raises(AccessError, match="its certificate is not trusted") as caught,
    ):
        caller(url).write("write a secret", "POST", "/secret", {})
    # It is known that it was not done.
    assert not isinstance(caught.value, LostAnswer)
    assert caught.value.kind == "connection"


@pytest.mark.parametrize(
    "pieces",
    [
        dripping(b"", b"220-wait\r\n"),
        # It offers no end of what it can do.
        dripping(b"220 here\r\n", b"250-MORE\r\n"),
    ],
)
def test_a_mail_server_that_never_ends_is_cut_off(pieces: Callable[[], Iterator[bytes]]) -> None:
    with serving(pieces, greets=True) as url:
        given: dict[str, Any] = {"type": "mail", "url": url.replace("http:", "smtp:"), "timeout": TIMEOUT}
        (sink,) = declaration.read([{**given, "sender": "access@example.com", "to": ["ops@example.com"]}])
        with pytest.raises(AccessError, match=CUT_OFF) as caught:
            mail.send(sink, Parcel("1", "Access audit: CLEAN", "text", ()), Redactor())
    assert caught.value.kind == "timeout"
