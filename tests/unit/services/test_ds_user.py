# SPDX-License-Identifier: GPL-3.0-or-later
"""Datasentinel users: what the life of one user does not show."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
import requests

from ansible_collections.dataops.access.plugins.module_utils.services.datasentinel import DatasentinelUsers
from emulator.server import Emulator
from unit.road import run_info, run_many, run_one

NEW = {
    "email": "new@example.com",
    "password": "a password",
    "privilege": "read",
    "profile": "developer",
    "roles": ["billing"],
}
WITHOUT_PASSWORD = {name: value for name, value in NEW.items() if name != "password"}


@pytest.fixture
def connection(vendors: Emulator) -> dict[str, Any]:
    return dict(vendors.connections["datasentinel"])


def user(vendors: Emulator, email: str) -> dict[str, Any] | None:
    users = [item for item in vendors.state("datasentinel")["users"] if item["email"].lower() == email.lower()]
    assert len(users) < 2
    return users[0] if users else None


def sent(vendors: Emulator) -> list[str]:
    """Method and path below the API's base, of every write."""
    return [f"{item['method']} {item['path'].split('/ds-api', 1)[1]}" for item in vendors.writes()]


def test_create(vendors: Emulator, connection: dict[str, Any]) -> None:
    result = run_one(DatasentinelUsers, NEW, connection)
    made = user(vendors, "new@example.com")
    assert made is not None
    assert (made["privilege"], made["profile"], made["roles"], made["password"]) == (
        "read",
        "developer",
        ["billing"],
        "a password",
    )
    assert result["user"]["id"] == made["id"]
    assert sent(vendors) == ["POST /users/new@example.com"]


def test_check_mode_returns_the_fields_that_the_run_returns(vendors: Emulator, connection: dict[str, Any]) -> None:
    options = {**WITHOUT_PASSWORD, "ldap": True}
    planned = run_one(DatasentinelUsers, options, connection, check=True)
    done = run_one(DatasentinelUsers, options, connection)
    assert planned["user"] == {name: value for name, value in done["user"].items() if name not in ("id", "login")}


def test_letters_that_only_fold_alike_are_two_people(vendors: Emulator, connection: dict[str, Any]) -> None:
    """Case folding makes ``ss`` of ``ß``; no address does."""
    vendors.reset(state={"datasentinel": {"users": [{"email": "STRASSE@example.com"}]}})
    result = run_one(DatasentinelUsers, {"email": "straße@example.com", "state": "absent"}, connection)
    assert not result["changed"]
    assert user(vendors, "STRASSE@example.com")


def test_a_look_alike_gets_nothing(vendors: Emulator, connection: dict[str, Any]) -> None:
    """The lower case of the Kelvin sign is ``k``, and its owner is somebody else."""
    other = {"email": "\u212aate2@example.com", "privilege": "read", "profile": "developer"}
    users = vendors.state("datasentinel")["users"]
    vendors.reset(state={"datasentinel": {"users": [*users, other]}})
    kate = {**NEW, "email": "kate2@example.com", "privilege": "admin"}
    result = run_many(DatasentinelUsers, {"users": [kate]}, connection)
    assert [(change["key"], change["action"]) for change in result["changes"]] == [("kate2@example.com", "create")]
    assert {"key": other["email"], "reason": "undeclared"} in result["unmanaged"]
    assert sent(vendors) == ["POST /users/kate2@example.com"]


def test_list_and_show(vendors: Emulator, connection: dict[str, Any]) -> None:
    result = run_info(DatasentinelUsers, {"email": "ADA.byron@example.com"}, connection)
    assert [found["email"] for found in result["users"]] == ["Ada.Byron@example.com"]
    assert result["users"][0]["roles"] == ["billing"]
    assert run_info(DatasentinelUsers, {"email": "nobody@example.com"}, connection)["users"] == []
    everybody = run_info(DatasentinelUsers, {}, connection)["users"]
    assert len(everybody) == len(vendors.state("datasentinel")["users"])
    assert everybody == sorted(everybody, key=lambda item: item["email"].lower())


def test_update_sends_what_was_not_declared_as_it_was(vendors: Emulator, connection: dict[str, Any]) -> None:
    vendors.set_switches({"datasentinel.put": "full"})
    before = user(vendors, "grace@example.com")
    run_one(DatasentinelUsers, {"email": "grace@example.com", "comment": "moved"}, connection)
    assert user(vendors, "grace@example.com") == {**(before or {}), "comment": "moved"}
    assert sent(vendors) == ["PUT /users/grace@example.com"]


