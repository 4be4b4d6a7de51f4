# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that are no honest HTTP: an error that says what, in a bounded time, and never a result that is not whole."""

from __future__ import annotations

import gzip
import itertools
import threading
import time
from collections.abc import Callable, Iterable, Iterator

import pytest

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError
from ansible_collections.dataops.access.plugins.module_utils.http.client import Client
from ansible_collections.dataops.access.plugins.module_utils.http.settings import Settings
from hostile.wire import answer, serving

API_TIMEOUT = 0.2
# Whatever the server does: ten time-outs, and what a busy machine takes besides.
LONGEST = 10 * API_TIMEOUT + 5


def asked(url: str) -> object:
    """What the client gets; raises AccessError."""
    client = Client(Settings(api_url=url, api_timeout=API_TIMEOUT, api_retries=0))
    try:
        return client.read("list the users", "GET", "/users").data
    finally:
        client.close()


def slowly(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """A piece now and then, always before the time-out for a read; as good as without an end."""
    pause = threading.Event()
    # Several times as long as an answer may take: a client that does not cut it off fails, and does not hang.
    for piece in itertools.islice(pieces, 150):
        yield piece
        pause.wait(API_TIMEOUT / 4)


DRIPS: dict[str, Callable[[], Iterable[bytes]]] = {
    "headers": lambda: slowly(itertools.chain([b"HTTP/1.1 200 OK\r\nX: "], itertools.repeat(b"x"))),
    "a body": lambda: slowly(
        itertools.chain([b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n["], itertools.repeat(b" "))
    ),
    "a body of HTTP/1.0": lambda: slowly(
        itertools.chain([b"HTTP/1.0 200 OK\r\nContent-Length: 100000\r\n\r\n["], itertools.repeat(b" "))
    ),
    "a body that ends with the connection": lambda: slowly(
        itertools.chain([b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n["], itertools.repeat(b" "))
    ),
    "blanks behind a whole body that ends with the connection": lambda: slowly(
        itertools.chain([b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n[]"], itertools.repeat(b" "))
    ),
    "chunks": lambda: slowly(
        itertools.chain([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"], itertools.repeat(b"1\r\n \r\n"))
    ),
    "empty answers before the answer": lambda: slowly(itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n")),
}


@pytest.mark.parametrize("drip", DRIPS)
def test_an_answer_that_never_ends_is_cut_off(drip: str) -> None:
    with serving(DRIPS[drip]) as url:
        start = time.monotonic()
        with pytest.raises(AccessError, match="10 × api_timeout in all") as caught:
            asked(url)
        assert time.monotonic() - start < LONGEST
    assert caught.value.kind == "timeout"


def headers(number: int, value: bytes) -> bytes:
    return b"".join(b"X-%d: %s\r\n" % (place, value) for place in range(number))


TWICE = gzip.compress(gzip.compress(b"[]"))
REFUSED: dict[str, tuple[Callable[[], Iterable[bytes]], str]] = {
    "a flood of headers": (lambda: [b"HTTP/1.1 200 OK\r\n", headers(5_000, b"x"), b"\r\n[]"], "the connection failed"),
    "a header of 10 MB": (lambda: [b"HTTP/1.1 200 OK\r\nX: ", b"x" * 10_000_000, b"\r\n\r\n[]"], "header line"),
    "a status line that is none": (lambda: [b"\x00\xff\x1b[31m" * 100, b"\r\n\r\n"], "the connection failed"),
    "nothing": (list, "the connection failed"),
    "two lengths": (lambda: [answer(b"[]", b"Content-Length: 3")], "Content-Length"),
    "less than it says": (lambda: [b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n[]"], "the connection failed"),
    "a broken chunk": (lambda: [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n[]\r\n"], "failed"),
    "a hint for browsers": (lambda: [b"HTTP/1.1 103 Early Hints\r\n\r\n", answer(b"[]")], "answered 103"),
    "another protocol": (lambda: [b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"], "answered 101"),
    "no gzip": (lambda: [answer(b"[]", b"Content-Encoding: gzip")], "decompressing"),
    "gzip in gzip": (lambda: [answer(TWICE, b"Content-Encoding: gzip, gzip")], "encoding 'gzip, gzip'"),
    "gzip in gzip, in two headers": (
        lambda: [answer(TWICE, b"Content-Encoding: gzip", b"Content-Encoding: gzip")],
        "encoding 'gzip, gzip'",
    ),
    "an encoding that was not asked for": (lambda: [answer(b"[]", b"Content-Encoding: br")], "encoding 'br'"),
    "an encoding that steers the terminal": (
        lambda: [answer(b"[]", b"Content-Encoding: \x1b[31m" + b"x" * 1000)],
        r"encoding '\[31mx+'",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_honest_answer_is_refused(name: str) -> None:
    pieces, says = REFUSED[name]
    with serving(pieces) as url, pytest.raises(AccessError, match=says) as caught:
        asked(url)
    assert caught.value.kind in ("connection", "protocol")
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 1000


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP", "identity"])
def test_an_encoding_that_was_asked_for_is_read(encoding: str) -> None:
    body = b"[]" if encoding == "identity" else gzip.compress(b"[]")
    with serving(lambda: [answer(body, b"Content-Encoding: " + encoding.encode())]) as url:
        assert asked(url) == []


def test_an_answer_byte_by_byte_that_ends_in_time_is_read() -> None:
    body = b'[{"email": "ana@example.com"}]'
    with serving(lambda: (bytes([byte]) for byte in answer(body))) as url:
        assert asked(url) == [{"email": "ana@example.com"}]
