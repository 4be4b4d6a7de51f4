# SPDX-License-Identifier: GPL-3.0-or-later
"""Users of a Devo domain: who asks, the calls for roles, and what other platforms do not have."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.core.service import Snapshot
from ansible_collections.dataops.access.plugins.module_utils.services.devo_users import DevoUsers
from emulator.server import Emulator
from unit.road import run_info, run_many, run_one

from .devo_domain import DOMAIN, KEYS, ROBOT_TOKEN, calls, users

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
