# SPDX-License-Identifier: GPL-3.0-or-later
"""One DBSync user: what a registration may cost, names that are almost the same, and licences that ended."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.services.dbsync import DBSyncUsers
from emulator.server import Emulator
from unit.road import run_one
from unit.services.dbsync_partner import NEW, START, PartnerApplication, listed

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
