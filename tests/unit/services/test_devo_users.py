# SPDX-License-Identifier: GPL-3.0-or-later
"""Users of a Devo domain: owners, the account in use, the calls for roles, and what other platforms do not have."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.core.service import Snapshot
from ansible_collections.dataops.access.plugins.module_utils.services.devo_users import DevoUsers
from emulator.server import Emulator
from unit.road import run_info, run_many, run_one

DOMAIN, EMPTY, OTHER = "example@reseller", "empty@reseller", "other@reseller"
ROBOT_TOKEN = "fa4e0000000000000000000000000002"
KEYS = {"api_key": "fake-devo-api-key", "api_secret": "fake-devo-api-secret"}
EMPTY_KEYS = {"api_key": "fake-key-of-the-empty-one", "api_secret": "fake-secret-of-the-empty-one"}
STATE = {
    "people": [
        {"email": "owner@example.com", "user_name": "Olga Owner"},
        {"email": "Robot@example.com", "user_name": "Robot"},
        {"email": "elsa@example.com", "user_name": "Elsa Else", "phone": "+34600000009"},
        {"email": "sso@example.com", "user_name": "Sasha", "external_id": "sso-1"},
        {"email": "pia@example.com", "user_name": "Pia", "activated": False},
    ],
    "domains": [
        {
            "name": DOMAIN,
            **KEYS,
            "roles": ["analyst", "reviewer", "on call"],
            "users": [
                {"email": "owner@example.com", "roles": ["ADMIN"], "owner": True},
                {"email": "Robot@example.com", "roles": ["ADMIN"]},
                {"email": "sso@example.com", "roles": ["analyst"]},
                {"email": "pia@example.com", "roles": ["analyst"], "status": "pending"},
                {"email": "bob@example.com", "roles": ["analyst", "reviewer"]},
            ],
            "tokens": [
                {"name": "of the owner", "user": "owner@example.com"},
                {"name": "of bob", "user": "bob@example.com"},
                {"name": "of the robot", "user": "robot@example.com", "token": ROBOT_TOKEN, "expires_in_seconds": -1},
            ],
        },
        {"name": EMPTY, **EMPTY_KEYS, "roles": ["analyst"], "users": [], "tokens": []},
        {
            "name": OTHER,
            **KEYS,
            "users": [
                {"email": "boss@example.com", "roles": ["ADMIN"], "owner": True},
                {"email": "elsa@example.com", "roles": ["NO_PRIVILEGES"]},
            ],
            "tokens": [],
        },
    ],
}


@pytest.fixture
def devo(vendors: Emulator) -> Emulator:
    vendors.reset(state={"devo": STATE})
    return vendors


@pytest.fixture
def connection(devo: Emulator) -> dict[str, Any]:
    return {"api_url": devo.connections["devo"]["api_url"], "domain": DOMAIN, **KEYS}


def with_token(connection: dict[str, Any], **more: Any) -> dict[str, Any]:
    rest = {name: value for name, value in connection.items() if name not in KEYS}
    return {**rest, "api_token": ROBOT_TOKEN, **more}


def users(devo: Emulator, domain: str = DOMAIN) -> dict[str, dict[str, Any]]:
    held = next(each for each in devo.state("devo")["domains"] if each["name"] == domain)
    return {user["email"]: user for user in held["users"]}


def calls(devo: Emulator, since: int = 0) -> list[str]:
    """The writes as method and what follows the domain's name."""
    paths = [(each["method"], each["path"].partition("/probio")[2]) for each in devo.writes(since=since)]
    return [f"{method} {path.partition(DOMAIN)[2] or path}" for method, path in paths]


