# SPDX-License-Identifier: GPL-3.0-or-later
"""Each kind of fault does on the wire what it says, and makes the change or not as it says."""

from __future__ import annotations

import base64
import json
import time
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from emulator.echoes import FORMS
from emulator.faults import KINDS
from emulator.server import Emulator

USER = "/users/new@example.com"
BODY = {"password": "pass-of-new", "privilege": "read", "profile": "developer"}


class Client:
    """A session with a valid token; every call is one POST that makes a user, or one GET of the list."""

    def __init__(self, emulator: Emulator) -> None:
        options = emulator.connections["datasentinel"]
        self.url = options["api_url"]
        basic = (options["api_username"], options["api_password"])
        token = requests.post(f"{self.url}/user-token", auth=basic, timeout=10).json()["user-token"]
        self.headers = {"user-token": token}

    def create(self, timeout: float = 10, **more: Any) -> requests.Response:
        return requests.post(self.url + USER, json=BODY, headers=self.headers, timeout=timeout, **more)

    def users(self, **more: Any) -> requests.Response:
        return requests.get(self.url + "/users", headers=self.headers, timeout=10, **more)


@pytest.fixture
def client(emulator: Emulator) -> Client:
    return Client(emulator)


def made(emulator: Emulator) -> bool:
    return any(user["email"] == "new@example.com" for user in emulator.state("datasentinel")["users"])


def fault(emulator: Emulator, kind: str, **params: Any) -> None:
    emulator.faults([{"path": "/users", "fault": {"kind": kind, **params}}])


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
@pytest.mark.parametrize("after", [False, True])
def test_status_before_and_after_the_change(emulator: Emulator, client: Client, status: int, after: bool) -> None:
    fault(emulator, "status", status=status, after=after)
    answer = client.create()
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html" if status > 500 else "application/json")
    assert made(emulator) is after
    last = emulator.requests()[-1]
    assert (last["status"], last["fault"], last["write"]) == (status, "status", True)


def test_status_with_retry_after_and_own_body(emulator: Emulator, client: Client) -> None:
    fault(emulator, "status", status=429, retry_after="2")
    assert client.users().headers["retry-after"] == "2"
    fault(emulator, "status", status=503, retry_after="date:+2", body={"slow": "down"})
    answer = client.users()
    assert answer.json() == {"slow": "down"}
    assert 0 <= parsedate_to_datetime(answer.headers["retry-after"]).timestamp() - time.time() <= 3


@pytest.mark.parametrize(("kind", "change"), [("reset_before", False), ("reset_after", True)])
def test_reset(emulator: Emulator, client: Client, kind: str, change: bool) -> None:
    fault(emulator, kind)
    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        client.create()
    assert made(emulator) is change
    last = emulator.requests()[-1]
    assert (last["status"], last["fault"], last["write"]) == (None, kind, True)


def test_delay_makes_the_change_and_ends_with_reset(emulator: Emulator, client: Client) -> None:
    fault(emulator, "delay", seconds=3600)
    with pytest.raises(requests.ReadTimeout):
        client.create(timeout=0.3)
    assert made(emulator)
    emulator.reset()  # releases whoever waits


def test_an_emulator_ends_though_a_delay_is_under_way() -> None:
    started = time.monotonic()
    with Emulator() as emulator:
        client = Client(emulator)
        fault(emulator, "delay", seconds=3600)
        with pytest.raises(requests.ReadTimeout):
            client.create(timeout=0.2)
    assert time.monotonic() - started < 8


def test_truncate(emulator: Emulator, client: Client) -> None:
    fault(emulator, "truncate")
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        client.create()
    assert made(emulator)
    fault(emulator, "truncate", short=True)
    answer = client.users()
    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        answer.json()


def test_html_and_redirect_make_no_change(emulator: Emulator, client: Client) -> None:
    fault(emulator, "html")
    answer = client.create()
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    fault(emulator, "redirect", location="http://localhost:1/elsewhere", status=307)
    answer = client.create(allow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "http://localhost:1/elsewhere")
    assert not made(emulator)


