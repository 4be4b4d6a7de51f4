# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that answers with bytes, whatever they are."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

# What is sent for one request, piece by piece; it may go on for ever.
Pieces = Callable[[], Iterable[bytes]]
_TOO_LONG = 30


def answer(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    """A plain answer with its length."""
    head = [b"HTTP/1.1 " + status, *headers, b"Content-Length: %d" % len(body)]
    return b"\r\n".join(head) + b"\r\n\r\n" + body


@contextmanager
def serving(pieces: Pieces, greets: bool = False, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """The URL of a server that answers each request with the pieces, on one connection for each.

    ``greets``: it does not wait for the request.
    """
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while not over.is_set():
                with suppress(OSError):
                    connection, _peer = listener.accept()
                    connection.settimeout(_TOO_LONG)
                    with tls.wrap_socket(connection, server_side=True) if tls else connection as connection:
                        if not greets:
                            connection.recv(1 << 20)
                        for piece in pieces():
                            if over.is_set():
                                break
                            connection.sendall(piece)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http{'s' if tls else ''}://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            over.set()
            with suppress(OSError), socket.create_connection(listener.getsockname()):
                pass
            thread.join(_TOO_LONG)
            assert not thread.is_alive()
