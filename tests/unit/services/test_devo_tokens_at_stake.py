# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens of a Devo account that are taken away, and the one in use, which is not."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.services import devo_token_api

from .devo_account import Account, ok


def test_purge_keeps_the_token_in_use(account: Account) -> None:
    options = {"tokens": [], "purge": True, "allow_empty": True}
    for check in (True, False):
        result = ok(account.many(check=check, **options))
        assert result["unmanaged"] == [
            {"key": "automation", "reason": "protected"},
            {"key": "reports", "reason": "undeclared"},
        ]
        assert [each["key"] for each in result["changes"]] == ["reports"]
    assert account.names() == ["automation"]
    assert ok(account.many(**options))["changed"] is False


def test_purge_removes_each_of_two_tokens_of_one_name(account: Account) -> None:
    account.holds({"name": "twin", "id": 11}, {"name": "twin", "id": 12}, {"name": "other"})
    result = ok(account.many(tokens=[{"name": "other"}], purge=True, purge_exclude=["nobody"]))
    assert [each["key"] for each in result["changes"]] == ["twin", "twin"]
    assert account.names() == ["automation", "other"]


def test_the_likeliest_is_looked_at_first(account: Account) -> None:
    account.holds(*({"name": f"t{number}"} for number in range(40)))
    account.connection["api_concurrency"] = "4"
    result = ok(account.many(check=True, tokens=[], purge=True, allow_empty=True, max_deletions="-1"))
    assert result["summary"]["delete"] == 40
    assert result["stats"]["reads"] <= 1 + 4


def test_more_deletions_than_allowed_are_refused(account: Account) -> None:
    account.holds(*({"name": f"t{number}"} for number in range(4)))
    tokens = [{"name": "t0", "enabled": False}, {"name": "t1", "state": "absent"}]
    result = account.many(tokens=tokens, purge=True, max_deletions="3")
    assert "4 deletions are planned" in result["msg"]
    assert len(result["changes"]) == 4
    assert account.vendors.writes() == []


def test_where_the_token_in_use_cannot_be_told_nothing_is_taken_away(account: Account) -> None:
    account.vendors.faults([{"method": "GET", "path": r"/tokens/\d", "fault": {"kind": "status", "status": 403}}])
    result = account.one(name="reports", state="absent")
    assert result["failure"]["kind"] == "permission"
    assert account.vendors.writes() == []


def test_a_token_that_went_meanwhile_is_absent(account: Account) -> None:
    for status in ("404", "400"):
        account.vendors.reset(switches={"devo.unknown_token": status})
        account.vendors.faults([{"method": "DELETE", "fault": {"kind": "status", "status": 503, "after": True}}])
        assert ok(account.one(name="reports", state="absent"))["changed"]
        assert account.names() == ["automation"]


def test_a_404_for_a_token_that_is_still_listed_is_no_deletion(account: Account) -> None:
    """Above all while it is replaced: the new one would take a name that the old one still has."""
    account.vendors.faults([{"method": "DELETE", "fault": {"kind": "status", "status": 404}}])
    result = account.one(name="reports", audience=["http"], replace=True)
    assert result["failure"]["kind"] == "not_found"
    assert sorted(account.names()) == ["automation", "reports", "reports~next"]
    account.vendors.faults([])
    assert ok(account.one(name="reports", audience=["http"], replace=True))["changed"]
    assert sorted(account.names()) == ["automation", "reports"]


def test_deleting_what_is_gone_already(account: Account) -> None:
    """Somebody else deleted it between the listing and the call."""
    for status in (404, 400):
        account.vendors.reset()
        account.vendors.faults(
            [
                {"method": "DELETE", "fault": {"kind": "status", "status": status, "after": True}},
            ]
        )
        assert ok(account.one(name="reports", state="absent"))["changed"]


def test_a_token_whose_value_no_reading_shows_may_be_the_one_in_use(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = devo_token_api.TokenApi.read

    def without_value(api: Any, token_id: str) -> Any:
        item = read(api, token_id)
        return None if item is None else {key: value for key, value in item.items() if key != "token"}

    monkeypatch.setattr(devo_token_api.TokenApi, "read", without_value)
    result = account.one(name="automation", state="absent")
    assert "perhaps the token in use" in result["msg"]
    assert "automation" in account.names()
