# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server may answer and no vendor's does: a clear error or a harmless result, and check mode says which."""

from __future__ import annotations

import base64
import json
import time
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils import specs
from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError
from ansible_collections.dataops.access.plugins.module_utils.core.service import Reader
from ansible_collections.dataops.access.plugins.module_utils.http import answers, retry
from ansible_collections.dataops.access.plugins.module_utils.http.answers import Answer
from ansible_collections.dataops.access.plugins.module_utils.http.auth import SessionToken
from ansible_collections.dataops.access.plugins.module_utils.services import (
    alteryx_connection,
    dbsync_failures,
    dbsync_fields,
    devo_token_api,
)
from ansible_collections.dataops.access.plugins.module_utils.services.datasentinel import DatasentinelUsers
from ansible_collections.dataops.access.plugins.module_utils.services.dbsync import DBSyncUsers
from ansible_collections.dataops.access.plugins.module_utils.services.devo_tokens import DevoTokens
from ansible_collections.dataops.access.plugins.module_utils.services.devo_users import DevoUsers
from emulator.server import Emulator
from unit.road import run_info, run_many, run_one

TOKEN = {"id": 1, "name": "t", "active": True, "audience": "a", "scope": "s"}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=3,
)
TIMES = ANYTHING | st.sampled_from(
    [
        10**400,
        -(10**400),
        10**30,
        -(10**20),
        1e18,
        -1e18,
        "0001-01-01T00:00:00.000+1400",
        "9999-12-31T23:59:59.000-1400",
        "1/1/0001",
    ]
)
DATES = [
    "Mon, 01 Jan 0001 00:00:00 -2359",
    "Mon, 01 Jan 0001 00:00:00 -0000",
    "Fri, 31 Dec 9999 23:59:59 +2359",
    "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
    "Mon, 01 Jan 2026 00:00:00 +99999999999999999999",
    "9" * 5000,
]
ESCAPES = "esc\x1b[2J\u202e@example.com"


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("created", "updated", "expiration"), TIMES)), ANYTHING)
def test_a_token_with_any_times_is_shown_or_refused(times: dict[str, Any], seconds: Any) -> None:
    try:
        token = devo_token_api.parse({**TOKEN, **times, "expires_in_seconds": seconds}, "tokens[0]", "account")
    except AccessError as error:
        assert "tokens[0]." in error.message  # noqa: PT017 - any other exception fails the test as it should
    else:
        assert token.values()["name"] == "t"


@given(TIMES)
def test_a_moment_of_any_kind_is_one_or_none(value: Any) -> None:
    moment = dbsync_fields.moment(value)
    assert moment is None or moment.endswith("Z")


@given(st.sampled_from(DATES) | st.text(st.characters(max_codepoint=255)))
def test_a_date_of_any_kind_is_a_time_or_none(date: str) -> None:
    clock = devo_token_api.TokenApi(mock.Mock(), mock.Mock(), "example")
    clock._read_clock(Answer(200, {"Date": date}))
    assert isinstance(clock.now(), float)
    wait = retry.asked_to_wait({"Retry-After": date})
    assert wait is None or wait >= 0


@pytest.mark.parametrize("expires", [10**400, -(10**400), 1e308, True, "tomorrow", None, [], 0, -1])
def test_a_session_token_with_any_expiry_is_used(expires: Any) -> None:
    payload = base64.urlsafe_b64encode(json.dumps({"exp": expires}).encode()).decode().rstrip("=")
    token = SessionToken("x", lambda: f"e30.{payload}.x", "ann")
    assert [token.token(), token.token()] == [f"e30.{payload}.x"] * 2
    assert token.proof(b"")[1] == 1


@pytest.mark.parametrize("seconds", [10**400, -(10**400), "1e999", "nan", "soon", [], {}, True, 0, -5])
def test_a_lifetime_of_any_kind_is_one_or_none(seconds: Any) -> None:
    assert alteryx_connection._seconds(seconds) is None


def connection_of(vendors: Emulator, tenant: str, service: type[Reader]) -> dict[str, Any]:
    spec = specs.info_spec(service)
    return {name: value for name, value in vendors.connections[tenant].items() if name in spec}


@pytest.mark.parametrize("lost", ["email", "login", "privilege", "profile"])
def test_datasentinel_an_entry_without_its_name_or_rights_is_neither_absent_nor_undeclared(
    vendors: Emulator, lost: str
) -> None:
    users = [dict(user) for user in run_info(DatasentinelUsers, {}, vendors.connections["datasentinel"])["users"]]
    for user in users:
        user["live_360"] = 1
    del users[1][lost]
    vendors.faults([{"method": "GET", "path": "/users$", "fault": {"kind": "wrong_type", "to": users}}])
    options = {"users": [], "purge": True, "allow_empty": True, "max_deletions": "-1"}
    result = run_many(DatasentinelUsers, options, vendors.connections["datasentinel"])
    assert result["failure"]["kind"] == "protocol"
    assert f"users[1].{lost} should be a string" in result["msg"]
    assert vendors.writes() == []


