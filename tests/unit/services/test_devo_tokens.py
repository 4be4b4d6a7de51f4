# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens of a Devo account: names and ids, secrets and files, creating, reading."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.services import devo_token_api
from ansible_collections.dataops.access.plugins.module_utils.services.devo_tokens import DevoTokens
from unit.road import run_info

from .devo_account import AUTOMATION, Account, ok

WS = "/ws/accounts/{account}/credentials/tokens"


# --- how it is reached -------------------------------------------------------------------------------------------


def test_both_published_layouts(account: Account) -> None:
    account.vendors.set_switches({"devo.layout": "ws"})
    wrong = account.one(name="ci", audience=["apiv2"])
    assert wrong["failure"]["kind"] == "not_found"
    assert "tokens_path" in wrong["msg"]
    account.connection["tokens_path"] = WS
    assert ok(account.one(name="ci", audience=["apiv2"]))["changed"]
    assert ok(account.one(name="ci", state="absent"))["changed"]
    assert account.names() == ["automation", "reports"]


def test_a_key_and_secret_are_not_what_this_api_takes(account: Account) -> None:
    options = account.vendors.connections["devo"]
    connection = {key: options[key] for key in ("api_url", "api_key", "api_secret", "account")}
    result = run_info(DevoTokens, {}, connection)
    assert "takes no key and secret: give api_token" in result["msg"]
    assert account.vendors.requests() == []
    both = {**connection, "api_token": options["api_token"]}
    assert len(ok(run_info(DevoTokens, {}, both))["tokens"]) == 2


@pytest.mark.parametrize("status", ["404", "403", "400"])
def test_an_unknown_account_is_an_error(account: Account, status: str) -> None:
    account.vendors.set_switches({"devo.wrong_domain": status})
    account.connection["account"] = "somebody-else"
    for result in (account.one(name="ci", state="absent"), account.info()):
        assert result["failed"]
        assert "list the tokens of account 'somebody-else'" in result["msg"]


# --- names and ids -----------------------------------------------------------------------------------------------


def test_two_tokens_of_one_name_are_refused_with_their_ids(account: Account) -> None:
    account.holds({"name": "twin", "id": 11}, {"name": "twin", "id": 12})
    for options in ({"enabled": False}, {"state": "absent"}):
        result = account.one(name="twin", **options)
        assert result["failed"]
        assert "11, 12" in result["msg"]
    assert account.vendors.writes() == []
    ok(account.one(token_id="12", state="absent"))
    assert [token["id"] for token in account.tokens()] == [1, 11]
    ok(account.one(name="twin", enabled=False))


def test_one_token_declared_by_name_and_by_id_is_a_contradiction(account: Account) -> None:
    result = account.many(tokens=[{"name": "reports"}, {"token_id": "2", "enabled": False}])
    assert "is declared twice" in result["msg"]


def test_two_tokens_cannot_end_with_one_name(account: Account) -> None:
    account.holds({"name": "one", "id": 11}, {"name": "two", "id": 12})
    result = account.many(tokens=[{"token_id": "11", "name": "ci"}, {"token_id": "12", "name": "ci"}])
    assert "two tokens would get the name 'ci'" in result["msg"]
    assert account.vendors.writes() == []


@pytest.mark.parametrize("other", [{"state": "absent"}, {"audience": ["apiv2"]}])
def test_a_name_that_another_token_gets_is_declared_twice(account: Account, other: dict[str, Any]) -> None:
    """The next run would find the renamed token under both entries."""
    result = account.many(tokens=[{"token_id": "2", "name": "ci"}, {"name": "ci", **other}])
    assert "'ci' is declared twice: entries 2 and 1" in result["msg"]
    assert account.vendors.writes() == []


@pytest.mark.parametrize("named", [{"state": "absent"}, {"audience": ["apiv2"]}])
def test_two_entries_never_decide_about_what_a_renewal_made(account: Account, named: dict[str, Any]) -> None:
    """Check mode planned an update of the token that the other entry deletes."""
    account.holds({"name": "ci~next", "id": 11, "audience": "apiv2"})
    for check in (True, False):
        result = account.many(tokens=[{"token_id": "11", "enabled": False}, {"name": "ci", **named}], check=check)
        assert "'ci~next' (id 11) was made to renew 'ci'" in result["msg"]
    assert account.vendors.writes() == []


