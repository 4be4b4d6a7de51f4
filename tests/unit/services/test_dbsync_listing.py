# SPDX-License-Identifier: GPL-3.0-or-later
"""What a listing of DBSync's users is worth: nobody is registered, or absent, for what it leaves out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from unit.services.dbsync_partner import NEW, START, PartnerApplication, listed, user


def test_an_empty_listing_is_doubted(partner: PartnerApplication) -> None:
    partner.vendors.faults([{"path": "licenseDetails", "call": 1, "fault": {"kind": "wrong_type", "to": []}}])
    result = partner.one("Acme", "ann@example.com")
    assert not result["changed"]
    assert result["summary"]["listing_complete"] is False
    assert any("it came empty" in warning for warning in result["warnings"])
    assert partner.written() == []


def test_an_empty_tenant_is_believed(partner: PartnerApplication) -> None:
    partner.hold()
    result = partner.one(*NEW)
    assert result["summary"]["listing_complete"] is True
    assert partner.registered == ["Acme/new@example.com"]


INACTIVE = listed("Acme", "eve@example.com", active=False)


@pytest.mark.parametrize("check", [True, False])
def test_a_listing_that_leaves_out_inactive_licences_costs_no_registration(
    partner: PartnerApplication, check: bool
) -> None:
    partner.hold(listed("Acme", "ann@example.com"), INACTIVE)
    partner.set(listing="active")
    result = partner.one("Acme", "eve@example.com", check=check)
    assert "is listed with an inactive licence" in result["msg"]
    assert result["failure"]["kind"] == "conflict"
    assert partner.written() == []
    assert partner.one("Acme", "eve@example.com", check=check, allow_reregister=True)["changed"]
    assert partner.written() == ([] if check else ["registerUser"])


@pytest.mark.parametrize("name_case", ["exact", "folded"])
def test_one_who_is_left_out_under_another_spelling_is_not_registered(
    partner: PartnerApplication, name_case: str
) -> None:
    partner.hold(listed("Acme", "ann@example.com"), INACTIVE)
    partner.set(listing="active", name_case=name_case)
    result = partner.one("acme", "Eve@example.com")
    assert result.get("failed", False) == (name_case == "folded")
    assert partner.written() == ([] if name_case == "folded" else ["registerUser"])


def test_a_listing_that_leaves_out_a_registered_user_is_not_relied_on(partner: PartnerApplication) -> None:
    short = [{"endUserCompany": "Acme", "endUserName": "bob@example.com", "active": True}]
    for check in (True, False):
        partner.vendors.faults([{"path": "licenseDetails", "call": 1, "fault": {"kind": "wrong_type", "to": short}}])
        result = partner.many(user("Acme", "ann@example.com"), purge=True, check=check)
        assert "purge needs a complete listing" in result["msg"]
        assert any("leaves out 'Acme/ann@example.com', who is registered" in text for text in result["warnings"])
    assert partner.written() == []
    assert partner.registered == START


@pytest.mark.parametrize("shown", [{"active": False}, {"expires": "2020-01-01"}])
def test_a_licence_that_has_ended_does_not_prove_that_a_listing_shows_all(
    partner: PartnerApplication, shown: dict[str, Any]
) -> None:
    short = [listed("Acme", "ann@example.com"), listed("Acme", "old@example.com", **shown)]
    partner.hold(*short, INACTIVE)
    if "active" in shown:
        records = [
            {"endUserCompany": "Acme", "endUserName": one["name"], "active": one.get("active", True)} for one in short
        ]
        partner.vendors.faults([{"path": "licenseDetails", "call": 1, "fault": {"kind": "wrong_type", "to": records}}])
    else:
        partner.set(listing="active")
    result = partner.one("Acme", "eve@example.com")
    assert "is listed with an inactive licence" in result["msg"]
    assert partner.written() == []


@pytest.mark.parametrize("kind", ["reset_before", "html"])
def test_nobody_is_registered_where_asking_by_name_fails(partner: PartnerApplication, kind: str) -> None:
    calls = list(range(2, 10))
    partner.vendors.faults([{"path": "licenseDetails", "call": calls, "fault": {"kind": kind}}])
    assert partner.one(*NEW, api_retries=0)["failed"]
    assert partner.written() == []


def test_absence_by_text_is_not_believed_against_authenticate_user(partner: PartnerApplication) -> None:
    partner.set(listing="refused", no_match="error")
    assert partner.one(*NEW, check=True)["changed"]
    assert partner.asked() == ["licenseDetails", "licenseDetails", "licenseDetails", "authenticateUser"]
    says = {"error": "User is not registered"}
    partner.vendors.faults(
        [{"path": "licenseDetails", "call": 3, "fault": {"kind": "status", "status": 404, "body": json.dumps(says)}}]
    )
    result = partner.one("Acme", "ann@example.com")
    assert result["failed"]
    assert "authenticateUser finds a valid licence" in result["msg"]
    assert partner.written() == []


def test_an_unclear_failure_is_never_absence(partner: PartnerApplication) -> None:
    partner.set(listing="refused", no_match="error", error_text="opaque")
    result = partner.one(*NEW)
    assert result["failed"]
    assert partner.written() == []
