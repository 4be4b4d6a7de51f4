# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading DBSync users: filters, servers that honour them or not, and the second opinion."""

from __future__ import annotations

from typing import Any

import pytest

from unit.services.dbsync_partner import START, PartnerApplication, listed


def keys(result: dict[str, Any]) -> list[str]:
    assert not result.get("failed"), result["msg"]
    return [f"{found['company']}/{found['username']}" for found in result["license_users"]]


@pytest.mark.parametrize("filtered", ["honoured", "company", "ignored"])
@pytest.mark.parametrize("name_required", ["no", "yes"])
def test_filters_hold_whatever_the_server_does(partner: PartnerApplication, filtered: str, name_required: str) -> None:
    partner.set(filter=filtered, name_required=name_required)
    assert keys(partner.info()) == START
    assert keys(partner.info(company="Acme")) == START[:2]
    assert keys(partner.info(username="bob@example.com")) == ["Acme/bob@example.com"]
    assert keys(partner.info(company="Globex", username="cyd@example.com")) == ["Globex/cyd@example.com"]
    for nobody in ({"company": "acme"}, {"username": "nobody"}, {"company": "Globex", "username": "ann@example.com"}):
        assert keys(partner.info(**nobody)) == []


@pytest.mark.parametrize("no_match", ["empty", "null", "object", "error"])
def test_nobody_is_an_empty_list(partner: PartnerApplication, no_match: str) -> None:
    partner.set(no_match=no_match)
    assert keys(partner.info(username="nobody")) == []
    assert keys(partner.info(company="Acme", username="nobody")) == []


def test_a_refused_listing_is_an_error_and_one_user_can_be_read(partner: PartnerApplication) -> None:
    partner.set(listing="refused")
    for filters in ({}, {"company": "Acme"}):
        result = partner.info(**filters)
        assert result["failed"]
        assert "by company and username" in result["msg"]
    assert keys(partner.info(company="Acme", username="ann@example.com")) == ["Acme/ann@example.com"]


def test_records_without_names_are_only_good_for_one_user(partner: PartnerApplication) -> None:
    partner.set(identity="none")
    result = partner.info()
    assert result["failed"]
    assert "cannot identify users" in result["msg"]
    assert "expiryDate" in result["msg"]
    assert keys(partner.info(company="Acme", username="ann@example.com")) == ["Acme/ann@example.com"]
    assert keys(partner.info(username="ann@example.com")) == ["None/ann@example.com"]


def test_records_without_companies_are_of_the_company_that_was_asked_for(partner: PartnerApplication) -> None:
    partner.set(identity="name")
    assert keys(partner.info(company="Acme")) == START[:2]
    assert keys(partner.info()) == ["None/ann@example.com", "None/bob@example.com", "None/cyd@example.com"]
    unasked = partner.info(verify=True)["license_users"][0]["verification"]
    assert unasked["valid"] is None
    assert "does not say of which company" in unasked["message"]


def test_inactive_users_are_listed(partner: PartnerApplication) -> None:
    partner.hold(listed("Acme", "eve@example.com", active=False))
    assert [found["active"] for found in partner.info()["license_users"]] == [False]


# --- the second opinion --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("authenticate", ["error", "record", "flag"])
@pytest.mark.parametrize("errors", ["http", "body200"])
@pytest.mark.parametrize("error_text", ["plain", "other"])
def test_verify_asks_for_each_user(
    partner: PartnerApplication, authenticate: str, errors: str, error_text: str
) -> None:
    partner.hold(listed("Acme", "ann@example.com"), listed("Acme", "eve@example.com", expires="2020-01-01"))
    partner.set(authenticate=authenticate, errors=errors, error_text=error_text)
    found = partner.info(verify=True)["license_users"]
    assert [one["verification"]["valid"] for one in found] == [True, False]
    assert partner.asked() == ["licenseDetails", *["authenticateUser"] * 2]


def test_an_unclear_failure_is_no_verdict(partner: PartnerApplication) -> None:
    partner.hold(listed("Acme", "eve@example.com", expires="2020-01-01"))
    partner.set(error_text="opaque")
    verification = partner.info(verify=True)["license_users"][0]["verification"]
    assert verification["valid"] is None
    assert "Request could not be processed" in verification["message"]


def test_a_verification_without_answer_is_an_error(partner: PartnerApplication) -> None:
    partner.vendors.faults([{"path": "authenticateUser", "fault": {"kind": "reset_before"}}])
    result = partner.info(company="Acme", username="ann@example.com", verify=True)
    assert result["failure"]["kind"] == "connection"


def test_reading_counts_as_reading(partner: PartnerApplication) -> None:
    stats = partner.info(verify=True)["stats"]
    assert (stats["requests"], stats["reads"], stats["writes"]) == (4, 4, 0)
    assert partner.vendors.writes() == []
