# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of a real run, recorded and replaced: the request goes to the emulator, what comes back is another thing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest import mock

from ansible_collections.dataops.access.plugins.module_utils.http import answers, retry
from ansible_collections.dataops.access.plugins.module_utils.http.answers import Answer
from ansible_collections.dataops.access.plugins.module_utils.http.session import Request, Session


@contextmanager
def answering(change: Callable[[int, Request, Answer], bytes | None]) -> Iterator[list[tuple[Request, Answer]]]:
    """Let `change` (number of the request, request, answer) give other bytes for an answer; None leaves it.

    Yields the requests with the answers as the emulator gave them. Repetitions follow at once.
    """
    seen: list[tuple[Request, Answer]] = []
    send = Session.send

    def changed(session: Session, request: Request, headers: Mapping[str, str]) -> Answer:
        answer = send(session, request, headers)
        number = len(seen)
        seen.append((request, answer))
        body = change(number, request, answer)
        if body is None:
            return answer
        return answers.parse(answer.status, answer.headers, body, session._shared.redactor.text)

    with mock.patch.object(Session, "send", changed), mock.patch.object(retry, "backoff", return_value=0.0):
        yield seen


def as_bytes(data: Any) -> bytes:
    """JSON, with whatever strings cannot be UTF-8 escaped."""
    return json.dumps(data).encode("ascii")
