# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens of a Devo account: names and ids, secrets and files, the token in use, purge, reading."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.services import devo_token_api
from ansible_collections.dataops.access.plugins.module_utils.services.devo_tokens import DevoTokens
from emulator.server import Emulator
from unit.road import run_info, run_many, run_one

AUTOMATION = "fa4e0000000000000000000000000001"
WS = "/ws/accounts/{account}/credentials/tokens"


class Tenant:
    def __init__(self, vendors: Emulator) -> None:
        self.vendors = vendors
        options = vendors.connections["devo"]
        self.connection = {key: options[key] for key in ("api_url", "api_token", "account")}

    def one(self, check: bool = False, **options: Any) -> dict[str, Any]:
        return run_one(DevoTokens, options, self.connection, check=check)

    def many(self, check: bool = False, **options: Any) -> dict[str, Any]:
        return run_many(DevoTokens, options, self.connection, check=check)

    def info(self, **options: Any) -> dict[str, Any]:
        return run_info(DevoTokens, options, self.connection)

    def tokens(self) -> list[dict[str, Any]]:
        tokens: list[dict[str, Any]] = self.vendors.state("devo")["domains"][0]["tokens"]
        return tokens

    def names(self) -> list[str]:
        return [token["name"] for token in self.tokens()]

    def token(self, name: str) -> dict[str, Any]:
        (found,) = [token for token in self.tokens() if token["name"] == name]
        return found

    def holds(self, *tokens: dict[str, Any]) -> None:
        """Start again with the token of these tests and these ones."""
        automation = {
            "name": "automation",
            "audience": "apiv2-admin apiv2",
            "user": "owner@example.com",
            "expires_in_seconds": -1,
            "token": AUTOMATION,
        }
        domain = {
            "name": "example@reseller",
            "api_key": "fake-devo-api-key",
            "api_secret": "fake-devo-api-secret",
            "users": [{"email": "owner@example.com", "roles": ["ADMIN"], "owner": True}],
            "tokens": [automation, *({"user": "owner@example.com", **token} for token in tokens)],
        }
        self.vendors.reset(state={"devo": {"domains": [domain]}})


@pytest.fixture
def tenant(vendors: Emulator) -> Tenant:
    return Tenant(vendors)


def ok(result: dict[str, Any]) -> dict[str, Any]:
    assert not result.get("failed"), result
    return result


# --- how it is reached -------------------------------------------------------------------------------------------


def test_both_published_layouts(tenant: Tenant) -> None:
    tenant.vendors.set_switches({"devo.layout": "ws"})
    wrong = tenant.one(name="ci", audience=["apiv2"])
    assert wrong["failure"]["kind"] == "not_found"
    assert "tokens_path" in wrong["msg"]
    tenant.connection["tokens_path"] = WS
    assert ok(tenant.one(name="ci", audience=["apiv2"]))["changed"]
    assert ok(tenant.one(name="ci", state="absent"))["changed"]
    assert tenant.names() == ["automation", "reports"]


def test_a_key_and_secret_are_not_what_this_api_takes(tenant: Tenant) -> None:
    options = tenant.vendors.connections["devo"]
    connection = {key: options[key] for key in ("api_url", "api_key", "api_secret", "account")}
    result = run_info(DevoTokens, {}, connection)
    assert "takes no key and secret: give api_token" in result["msg"]
    assert tenant.vendors.requests() == []
    both = {**connection, "api_token": options["api_token"]}
    assert len(ok(run_info(DevoTokens, {}, both))["tokens"]) == 2


@pytest.mark.parametrize("status", ["404", "403", "400"])
def test_an_unknown_account_is_an_error(tenant: Tenant, status: str) -> None:
    tenant.vendors.set_switches({"devo.wrong_domain": status})
    tenant.connection["account"] = "somebody-else"
    for result in (tenant.one(name="ci", state="absent"), tenant.info()):
        assert result["failed"]
        assert "list the tokens of account 'somebody-else'" in result["msg"]


# --- names and ids -----------------------------------------------------------------------------------------------


def test_two_tokens_of_one_name_are_refused_with_their_ids(tenant: Tenant) -> None:
    tenant.holds({"name": "twin", "id": 11}, {"name": "twin", "id": 12})
    for options in ({"enabled": False}, {"state": "absent"}):
        result = tenant.one(name="twin", **options)
        assert result["failed"]
        assert "11, 12" in result["msg"]
    assert tenant.vendors.writes() == []
    ok(tenant.one(token_id="12", state="absent"))
    assert [token["id"] for token in tenant.tokens()] == [1, 11]
    ok(tenant.one(name="twin", enabled=False))


