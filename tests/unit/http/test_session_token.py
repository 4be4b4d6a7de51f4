# SPDX-License-Identifier: GPL-3.0-or-later
"""Session tokens: when they are fetched again."""

from __future__ import annotations

from unittest import mock

import pytest

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError
from ansible_collections.dataops.access.plugins.module_utils.http import auth
from ansible_collections.dataops.access.plugins.module_utils.http.auth import Granted, SessionToken


@pytest.mark.parametrize(("lifetime_s", "kept_s"), [(3600, 3539), (300, 239), (60, 29)])
def test_a_token_of_known_life_is_renewed_in_time(lifetime_s: float, kept_s: float) -> None:
    tokens = iter("ab")
    with mock.patch.object(auth.time, "time") as now:
        now.return_value = 1000.0
        session = SessionToken("Authorization", lambda: Granted(next(tokens), lifetime_s), "me", prefix="Bearer ")
        assert session.headers(b"") == {"Authorization": "Bearer a"}
        now.return_value = 1000.0 + kept_s
        assert session.token() == "a"
        now.return_value = 1000.0 + kept_s + 2
        assert session.token() == "b"


def test_a_token_of_unknown_life_is_kept_until_the_server_refuses_it() -> None:
    tokens = iter("ab")
    with mock.patch.object(auth.time, "time") as now:
        now.return_value = 1000.0
        session = SessionToken("Authorization", lambda: next(tokens), "me")
        used, log_in = session.proof(b"")
        now.return_value = 1e9
        assert session.proof(b"") == (used, log_in)
        assert session.renew(log_in)
        assert session.renew(log_in), "another thread's refused request only picks up the new token"
        assert session.token() == "b"


def test_two_equal_tokens_are_told_apart_by_their_log_in() -> None:
    fetched = []
    session = SessionToken("Authorization", lambda: fetched.append("same") or "same", "me")
    _headers, log_in = session.proof(b"")
    session.renew(log_in)
    session.renew(log_in)
    assert len(fetched) == 2


def test_a_refused_log_in_is_not_tried_again() -> None:
    tries = []

    def refused() -> str:
        tries.append(1)
        raise AccessError("wrong password", kind="auth")

    session = SessionToken("Authorization", refused, "me")
    for _attempt in range(3):
        with pytest.raises(AccessError, match="wrong password"):
            session.token()
    assert len(tries) == 1


def test_a_session_token_that_no_header_can_carry_is_an_error_of_the_server() -> None:
    session = SessionToken("Authorization", lambda: "line\r\nbreak", "me")
    with pytest.raises(AccessError, match="no header can carry"):
        session.token()