def test_expire_forgets_sessions_once(emulator: Emulator, client: Client) -> None:
    emulator.faults([{"path": "/users", "times": 1, "fault": {"kind": "expire"}}])
    assert client.create().status_code == 401
    assert client.users().status_code == 401  # the token stays forgotten
    assert Client(emulator).users().status_code == 200
    assert not made(emulator)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("part", "sent"), [("headers", "user-token"), ("body", "pass-of-new"), ("signed", "pass-of")])
def test_echo(emulator: Emulator, client: Client, form: str, part: str, sent: str) -> None:
    fault(emulator, "echo", form=form, part=part, status=307 if form == "location" else 400)
    answer = client.create(allow_redirects=False)
    assert answer.status_code == (307 if form == "location" else 400)
    said = base64.b64decode(answer.json()["message"]).decode() if form == "base64" else answer.text
    assert sent in said + str(answer.headers)
    assert made(emulator)


def test_echo_in_every_text_of_a_listing(emulator: Emulator, client: Client) -> None:
    fault(emulator, "echo", form="fields", status=200)
    token = client.headers["user-token"]
    assert all(user["email"].endswith(token) for user in client.users().json())


def test_drip(emulator: Emulator, client: Client) -> None:
    whole = client.users().content
    fault(emulator, "drip", bytes_per_s=len(whole))
    answer = client.users(stream=True)
    started = time.monotonic()
    pieces = list(answer.iter_content(None))
    assert b"".join(pieces) == whole
    assert time.monotonic() - started > 0.5


def test_drip_headers(emulator: Emulator, client: Client) -> None:
    fault(emulator, "drip_headers", bytes_per_s=5000)
    assert client.users().json()[0]["login"]
    fault(emulator, "drip_headers", bytes_per_s=1)
    with pytest.raises(requests.Timeout):
        # the next byte comes in a second
        requests.get(client.url + "/users", headers=client.headers, timeout=0.3)


@pytest.mark.parametrize("streamed", [False, True])
def test_big(emulator: Emulator, client: Client, streamed: bool) -> None:
    fault(emulator, "big", bytes=3_000_001, streamed=streamed)
    answer = client.users()
    assert len(answer.content) == 3_000_001
    assert isinstance(answer.json(), list)
    assert ("content-length" in answer.headers) is not streamed


def test_invalid_utf8(emulator: Emulator, client: Client) -> None:
    fault(emulator, "invalid_utf8")
    with pytest.raises(UnicodeDecodeError):
        client.users().content.decode()


def test_wrong_type(emulator: Emulator, client: Client) -> None:
    fault(emulator, "wrong_type")
    assert client.users().json() == {"unexpected": "object"}
    assert client.create().json() == []
    fault(emulator, "wrong_type", to="text")
    assert client.users().json() == "text"
    assert made(emulator)


def test_empty(emulator: Emulator, client: Client) -> None:
    fault(emulator, "empty")
    answer = client.create()
    assert (answer.status_code, answer.content) == (200, b"")
    assert made(emulator)


def test_gzip_bomb(emulator: Emulator, client: Client) -> None:
    fault(emulator, "gzip_bomb", bytes=5_000_000)
    answer = client.users(stream=True)
    assert int(answer.headers["content-length"]) < 20_000
    assert len(answer.content) > 4_900_000
    assert json.loads(answer.content) == []


def test_which_call_and_how_often(emulator: Emulator, client: Client) -> None:
    bad = {"kind": "status", "status": 500}
    emulator.faults([{"method": "GET", "path": "/users$", "call": [2, 4], "fault": bad}])
    assert client.create().status_code == 201  # another method: not counted
    assert [client.users().status_code for _time in range(5)] == [200, 500, 200, 500, 200]
    emulator.faults([{"times": 2, "fault": bad}])
    assert [client.users().status_code for _time in range(3)] == [500, 500, 200]
    emulator.faults([{"call": 1, "fault": bad}, {"call": 2, "fault": {"kind": "status", "status": 503}}])
    assert [client.users().status_code for _time in range(3)] == [500, 503, 200]


def test_faults_meet_unknown_tenants_too(emulator: Emulator) -> None:
    emulator.faults([{"fault": {"kind": "status", "status": 429}}])
    assert requests.get(f"{emulator.base_url}/nobody", timeout=10).status_code == 429


def test_every_kind_is_tested_here() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert [kind for kind in KINDS if f'"{kind}"' not in source] == []