def test_check_mode_returns_the_fields_of_a_new_token(account: Account) -> None:
    given = {"name": "ci", "audience": ["apiv2"], "user": "ann@example.com", "enabled": False}
    planned = account.one(check=True, **given)["token"]
    done = ok(account.one(**given))["token"]
    assert planned == {name: done[name] for name in ("account", "audience", "enabled", "name", "user")}


@pytest.mark.parametrize("key", ["name", "newName", "tokenName", "new_name"])
def test_rename_whatever_the_key_of_the_new_name(account: Account, key: str) -> None:
    account.vendors.set_switches({"devo.rename_key": key})
    ok(account.one(token_id="2", name="reporting"))
    assert account.names() == ["automation", "reporting"]


def test_a_rename_that_is_refused_under_every_key_says_what_the_server_said_first(account: Account) -> None:
    account.vendors.faults([{"path": "/rename", "fault": {"kind": "status", "status": 400}}])
    result = account.one(token_id="2", name="reporting")
    assert "rename the token 'reports' to 'reporting'" in result["msg"]
    assert result["failure"]["status"] == 400
    assert len(account.vendors.writes()) == len(devo_token_api.RENAME_KEYS)


# --- secrets -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["full", "no_secret", "id_only", "secret_only", "string", "empty"])
@pytest.mark.parametrize("status", ["200", "201"])
def test_the_secret_is_saved_whatever_the_creation_answers(
    account: Account, tmp_path: Path, answer: str, status: str
) -> None:
    account.vendors.set_switches({"devo.create_answer": answer, "devo.create_status": status})
    file = tmp_path / "ci"
    ok(account.one(name="ci", audience=["apiv2"], secret_file=str(file)))
    assert file.read_text() == account.token("ci")["token"] + "\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["ci"]


@pytest.mark.parametrize("key", ["token", "access_token", "accessToken", "value", "secret"])
def test_the_secret_is_found_under_every_key(account: Account, key: str) -> None:
    account.vendors.set_switches({"devo.token_secret_key": key})
    created = ok(account.one(name="ci", audience=["apiv2"], return_secret=True))
    assert created["token"]["secret"] == account.token("ci")["token"]
    assert account.one(name="automation", state="absent")["failed"], "the token in use is recognised by its value"


def test_a_secret_under_an_unknown_key_revokes_the_token(account: Account, tmp_path: Path) -> None:
    strange = {"id": 3, "name": "ci", "audience": "apiv2", "active": True, "magic": "x" * 32}
    account.vendors.faults(
        [
            {"method": "POST", "fault": {"kind": "wrong_type", "to": {"id": 3}}},
            {"method": "GET", "path": "/tokens/3", "fault": {"kind": "wrong_type", "to": strange}},
        ]
    )
    result = account.one(name="ci", audience=["apiv2"], secret_file=str(tmp_path / "ci"))
    assert "under none of the keys" in result["msg"]
    assert account.names() == ["automation", "reports"]
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_is_written_again(account: Account, tmp_path: Path) -> None:
    file = tmp_path / "reports"
    declared = {"name": "reports", "secret_file": str(file)}
    for check in (True, False):
        result = ok(account.one(check=check, **declared))
        assert result["changes"][0]["fields"] == {"secret_file": {"before": None, "after": str(file)}}
        assert result["changes"][0]["action"] == "update"
        assert file.exists() is not check
    assert file.read_text() == account.token("reports")["token"] + "\n"
    assert ok(account.one(**declared))["changed"] is False
    assert account.vendors.writes() == []


def test_a_missing_file_in_a_missing_folder_is_refused(account: Account, tmp_path: Path) -> None:
    for check in (True, False):
        result = account.one(check=check, name="reports", secret_file=str(tmp_path / "no" / "reports"))
        assert "secret_file: the folder" in result["msg"]


def test_one_file_holds_one_secret(account: Account, tmp_path: Path) -> None:
    file = str(tmp_path / "both")
    tokens = [{"name": name, "audience": ["apiv2"], "secret_file": file} for name in ("a", "b")]
    result = account.many(tokens=tokens)
    assert "'a' and 'b' have the same one" in result["msg"]
    assert account.vendors.writes() == []