def test_roles_alone_use_the_role_calls_and_the_new_one_goes_first(
    vendors: Emulator, connection: dict[str, Any]
) -> None:
    result = run_one(DatasentinelUsers, {"email": "Ada.Byron@example.com", "roles": ["reporting"]}, connection)
    assert not result.get("failed"), result["msg"]
    assert sent(vendors) == [
        "POST /users/Ada.Byron@example.com/role/reporting",
        "DELETE /users/Ada.Byron@example.com/role/billing",
    ]
    assert (user(vendors, "ada.byron@example.com") or {})["roles"] == ["reporting"]


def test_roles_that_put_ignores_are_assigned_one_by_one(vendors: Emulator, connection: dict[str, Any]) -> None:
    vendors.set_switches({"datasentinel.put_ignores_roles": "yes"})
    options = {"email": "Ada.Byron@example.com", "roles": ["reporting"], "comment": "moved"}
    result = run_one(DatasentinelUsers, options, connection)
    assert not result.get("failed"), result["msg"]
    assert [line.split()[0] for line in sent(vendors)] == ["PUT", "POST", "DELETE"]
    assert "GET" in {
        item["method"] for item in vendors.requests() if item["path"].endswith("/users/Ada.Byron@example.com")
    }
    assert (user(vendors, "ada.byron@example.com") or {})["roles"] == ["reporting"]


def test_delete(vendors: Emulator, connection: dict[str, Any]) -> None:
    result = run_one(DatasentinelUsers, {"email": "GRACE@example.com", "state": "absent"}, connection)
    assert result["changed"]
    assert result["user"] is None
    assert user(vendors, "grace@example.com") is None
    assert sent(vendors) == ["DELETE /users/grace@example.com"]


def test_a_generated_password_is_saved_for_the_owner_alone(
    vendors: Emulator, connection: dict[str, Any], tmp_path: Path
) -> None:
    options = {
        **{name: value for name, value in NEW.items() if name != "password"},
        "password_file": str(tmp_path / "p"),
    }
    checked = run_one(DatasentinelUsers, options, connection, check=True)
    assert checked["changes"][0]["fields"]["password"] == {"before": None, "after": "********"}
    assert list(tmp_path.iterdir()) == []
    done = run_one(DatasentinelUsers, options, connection)
    saved = (tmp_path / "p").read_text()
    assert (user(vendors, "new@example.com") or {})["password"] + "\n" == saved
    assert len(saved) > 20
    assert stat.S_IMODE((tmp_path / "p").stat().st_mode) == 0o600
    assert saved.strip() not in str(done)
    again = run_one(DatasentinelUsers, options, connection)
    assert not again["changed"]
    assert (tmp_path / "p").read_text() == saved


def test_a_password_that_could_not_be_saved_creates_nobody(
    vendors: Emulator, connection: dict[str, Any], tmp_path: Path
) -> None:
    options = {**WITHOUT_PASSWORD, "password_file": str(tmp_path / "nowhere" / "p")}
    for check in (True, False):
        result = run_one(DatasentinelUsers, options, connection, check=check)
        assert "password_file: the folder" in result["msg"]
    assert vendors.writes() == []


def test_a_refused_creation_leaves_no_password_behind(
    vendors: Emulator, connection: dict[str, Any], tmp_path: Path
) -> None:
    vendors.faults([{"method": "POST", "path": "/users/", "fault": {"kind": "status", "status": 400}}])
    options = {
        **{name: value for name, value in NEW.items() if name != "password"},
        "password_file": str(tmp_path / "p"),
    }
    assert run_one(DatasentinelUsers, options, connection)["failed"]
    assert list(tmp_path.iterdir()) == []


def test_a_login_name_that_is_taken_is_explained(vendors: Emulator, connection: dict[str, Any]) -> None:
    result = run_one(DatasentinelUsers, {**NEW, "email": "grace@example.org"}, connection)
    assert result["failure"]["kind"] == "conflict"
    assert "another user has the login name 'grace'" in result["msg"]


def test_an_empty_listing_is_not_believed(vendors: Emulator, connection: dict[str, Any]) -> None:
    vendors.faults([{"method": "GET", "path": "/users$", "fault": {"kind": "wrong_type"}}])
    assert run_one(DatasentinelUsers, NEW, connection)["failure"]["kind"] == "protocol"
    assert vendors.writes() == []


def test_the_last_administrator_stays(vendors: Emulator) -> None:
    token = {"email": "root@example.com", "login": "root", "privilege": "admin", "profile": "data admin"}
    state = {"datasentinel": {"users": [token], "api_username": "root@example.com"}}
    vendors.reset(state=state)
    connection = dict(vendors.connections["datasentinel"])
    vendors.set_switches({"datasentinel.token": "opaque"})
    options = {"users": [], "purge": True, "allow_empty": True, "max_deletions": "-1"}
    result = run_many(DatasentinelUsers, options, connection)
    assert not result.get("failed"), result["msg"]
    assert {item["reason"] for item in result["unmanaged"]} == {"protected"}
    assert vendors.writes() == []


