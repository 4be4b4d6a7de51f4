# SPDX-License-Identifier: GPL-3.0-or-later
"""Users of a Devo domain whom nobody locks out: its owner, and the account in use."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.services.devo_users import DevoUsers
from emulator.server import Emulator
from unit.road import run_many, run_one

from .devo_domain import EMPTY, EMPTY_KEYS, ROBOT_TOKEN, STATE, users, with_token

# --- owners ----------------------------------------------------------------------------------------------------------


def test_a_new_domain_gets_its_owner_first(devo: Emulator, connection: dict[str, Any]) -> None:
    listed = [{"email": f"{name}@example.com", "roles": ["analyst"]} for name in ("a", "b", "c", "y", "z")]
    listed.append({"email": "m@example.com", "roles": ["OWNER"]})
    reach = {**connection, "domain": EMPTY, "api_key_type": "multitenant"}
    result = run_many(DevoUsers, {"users": listed, "return_objects": True}, reach)
    assert not result.get("failed"), result["msg"]
    assert users(devo, EMPTY)["m@example.com"]["owner"]
    owner = next(user for user in result["users"] if user["owner"])
    assert (owner["email"], owner["roles"], owner["status"]) == ("m@example.com", ["ADMIN"], "pending")
    assert not run_many(DevoUsers, {"users": listed}, reach)["changed"]


@pytest.mark.parametrize(
    ("roles", "more", "says"),
    [
        ({"a": "analyst"}, {"api_key_type": "multitenant"}, "its first one has to be OWNER"),
        ({"a": "OWNER", "b": "OWNER"}, {"api_key_type": "multitenant"}, "2 are declared (a@example.com, b@example.com"),
        ({"a": "OWNER"}, EMPTY_KEYS, "api_key_type: multitenant"),
    ],
    ids=["no owner", "two owners", "domain key"],
)
def test_a_new_domain_without_one_owner_is_refused(
    devo: Emulator, connection: dict[str, Any], roles: dict[str, str], more: dict[str, Any], says: str
) -> None:
    listed = [{"email": f"{name}@example.com", "roles": [role]} for name, role in roles.items()]
    result = run_many(DevoUsers, {"users": listed}, {**connection, "domain": EMPTY, **more})
    assert says in result["msg"]
    assert result["summary"]["create"] == len(roles)
    assert devo.writes() == []


def test_an_existing_user_is_made_owner_in_the_console_only(devo: Emulator, connection: dict[str, Any]) -> None:
    ownerless = [{**domain, "users": domain["users"][1:]} for domain in STATE["domains"]]
    devo.reset(state={"devo": {**STATE, "domains": ownerless}})
    result = run_one(DevoUsers, {"email": "bob@example.com", "roles": ["OWNER"]}, connection)
    assert "use 'Set as Owner' in Devo" in result["msg"]
    assert result["changes"][0]["fields"]["roles"]["after"] == ["OWNER"]
    assert devo.writes() == []


# --- the account in use ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["standAloneToken", "bearer"])
@pytest.mark.parametrize(
    "options", [{"state": "absent"}, {"enabled": False}, {"roles": ["analyst"]}], ids=["absent", "disabled", "demoted"]
)
def test_the_account_in_use_stays(
    devo: Emulator, connection: dict[str, Any], options: dict[str, Any], header: str
) -> None:
    reach = with_token(connection, api_token_header=header)
    result = run_one(DevoUsers, {"email": "robot@example.com", **options}, reach)
    assert "it is the account in use" in result["msg"]
    assert ROBOT_TOKEN not in str(result)
    assert devo.writes() == []


def test_purge_spares_owner_and_account_in_use(devo: Emulator, connection: dict[str, Any]) -> None:
    listed = [{"email": "pia@example.com", "roles": ["analyst"]}]
    options = {"users": listed, "purge": True, "purge_exclude": ["SSO@.*"]}
    result = run_many(DevoUsers, options, with_token(connection))
    assert not result.get("failed"), result["msg"]
    assert sorted(users(devo)) == ["Robot@example.com", "owner@example.com", "pia@example.com", "sso@example.com"]
    assert result["unmanaged"] == [
        {"key": "bob@example.com", "reason": "undeclared"},
        {"key": "owner@example.com", "reason": "protected"},
        {"key": "robot@example.com", "reason": "protected"},
        {"key": "sso@example.com", "reason": "excluded"},
    ]


UNTOLD = {
    "not listed": ("/tokens$", "does not list the tokens"),
    "not readable": ("/tokens/", "does not show the tokens"),
}


@pytest.mark.parametrize(("path", "why"), UNTOLD.values(), ids=UNTOLD)
def test_where_the_token_api_does_not_tell_administrators_stay_and_others_go_with_a_warning(
    devo: Emulator, connection: dict[str, Any], path: str, why: str
) -> None:
    devo.faults([{"method": "GET", "path": path, "fault": {"kind": "status", "status": 403}}])
    for options in ({"state": "absent"}, {"enabled": False}, {"roles": ["analyst"]}):
        refused = run_one(DevoUsers, {"email": "robot@example.com", **options}, with_token(connection))
        assert "it is perhaps the account in use, since the token API does not tell whose it is" in refused["msg"]
    assert devo.writes() == []
    result = run_one(DevoUsers, {"email": "bob@example.com", "state": "absent"}, with_token(connection))
    assert result["changed"]
    assert why in result["warnings"][0]
    assert "Administrators are kept; make sure that it is not one of the others" in result["warnings"][0]


def test_a_look_alike_is_somebody_else(devo: Emulator, connection: dict[str, Any]) -> None:
    listed = [
        {"email": "\u212bsa@example.com", "roles": ["analyst"]},
        {"email": "\u212aate@example.com", "roles": ["ADMIN"]},
    ]
    domains = [{**STATE["domains"][0], "users": [*STATE["domains"][0]["users"], *listed]}, *STATE["domains"][1:]]
    devo.reset(state={"devo": {**STATE, "domains": domains}})
    for email in ("kate@example.com", "\u00e5sa@example.com"):
        gone = run_one(DevoUsers, {"email": email, "state": "absent"}, connection)
        assert not gone["changed"]
    assert devo.writes() == []


NO_TOKENS = {"kind": "status", "status": 200, "body": "[]", "content_type": "application/json"}


def test_an_account_without_tokens_says_nothing_of_the_other_name_of_the_domain(
    devo: Emulator, connection: dict[str, Any]
) -> None:
    devo.faults([{"method": "GET", "path": "reseller/tokens$", "fault": NO_TOKENS}])
    refused = run_one(DevoUsers, {"email": "robot@example.com", "state": "absent"}, with_token(connection))
    assert "it is the account in use" in refused["msg"]
    assert devo.writes() == []


def test_where_no_name_of_the_domain_has_tokens_nobody_is_in_use(devo: Emulator, connection: dict[str, Any]) -> None:
    devo.faults([{"method": "GET", "path": "/tokens$", "fault": NO_TOKENS}])
    result = run_one(DevoUsers, {"email": "bob@example.com", "state": "absent"}, with_token(connection))
    assert result["changed"]
    assert not result.get("warnings")


def test_nobody_is_asked_for_where_nobody_is_locked_out(devo: Emulator, connection: dict[str, Any]) -> None:
    more = {"email": "bob@example.com", "roles": ["on call"], "append_roles": True, "enabled": True}
    assert run_one(DevoUsers, more, with_token(connection))["changed"]
    assert not [each for each in devo.requests() if "/tokens" in each["path"]]


@pytest.mark.parametrize("path", ["/tokens$", "/tokens/"])
def test_an_answer_that_makes_no_sense_does_not_say_that_nobody_is_at_stake(
    devo: Emulator, connection: dict[str, Any], path: str
) -> None:
    devo.faults([{"method": "GET", "path": path, "fault": {"kind": "wrong_type"}}])
    result = run_one(DevoUsers, {"email": "robot@example.com", "state": "absent"}, with_token(connection))
    assert result["failure"]["kind"] == "protocol"
    assert devo.writes() == []


def test_a_list_of_roles_that_makes_no_sense_is_no_refused_one(devo: Emulator, connection: dict[str, Any]) -> None:
    devo.faults([{"method": "GET", "path": "/roles$", "fault": {"kind": "wrong_type"}}])
    result = run_one(DevoUsers, {"email": "bob@example.com", "roles": ["on call"]}, connection)
    assert result["failure"]["kind"] == "protocol"
    assert devo.writes() == []


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 503}, {"kind": "reset_before"}], ids=str)
def test_nobody_is_removed_while_it_cannot_be_asked_who_is_in_use(
    devo: Emulator, connection: dict[str, Any], fault: dict[str, Any]
) -> None:
    devo.faults([{"method": "GET", "path": "/tokens", "fault": fault}])
    result = run_one(
        DevoUsers, {"email": "robot@example.com", "state": "absent"}, with_token(connection, api_retries=0)
    )
    assert "find out whose token is in use" in result["msg"]
    assert "Robot@example.com" in users(devo)
