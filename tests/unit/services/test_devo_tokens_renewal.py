# SPDX-License-Identifier: GPL-3.0-or-later
"""Renewing and replacing Devo tokens: what is new, and what becomes of the old one."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.http import client
from ansible_collections.dataops.access.plugins.module_utils.services import devo_token_api
from ansible_collections.dataops.access.plugins.module_utils.services.devo_tokens import DevoTokens
from emulator.devo_tokens import SWITCHES
from unit.road import run_many, run_one

from .devo_account import state_with
from .devo_renewing_tenant import CHANGED, DAY, HIDDEN, HOUR, Tenant, asked, plan_of


def test_a_renewal_step_by_step(tenant: Tenant) -> None:
    tenant.ok()
    old = tenant.all()["ci"]
    assert tenant.ok()["changed"] is False
    tenant.due()
    start = len(tenant.vendors.requests())
    done = tenant.run()
    # first the one in use is looked for among those that will go; the last listing is the verification
    assert asked(tenant.vendors, start) == [
        "GET",
        "GET /3",
        "POST",
        "GET /4",
        "PUT /3/rename",
        "PUT /3/disable",
        "PUT /4/rename",
        "DELETE /3",
        "GET",
    ]
    assert plan_of(done) == [("ci", "update", {"secret": {"before": HIDDEN, "after": CHANGED}}, True)]
    assert done["summary"]["update"] == 1
    (new,) = tenant.all().values()
    assert tenant.saved() == new["token"] + "\n" != old["token"] + "\n"
    kept = ("name", "audience", "scopes", "user", "owner", "expires_in_seconds", "active")
    assert [new[key] for key in kept] == [old[key] for key in kept]
    assert tenant.ok()["changed"] is False


def test_check_mode_foretells_a_renewal(tenant: Tenant) -> None:
    tenant.ok()
    tenant.due()
    done = tenant.ok()
    assert done["changed"]
    assert done["token"]["id"] == 4


def test_what_is_not_declared_is_kept(tenant: Tenant) -> None:
    tenant.ok(owner="ann@example.com", expires_in=2 * DAY)
    old = tenant.all()["ci"]
    tenant.vendors.clock_advance(2 * DAY - HOUR + 1)
    tenant.declared = {key: tenant.declared[key] for key in ("name", "secret_file", "renew_before")}
    assert tenant.ok()["changed"]
    new = tenant.all()["ci"]
    for key in ("audience", "scopes", "user", "owner", "expires_in_seconds"):
        assert new[key] == old[key], key
    assert new["id"] != old["id"]


@pytest.mark.parametrize(
    "switch", [f"{each.name}={value}" for each in SWITCHES for value in each.choices if each.name != "layout"]
)
def test_renewal_under_every_reading(tenant: Tenant, switch: str) -> None:
    name, _ignored, value = switch.partition("=")
    tenant.vendors.set_switches({f"devo.{name}": value})
    tenant.ok()
    tenant.due()
    assert tenant.ok()["changed"]
    assert list(tenant.all()) == ["ci"]
    assert tenant.somebody_works()
    assert tenant.ok()["changed"] is False


def test_an_expired_token_is_renewed_where_the_server_keeps_it(tenant: Tenant) -> None:
    tenant.ok()
    tenant.vendors.clock_advance(2 * DAY)
    assert tenant.ok()["changed"]
    assert list(tenant.all()) == ["ci"]
    assert tenant.somebody_works()


def test_an_expired_token_that_the_server_drops_is_created_again_beside_its_old_file(tenant: Tenant) -> None:
    tenant.vendors.set_switches({"devo.expired": "gone"})
    tenant.ok()
    tenant.vendors.clock_advance(2 * DAY)
    done = tenant.ok()
    assert [each["action"] for each in done["changes"]] == ["create"]
    assert tenant.saved() == tenant.vendors.state("devo")["domains"][0]["tokens"][-1]["token"] + "\n"


def test_an_expired_token_that_shows_as_disabled_is_renewed_when_it_is_declared_enabled(tenant: Tenant) -> None:
    tenant.vendors.set_switches({"devo.expired": "inactive"})
    tenant.ok()
    tenant.vendors.clock_advance(2 * DAY)
    idle = tenant.ok()
    assert idle["changed"] is False
    assert "has expired" in idle["warnings"][0]
    assert tenant.ok(enabled=True)["changed"]
    assert tenant.somebody_works()


def test_an_expired_token_is_replaced_if_that_is_allowed(tenant: Tenant) -> None:
    tenant.declared.pop("renew_before")
    tenant.ok()
    tenant.vendors.clock_advance(2 * DAY)
    idle = tenant.ok(enabled=True)
    assert idle["changed"] is False
    assert "has expired" in idle["warnings"][0]
    assert tenant.ok(replace=True)["changed"]
    assert tenant.ok(replace=True)["changed"] is False
    assert tenant.somebody_works()


def test_a_disabled_token_is_not_renewed(tenant: Tenant) -> None:
    tenant.ok(enabled=False)
    tenant.due()
    assert tenant.ok()["changed"] is False
    assert tenant.ok(enabled=False)["changed"] is False
    assert tenant.ok(enabled=True)["changes"][0]["replaced"]
    assert tenant.somebody_works()


def test_a_permanent_token_is_never_due(tenant: Tenant) -> None:
    tenant.ok(expires_in=-1)
    tenant.vendors.clock_advance(1000 * DAY)
    assert tenant.ok(expires_in=-1)["changed"] is False


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"secret_file": None}, "needs secret_file or return_secret"),
        ({"expires_in": HOUR}, "must be less than expires_in"),
        ({"renew_before": 0}, "must be 1 second or more"),
        ({"renew_before": DAY}, f"lives {DAY} seconds"),
        ({"name": None, "token_id": "2"}, "needs name instead of token_id"),
        ({"grace": -1}, "grace: -1"),
        ({"expires_in": 0}, "expires_in: 0"),
        ({"audience": []}, "audience is empty"),
        ({"scopes": []}, "scopes is empty"),
        ({"name": "ci~next"}, "looks like a token that a renewal made"),
        ({"name": "ci~old-3"}, "looks like a token that a renewal made"),
        ({"name": ""}, "name is empty"),
    ],
)
def test_what_cannot_be_is_refused(tenant: Tenant, options: dict[str, Any], says: str) -> None:
    for check in (True, False):
        result = tenant.run(check=check, **options)
        assert result["failed"]
        assert says in result["msg"]
    assert tenant.vendors.writes() == []


def test_renew_before_must_be_less_than_the_life_of_a_token_that_exists(tenant: Tenant) -> None:
    tenant.ok()
    result = tenant.run(renew_before=DAY)
    assert result["failed"]
    assert "every run would renew it" in result["msg"]
    assert len(tenant.all()) == 1


def test_the_secret_may_be_returned_instead_of_saved(tenant: Tenant) -> None:
    tenant.declared.update(secret_file=None, return_secret=True)
    first = tenant.run()["token"]["secret"]
    assert first == tenant.all()["ci"]["token"]
    tenant.due()
    assert "secret" not in tenant.run(check=True)["token"]
    done = tenant.run()
    assert done["token"]["secret"] == tenant.all()["ci"]["token"] != first
    assert tenant.run()["token"]["secret"] == tenant.run(check=True)["token"]["secret"] == done["token"]["secret"]


# --- the old token ----------------------------------------------------------------------------------------------


def test_the_old_one_may_stay_until_somebody_says_so(tenant: Tenant) -> None:
    tenant.ok()
    old = tenant.all()["ci"]
    tenant.due()
    done = tenant.ok(retire_old=False)
    assert done["changes"][0]["replaced"]
    tokens = tenant.all()
    assert tokens["ci"] == old
    assert tenant.saved() == tokens["ci~next"]["token"] + "\n"
    assert tenant.ok(retire_old=False)["changed"] is False
    done = tenant.ok()
    assert plan_of(done) == [("ci", "update", {"unfinished": {"before": ["ci~next"], "after": []}}, True)]
    (new,) = tenant.all().values()
    assert new == {**tokens["ci~next"], "name": "ci", "updated": new["updated"]}


def test_both_halves_with_returned_secrets(tenant: Tenant) -> None:
    tenant.declared.update(secret_file=None, return_secret=True)
    tenant.run()
    tenant.due()
    secret = tenant.run(retire_old=False)["token"]["secret"]
    assert secret == tenant.all()["ci~next"]["token"]
    assert tenant.run(retire_old=False)["token"]["secret"] == secret
    assert tenant.run()["token"]["secret"] == secret
    assert [token["token"] for token in tenant.all().values()] == [secret]


def test_a_run_that_hands_nothing_over_leaves_a_successor_alone(tenant: Tenant) -> None:
    tenant.ok()
    tenant.due()
    tenant.ok(retire_old=False)
    before = tenant.all()
    done = tenant.ok(secret_file=None, renew_before=None)
    assert done["changed"] is False
    assert "waits to take its place" in done["warnings"][0]
    result = tenant.run(secret_file=None, renew_before=None, audience=["http"], replace=True)
    assert result["failed"]
    assert "may be in use" in result["msg"]
    assert tenant.all() == before


def test_a_short_grace_is_waited_for(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(client.Client, "wait", lambda self, seconds, before: waits.append(seconds))
    tenant.ok(grace=30)
    tenant.due()
    waits.clear()
    tenant.ok(grace=30)
    assert [wait for wait in waits if wait] == [pytest.approx(30, abs=2)]
    assert list(tenant.all()) == ["ci"]


def test_a_long_grace_is_left_to_a_later_run(tenant: Tenant) -> None:
    tenant.ok(grace=HOUR)
    tenant.due()
    tenant.ok(grace=HOUR)
    assert sorted(tenant.all()) == ["ci", "ci~old-3"]
    assert tenant.all()["ci~old-3"]["active"] is False
    assert tenant.ok(grace=HOUR)["changed"] is False
    tenant.vendors.clock_advance(HOUR)
    done = tenant.ok(grace=HOUR)
    assert plan_of(done) == [("ci", "update", {"unfinished": {"before": ["ci~old-3"], "after": []}}, None)]
    assert list(tenant.all()) == ["ci"]
    assert tenant.ok(grace=HOUR)["changed"] is False


def test_a_grace_that_nobody_can_tell_is_not_over(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    read = devo_token_api._moment
    monkeypatch.setattr(
        devo_token_api, "_moment", lambda item, key, where: None if key == "updated" else read(item, key, where)
    )
    tenant.ok(grace=HOUR)
    tenant.due()
    tenant.ok(grace=HOUR)
    for _run in range(2):
        later = tenant.ok(grace=HOUR)
        assert later["changed"] is False
        assert sorted(tenant.all()) == ["ci", "ci~old-3"]
        assert "token 'ci~old-3' (id 3)" in later["warnings"][0]
        assert "delete it by hand, or set grace: 0" in later["warnings"][0]
        tenant.vendors.clock_advance(HOUR)
    assert tenant.ok(grace=0)["changed"]
    assert list(tenant.all()) == ["ci"]


def test_a_deadline_that_ends_before_the_grace_leaves_it_to_a_later_run(tenant: Tenant) -> None:
    tenant.ok()
    tenant.due()
    done = tenant.run(grace=50, api_deadline=20.0)
    assert not done.get("failed"), done
    assert sorted(tenant.all()) == ["ci", "ci~old-3"]


def test_what_a_renewal_made_is_never_unmanaged(tenant: Tenant) -> None:
    tenant.ok()
    tenant.due()
    tenant.ok(grace=HOUR)
    entry = {**tenant.declared, "grace": HOUR}
    result = run_many(DevoTokens, {"tokens": [entry], "purge": True}, tenant.connection)
    assert [each["key"] for each in result["unmanaged"]] == ["automation", "reports"]
    assert [each["key"] for each in result["changes"]] == ["reports"]
    # a name that only looks like it was made by somebody else
    tenant.vendors.reset(state=state_with({"name": "ci", "id": 7}, {"name": "ci~old-8", "id": 9}))
    result = run_many(DevoTokens, {"tokens": [{"name": "ci"}]}, tenant.connection)
    assert [each["key"] for each in result["unmanaged"]] == ["automation", "ci~old-8"]


def test_absent_takes_everything_of_the_name(tenant: Tenant) -> None:
    tenant.ok()
    tenant.due()
    tenant.ok(grace=HOUR)
    tenant.due()
    tenant.ok(retire_old=False, grace=2 * DAY)
    assert len(tenant.all()) == 3
    absent = {"name": "ci", "state": "absent"}
    for changed in (True, False):
        result = run_one(DevoTokens, absent, tenant.connection)
        assert result["changed"] is changed
        assert tenant.all() == {}


def test_renewing_counts_as_no_deletion(tenant: Tenant) -> None:
    tenant.ok()
    tenant.due()
    options = {"tokens": [tenant.declared], "max_deletions": "0"}
    result = run_many(DevoTokens, options, tenant.connection)
    assert not result.get("failed"), result
    assert result["changed"]
    options = {"tokens": [{"name": "ci", "enabled": False}], "max_deletions": "0"}
    assert "more than max_deletions" in run_many(DevoTokens, options, tenant.connection)["msg"]