def test_dbsync_one_record_that_does_not_say_whose_it_is_ends_the_run(vendors: Emulator) -> None:
    records = [
        {"endUserCompany": "Acme", "endUserName": "ann@example.com", "active": True},
        {"endUserCompany": "Acme", "active": True},
    ]
    vendors.faults([{"path": "licenseDetails", "fault": {"kind": "wrong_type", "to": records}}])
    connection = connection_of(vendors, "dbsync", DBSyncUsers)
    result = run_one(DBSyncUsers, {"company": "Acme", "username": "new@example.com"}, connection)
    assert result["failure"]["kind"] == "protocol"
    assert "cannot identify users" in result["msg"]
    assert vendors.writes() == []


def test_dbsync_a_long_text_does_not_keep_the_patterns_busy() -> None:
    answer = answers.parse(200, {}, json.dumps({"message": "user " * 200_000}).encode())
    start = time.process_time()
    dbsync_failures.find_error(answer)
    assert time.process_time() - start < 5


@pytest.mark.parametrize("answered", [{"message": "no"}, {"id": 2, "token": "of another"}, {"id": True}])
def test_devo_an_answer_about_something_else_does_not_free_the_token_in_use(
    vendors: Emulator, answered: dict[str, Any]
) -> None:
    fault = {"kind": "wrong_type", "to": answered}
    vendors.faults([{"method": "GET", "path": "/tokens/1$", "fault": fault}])
    connection = connection_of(vendors, "devo", DevoTokens)
    options = {"tokens": [], "purge": True, "allow_empty": True, "max_deletions": "-1", "account": "example"}
    result = run_many(DevoTokens, options, connection)
    assert result["failure"]["kind"] == "protocol"
    assert "token 1.id should be '1'" in result["msg"]
    assert vendors.writes() == []


def test_devo_half_a_character_in_a_token_is_no_bug(vendors: Emulator) -> None:
    # The account in use, and a token of it whose value is half a character.
    listing = [{"id": 1, "user": "ann@example.com"}]
    answers_of = {"/tokens$": json.dumps(listing), "/tokens/1$": '{"id": 1, "token": "\\ud800"}'}
    vendors.faults(
        [
            {"method": "GET", "path": path, "fault": {"kind": "status", "status": 200, "body": body}}
            for path, body in answers_of.items()
        ]
    )
    connection = {**connection_of(vendors, "devo", DevoUsers), "domain": "example@reseller"}
    result = run_many(DevoUsers, {"users": [{"email": "ann@example.com", "state": "absent"}]}, connection, check=True)
    assert [change["action"] for change in result["changes"]] == ["delete"]


@pytest.mark.parametrize("answered", [{"message": "no"}, [1], [{"id": 1, "user": {"email": "ann@example.com"}}]])
def test_devo_a_malformed_list_of_tokens_does_not_free_the_account_in_use(vendors: Emulator, answered: Any) -> None:
    vendors.faults([{"method": "GET", "path": "/tokens$", "fault": {"kind": "wrong_type", "to": answered}}])
    connection = connection_of(vendors, "devo", DevoUsers)
    options = {"users": [], "purge": True, "allow_empty": True, "max_deletions": "-1", "domain": "example@reseller"}
    result = run_many(DevoUsers, options, connection)
    assert result["failure"]["kind"] == "protocol"
    assert vendors.writes() == []


@pytest.mark.parametrize("name", [ESCAPES, "a/b@example.com", ".."])
def test_a_name_that_no_address_can_carry_is_never_removed(vendors: Emulator, name: str) -> None:
    connection = vendors.connections["datasentinel"]
    stranger = {"email": name, "login": "", "privilege": "read", "profile": "developer", "roles": []}
    listed = [vendors.state("datasentinel")["users"][0], stranger]
    vendors.faults([{"method": "GET", "path": "/users$", "fault": {"kind": "wrong_type", "to": listed}}])
    options = {
        "users": [],
        "purge": True,
        "allow_empty": True,
        "purge_exclude": [".*automation.*", "ada.*", "datasentinel"],
    }
    checked = run_many(DatasentinelUsers, options, connection, check=True)
    shown = name.lower().replace("\u202e", "\\u202e")
    assert {"key": shown, "reason": "protected"} in checked["unmanaged"]
    done = run_many(DatasentinelUsers, options, connection)
    assert (done["changed"], done["changes"]) == (checked["changed"], checked["changes"])


def test_a_message_does_not_steer_the_terminal(vendors: Emulator) -> None:
    connection = dict(vendors.connections["devo"])
    domain = connection.pop("domain")
    del connection["account"]
    users = [
        {"email": email, "status": "active", "userName": "u", "role": "ADMIN", "owner": email == ESCAPES}
        for email in (ESCAPES, "other@example.com")
    ]
    vendors.faults([{"method": "GET", "path": "/user/domain/", "fault": {"kind": "wrong_type", "to": users}}])
    wanted = {"domain": domain, "users": [{"email": "other@example.com", "roles": ["OWNER"]}]}
    result = run_many(DevoUsers, wanted, connection)
    assert "\\x1b[2j\\u202e@example.com" in result["msg"]
    assert result["msg"].isprintable()