def test_one_token_declared_by_name_and_by_id_is_a_contradiction(tenant: Tenant) -> None:
    result = tenant.many(tokens=[{"name": "reports"}, {"token_id": "2", "enabled": False}])
    assert "is declared twice" in result["msg"]


def test_two_tokens_cannot_end_with_one_name(tenant: Tenant) -> None:
    tenant.holds({"name": "one", "id": 11}, {"name": "two", "id": 12})
    result = tenant.many(tokens=[{"token_id": "11", "name": "ci"}, {"token_id": "12", "name": "ci"}])
    assert "two tokens would get the name 'ci'" in result["msg"]
    assert tenant.vendors.writes() == []


@pytest.mark.parametrize("other", [{"state": "absent"}, {"audience": ["apiv2"]}])
def test_a_name_that_another_token_gets_is_declared_twice(tenant: Tenant, other: dict[str, Any]) -> None:
    """The next run would find the renamed token under both entries."""
    result = tenant.many(tokens=[{"token_id": "2", "name": "ci"}, {"name": "ci", **other}])
    assert "'ci' is declared twice: entries 2 and 1" in result["msg"]
    assert tenant.vendors.writes() == []


@pytest.mark.parametrize("named", [{"state": "absent"}, {"audience": ["apiv2"]}])
def test_two_entries_never_decide_about_what_a_renewal_made(tenant: Tenant, named: dict[str, Any]) -> None:
    """Check mode planned an update of the token that the other entry deletes."""
    tenant.holds({"name": "ci~next", "id": 11, "audience": "apiv2"})
    for check in (True, False):
        result = tenant.many(tokens=[{"token_id": "11", "enabled": False}, {"name": "ci", **named}], check=check)
        assert "'ci~next' (id 11) was made to renew 'ci'" in result["msg"]
    assert tenant.vendors.writes() == []


def test_check_mode_returns_the_fields_of_a_new_token(tenant: Tenant) -> None:
    given = {"name": "ci", "audience": ["apiv2"], "user": "ann@example.com", "enabled": False}
    planned = tenant.one(check=True, **given)["token"]
    done = ok(tenant.one(**given))["token"]
    assert planned == {name: done[name] for name in ("account", "audience", "enabled", "name", "user")}


@pytest.mark.parametrize("key", ["name", "newName", "tokenName", "new_name"])
def test_rename_whatever_the_key_of_the_new_name(tenant: Tenant, key: str) -> None:
    tenant.vendors.set_switches({"devo.rename_key": key})
    ok(tenant.one(token_id="2", name="reporting"))
    assert tenant.names() == ["automation", "reporting"]


def test_a_rename_that_is_refused_under_every_key_says_what_the_server_said_first(tenant: Tenant) -> None:
    tenant.vendors.faults([{"path": "/rename", "fault": {"kind": "status", "status": 400}}])
    result = tenant.one(token_id="2", name="reporting")
    assert "rename the token 'reports' to 'reporting'" in result["msg"]
    assert result["failure"]["status"] == 400
    assert len(tenant.vendors.writes()) == len(devo_token_api.RENAME_KEYS)


# --- secrets -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["full", "no_secret", "id_only", "secret_only", "string", "empty"])
@pytest.mark.parametrize("status", ["200", "201"])
def test_the_secret_is_saved_whatever_the_creation_answers(
    tenant: Tenant, tmp_path: Path, answer: str, status: str
) -> None:
    tenant.vendors.set_switches({"devo.create_answer": answer, "devo.create_status": status})
    file = tmp_path / "ci"
    ok(tenant.one(name="ci", audience=["apiv2"], secret_file=str(file)))
    assert file.read_text() == tenant.token("ci")["token"] + "\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["ci"]


@pytest.mark.parametrize("key", ["token", "access_token", "accessToken", "value", "secret"])
def test_the_secret_is_found_under_every_key(tenant: Tenant, key: str) -> None:
    tenant.vendors.set_switches({"devo.token_secret_key": key})
    created = ok(tenant.one(name="ci", audience=["apiv2"], return_secret=True))
    assert created["token"]["secret"] == tenant.token("ci")["token"]
    assert tenant.one(name="automation", state="absent")["failed"], "the token in use is recognised by its value"


