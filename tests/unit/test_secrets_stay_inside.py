# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret does not come out of a module, whatever is wrong with its options and whatever a server quotes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.services.datasentinel import DatasentinelUsers
from emulator.server import Emulator
from unit.road import run_many, run_one

CANARY = "canary-4711-canary"
NEW = {
    "email": "new@example.com",
    "password": CANARY,
    "privilege": "read",
    "profile": "developer",
    "roles": ["billing"],
}


@pytest.fixture
def connection(vendors: Emulator) -> dict[str, Any]:
    return dict(vendors.connections["datasentinel"])


def quoting(vendors: Emulator, text: str, content_type: str = "application/json") -> None:
    """The server answers a creation with 400 and this text."""
    body = json.dumps({"error": text}) if content_type == "application/json" else text
    fault = {"kind": "status", "status": 400, "body": body, "content_type": content_type}
    vendors.faults([{"method": "POST", "path": "/users/", "fault": fault}])


@pytest.mark.parametrize(
    "wrong",
    [
        {"api_url": f"https://someone:{CANARY}@127.0.0.1:1/ds-api"},
        {"api_url": f"https://127.0.0.1:1/ds-api?token={CANARY}"},
        {"api_url": f"https://someone:{CANARY}@127.0.0.1:port/ds-api"},
        {"api_url": f"someone:{CANARY}@127.0.0.1"},
        {"api_proxy": f"http://someone:{CANARY}@127.0.0.1:1"},
        {"api_proxy": f"http://someone:{CANARY}@[::1"},
    ],
)
def test_a_url_with_a_password(connection: dict[str, Any], wrong: dict[str, str]) -> None:
    options = {**NEW, "password": "another password"}
    result = run_one(DatasentinelUsers, options, {**connection, "api_retries": 0, **wrong})
    assert result["failed"]
    assert CANARY not in json.dumps(result)


@pytest.mark.parametrize("option", ["api_timeout", "comment", "privilege"])
def test_a_password_in_another_option(connection: dict[str, Any], option: str) -> None:
    result = run_one(DatasentinelUsers, {**NEW, option: CANARY, "email": "no e-mail"}, connection)
    assert result["failed"]
    assert CANARY not in json.dumps(result)


def test_an_entry_where_a_list_should_be(connection: dict[str, Any]) -> None:
    result = run_many(DatasentinelUsers, {"users": NEW}, connection)
    assert result["failed"]
    assert CANARY not in json.dumps(result)


@pytest.mark.parametrize("before", ["", "x" * 250, "x" * 285, "x" * 300])
@pytest.mark.parametrize("content_type", ["application/json", "text/plain"])
@pytest.mark.parametrize("password", [CANARY * 2, "two  blanks", "<angle> brackets", "a&b<c>\"d'"])
def test_what_a_server_quotes_before_it_is_shortened(
    vendors: Emulator, connection: dict[str, Any], before: str, content_type: str, password: str
) -> None:
    quoting(vendors, f"{before} {password}", content_type)
    result = run_one(DatasentinelUsers, {**NEW, "password": password}, connection)
    assert "400" in result["msg"]
    for part in (" ".join(password.split()), password[:8], password[-8:].strip()):
        assert part not in result["msg"]


def test_passwords_out_of_a_file(vendors: Emulator, connection: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "users.yml"
    file.write_text(json.dumps([{**NEW, "comment": f"the password is {CANARY}"}]))
    result = run_many(DatasentinelUsers, {"users_file": str(file), "return_objects": True}, connection)
    assert result["changed"]
    assert CANARY not in json.dumps(result)
    assert vendors.state("datasentinel")["users"][-1]["password"] == CANARY


def test_a_token_that_no_header_can_carry(connection: dict[str, Any]) -> None:
    for token in (f" {CANARY * 30}", f"{CANARY}€"):
        result = run_one(DatasentinelUsers, NEW, {"api_url": connection["api_url"], "api_token": token})
        assert result["failure"]["kind"] == "validation"
        assert CANARY not in json.dumps(result)


@pytest.mark.parametrize("api_url", ["https://127.0.0.1:1/ds-api", "http://127.0.0.1:1/ds-api"])
def test_validate_certs_off_is_one_warning(api_url: str, capfd: pytest.CaptureFixture[str]) -> None:
    connection = {"api_url": api_url, "api_token": CANARY, "api_retries": 0, "validate_certs": False}
    result = run_one(DatasentinelUsers, NEW, connection)
    expected = [f"validate_certs is off: nothing shows that {api_url} is the server"] if "https" in api_url else []
    assert [warning[: len(text)] for warning, text in zip(result["warnings"], expected, strict=True)] == expected
    assert capfd.readouterr().err == ""


def test_a_session_token_in_an_answer_that_is_no_json(vendors: Emulator, connection: dict[str, Any]) -> None:
    for body, content_type in ((CANARY, "text/plain"), (f'{{"user-token": "{CANARY}', "application/json")):
        fault = {"kind": "status", "status": 201, "body": body, "content_type": content_type}
        vendors.faults([{"path": "/user-token", "fault": fault}])
        result = run_one(DatasentinelUsers, NEW, connection)
        assert result["failure"]["kind"] == "protocol"
        assert "a text that is no JSON" in result["msg"]
        assert CANARY not in json.dumps(result)


def test_a_password_that_is_a_word_leaves_the_result_usable(vendors: Emulator, connection: dict[str, Any]) -> None:
    options = {**NEW, "email": "new@example.com", "password": "example", "comment": "the password is example"}
    for check in (True, False):
        result = run_one(DatasentinelUsers, options, connection, check)
        (change,) = result["changes"]
        assert change["key"] == result["user"]["email"] == "new@example.com"
        assert set(result["diff"]["after"]) == {"new@example.com"}
        assert change["fields"]["comment"]["after"] == result["user"]["comment"] == "the password is ********"
        assert result["invocation"]["module_args"]["email"] == "new@example.com"
        assert "automation@example.com" in json.dumps(result["target"])