# --- who asks --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "credentials",
    [
        KEYS,
        {**KEYS, "api_key_type": "multitenant"},
        {"api_token": ROBOT_TOKEN},
        {"api_token": ROBOT_TOKEN, "api_token_header": "bearer"},
        {"api_token": ROBOT_TOKEN, **KEYS},
    ],
    ids=["domain key", "multitenant key", "stand-alone token", "bearer", "key and token"],
)
def test_every_proof_reads_and_writes(devo: Emulator, connection: dict[str, Any], credentials: dict[str, Any]) -> None:
    reach = {"api_url": connection["api_url"], "domain": DOMAIN, **credentials}
    new = {"email": "new+1@example.com", "username": "Zoë", "roles": ["analyst", "on call"]}
    assert not run_one(DevoUsers, new, reach).get("failed")
    assert users(devo)["new+1@example.com"]["roles"] == ["analyst", "on call"]
    assert run_one(DevoUsers, {**new, "state": "absent"}, reach)["changed"]
    assert "new+1@example.com" not in users(devo)


@pytest.mark.parametrize("status", ["401", "404", "400"])
@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_wrong_signature_is_never_absence(
    devo: Emulator, connection: dict[str, Any], status: str, state: str
) -> None:
    devo.set_switches({"devo.bad_signature": status})
    options = {"email": "bob@example.com", "roles": ["analyst"], "state": state}
    result = run_one(DevoUsers, options, {**connection, "api_secret": "wrong"})
    assert result["failed"]
    assert result["failure"]["status"] == int(status)
    assert result["failure"]["request_id"].startswith("fa4ec1d0")
    assert devo.writes() == []


def test_a_domain_key_where_only_the_multitenant_one_is_taken(devo: Emulator, connection: dict[str, Any]) -> None:
    devo.set_switches({"devo.domain_key": "common"})
    result = run_info(DevoUsers, {}, connection)
    assert result["failure"]["kind"] == "auth"
    assert "api_key_type (a domain of a reseller may take the multitenant key alone)" in result["msg"]
    assert run_info(DevoUsers, {}, {**connection, "api_key_type": "multitenant"})["users"]


def test_a_wrong_domain_says_where_to_look(devo: Emulator, connection: dict[str, Any]) -> None:
    result = run_one(DevoUsers, {"email": "bob@example.com", "state": "absent"}, {**connection, "domain": "elsewhere"})
    assert result["failure"]["kind"] == "not_found"
    assert "Domain elsewhere not found" in result["msg"]
    assert "a wrong signature" in result["msg"]
    assert devo.writes() == []


# --- declared values -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"email": "no address"}, "email: 'no address'"),
        ({"email": "../a@example.com"}, "email: "),
        ({"domain": "exa mple"}, "domain: 'exa mple'"),
        ({"domain": "9@reseller"}, "domain: '9@reseller'"),
        ({"roles": ["a/b"]}, "roles: 'a/b' holds a slash"),
        ({"roles": ["a,b"]}, "roles: 'a,b' is no role of Devo"),
        ({"roles": [" analyst"]}, "roles: ' analyst' has blanks around it"),
        ({"roles": ["admin"]}, "roles: 'admin' is written ADMIN"),
        ({"roles": ["Owner"]}, "roles: 'Owner' is written OWNER"),
        ({"roles": ["ADMIN", "analyst"]}, "ADMIN excludes every other role; remove it, or remove analyst"),
        ({"roles": ["OWNER", "ADMIN"]}, "OWNER excludes every other role"),
        ({"phone": "600000000"}, "phone: '600000000'"),
        ({"username": "-ana"}, "username: '-ana'"),
        ({"username": "a" * 30 + "!"}, "username: "),
    ],
)
def test_bad_input_is_named_before_any_call(
    devo: Emulator, connection: dict[str, Any], options: dict[str, Any], says: str
) -> None:
    good = {"email": "new@example.com", "roles": ["analyst"]}
    result = run_one(DevoUsers, {**good, **options}, {**connection, **options})
    assert says in result["msg"]
    assert result["failure"]["kind"] == "validation"
    assert devo.requests() == []


def test_no_privileges_is_never_written_beside_another(devo: Emulator, connection: dict[str, Any]) -> None:
    declared = {"email": "bob@example.com", "roles": ["NO_PRIVILEGES", "reviewer", "analyst"]}
    assert not run_one(DevoUsers, declared, connection)["changed"]
    assert run_one(DevoUsers, {**declared, "roles": ["on call", "NO_PRIVILEGES"]}, connection)["changed"]
    assert users(devo)["bob@example.com"]["roles"] == ["on call"]