def test_a_secret_under_an_unknown_key_revokes_the_token(tenant: Tenant, tmp_path: Path) -> None:
    strange = {"id": 3, "name": "ci", "audience": "apiv2", "active": True, "magic": "x" * 32}
    tenant.vendors.faults(
        [
            {"method": "POST", "fault": {"kind": "wrong_type", "to": {"id": 3}}},
            {"method": "GET", "path": "/tokens/3", "fault": {"kind": "wrong_type", "to": strange}},
        ]
    )
    result = tenant.one(name="ci", audience=["apiv2"], secret_file=str(tmp_path / "ci"))
    assert "under none of the keys" in result["msg"]
    assert tenant.names() == ["automation", "reports"]
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_is_written_again(tenant: Tenant, tmp_path: Path) -> None:
    file = tmp_path / "reports"
    declared = {"name": "reports", "secret_file": str(file)}
    for check in (True, False):
        result = ok(tenant.one(check=check, **declared))
        assert result["changes"][0]["fields"] == {"secret_file": {"before": None, "after": str(file)}}
        assert result["changes"][0]["action"] == "update"
        assert file.exists() is not check
    assert file.read_text() == tenant.token("reports")["token"] + "\n"
    assert ok(tenant.one(**declared))["changed"] is False
    assert tenant.vendors.writes() == []


def test_a_missing_file_in_a_missing_folder_is_refused(tenant: Tenant, tmp_path: Path) -> None:
    for check in (True, False):
        result = tenant.one(check=check, name="reports", secret_file=str(tmp_path / "no" / "reports"))
        assert "secret_file: the folder" in result["msg"]


def test_one_file_holds_one_secret(tenant: Tenant, tmp_path: Path) -> None:
    file = str(tmp_path / "both")
    tokens = [{"name": name, "audience": ["apiv2"], "secret_file": file} for name in ("a", "b")]
    result = tenant.many(tokens=tokens)
    assert "'a' and 'b' have the same one" in result["msg"]
    assert tenant.vendors.writes() == []


def test_an_existing_secret_is_returned_on_request(tenant: Tenant) -> None:
    secret = tenant.token("reports")["token"]
    for check in (True, False):
        assert tenant.one(check=check, name="reports", return_secret=True)["token"]["secret"] == secret
    assert "secret" not in tenant.one(name="reports")["token"]
    refused = tenant.many(tokens=[{"name": "reports", "return_secret": True}])
    assert "needs return_objects" in refused["msg"]
    tokens = [{"name": "automation"}, {"name": "reports", "return_secret": True}]
    found = ok(tenant.many(tokens=tokens, return_objects=True))["tokens"]
    assert [token.get("secret") for token in found] == [None, secret]


def test_no_secret_is_anywhere_else(tenant: Tenant, tmp_path: Path) -> None:
    results = [
        tenant.one(name="ci", audience=["apiv2"], secret_file=str(tmp_path / "ci")),
        tenant.one(name="ci", audience=["http"], secret_file=str(tmp_path / "ci"), replace=True),
        tenant.one(name="automation", state="absent"),
        tenant.info(),
    ]
    shown = tenant.one(name="ci", return_secret=True)
    shown["token"].pop("secret")
    text = json.dumps([*results, shown])
    for token in tenant.tokens():
        assert token["token"] not in text


def test_a_server_that_quotes_the_secret_does_not_get_it_into_the_message(tenant: Tenant, tmp_path: Path) -> None:
    secret = tenant.token("reports")["token"]
    body = {"error": {"message": f"cannot disable {secret}"}}
    tenant.vendors.faults([{"path": "/disable", "fault": {"kind": "status", "status": 400, "body": body}}])
    result = tenant.one(name="reports", enabled=False, secret_file=str(tmp_path / "reports"))
    assert "cannot disable ********" in result["msg"]