def test_an_existing_secret_is_returned_on_request(account: Account) -> None:
    secret = account.token("reports")["token"]
    for check in (True, False):
        assert account.one(check=check, name="reports", return_secret=True)["token"]["secret"] == secret
    assert "secret" not in account.one(name="reports")["token"]
    refused = account.many(tokens=[{"name": "reports", "return_secret": True}])
    assert "needs return_objects" in refused["msg"]
    tokens = [{"name": "automation"}, {"name": "reports", "return_secret": True}]
    found = ok(account.many(tokens=tokens, return_objects=True))["tokens"]
    assert [token.get("secret") for token in found] == [None, secret]


def test_no_secret_is_anywhere_else(account: Account, tmp_path: Path) -> None:
    results = [
        account.one(name="ci", audience=["apiv2"], secret_file=str(tmp_path / "ci")),
        account.one(name="ci", audience=["http"], secret_file=str(tmp_path / "ci"), replace=True),
        account.one(name="automation", state="absent"),
        account.info(),
    ]
    shown = account.one(name="ci", return_secret=True)
    shown["token"].pop("secret")
    text = json.dumps([*results, shown])
    for token in account.tokens():
        assert token["token"] not in text


def test_a_server_that_quotes_the_secret_does_not_get_it_into_the_message(account: Account, tmp_path: Path) -> None:
    secret = account.token("reports")["token"]
    body = {"error": {"message": f"cannot disable {secret}"}}
    account.vendors.faults([{"path": "/disable", "fault": {"kind": "status", "status": 400, "body": body}}])
    result = account.one(name="reports", enabled=False, secret_file=str(tmp_path / "reports"))
    assert "cannot disable ********" in result["msg"]