def test_the_account_in_use_keeps_its_rights(vendors: Emulator, connection: dict[str, Any]) -> None:
    own = connection["api_username"]
    result = run_one(DatasentinelUsers, {"email": own, "privilege": "read"}, connection)
    assert f"'{own}' keeps its privilege: it is the account in use" in result["msg"]
    assert vendors.writes() == []


def test_purge_of_everybody_leaves_the_protected(vendors: Emulator, connection: dict[str, Any]) -> None:
    options = {"users": [], "purge": True, "allow_empty": True, "purge_exclude": ["grace@.*"]}
    result = run_many(DatasentinelUsers, options, connection)
    assert not result.get("failed"), result["msg"]
    assert [change["key"] for change in result["changes"]] == ["ada.byron@example.com"]
    assert {item["key"]: item["reason"] for item in result["unmanaged"]} == {
        "ada.byron@example.com": "undeclared",
        "automation@example.com": "protected",
        "datasentinel@example.com": "protected",
        "grace@example.com": "excluded",
    }
    assert user(vendors, "grace@example.com") is not None


def test_ldap_user_has_no_password(vendors: Emulator, connection: dict[str, Any]) -> None:
    options = {
        "email": "dir@example.com",
        "ldap": True,
        "privilege": "read",
        "profile": "developer",
        "roles": ["billing"],
    }
    assert run_one(DatasentinelUsers, options, connection)["changed"]
    assert not run_one(DatasentinelUsers, options, connection)["changed"]
    assert (user(vendors, "dir@example.com") or {})["ldap"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"email": "no-at-sign"}, "email: 'no-at-sign' is no e-mail address"),
        ({"email": "a/b@example.com"}, "no e-mail address"),
        ({"email": "a..b@example.com"}, "no e-mail address"),
        ({"email": " ana@example.com"}, "has blanks around it"),
        ({"email": "ana@example.com\n"}, "control character"),
        ({"email": ""}, "no e-mail address"),
        ({"email": "ana@example.com", "roles": ["a/b"]}, "roles: 'a/b' holds a slash"),
        ({"email": "ana@example.com", "roles": [" a"]}, "roles: ' a' has blanks around it"),
        ({"email": "ana@example.com", "password": "x", "password_file": "f"}, "exclude each other"),
        ({"email": "ana@example.com", "ldap": True, "password": "x"}, "ldap and password exclude each other"),
        ({"email": "a:b@example.com", "password": "x", "update_password": "always"}, "a name with a colon"),
        ({"email": "ana@example.com", "privilege": "root"}, "value of privilege must be one of"),
        ({}, "missing required arguments: email"),
    ],
)
def test_bad_input_is_one_sentence_and_nothing_is_sent(
    vendors: Emulator, connection: dict[str, Any], options: dict[str, Any], says: str
) -> None:
    for result in (
        run_one(DatasentinelUsers, options, connection),
        run_many(DatasentinelUsers, {"users": [options]}, connection),
    ):
        assert result["failed"]
        assert says in result["msg"]
        assert result["failure"]["kind"] == "validation"
        assert "Traceback" not in result["msg"]
    assert vendors.requests() == []


def test_two_entries_of_one_user_are_refused(vendors: Emulator, connection: dict[str, Any]) -> None:
    users = [{"email": "Ana@example.com"}, {"email": "ana@EXAMPLE.com"}]
    result = run_many(DatasentinelUsers, {"users": users}, connection)
    assert "'ana@example.com' is declared twice: entries 1 and 2" in result["msg"]
    assert vendors.requests() == []


@pytest.mark.parametrize(
    ("wrong", "kind", "says"),
    [
        ({"api_password": "wrong"}, "auth", "check api_username and api_password"),
        ({"api_url": "{host}/datasentinel"}, "protocol", "check that api_url is the address of the API"),
        ({"api_url": "{host}/nothing/here"}, "not_found", "check api_url"),
        ({"api_url": "http://127.0.0.1:9/ds-api", "api_retries": 0}, "connection", "check api_url, api_proxy"),
    ],
)
def test_a_wrong_connection_says_what_to_do(
    misled_vendors: Emulator, wrong: dict[str, Any], kind: str, says: str
) -> None:
    connection = misled_vendors.connections["datasentinel"]
    before = misled_vendors.state("datasentinel")
    if "{host}" in str(wrong.get("api_url")):
        wrong = {**wrong, "api_url": wrong["api_url"].format(host=misled_vendors.base_url)}
    result = run_one(DatasentinelUsers, NEW, {**connection, **wrong})
    assert result["failure"]["kind"] == kind, result["msg"]
    assert says in result["msg"]
    assert misled_vendors.state("datasentinel") == before


