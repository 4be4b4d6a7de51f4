# SPDX-License-Identifier: GPL-3.0-or-later
"""What bounds a client: repetitions, pace, deadline, the size of an answer; and what it says and sends besides."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import HIDDEN, Redactor
from ansible_collections.dataops.access.plugins.module_utils.http import limits, session
from ansible_collections.dataops.access.plugins.module_utils.http.auth import Auth
from ansible_collections.dataops.access.plugins.module_utils.http.client import Client
from ansible_collections.dataops.access.plugins.module_utils.http.limits import Deadline, Pace
from ansible_collections.dataops.access.plugins.module_utils.http.recent import Recent
from ansible_collections.dataops.access.plugins.module_utils.http.settings import Settings
from unit.http import servers


def read(server: servers.Running, auth: Auth | None = None, redactor: Redactor | None = None, **settings: Any) -> Any:
    client = Client(Settings(f"http://{servers.HOST}:{server.port}", **settings), auth, redactor)
    try:
        return client.read("find a user", "GET", "/users/canary-4711").data
    finally:
        client.close()


def unavailable(handler: servers.Users) -> None:
    handler.note()
    handler.answer(503)


@pytest.mark.parametrize("retries", [0, 2])
def test_so_many_repetitions_as_were_asked_for(retries: int, no_backoff: None) -> None:
    with servers.running(servers.Users, do_GET=unavailable) as server:
        with pytest.raises(AccessError, match="answered 503"):
            read(server, api_retries=retries)
        assert len(server.heads) == 1 + retries


class Ended(Auth):
    """A session that ends with every request."""

    def __init__(self) -> None:
        self.renewals = 0

    def renew(self, log_in: int) -> bool:
        self.renewals += 1
        return self.renewals < 5


def test_a_session_that_ends_at_once_is_renewed_once() -> None:
    def unauthorized(handler: servers.Users) -> None:
        handler.note()
        handler.answer(401)

    auth = Ended()
    with servers.running(servers.Users, do_GET=unauthorized) as server:
        with pytest.raises(AccessError, match="answered 401"):
            read(server, auth)
        assert (auth.renewals, len(server.heads)) == (1, 2)


def test_a_page_is_no_answer() -> None:
    def page(handler: servers.Users) -> None:
        handler.answer(200, b"<html>Log in</html>")

    with (
        servers.running(servers.Users, do_GET=page) as server,
        pytest.raises(AccessError, match="page instead of JSON"),
    ):
        read(server)


def test_a_listing_from_before_a_write_is_not_recent() -> None:
    def answer(handler: servers.Users) -> None:
        handler.note()
        handler.answer(200, json.dumps([len(server.heads)]).encode() if handler.command == "GET" else b"")

    with servers.running(servers.Users, do_GET=answer, do_POST=answer) as server:
        client = Client(Settings(f"http://{servers.HOST}:{server.port}"))
        client.recent = Recent()
        client.allow_writes()

        def listed(recent: bool) -> list[int]:
            return client.listing("list the users", "/users", list, recent)

        assert [listed(recent) for recent in (True, True, False, True)] == [[1], [1], [2], [2]]
        client.write("create a user", "POST", "/users/ana")
        assert [listed(recent) for recent in (True, True)] == [[4], [4]]
        client.close()


def test_an_error_keeps_no_secret_of_what_was_asked() -> None:
    with servers.running(servers.Users, do_GET=unavailable) as server, pytest.raises(AccessError) as caught:
        read(server, redactor=Redactor(["canary-4711"]), api_retries=0)
    assert f"/users/{HIDDEN} answered 503" in caught.value.message
    assert caught.value.url is not None
    assert caught.value.url.endswith(f"/users/{HIDDEN}")


def test_no_more_is_read_than_an_answer_may_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "LARGEST_ANSWER", len(servers.USERS))
    with servers.users() as server:
        assert len(read(server)) == 1
        monkeypatch.setattr(session, "LARGEST_ANSWER", len(servers.USERS) - 1)
        with pytest.raises(AccessError, match="answered with more than"):
            read(server)


def test_no_log_in_comes_from_netrc(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "netrc").write_text(f"machine {servers.HOST} login ann password canary\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with servers.users() as server:
        read(server)
    assert [head.get("authorization") for head in server.heads] == [None]


def test_requests_keep_their_pace() -> None:
    with mock.patch.object(limits, "time") as time:
        time.monotonic.return_value = 100.0
        pace = Pace(2.0)
        assert [pace.delay() for _request in range(3)] == [0.0, 0.5, 1.0]
        time.monotonic.return_value = 103.0
        assert pace.delay() == 0.0
    assert [Pace(0.0).delay() for _request in range(2)] == [0.0, 0.0]


def test_nothing_is_sent_after_the_deadline() -> None:
    with mock.patch.object(limits, "time") as time:
        time.monotonic.return_value = 100.0
        deadline = Deadline(7.0)
        time.monotonic.return_value = 106.9
        deadline.check("the listing")
        time.monotonic.return_value = 107.0
        with pytest.raises(AccessError, match="the 7 seconds for this task were over before the listing") as caught:
            deadline.check("the listing")
    assert caught.value.kind == "timeout"