def test_an_unknown_role_is_refused_by_the_plan(devo: Emulator, connection: dict[str, Any]) -> None:
    listed = [{"email": "bob@example.com", "roles": ["Analyst"]}, {"email": "pia@example.com", "roles": ["reviewer"]}]
    result = run_many(DevoUsers, {"users": listed}, connection)
    assert "has no role 'Analyst'; did you mean 'analyst'?" in result["msg"]
    assert [change["key"] for change in result["changes"]] == ["bob@example.com", "pia@example.com"]
    assert devo.writes() == []


def test_where_the_roles_cannot_be_listed_the_write_tells(devo: Emulator, connection: dict[str, Any]) -> None:
    devo.faults([{"method": "GET", "path": "/roles$", "fault": {"kind": "status", "status": 403}}])
    assert run_one(DevoUsers, {"email": "bob@example.com", "roles": ["on call"]}, connection)["changed"]
    assert users(devo)["bob@example.com"]["roles"] == ["on call"]
    result = run_one(DevoUsers, {"email": "bob@example.com", "roles": ["nobody", "on call"]}, connection)
    assert "Role 'nobody' not found" in result["msg"]
    assert result["failure"]["kind"] == "validation"


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


# --- creating --------------------------------------------------------------------------------------------------------


def test_who_has_an_account_elsewhere_keeps_name_and_phone(devo: Emulator, connection: dict[str, Any]) -> None:
    declared = {
        "email": "elsa@example.com",
        "username": "Another Name",
        "phone": "+34600000001",
        "roles": ["analyst"],
    }
    result = run_one(DevoUsers, declared, connection)
    assert not result.get("failed"), result["msg"]
    assert (result["user"]["username"], result["user"]["status"]) == ("Elsa Else", "active")
    person = next(each for each in devo.state("devo")["people"] if each["email"] == "elsa@example.com")
    assert (person["user_name"], person["phone"]) == ("Elsa Else", "+34600000009")
    assert not run_one(DevoUsers, declared, connection)["changed"]


@pytest.mark.parametrize("key", ["skipValidation", "skipMailValidation"])
@pytest.mark.parametrize(("skip", "status"), [(True, "active"), (False, "pending")])
def test_activation_is_skipped_only_when_asked_for(
    devo: Emulator, connection: dict[str, Any], key: str, skip: bool, status: str
) -> None:
    devo.set_switches({"devo.skip_key": key})
    declared = {"email": "new@example.com", "roles": [], "skip_validation": skip}
    foreseen = run_one(DevoUsers, declared, connection, check=True)["user"]
    result = run_one(DevoUsers, declared, connection)
    assert result["user"]["status"] == foreseen["status"] == status
    assert ("?" in devo.writes()[0]["path"]) == skip


class Overtaken(DevoUsers):
    """Somebody else adds the user between the listing and the write."""

    def observe(self, declared: Any, again: bool = False) -> Snapshot:
        snapshot = super().observe(declared, again)
        if not again:
            body = {"domain": DOMAIN, "email": "Race@example.com", "role": "analyst"}
            self.client.allow_writes()  # for somebody else, who is quicker
            self.client.write("be quicker", "POST", "/probio/user/internal", json=body)
        return snapshot


@pytest.mark.parametrize("shape", ["error", "cid", "text"])
def test_who_was_added_meanwhile_is_brought_in_line(devo: Emulator, connection: dict[str, Any], shape: str) -> None:
    devo.set_switches({"devo.error_body": shape})
    declared = {"email": "race@example.com", "roles": ["reviewer", "on call"], "enabled": False}
    result = run_one(Overtaken, declared, connection)
    assert not result.get("failed"), result["msg"]
    found = users(devo)["Race@example.com"]
    assert (sorted(found["roles"]), found["status"]) == (["on call", "reviewer"], "disabled")