def test_an_access_token_instead_of_a_password(vendors: Emulator, connection: dict[str, Any]) -> None:
    result = run_info(DatasentinelUsers, {}, {"api_url": connection["api_url"], "api_token": "not a token"})
    assert result["failure"]["kind"] == "auth"
    assert "not a token" not in str(result)


def test_users_from_a_file(vendors: Emulator, connection: dict[str, Any], tmp_path: Path) -> None:
    good = tmp_path / "users.yml"
    good.write_text("- email: new@example.com\n  password: from a file\n  privilege: read\n  profile: developer\n")
    result = run_many(DatasentinelUsers, {"users_file": str(good)}, connection)
    assert not result.get("failed"), result["msg"]
    assert (user(vendors, "new@example.com") or {})["password"] == "from a file"
    bad = tmp_path / "users.json"
    bad.write_text('[{"email": "a@example.com"}, {"email": "b@example.com", "privilege": "root"}]')
    result = run_many(DatasentinelUsers, {"users_file": str(bad)}, connection)
    assert "entry 2" in result["msg"]
    assert "privilege" in result["msg"]


def test_a_blank_that_is_missing_in_a_file_shows_no_password(connection: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "users.yml"
    file.write_text("- {email: a@example.com, privilege: read, profile: developer, password:canary}\n")
    result = run_many(DatasentinelUsers, {"users_file": str(file)}, connection)
    assert f"entry 1 of {file}: users.password…. Supported parameters include: " in result["msg"]
    assert "canary" not in str(result)


def test_a_secret_in_an_argument_error_is_hidden(connection: dict[str, Any]) -> None:
    users = [{"email": "ana@example.com", "password": "canary-password", "privilege": "canary-password"}]
    result = run_many(DatasentinelUsers, {"users": users}, {**connection, "api_password": "canary-secret"})
    assert result["failed"]
    assert "canary" not in str(result)
    assert result["invocation"]["module_args"]["users"] == "1 entries"


def test_what_was_done_before_a_failure_is_a_change(vendors: Emulator, connection: dict[str, Any]) -> None:
    vendors.set_switches({"datasentinel.put_ignores_roles": "yes"})
    vendors.faults([{"method": "POST", "path": "/role/", "fault": {"kind": "status", "status": 403}}])
    options = {"email": "Ada.Byron@example.com", "roles": ["reporting"], "comment": "moved"}
    result = run_one(DatasentinelUsers, options, connection)
    assert result["failure"]["kind"] == "permission"
    assert (user(vendors, "ada.byron@example.com") or {})["comment"] == "moved"
    assert result["changed"]


def test_two_new_users_cannot_have_one_password_file(
    vendors: Emulator, connection: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "password"
    entries = [
        {**WITHOUT_PASSWORD, "email": f"{name}@example.com", "password_file": f"{tmp_path}/{dots}password"}
        for name, dots in (("one", ""), ("two", "./"))
    ]
    result = run_many(DatasentinelUsers, {"users": entries}, connection)
    assert "the password of 'one@example.com' goes to" in result["msg"]
    assert vendors.writes() == []
    assert not file.exists()


def test_a_flag_that_cannot_be_read_is_never_guessed(vendors: Emulator, connection: dict[str, Any]) -> None:
    users = [{**item, "live_360": "off"} for item in vendors.state("datasentinel")["users"]]
    listed = {"kind": "wrong_type", "to": users}
    vendors.faults([{"method": "GET", "path": "/users$", "fault": listed}])
    result = run_one(DatasentinelUsers, {"email": "grace@example.com", "comment": "moved"}, connection)
    assert "live_360 should be 0 or 1" in result["msg"]
    assert vendors.writes() == []


def test_where_the_token_does_not_tell_whose_it_is_no_administrator_is_removed(
    vendors: Emulator, connection: dict[str, Any]
) -> None:
    vendors.set_switches({"datasentinel.token": "opaque"})
    log_in = requests.post(
        connection["api_url"] + "/user-token",
        auth=(connection["api_username"], connection["api_password"]),
        headers={"Accept": "application/json"},
        timeout=5,
    )
    by_token = {"api_url": connection["api_url"], "api_token": log_in.json()["user-token"]}
    result = run_one(DatasentinelUsers, {"email": connection["api_username"], "state": "absent"}, by_token)
    assert "perhaps the account in use" in result["msg"]
    assert user(vendors, connection["api_username"]) is not None
    demoted = run_one(DatasentinelUsers, {"email": connection["api_username"], "privilege": "read"}, by_token)
    assert "keeps its privilege" in demoted["msg"]
