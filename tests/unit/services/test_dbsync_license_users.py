# SPDX-License-Identifier: GPL-3.0-or-later
"""Many DBSync users: purge and its scope, the limits, and servers that refuse a listing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from unit.services.dbsync_partner import START, PartnerApplication, listed, user

ANN = user("Acme", "ann@example.com")
BOB = user("Acme", "bob@example.com")
CYD = user("Globex", "cyd@example.com")


def reasons(result: dict[str, Any]) -> dict[str, str]:
    return {item["key"]: item["reason"] for item in result["unmanaged"]}


def test_one_listing_and_one_request_for_each_write(partner: PartnerApplication) -> None:
    partner.hold(*(listed("Acme", f"user{number}@example.com") for number in range(500)), annual_quota=2000)
    declared = [user("Acme", f"user{number}@example.com") for number in range(10, 510)]
    result = partner.many(*declared, purge=True, api_concurrency=4)
    assert not result.get("failed"), result["msg"]
    assert partner.asked()[0] == partner.asked()[-1] == "licenseDetails"
    # Beside the listing and the proof, each who is to be registered is asked for by name.
    assert partner.asked().count("licenseDetails") == 2 + 10
    assert partner.written() == [*["registerUser"] * 10, *["unregisterUser"] * 10]
    assert result["summary"]["registrations"] == 10
    assert len({request["connection"] for request in partner.vendors.requests()}) <= 4
    assert len(partner.registered) == 500


def test_what_is_not_declared_is_told_with_its_reason(partner: PartnerApplication) -> None:
    for purge, check in ((False, False), (True, True)):
        result = partner.many(ANN, purge=purge, check=check, purge_exclude=["nobody.*"])
        assert reasons(result) == {"Acme/bob@example.com": "undeclared", "Globex/cyd@example.com": "out_of_scope"}
        assert any("nobody.*" in warning for warning in result["warnings"])
    assert partner.written() == []


def test_purge_reaches_the_companies_that_the_list_names(partner: PartnerApplication) -> None:
    result = partner.many(ANN, purge=True)
    assert [(change["key"], change["action"]) for change in result["changes"]] == [("Acme/bob@example.com", "delete")]
    assert partner.registered == ["Acme/ann@example.com", "Globex/cyd@example.com"]


def test_companies_narrows_and_widens_the_scope(partner: PartnerApplication) -> None:
    partner.many(ANN, purge=True, companies=["Globex"])
    assert partner.registered == ["Acme/ann@example.com", "Acme/bob@example.com"]


def test_an_empty_list_needs_companies_and_permission(partner: PartnerApplication) -> None:
    refused = partner.many(purge=True, companies=["Acme"])
    assert "allow_empty: true" in refused["msg"]
    for companies in ({}, {"companies": []}):
        refused = partner.many(purge=True, allow_empty=True, **companies)
        assert refused["failure"]["kind"] == "validation"
        assert "needs companies" in refused["msg"]
    assert partner.asked() == []
    partner.many(purge=True, allow_empty=True, companies=["Acme"])
    assert partner.registered == ["Globex/cyd@example.com"]


def test_an_empty_list_without_purge_only_tells(partner: PartnerApplication) -> None:
    result = partner.many()
    assert reasons(result) == dict.fromkeys(START, "out_of_scope")
    assert not result["changed"]


@pytest.mark.parametrize("after_unregister", ["gone", "inactive"])
def test_inactive_users_are_neither_unmanaged_nor_purged(partner: PartnerApplication, after_unregister: str) -> None:
    partner.set(after_unregister=after_unregister)
    partner.many(ANN, CYD, purge=True)
    again = partner.many(ANN, CYD, purge=True)
    assert (again["changed"], again["unmanaged"]) == (False, [])
    assert partner.written() == ["unregisterUser"]


def test_max_deletions_is_a_share_of_the_scope(partner: PartnerApplication) -> None:
    for check in (True, False):
        result = partner.many(ANN, purge=True, max_deletions="49%", check=check)
        assert "0 of 2 in scope" in result["msg"]
        assert result["summary"]["delete"] == 1
    assert partner.written() == []
    assert partner.many(ANN, purge=True, max_deletions="50%")["changed"]


def test_max_registrations_stops_before_the_first_write(partner: PartnerApplication) -> None:
    partner.hold(listed("Acme", "eve@example.com", active=False), annual_used=1)
    new = [user("Acme", f"new{number}@example.com") for number in range(10)]
    back = user("Acme", "eve@example.com", allow_reregister=True)
    for check in (True, False):
        result = partner.many(*new, back, check=check)
        assert "max_registrations: 10" in result["msg"]
        assert result["summary"]["registrations"] == 11
    assert partner.written() == []
    partner.many(*new, back, max_registrations=-1)
    assert partner.spent == 12


def test_one_user_who_fails_does_not_stop_the_others(partner: PartnerApplication) -> None:
    partner.hold(annual_quota=3, annual_used=1)
    new = [user("Acme", f"new{number}@example.com") for number in range(4)]
    result = partner.many(*new, return_objects=True)
    assert "2 of 4 changes of users failed" in result["msg"]
    assert sorted(change["status"] for change in result["changes"]) == ["applied", "applied", "failed", "failed"]
    assert {change["error"]["kind"] for change in result["changes"] if change["error"]} == {"quota"}
    assert len(result["users"]) == 2
    assert partner.written() == ["registerUser"] * 4


def test_a_refusal_keeps_everything_from_being_written(partner: PartnerApplication) -> None:
    result = partner.many(user("Acme", "new@example.com"), user("ACME", "ann@example.com"))
    assert result["failure"]["kind"] == "conflict"
    assert [change["key"] for change in result["changes"]] == ["ACME/ann@example.com", "Acme/new@example.com"]
    assert reasons(result).keys() == set(START)
    assert partner.written() == []


def test_two_new_users_who_are_almost_the_same_are_refused(partner: PartnerApplication) -> None:
    result = partner.many(user("Acme", "new@example.com"), user("Acme", "New@example.com"))
    assert "differs only in case or blanks; keep one" in result["msg"]
    assert partner.written() == []


def test_two_new_users_of_one_name_in_two_unicode_forms_are_refused(partner: PartnerApplication) -> None:
    result = partner.many(user("Acme", "M\u00f6b@example.com"), user("Acme", "Mo\u0308b@example.com"))
    assert "differs only in its Unicode form" in result["msg"]
    assert partner.written() == []


def test_another_spelling_may_be_absent_beside_the_one_that_is_declared(partner: PartnerApplication) -> None:
    both = user("Acme", "new@example.com"), user("Acme", "New@example.com", state="absent")
    assert partner.many(*both)["summary"]["create"] == 1
    again = partner.many(*both)
    assert not again.get("failed"), again["msg"]
    assert not again["changed"]
    assert partner.written() == ["registerUser"]


def test_a_key_may_be_ambiguous_but_an_identity_is_not(partner: PartnerApplication) -> None:
    result = partner.many(user("A/S", "x"), user("A", "S/x"))
    assert not result.get("failed"), result["msg"]
    assert result["summary"]["create"] == 2
    twice = partner.many(ANN, ANN)
    assert "declared twice: entries 1 and 2" in twice["msg"]


def test_the_list_may_come_from_a_file(partner: PartnerApplication, tmp_path: Path) -> None:
    file = tmp_path / "users.json"
    file.write_text(json.dumps([ANN, {**BOB, "state": "absent"}]))
    result = partner.many(users_file=str(file), return_objects=True)
    assert [found["username"] for found in result["users"]] == ["ann@example.com"]
    assert partner.registered == ["Acme/ann@example.com", "Globex/cyd@example.com"]


# --- servers that refuse a listing ---------------------------------------------------------------------------------


@pytest.mark.parametrize("errors", ["http", "body200"])
@pytest.mark.parametrize("error_text", ["plain", "other", "opaque"])
def test_an_empty_user_name_is_sent_where_one_is_missed(
    partner: PartnerApplication, errors: str, error_text: str
) -> None:
    partner.set(name_required="yes", errors=errors, error_text=error_text)
    result = partner.many(ANN, user("Acme", "new@example.com"))
    assert not result.get("failed"), result["msg"]
    assert result["summary"]["listing_complete"] is True
    assert reasons(result).keys() == {"Acme/bob@example.com", "Globex/cyd@example.com"}
    # Once is enough to learn it.
    assert partner.asked() == [*["licenseDetails"] * 3, "registerUser", "licenseDetails"]


@pytest.mark.parametrize("filtered", ["honoured", "company", "ignored"])
def test_without_a_listing_users_are_read_by_name(partner: PartnerApplication, filtered: str) -> None:
    partner.set(listing="refused", filter=filtered)
    declared = [ANN, {**BOB, "state": "absent"}, user("Globex", "new@example.com")]
    for check in (True, False):
        result = partner.many(*declared, check=check, return_objects=True)
        assert not result.get("failed"), result["msg"]
        assert result["unmanaged"] is None
        assert result["summary"]["unmanaged"] is None
        assert result["summary"]["listing_complete"] is False
        assert any("read by name" in warning for warning in result["warnings"])
        assert [found["username"] for found in result["users"]] == ["ann@example.com", "new@example.com"]
    assert partner.registered == ["Acme/ann@example.com", "Globex/cyd@example.com", "Globex/new@example.com"]
    assert not partner.many(*declared)["changed"]


@pytest.mark.parametrize("identity", ["name", "none"])
@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_licence_that_does_not_say_whose_it_is_may_be_anothers(
    partner: PartnerApplication, identity: str, state: str
) -> None:
    partner.hold(listed("Globex", "ann@example.com"))
    partner.set(identity=identity, filter="ignored")
    result = partner.many(user("Acme", "ann@example.com", state=state))
    assert (result["failed"], result["failure"]["kind"]) == (True, "protocol")
    assert "it may be another's" in result["msg"]
    assert partner.written() == []


def test_who_leaves_is_gone_whatever_stays_of_a_namesake(partner: PartnerApplication) -> None:
    partner.hold(listed("Acme", "ann@example.com"), listed("Globex", "ann@example.com"))
    partner.set(identity="name", filter="ignored")
    result = partner.many(user("Acme", "ann@example.com", state="absent"))
    assert not result.get("failed"), result["msg"]
    assert partner.registered == ["Globex/ann@example.com"]


@pytest.mark.parametrize("reading", [{"listing": "refused"}, {"identity": "name"}, {"identity": "none"}])
def test_purge_needs_a_listing(partner: PartnerApplication, reading: dict[str, str]) -> None:
    partner.set(**reading)
    for check in (True, False):
        result = partner.many(ANN, purge=True, check=check)
        assert "purge needs a complete listing" in result["msg"]
        assert result["unmanaged"] is None
    assert partner.written() == []


def test_without_a_listing_a_variant_is_found_if_the_server_shows_it(partner: PartnerApplication) -> None:
    partner.set(listing="refused", name_case="folded")
    result = partner.many(user("Acme", "ANN@example.com"))
    assert "'Acme/ann@example.com' is listed" in result["msg"]
    assert partner.written() == []


@pytest.mark.parametrize("no_match", ["empty", "null", "object", "error"])
@pytest.mark.parametrize("envelope", ["none", "data", "nested"])
def test_nobody_found_is_understood_in_every_form(partner: PartnerApplication, no_match: str, envelope: str) -> None:
    partner.set(listing="refused", no_match=no_match, envelope=envelope)
    result = partner.many(user("Acme", "new@example.com"))
    assert not result.get("failed"), result["msg"]
    assert partner.spent == 4


def test_users_who_are_listed_twice_are_one(partner: PartnerApplication) -> None:
    old = {"company": "Acme", "username": "ann@example.com", "active": False, "product": "old"}
    partner.vendors.faults(
        [
            {
                "path": "licenseDetails",
                "fault": {"kind": "wrong_type", "to": [old, {**old, "active": True, "product": "new"}]},
            }
        ]
    )
    result = partner.many(ANN, return_objects=True)
    assert not result["changed"]
    assert [found["raw"]["product"] for found in result["users"]] == ["new"]


EMPTY_LISTING = {
    "method": "POST",
    "path": "licenseDetails",
    "times": 1,
    "fault": {"kind": "wrong_type", "to": []},
}


@pytest.mark.parametrize(("status", "kind"), [(429, "rate_limit"), (403, "permission"), (401, "auth")])
def test_nobody_is_registered_where_an_empty_listing_could_not_be_questioned(
    partner: PartnerApplication, status: int, kind: str
) -> None:
    refused = {"kind": "status", "status": status}
    partner.vendors.faults([EMPTY_LISTING, {"method": "POST", "path": "licenseDetails", "fault": refused}])
    result = partner.many(ANN, BOB, api_retries=0)
    assert result["failure"]["kind"] == kind
    assert partner.written() == []


def test_an_inactive_user_whom_an_empty_listing_hides_is_not_registered_unasked(partner: PartnerApplication) -> None:
    partner.hold({**listed("Acme", "ann@example.com"), "active": False})
    partner.vendors.faults([EMPTY_LISTING])
    result = partner.many(ANN)
    assert "set allow_reregister: true" in result["msg"]
    assert partner.written() == []