@pytest.mark.usefixtures("no_backoff")
@pytest.mark.parametrize("path", ["/user/internal", "/role", "/disable"])
@pytest.mark.parametrize(
    "fault",
    [{"kind": "reset_after"}, {"kind": "reset_before"}, {"kind": "status", "status": 503, "after": True}],
    ids=str,
)
def test_lost_answers_are_settled_by_reading(
    devo: Emulator, connection: dict[str, Any], path: str, fault: dict[str, Any]
) -> None:
    devo.faults([{"path": path, "method": "PUT" if path == "/role" else "POST", "times": 1, "fault": fault}])
    declared = {"email": "new@example.com", "roles": ["reviewer", "on call"], "enabled": False}
    result = run_one(DevoUsers, declared, connection)
    assert not result.get("failed"), result["msg"]
    found = users(devo)["new@example.com"]
    assert (sorted(found["roles"]), found["status"]) == (["on call", "reviewer"], "disabled")


# --- roles -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("roles", "sent"),
    [
        (["analyst"], ["DELETE /role"]),
        (["analyst", "on call"], ["PUT /role"]),
        (["on call"], ["PUT /role"]),
        ([], ["PUT /role"]),
    ],
    ids=["taken away", "exchanged", "replaced", "emptied"],
)
def test_roles_of_one_who_has_two(
    devo: Emulator, connection: dict[str, Any], roles: list[str], sent: list[str]
) -> None:
    result = run_one(DevoUsers, {"email": "bob@example.com", "roles": roles}, connection)
    assert not result.get("failed"), result["msg"]
    assert users(devo)["bob@example.com"]["roles"] == (roles or ["NO_PRIVILEGES"])
    assert calls(devo) == sent


def test_one_role_for_another(devo: Emulator, connection: dict[str, Any]) -> None:
    assert run_one(DevoUsers, {"email": "pia@example.com", "roles": ["on call"]}, connection)["changed"]
    assert users(devo)["pia@example.com"]["roles"] == ["on call"]
    assert calls(devo) == ["PUT /role/on%20call"]


@pytest.mark.parametrize("wrong", ["400", "ignored"])
def test_the_body_that_was_understood_is_used_again(devo: Emulator, connection: dict[str, Any], wrong: str) -> None:
    devo.set_switches({"devo.role_put_key": "names", "devo.role_wrong_key": wrong, "devo.user_answer": "empty"})
    listed = [{"email": f"{n}@example.com", "roles": ["analyst", "reviewer"]} for n in range(10)]
    result = run_many(DevoUsers, {"users": listed}, {**connection, "api_concurrency": 1})
    assert not result.get("failed"), result["msg"]
    sent = calls(devo)
    tries = len([call for call in sent if call == "PUT /role"]) - 10
    assert tries == 4
    assert sent[-4:] == ["POST /user/internal", "PUT /role"] * 2


def test_where_none_can_be_taken_away_all_are_set(devo: Emulator, connection: dict[str, Any]) -> None:
    devo.faults([{"method": "DELETE", "path": "/role$", "fault": {"kind": "status", "status": 405}}])
    result = run_one(DevoUsers, {"email": "bob@example.com", "roles": ["reviewer"]}, connection)
    assert not result.get("failed"), result["msg"]
    assert users(devo)["bob@example.com"]["roles"] == ["reviewer"]


def test_what_no_body_achieves_is_a_failure(devo: Emulator, connection: dict[str, Any]) -> None:
    accepted = {"kind": "status", "status": 200, "body": "{}", "content_type": "application/json"}
    devo.faults([{"method": "PUT", "path": "/role$", "fault": accepted}])
    result = run_one(DevoUsers, {"email": "bob@example.com", "roles": []}, connection)
    assert "was accepted and changed nothing" in result["msg"]
    assert users(devo)["bob@example.com"]["roles"] == ["analyst", "reviewer"]


# --- enabling, disabling, removing -----------------------------------------------------------------------------------


