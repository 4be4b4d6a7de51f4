# SPDX-License-Identifier: GPL-3.0-or-later
"""An answer of any size costs no more than so much memory: they are read in a process that cannot have more."""

from __future__ import annotations

import gzip
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from hostile.wire import answer, serving

TESTS = Path(__file__).parent.parent
# Address space, of which the interpreter and its libraries take some 200 MB before anything is asked.
MEGABYTES = 1000
MB = 1 << 20


def bomb() -> bytes:
    """Four gigabytes of blanks in four megabytes; packed members may follow one another."""
    return gzip.compress(b" " * 64 * MB) * 64


def declared(size: int) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n[" % size
    yield from itertools.repeat(b" " * MB, size // MB)


def chunked(chunk: bytes, number: int) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    yield from itertools.repeat(b"%x\r\n" % len(chunk) + chunk + b"\r\n", number)
    yield b"0\r\n\r\n"


def full(piece: bytes) -> bytes:
    """As large as a body may be, and full of small things."""
    return answer(b"[" + piece * (39 * MB // len(piece)) + b"0]")


TOO_LARGE = "answered with more than 40 MB"
BODIES: dict[str, tuple[Callable[[], Iterable[bytes]], str]] = {
    "50 MB, declared": (lambda: declared(50 * MB), TOO_LARGE),
    "50 MB, streamed": (lambda: chunked(b" " * MB, 50), TOO_LARGE),
    "without an end": (lambda: chunked(b" " * MB, 100_000), TOO_LARGE),
    "one chunk of 1 TB": (
        lambda: itertools.chain(
            [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10000000000\r\n"], itertools.repeat(b" " * MB, 100)
        ),
        TOO_LARGE,
    ),
    "a gzip bomb": (lambda: [answer(bomb(), b"Content-Encoding: gzip")], TOO_LARGE),
    "39 MB of lists": (lambda: [full(b"[],")], "no JSON"),
    "39 MB of objects": (lambda: [full(b'{"a":{}},')], "no JSON"),
    "39 MB of numbers": (lambda: [full(b"1,")], "no JSON"),
    "39 MB of opening brackets": (lambda: [answer(b"[" * 39 * MB)], "no JSON"),
    "39 MB of one text of wide characters": (
        lambda: [answer('["\U0001f600'.encode() + b"x" * 39 * MB + b'"]')],
        "users[0] should be an object",
    ),
    "39 MB of an error message": (lambda: [answer(b'{"error": "' + b"<a> " * 9 * MB + b'"}')], "answered 200"),
}


def test_an_answer_of_any_size_is_bounded() -> None:
    with ExitStack() as servers:
        urls = [servers.enter_context(serving(pieces)) for pieces, _says in BODIES.values()]
        done = subprocess.run(  # noqa: S603 - this interpreter, and URLs of this test
            [sys.executable, "-m", "hostile.bounded", str(MEGABYTES), *urls],
            cwd=TESTS,
            # Threads would reserve address space of their own, used or not.
            env={**os.environ, "MALLOC_ARENA_MAX": "1"},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
    assert done.returncode == 0, done.stderr[-2000:]
    messages = {name: json.loads(line)["msg"] for name, line in zip(BODIES, done.stdout.splitlines(), strict=True)}
    assert [name for name, message in messages.items() if BODIES[name][1] not in message] == [], messages
    assert max(map(len, messages.values())) < 2000
