# SPDX-License-Identifier: GPL-3.0-or-later
"""One DBSync user whose write has a lost or unclear answer, or does not show at once."""

from __future__ import annotations

from typing import Any

import pytest

from unit.services.dbsync_partner import NEW, PartnerApplication, listed

AFTER = [("reset_after", {}), ("status", {"status": 503, "after": True}), ("truncate", {}), ("invalid_utf8", {})]


@pytest.mark.parametrize(("kind", "params"), [*AFTER, ("empty", {}), ("wrong_type", {})])
def test_a_registration_whose_answer_is_lost_is_found_by_reading(
    partner: PartnerApplication, kind: str, params: dict[str, Any]
) -> None:
    partner.fault("registerUser", kind, **params)
    result = partner.one(*NEW)
    assert not result.get("failed"), result["msg"]
    assert partner.written() == ["registerUser"]
    assert partner.spent == 4


@pytest.mark.parametrize(("kind", "params"), [("truncate", {"short": True}), ("invalid_utf8", {})])
def test_half_a_record_is_no_text_about_the_quota(
    partner: PartnerApplication, kind: str, params: dict[str, Any]
) -> None:
    partner.fault("registerUser", kind, **params)
    result = partner.one("Acme", "quota@example.com")
    assert not result.get("failed"), result["msg"]
    assert partner.written() == ["registerUser"]


@pytest.mark.parametrize(("kind", "params"), [("truncate", {"short": True}), ("invalid_utf8", {})])
def test_half_a_listing_is_not_taken_for_one_that_wants_a_name(
    partner: PartnerApplication, kind: str, params: dict[str, Any]
) -> None:
    partner.fault("licenseDetails", kind, **params)
    result = partner.one(*NEW)
    assert result["failure"]["kind"] == "protocol"
    assert partner.asked() == ["licenseDetails"]


@pytest.mark.parametrize(
    ("kind", "params"), [("reset_before", {}), ("status", {"status": 500}), ("status", {"status": 503}), ("html", {})]
)
def test_a_registration_that_nobody_sees_is_an_unknown_outcome_and_never_repeated(
    partner: PartnerApplication, kind: str, params: dict[str, Any]
) -> None:
    partner.fault("registerUser", kind, **params)
    result = partner.one(*NEW)
    assert result["failure"]["kind"] == "unknown_outcome"
    assert "quota" in result["msg"]
    assert result["changes"][0]["status"] == "unknown"
    assert partner.written() == ["registerUser"]
    # The reading that is to settle it is repeated, for the server may show a new user late.
    assert partner.asked().count("licenseDetails") == 2 + 3


def test_too_many_requests_are_no_reason_to_register_again(partner: PartnerApplication) -> None:
    partner.fault("registerUser", "status", status=429, retry_after="0")
    result = partner.one(*NEW)
    assert result["failure"]["kind"] == "rate_limit"
    assert result["changes"][0]["status"] == "failed"
    assert partner.written() == ["registerUser"]


def test_unregistering_is_repeated_after_too_many_requests(partner: PartnerApplication) -> None:
    partner.vendors.faults([{"path": "unregisterUser", "call": 1, "fault": {"kind": "status", "status": 429}}])
    assert not partner.one("Acme", "ann@example.com", state="absent").get("failed")
    assert partner.written() == ["unregisterUser"] * 2


def test_a_re_registration_is_sent_once_as_well(partner: PartnerApplication) -> None:
    partner.hold(listed("Acme", "eve@example.com", active=False), annual_used=1)
    partner.fault("registerUser", "reset_before")
    result = partner.one("Acme", "eve@example.com", allow_reregister=True)
    assert result["failure"]["kind"] == "unknown_outcome"
    assert partner.written() == ["registerUser"]


@pytest.mark.parametrize("kind", ["html", "truncate", "wrong_type", "empty", "reset_before"])
def test_nobody_is_registered_after_a_reading_that_failed(partner: PartnerApplication, kind: str) -> None:
    partner.fault("licenseDetails", kind)
    for state in ("present", "absent"):
        result = partner.one(*NEW, state=state)
        assert result["failed"], kind
    assert partner.written() == []
    assert partner.spent == 3


@pytest.mark.parametrize("errors", ["http", "body200"])
def test_somebody_who_was_registered_meanwhile_is_no_failure(partner: PartnerApplication, errors: str) -> None:
    partner.set(errors=errors)
    # Neither the listing nor the question by name shows the user; registering is then refused as "already registered".
    partner.vendors.faults([{"path": "licenseDetails", "call": [1, 2], "fault": {"kind": "wrong_type", "to": []}}])
    result = partner.one("Acme", "ann@example.com")
    assert not result.get("failed"), result["msg"]
    assert result["changes"][0]["status"] == "applied"
    assert partner.written() == ["registerUser"]
    assert partner.spent == 3


@pytest.mark.parametrize("errors", ["http", "body200"])
@pytest.mark.parametrize("error_status", ["specific", "400", "500"])
@pytest.mark.parametrize("error_text", ["plain", "other"])
def test_a_spent_quota_is_named(partner: PartnerApplication, errors: str, error_status: str, error_text: str) -> None:
    partner.hold(annual_quota=1, annual_used=1)
    partner.set(errors=errors, error_status=error_status, error_text=error_text)
    result = partner.one(*NEW)
    assert result["failure"]["kind"] == "quota", result["msg"]
    assert "account manager" in result["msg"]
    assert partner.written() == ["registerUser"]


# --- reading back --------------------------------------------------------------------------------------------------


def test_a_new_user_who_shows_late_is_waited_for(partner: PartnerApplication) -> None:
    partner.set(consistency="delayed")
    result = partner.one(*NEW)
    assert result["warnings"] == []
    assert partner.asked() == [*["licenseDetails"] * 2, "registerUser", *["licenseDetails"] * 3]


def test_a_new_user_who_does_not_show_is_a_warning_and_no_second_registration(partner: PartnerApplication) -> None:
    before = partner.info()["license_users"]
    still = [licence["raw"] for licence in before]
    partner.vendors.faults([{"path": "licenseDetails", "fault": {"kind": "wrong_type", "to": still}}])
    result = partner.one(*NEW)
    assert not result.get("failed"), result["msg"]
    assert result["changes"][0]["status"] == "applied"
    assert any("do not show it yet" in warning for warning in result["warnings"])
    assert result["license_user"]["username"] == "new@example.com"
    assert result["license_user"]["active_known"] is False
    assert partner.written() == ["registerUser"]


def test_a_user_who_stays_registered_is_a_failure(partner: PartnerApplication) -> None:
    still = [licence["raw"] for licence in partner.info()["license_users"]]
    partner.vendors.faults([{"path": "licenseDetails", "fault": {"kind": "wrong_type", "to": still}}])
    result = partner.one("Acme", "ann@example.com", state="absent")
    assert result["failed"]
    assert "not kept" in result["msg"]
    assert partner.written() == ["unregisterUser"]


def test_a_server_that_changes_the_spelling_is_reported(partner: PartnerApplication) -> None:
    lowered = {"endUserCompany": "Acme", "endUserName": "new@example.com", "active": True}
    partner.vendors.faults(
        [{"path": "licenseDetails", "call": [3, 4, 5], "fault": {"kind": "wrong_type", "to": [lowered]}}]
    )
    result = partner.one("Acme", "New@Example.com")
    assert result["failed"]
    assert "declare it as it is listed" in result["msg"]
    assert partner.written() == ["registerUser"]