def test_pending_is_enabled(devo: Emulator, connection: dict[str, Any]) -> None:
    declared = {"email": "pia@example.com", "enabled": True}
    assert not run_one(DevoUsers, declared, connection)["changed"]
    for enabled, status in ((False, "disabled"), (True, "pending")):
        result = run_one(DevoUsers, {**declared, "enabled": enabled}, connection)
        assert not result.get("failed"), result["msg"]
        assert users(devo)["pia@example.com"]["status"] == status
    assert calls(devo) == ["POST /disable", "POST /enable"]


def test_disabling_counts_as_a_deletion(devo: Emulator, connection: dict[str, Any]) -> None:
    listed = [
        {"email": "bob@example.com", "enabled": False},
        {"email": "sso@example.com", "state": "absent"},
        {"email": "new@example.com", "roles": [], "enabled": False},
    ]
    result = run_many(DevoUsers, {"users": listed, "max_deletions": "1"}, connection)
    assert "2 deletions are planned" in result["msg"]
    assert devo.writes() == []
    assert not run_many(DevoUsers, {"users": listed, "max_deletions": "2"}, connection).get("failed")


def test_external_users_are_compared_and_removed(devo: Emulator, connection: dict[str, Any]) -> None:
    assert not run_one(DevoUsers, {"email": "sso@example.com", "roles": ["analyst"]}, connection)["changed"]
    assert run_one(DevoUsers, {"email": "SSO@example.com", "state": "absent"}, connection)["changed"]
    assert "sso@example.com" not in users(devo)


def test_who_is_disabled_meanwhile_is_disabled(devo: Emulator, connection: dict[str, Any]) -> None:
    class Quicker(DevoUsers):
        def observe(self, declared: Any, again: bool = False) -> Snapshot:
            snapshot = super().observe(declared, again)
            if not again:
                self.client.allow_writes()  # for somebody else, who is quicker
                self._switch("bob", self._address("bob@example.com"), False)
            return snapshot

    result = run_one(Quicker, {"email": "bob@example.com", "enabled": False, "roles": ["analyst"]}, connection)
    assert not result.get("failed"), result["msg"]
    assert users(devo)["bob@example.com"] == {
        "email": "bob@example.com",
        "roles": ["analyst"],
        "owner": False,
        "status": "disabled",
    }


def test_who_is_removed_meanwhile_is_removed(devo: Emulator, connection: dict[str, Any]) -> None:
    class Quicker(DevoUsers):
        def observe(self, declared: Any, again: bool = False) -> Snapshot:
            snapshot = super().observe(declared, again)
            if not again:
                self.client.allow_writes()  # for somebody else, who is quicker
                self.client.write("be quicker", "DELETE", self._address("bob@example.com"))
            return snapshot

    result = run_one(Quicker, {"email": "bob@example.com", "state": "absent"}, connection)
    assert not result.get("failed"), result["msg"]
    assert "bob@example.com" not in users(devo)


# --- many, and reading -----------------------------------------------------------------------------------------------


def test_many_users_cost_one_listing_and_a_write_each(devo: Emulator, connection: dict[str, Any]) -> None:
    listed = [{"email": f"user{n:03}@example.com", "roles": ["analyst"]} for n in range(500)]
    result = run_many(DevoUsers, {"users": listed}, {**connection, "api_concurrency": 4})
    assert not result.get("failed"), result["msg"]
    assert result["summary"]["create"] == result["stats"]["writes"] == 500
    # One listing to plan by, one to prove what was written.
    assert result["stats"]["reads"] == 2
    assert result["stats"]["connections"] <= 4


def test_info_finds_whatever_the_case(devo: Emulator, connection: dict[str, Any]) -> None:
    listed = run_info(DevoUsers, {}, connection)["users"]
    assert [user["email"] for user in listed] == sorted(users(devo), key=str.lower)
    assert run_info(DevoUsers, {"email": "ROBOT@example.com"}, connection)["users"] == [
        {
            "email": "Robot@example.com",
            "username": "Robot",
            "roles": ["ADMIN"],
            "owner": False,
            "enabled": True,
            "status": "active",
            "domain": DOMAIN,
        }
    ]
    assert run_info(DevoUsers, {"email": "nobody@example.com"}, connection)["users"] == []
