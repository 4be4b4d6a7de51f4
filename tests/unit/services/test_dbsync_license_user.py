# SPDX-License-Identifier: GPL-3.0-or-later
"""One DBSync user: what a registration may cost, and what happens when an answer is lost or unclear."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.services.dbsync import DBSyncUsers
from emulator.server import Emulator
from unit.road import run_one
from unit.services.dbsync_partner import START, PartnerApplication, listed, user

NEW = ("Acme", "new@example.com")


@pytest.fixture
def partner(vendors: Emulator, no_backoff: None) -> PartnerApplication:
    return PartnerApplication(vendors)


def fault(partner: PartnerApplication, method: str, kind: str, **params: Any) -> None:
    partner.vendors.faults([{"path": method, "fault": {"kind": kind, **params}}])


# --- the ordinary way ----------------------------------------------------------------------------------------------


def test_register_reads_first_and_costs_one(partner: PartnerApplication) -> None:
    result = partner.one(*NEW)
    # The listing, the user by name, and the proof.
    assert partner.asked() == ["licenseDetails", "licenseDetails", "registerUser", "licenseDetails"]
    assert partner.registered == sorted([*START, "Acme/new@example.com"])
    assert partner.spent == 4
    assert result["summary"]["registrations"] == 1
    assert (result["stats"]["reads"], result["stats"]["writes"]) == (3, 1)
    shown = result["license_user"]
    assert (shown["company"], shown["username"], shown["active"], shown["active_known"]) == (*NEW, True, True)
    assert shown["raw"]["endUserName"] == "new@example.com"
    assert shown["expiry_date"].endswith("Z")


def test_unregister_gives_no_quota_back(partner: PartnerApplication) -> None:
    result = partner.one("Acme", "ann@example.com", state="absent")
    assert result["license_user"] is None
    assert partner.registered == START[1:]
    assert partner.spent == 3
    assert not partner.one("Acme", "ann@example.com", state="absent")["changed"]
    assert partner.written() == ["unregisterUser"]


def test_the_other_reading_of_the_address_needs_the_template(partner: PartnerApplication) -> None:
    partner.set(style="single")
    connection = partner.connection
    assert connection.pop("api_method_url") == "{api_url}?method={method}"
    options = {"company": "Acme", "username": "new@example.com"}
    result = run_one(DBSyncUsers, options, connection)
    assert result["failed"]
    assert "api_method_url" in result["msg"]
    assert partner.one(*NEW)["changed"]
    assert partner.spent == 4


@pytest.mark.parametrize("unknown_route", ["404_html", "404_json", "405", "login_page"])
def test_a_wrong_address_never_looks_like_an_absent_user(misled_vendors: Emulator, unknown_route: str) -> None:
    partner = PartnerApplication(misled_vendors)
    partner.set(unknown_route=unknown_route)
    connection = {**partner.connection, "api_method_url": "{api_url}/v3/{method}"}
    for state in ("present", "absent"):
        result = run_one(DBSyncUsers, {"company": "Acme", "username": "ann@example.com", "state": state}, connection)
        assert result["failure"]["kind"] == "protocol", result
        assert "api_method_url" in result["msg"]
        assert "changes" not in result
    assert partner.written() == []


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{api_url}/partner", "has no {method}"),
        ("https://elsewhere.example.com/{method}", "another host"),
        ("{api_url}@elsewhere.example.com/{method}", "another host"),
        ("{api_url}/#{method}", "holds '#'"),
        ("{api_url}/{verb}/{method}", "holds '{'"),
    ],
)
def test_a_template_that_cannot_work_is_refused(partner: PartnerApplication, template: str, says: str) -> None:
    connection = {**partner.connection, "api_method_url": template}
    if "@" in template:
        connection["api_url"] = "http://127.0.0.1:1"
    result = run_one(DBSyncUsers, {"company": "Acme", "username": "ann@example.com"}, connection)
    assert result["failure"]["kind"] == "validation"
    assert says in result["msg"]
    assert partner.asked() == []


@pytest.mark.parametrize("name", ["", " ana", "ana ", "a\nb"])
@pytest.mark.parametrize("option", ["company", "username"])
def test_names_with_blanks_around_are_refused(partner: PartnerApplication, option: str, name: str) -> None:
    given = {"company": "Acme", "username": "ana@example.com", option: name}
    result = partner.one(**given)
    assert result["failure"]["kind"] == "validation"
    assert option in result["msg"]
    assert partner.asked() == []


def test_wrong_credentials_are_named(partner: PartnerApplication) -> None:
    for switches in ({}, {"errors": "body200"}, {"error_text": "other", "error_status": "400"}):
        partner.set(**switches)
        connection = {**partner.connection, "partner_app_token": "wrong-token-value"}
        result = run_one(DBSyncUsers, {"company": "Acme", "username": "ann@example.com"}, connection)
        assert result["failure"]["kind"] == "auth", result
        assert "partner_app_key" in result["msg"]
        assert "wrong-token-value" not in json.dumps(result)


# --- names that are almost the same --------------------------------------------------------------------------------


@pytest.mark.parametrize("variant", [("acme", "Ann@Example.com"), ("Ac me", "ann@example.com")])
@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_near_duplicate_is_refused_and_named(
    partner: PartnerApplication, variant: tuple[str, str], state: str
) -> None:
    for check in (True, False):
        result = partner.one(*variant, state=state, check=check)
        assert result["failure"]["kind"] == "conflict"
        assert "'Acme/ann@example.com'" in result["msg"]
    assert partner.written() == []


@pytest.mark.parametrize(
    ("listed_name", "declared"), [("M\u00f6b@x.org", "Mo\u0308b@x.org"), ("Mo\u0308b@x.org", "M\u00f6b@x.org")]
)
@pytest.mark.parametrize("state", ["present", "absent"])
def test_one_name_in_two_unicode_forms_is_never_paid_for_twice(
    partner: PartnerApplication, listed_name: str, declared: str, state: str
) -> None:
    partner.hold(listed("Acme", listed_name))
    for check in (True, False):
        result = partner.one("Acme", declared, state=state, check=check)
        assert result["failure"]["kind"] == "conflict"
        assert f"'Acme/{listed_name}' is listed" in result["msg"]
        assert f"Unicode form ({'Acme/' + listed_name!a}, not" in result["msg"]
    assert partner.written() == []


def test_one_of_two_spellings_is_removed_and_the_other_is_named(partner: PartnerApplication) -> None:
    """What check mode plans is no failure for what stays; only the next run cannot tell who is meant."""
    partner.hold(listed("Acme", "ann@example.com"), listed("Acme", "Ann@example.com"))
    planned = partner.one("Acme", "Ann@example.com", state="absent", check=True)
    done = partner.one("Acme", "Ann@example.com", state="absent")
    assert not done.get("failed"), done["msg"]
    assert partner.registered == ["Acme/ann@example.com"]
    for result in (planned, done):
        assert [change["action"] for change in result["changes"]] == ["delete"]
        assert any("'Acme/ann@example.com' stays" in warning for warning in result["warnings"])
    again = partner.one("Acme", "Ann@example.com", state="absent")
    assert "'Acme/ann@example.com' is listed" in again["msg"]


def test_the_same_name_in_another_company_is_a_warning(partner: PartnerApplication) -> None:
    result = partner.one("Globex", "Ann@example.com")
    assert result["changed"]
    assert any("'Acme/ann@example.com'" in warning for warning in result["warnings"])


def test_a_server_with_unique_names_refuses_that(partner: PartnerApplication) -> None:
    partner.set(name_scope="partner")
    result = partner.one("Globex", "ann@example.com")
    assert result["failure"]["kind"] == "conflict"
    assert "already registered" in result["msg"]
    assert partner.spent == 3


# --- licences that ended -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ended", [{"active": False}, {"expires": "2020-01-01"}])
def test_an_inactive_user_is_registered_again_only_on_demand(
    partner: PartnerApplication, ended: dict[str, Any]
) -> None:
    partner.hold(listed("Acme", "eve@example.com", **ended), annual_used=1)
    for check in (True, False):
        result = partner.one("Acme", "eve@example.com", check=check)
        assert result["failure"]["kind"] == "conflict"
        assert "allow_reregister: true" in result["msg"]
        assert result["changes"][0]["fields"] == {"active": {"before": False, "after": True}}
    assert partner.written() == []
    result = partner.one("Acme", "eve@example.com", allow_reregister=True)
    assert result["changes"][0]["action"] == "update"
    assert result["summary"]["registrations"] == 1
    assert (partner.registered, partner.spent) == (["Acme/eve@example.com"], 2)


def test_an_inactive_user_is_absent(partner: PartnerApplication) -> None:
    partner.hold(listed("Acme", "eve@example.com", active=False))
    result = partner.one("Acme", "eve@example.com", state="absent")
    assert (result["changed"], result["license_user"]) == (False, None)


def test_a_record_that_does_not_say_so_counts_as_active(partner: PartnerApplication) -> None:
    partner.set(active_field="absent")
    result = partner.one("Acme", "ann@example.com")
    assert not result["changed"]
    assert (result["license_user"]["active"], result["license_user"]["active_known"]) == (True, False)


def test_unregistering_what_stays_listed_without_a_flag_says_why_it_failed(partner: PartnerApplication) -> None:
    partner.set(active_field="absent", after_unregister="inactive")
    result = partner.one("Acme", "ann@example.com", state="absent")
    assert result["failed"]
    assert "does not say whether the licence is active" in result["msg"]


def test_a_user_who_stays_listed_without_a_flag_and_is_not_registered_is_no_riddle(partner: PartnerApplication) -> None:
    partner.hold(listed("Acme", "eve@example.com", active=False))
    partner.set(active_field="absent")
    result = partner.one("Acme", "eve@example.com", state="absent")
    assert (result["failed"], result["failure"]["kind"]) == (True, "not_found")
    assert "User is not registered" in result["msg"]
    assert "does not say whether the licence is active" in result["msg"]


# --- lost and unclear answers --------------------------------------------------------------------------------------

AFTER = [("reset_after", {}), ("status", {"status": 503, "after": True}), ("truncate", {}), ("invalid_utf8", {})]


@pytest.mark.parametrize(("kind", "params"), [*AFTER, ("empty", {}), ("wrong_type", {})])
def test_a_registration_whose_answer_is_lost_is_found_by_reading(
    partner: PartnerApplication, kind: str, params: dict[str, Any]
) -> None:
    fault(partner, "registerUser", kind, **params)
    result = partner.one(*NEW)
    assert not result.get("failed"), result["msg"]
    assert partner.written() == ["registerUser"]
    assert partner.spent == 4


@pytest.mark.parametrize(("kind", "params"), [("truncate", {"short": True}), ("invalid_utf8", {})])
def test_half_a_record_is_no_text_about_the_quota(
    partner: PartnerApplication, kind: str, params: dict[str, Any]
) -> None:
    fault(partner, "registerUser", kind, **params)
    result = partner.one("Acme", "quota@example.com")
    assert not result.get("failed"), result["msg"]
    assert partner.written() == ["registerUser"]


@pytest.mark.parametrize(("kind", "params"), [("truncate", {"short": True}), ("invalid_utf8", {})])
def test_half_a_listing_is_not_taken_for_one_that_wants_a_name(
    partner: PartnerApplication, kind: str, params: dict[str, Any]
) -> None:
    fault(partner, "licenseDetails", kind, **params)
    result = partner.one(*NEW)
    assert result["failure"]["kind"] == "protocol"
    assert partner.asked() == ["licenseDetails"]


@pytest.mark.parametrize(
    ("kind", "params"), [("reset_before", {}), ("status", {"status": 500}), ("status", {"status": 503}), ("html", {})]
)
def test_a_registration_that_nobody_sees_is_an_unknown_outcome_and_never_repeated(
    partner: PartnerApplication, kind: str, params: dict[str, Any]
) -> None:
    fault(partner, "registerUser", kind, **params)
    result = partner.one(*NEW)
    assert result["failure"]["kind"] == "unknown_outcome"
    assert "quota" in result["msg"]
    assert result["changes"][0]["status"] == "unknown"
    assert partner.written() == ["registerUser"]
    # The reading that is to settle it is repeated, for the server may show a new user late.
    assert partner.asked().count("licenseDetails") == 2 + 3


def test_too_many_requests_are_no_reason_to_register_again(partner: PartnerApplication) -> None:
    fault(partner, "registerUser", "status", status=429, retry_after="0")
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
    fault(partner, "registerUser", "reset_before")
    result = partner.one("Acme", "eve@example.com", allow_reregister=True)
    assert result["failure"]["kind"] == "unknown_outcome"
    assert partner.written() == ["registerUser"]


@pytest.mark.parametrize("kind", ["html", "truncate", "wrong_type", "empty", "reset_before"])
def test_nobody_is_registered_after_a_reading_that_failed(partner: PartnerApplication, kind: str) -> None:
    fault(partner, "licenseDetails", kind)
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


# --- listings that are not to be relied on -------------------------------------------------------------------------


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


@pytest.mark.parametrize("echo", ["no", "yes"])
def test_credentials_never_come_back(partner: PartnerApplication, echo: str) -> None:
    connection = partner.connection
    partner.set(echo_credentials=echo, error_body="text")
    for result in (
        partner.one(*NEW),
        partner.info(verify=True),
        partner.one("acme", "new@example.com"),
        partner.one("Acme", "ann@example.com", state="absent"),
    ):
        text = json.dumps(result)
        assert connection["partner_app_key"] not in text
        assert connection["partner_app_token"] not in text
        assert "partnerApp" not in text


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