# --- creating ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["reset_after", "truncate", "empty"])
def test_a_lost_creation_is_found_and_not_repeated(account: Account, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "ci"
    account.vendors.faults([{"method": "POST", "fault": {"kind": kind}}])
    result = account.one(name="ci", audience=["apiv2"], secret_file=str(file))
    ok(result)
    assert file.read_text() == account.token("ci")["token"] + "\n"
    assert [each["method"] for each in account.vendors.writes()] == ["POST"]


def test_a_creation_that_is_not_found_is_unknown_and_not_repeated(account: Account) -> None:
    account.vendors.faults([{"method": "POST", "fault": {"kind": "reset_before"}}])
    result = account.one(name="ci", audience=["apiv2"])
    assert result["failure"]["kind"] == "unknown_outcome"
    assert result["changes"][0]["status"] == "unknown"
    assert [each["method"] for each in account.vendors.writes()] == ["POST"]


def test_a_creation_that_the_listing_does_not_show_is_unknown(account: Account) -> None:
    """It was answered with nothing to go by, and nothing was made."""
    account.vendors.faults([{"method": "POST", "fault": {"kind": "status", "status": 201, "body": {}}}])
    result = account.one(name="ci", audience=["apiv2"])
    assert result["failed"]
    assert "the listing does not show it" in result["msg"]
    assert [each["method"] for each in account.vendors.writes()] == ["POST"]


def test_what_the_server_refuses_concerns_that_token_alone(account: Account) -> None:
    account.vendors.set_switches({"devo.token_policies": "checked"})
    tokens = [{"name": "good", "audience": ["apiv2"]}, {"name": "bad", "audience": ["nothing known"]}]
    result = account.many(tokens=tokens)
    assert {each["key"]: each["status"] for each in result["changes"]} == {"bad": "failed", "good": "applied"}
    assert "not among the user's policies" in result["msg"]
    assert account.names() == ["automation", "reports", "good"]


def test_a_replacement_shows_all_that_it_changes(account: Account) -> None:
    """Default scopes are never found to differ, but a new token gets them."""
    given = {"audience": ["http"], "scopes": ["default"], "user": "ANN@example.com", "replace": True}
    planned = account.one(name="reports", check=True, **given)["changes"][0]["fields"]
    assert planned["scopes"] == {"before": ["table://my.app"], "after": ["default"]}
    assert planned.keys() == {"audience", "scopes", "secret"}
    result = ok(account.one(name="reports", **given))
    assert result["changes"][0]["fields"] == planned
    made = account.token("reports")
    assert (made["scopes"], made["user"]) == ("default", "ann@example.com")


def test_default_scopes_are_not_compared_and_a_warning_says_so(account: Account) -> None:
    result = ok(account.one(name="reports", scopes=["default"]))
    assert result["changed"] is False
    assert "cannot be told" in result["warnings"][0]
    account.vendors.set_switches({"devo.default_scopes": "absent"})
    ok(account.one(name="ci", audience=["apiv2"], scopes=["default"]))
    result = account.one(name="ci", scopes=["default"])
    assert result["changed"] is False
    assert result["warnings"] == []
    assert result["token"]["scopes"] == ["default"]


def test_a_write_half_done_is_a_change(account: Account) -> None:
    """Created, and the call that disables it fails: the account is another than before."""
    account.vendors.faults([{"path": "/disable", "fault": {"kind": "status", "status": 409}}])
    result = account.one(name="ci", audience=["apiv2"], enabled=False)
    assert result["failed"]
    assert result["changed"]
    assert account.names()[-1] == "ci"


@pytest.mark.parametrize("same", ["ok", "400"])
def test_enable_and_disable(account: Account, same: str) -> None:
    account.vendors.set_switches({"devo.toggle_same": same})
    for enabled in (False, True):
        for changed in (True, False):
            assert ok(account.one(name="reports", enabled=enabled))["changed"] is changed
            assert account.token("reports")["active"] is enabled
    assert [each["path"].rpartition("/")[2] for each in account.vendors.writes()] == ["disable", "enable"]


# --- reading -----------------------------------------------------------------------------------------------------


def test_info(account: Account) -> None:
    assert [token["name"] for token in ok(account.info())["tokens"]] == ["automation", "reports"]
    (token,) = ok(account.info(name="reports"))["tokens"]
    assert token["id"] == 2
    assert token["audience"] == ["apiv2"]
    assert token["scopes"] == ["table://my.app"]
    assert (token["user"], token["owner"]) == ("ann@example.com", "ann@example.com")
    assert token["enabled"] is True
    assert token["expires_in"] == 86400
    assert token["created"][-1] == token["expiration"][-1] == "Z"
    assert ok(account.info(token_id="1"))["tokens"][0]["expires_in"] == -1
    assert ok(account.info(name="nobody"))["tokens"] == []
    assert ok(account.info(token_id="2", name="automation"))["tokens"] == []


def test_info_returns_secrets_of_what_is_asked_for(account: Account) -> None:
    assert "needs name or token_id" in account.info(return_secret=True)["msg"]
    for options in ({"name": "automation"}, {"token_id": "1"}):
        (token,) = ok(account.info(return_secret=True, **options))["tokens"]
        assert token["secret"] == AUTOMATION
    assert ok(account.info(return_secret=True, name="nobody"))["tokens"] == []


@pytest.mark.parametrize("permanent", ["null", "-1", "-1_both", "absent"])
@pytest.mark.parametrize("expires_in", ["total", "remaining"])
def test_lifetimes_whatever_the_answers_count(account: Account, permanent: str, expires_in: str) -> None:
    account.vendors.set_switches({"devo.permanent": permanent, "devo.expires_in": expires_in})
    account.vendors.clock_advance(3600)
    found = ok(account.info())["tokens"]
    assert [(token["expires_in"], token["expiration"] is None) for token in found] == [(-1, True), (86400, False)]


def test_what_no_listing_is_an_error(account: Account) -> None:
    for to, says in (({"tokens": []}, "should be a list"), ([{"id": 1, "name": "a"}], r"tokens[0].active should be")):
        account.vendors.faults([{"method": "GET", "fault": {"kind": "wrong_type", "to": to}}])
        result = account.info()
        assert result["failure"]["kind"] == "protocol"
        assert says in result["msg"]


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2024-11-26T14:38:18.000+0000", 1732631898.0),
        ("2024-11-26T14:38:18Z", 1732631898.0),
        ("2024-11-26T15:38:18.500+01:00", 1732631898.5),
        (1732631898000, 1732631898.0),
        (1732631898, 1732631898.0),
        (None, None),
        (-1, None),
        ("", None),
    ],
)
def test_moments_in_every_spelling(written: object, moment: float | None) -> None:
    item = {"id": 1, "name": "ci", "active": True, "expiration": written}
    assert devo_token_api.parse(item, "token", "example").expiration == moment