# --- creating ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["reset_after", "truncate", "empty"])
def test_a_lost_creation_is_found_and_not_repeated(tenant: Tenant, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "ci"
    tenant.vendors.faults([{"method": "POST", "fault": {"kind": kind}}])
    result = tenant.one(name="ci", audience=["apiv2"], secret_file=str(file))
    ok(result)
    assert file.read_text() == tenant.token("ci")["token"] + "\n"
    assert [each["method"] for each in tenant.vendors.writes()] == ["POST"]


def test_a_creation_that_is_not_found_is_unknown_and_not_repeated(tenant: Tenant) -> None:
    tenant.vendors.faults([{"method": "POST", "fault": {"kind": "reset_before"}}])
    result = tenant.one(name="ci", audience=["apiv2"])
    assert result["failure"]["kind"] == "unknown_outcome"
    assert result["changes"][0]["status"] == "unknown"
    assert [each["method"] for each in tenant.vendors.writes()] == ["POST"]


def test_a_creation_that_the_listing_does_not_show_is_unknown(tenant: Tenant) -> None:
    """It was answered with nothing to go by, and nothing was made."""
    tenant.vendors.faults([{"method": "POST", "fault": {"kind": "status", "status": 201, "body": {}}}])
    result = tenant.one(name="ci", audience=["apiv2"])
    assert result["failed"]
    assert "the listing does not show it" in result["msg"]
    assert [each["method"] for each in tenant.vendors.writes()] == ["POST"]


def test_what_the_server_refuses_concerns_that_token_alone(tenant: Tenant) -> None:
    tenant.vendors.set_switches({"devo.token_policies": "checked"})
    tokens = [{"name": "good", "audience": ["apiv2"]}, {"name": "bad", "audience": ["nothing known"]}]
    result = tenant.many(tokens=tokens)
    assert {each["key"]: each["status"] for each in result["changes"]} == {"bad": "failed", "good": "applied"}
    assert "not among the user's policies" in result["msg"]
    assert tenant.names() == ["automation", "reports", "good"]


def test_a_replacement_shows_all_that_it_changes(tenant: Tenant) -> None:
    """Default scopes are never found to differ, but a new token gets them."""
    given = {"audience": ["http"], "scopes": ["default"], "user": "ANN@example.com", "replace": True}
    planned = tenant.one(name="reports", check=True, **given)["changes"][0]["fields"]
    assert planned["scopes"] == {"before": ["table://my.app"], "after": ["default"]}
    assert planned.keys() == {"audience", "scopes", "secret"}
    result = ok(tenant.one(name="reports", **given))
    assert result["changes"][0]["fields"] == planned
    made = tenant.token("reports")
    assert (made["scopes"], made["user"]) == ("default", "ann@example.com")


def test_default_scopes_are_not_compared_and_a_warning_says_so(tenant: Tenant) -> None:
    result = ok(tenant.one(name="reports", scopes=["default"]))
    assert result["changed"] is False
    assert "cannot be told" in result["warnings"][0]
    tenant.vendors.set_switches({"devo.default_scopes": "absent"})
    ok(tenant.one(name="ci", audience=["apiv2"], scopes=["default"]))
    result = tenant.one(name="ci", scopes=["default"])
    assert result["changed"] is False
    assert result["warnings"] == []
    assert result["token"]["scopes"] == ["default"]


def test_a_write_half_done_is_a_change(tenant: Tenant) -> None:
    """Created, and the call that disables it fails: the account is another than before."""
    tenant.vendors.faults([{"path": "/disable", "fault": {"kind": "status", "status": 409}}])
    result = tenant.one(name="ci", audience=["apiv2"], enabled=False)
    assert result["failed"]
    assert result["changed"]
    assert tenant.names()[-1] == "ci"


@pytest.mark.parametrize("same", ["ok", "400"])
def test_enable_and_disable(tenant: Tenant, same: str) -> None:
    tenant.vendors.set_switches({"devo.toggle_same": same})
    for enabled in (False, True):
        for changed in (True, False):
            assert ok(tenant.one(name="reports", enabled=enabled))["changed"] is changed
            assert tenant.token("reports")["active"] is enabled
    assert [each["path"].rpartition("/")[2] for each in tenant.vendors.writes()] == ["disable", "enable"]


# --- the token in use, and what is not declared ------------------------------------------------------------------


def test_purge_keeps_the_token_in_use(tenant: Tenant) -> None:
    options = {"tokens": [], "purge": True, "allow_empty": True}
    for check in (True, False):
        result = ok(tenant.many(check=check, **options))
        assert result["unmanaged"] == [
            {"key": "automation", "reason": "protected"},
            {"key": "reports", "reason": "undeclared"},
        ]
        assert [each["key"] for each in result["changes"]] == ["reports"]
    assert tenant.names() == ["automation"]
    assert ok(tenant.many(**options))["changed"] is False


def test_purge_removes_each_of_two_tokens_of_one_name(tenant: Tenant) -> None:
    tenant.holds({"name": "twin", "id": 11}, {"name": "twin", "id": 12}, {"name": "other"})
    result = ok(tenant.many(tokens=[{"name": "other"}], purge=True, purge_exclude=["nobody"]))
    assert [each["key"] for each in result["changes"]] == ["twin", "twin"]
    assert tenant.names() == ["automation", "other"]


def test_the_likeliest_is_looked_at_first(tenant: Tenant) -> None:
    tenant.holds(*({"name": f"t{number}"} for number in range(40)))
    tenant.connection["api_concurrency"] = "4"
    result = ok(tenant.many(check=True, tokens=[], purge=True, allow_empty=True, max_deletions="-1"))
    assert result["summary"]["delete"] == 40
    assert result["stats"]["reads"] <= 1 + 4


def test_more_deletions_than_allowed_are_refused(tenant: Tenant) -> None:
    tenant.holds(*({"name": f"t{number}"} for number in range(4)))
    tokens = [{"name": "t0", "enabled": False}, {"name": "t1", "state": "absent"}]
    result = tenant.many(tokens=tokens, purge=True, max_deletions="3")
    assert "4 deletions are planned" in result["msg"]
    assert len(result["changes"]) == 4
    assert tenant.vendors.writes() == []


def test_where_the_token_in_use_cannot_be_told_nothing_is_taken_away(tenant: Tenant) -> None:
    tenant.vendors.faults([{"method": "GET", "path": r"/tokens/\d", "fault": {"kind": "status", "status": 403}}])
    result = tenant.one(name="reports", state="absent")
    assert result["failure"]["kind"] == "permission"
    assert tenant.vendors.writes() == []


def test_a_token_that_went_meanwhile_is_absent(tenant: Tenant) -> None:
    for status in ("404", "400"):
        tenant.vendors.reset(switches={"devo.unknown_token": status})
        tenant.vendors.faults([{"method": "DELETE", "fault": {"kind": "status", "status": 503, "after": True}}])
        assert ok(tenant.one(name="reports", state="absent"))["changed"]
        assert tenant.names() == ["automation"]


def test_deleting_what_is_gone_already(tenant: Tenant) -> None:
    """Somebody else deleted it between the listing and the call."""
    for status in (404, 400):
        tenant.vendors.reset()
        tenant.vendors.faults(
            [
                {"method": "DELETE", "fault": {"kind": "status", "status": status, "after": True}},
            ]
        )
        assert ok(tenant.one(name="reports", state="absent"))["changed"]


# --- reading -----------------------------------------------------------------------------------------------------


def test_info(tenant: Tenant) -> None:
    assert [token["name"] for token in ok(tenant.info())["tokens"]] == ["automation", "reports"]
    (token,) = ok(tenant.info(name="reports"))["tokens"]
    assert token["id"] == 2
    assert token["audience"] == ["apiv2"]
    assert token["scopes"] == ["table://my.app"]
    assert (token["user"], token["owner"]) == ("ann@example.com", "ann@example.com")
    assert token["enabled"] is True
    assert token["expires_in"] == 86400
    assert token["created"][-1] == token["expiration"][-1] == "Z"
    assert ok(tenant.info(token_id="1"))["tokens"][0]["expires_in"] == -1
    assert ok(tenant.info(name="nobody"))["tokens"] == []
    assert ok(tenant.info(token_id="2", name="automation"))["tokens"] == []


def test_info_returns_secrets_of_what_is_asked_for(tenant: Tenant) -> None:
    assert "needs name or token_id" in tenant.info(return_secret=True)["msg"]
    for options in ({"name": "automation"}, {"token_id": "1"}):
        (token,) = ok(tenant.info(return_secret=True, **options))["tokens"]
        assert token["secret"] == AUTOMATION
    assert ok(tenant.info(return_secret=True, name="nobody"))["tokens"] == []


@pytest.mark.parametrize("permanent", ["null", "-1", "-1_both", "absent"])
@pytest.mark.parametrize("expires_in", ["total", "remaining"])
def test_lifetimes_whatever_the_answers_count(tenant: Tenant, permanent: str, expires_in: str) -> None:
    tenant.vendors.set_switches({"devo.permanent": permanent, "devo.expires_in": expires_in})
    tenant.vendors.clock_advance(3600)
    found = ok(tenant.info())["tokens"]
    assert [(token["expires_in"], token["expiration"] is None) for token in found] == [(-1, True), (86400, False)]


def test_what_no_listing_is_an_error(tenant: Tenant) -> None:
    for to, says in (({"tokens": []}, "should be a list"), ([{"id": 1, "name": "a"}], r"tokens[0].active should be")):
        tenant.vendors.faults([{"method": "GET", "fault": {"kind": "wrong_type", "to": to}}])
        result = tenant.info()
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
    item = {"id": 1, "active": True, "expiration": written}
    assert devo_token_api.parse(item, "token", "example").expiration == moment


def test_a_token_whose_value_no_reading_shows_may_be_the_one_in_use(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = devo_token_api.TokenApi.read

    def without_value(api: Any, token_id: str) -> Any:
        item = read(api, token_id)
        return None if item is None else {key: value for key, value in item.items() if key != "token"}

    monkeypatch.setattr(devo_token_api.TokenApi, "read", without_value)
    result = tenant.one(name="automation", state="absent")
    assert "perhaps the token in use" in result["msg"]
    assert "automation" in tenant.names()
