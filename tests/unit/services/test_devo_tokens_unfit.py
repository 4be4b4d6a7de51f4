# SPDX-License-Identifier: GPL-3.0-or-later
"""New Devo tokens that do not work, or of which the secret is lost: none of them follows one that does."""

from __future__ import annotations

from unittest import mock

import pytest

from .devo_account import state_with
from .devo_renewing_tenant import Tenant, asked, plan_of


def test_a_secret_that_cannot_be_saved_is_refused_by_the_plan(tenant: Tenant) -> None:
    tenant.declared["secret_file"] = str(tenant.file.parent / "missing" / "ci")
    for check in (True, False):
        result = tenant.run(check=check)
        assert "does not exist" in result["msg"]
        assert result["changes"][0]["action"] == "create"
    assert tenant.all() == {}


@pytest.mark.parametrize("exists", [False, True], ids=["new", "renewed"])
def test_a_new_token_whose_secret_cannot_be_saved_after_all_is_revoked(tenant: Tenant, exists: bool) -> None:
    if exists:
        tenant.ok()
        tenant.due()
    before = tenant.all()
    with mock.patch("os.fsync", side_effect=OSError(28, "No space left on device")):
        result = tenant.run()
    assert result["failed"]
    assert "No space left on device" in result["msg"]
    assert result["changed"]
    assert tenant.all() == before
    assert list(tenant.file.parent.iterdir()) == ([tenant.file] if exists else [])
    if exists:
        assert tenant.somebody_works()


def test_a_new_token_that_cannot_be_revoked_is_named(tenant: Tenant) -> None:
    tenant.vendors.faults([{"method": "DELETE", "fault": {"kind": "status", "status": 403}}])
    with mock.patch("os.fsync", side_effect=OSError(28, "No space left on device")):
        result = tenant.run()
    assert "id 3" in result["msg"]
    assert "delete it by hand" in result["msg"]


def test_a_new_token_that_is_not_active_does_not_follow(tenant: Tenant) -> None:
    tenant.ok()
    tenant.due()
    old = tenant.all()
    inactive = {"id": 4, "name": "ci~next", "audience": "apiv2", "active": False, "token": "x" * 32}
    tenant.vendors.faults([{"method": "GET", "path": "/tokens/4", "fault": {"kind": "wrong_type", "to": inactive}}])
    result = tenant.run()
    assert "it is not active; the old one is as it was" in result["msg"]
    assert tenant.all() == old
    assert tenant.somebody_works()


def test_a_new_token_with_another_secret_does_not_follow(tenant: Tenant) -> None:
    tenant.ok()
    tenant.due()
    old = tenant.all()
    other = {"id": 4, "name": "ci~next", "audience": "apiv2", "active": True, "token": "x" * 32}
    tenant.vendors.faults([{"method": "GET", "path": "/tokens/4", "fault": {"kind": "wrong_type", "to": other}}])
    result = tenant.run()
    assert "shows another secret" in result["msg"]
    assert tenant.all() == old
    assert tenant.somebody_works()


@pytest.mark.parametrize("status", ["401", "403"])
def test_a_token_for_the_token_api_is_used_before_it_follows(tenant: Tenant, status: str) -> None:
    """Its user is not active any more, which neither its fields nor its secret show."""
    tenant.declared["audience"] = ["apiv2-admin"]
    tenant.vendors.set_switches({"devo.bad_token": status})
    tenant.ok()
    tenant.due()
    start = len(tenant.vendors.requests())
    tenant.ok()
    assert asked(tenant.vendors, start).count("GET") == 4  # two plans, the use, the verification
    tenant.due()
    old = tenant.all()
    # The second listing of the run is the one with the new token as the bearer.
    refused = {"kind": "status", "status": int(status), "body": {"error": {"message": "no"}}}
    tenant.vendors.faults([{"method": "GET", "path": "/tokens$", "call": 2, "fault": refused}])
    result = tenant.run()
    assert f"the server does not accept it (status {status})" in result["msg"]
    assert tenant.all() == old
    assert tenant.somebody_works()


def test_scopes_that_forbid_the_read_prove_nothing(tenant: Tenant) -> None:
    """Neither the old token nor the new one may list: then the new one is as good."""
    tenant.declared["audience"] = ["apiv2-admin"]
    tenant.ok()
    tenant.due()
    forbidden = {"kind": "status", "status": 403}
    tenant.vendors.faults([{"method": "GET", "path": "/tokens$", "call": [2, 3], "fault": forbidden}])
    assert not tenant.run().get("failed")
    assert tenant.somebody_works()


def test_a_successor_that_nobody_was_given_goes_when_it_does_not_fit(tenant: Tenant) -> None:
    tenant.vendors.reset(
        state=state_with(
            {"name": "ci", "id": 7, "token": "a" * 32, "expires_in_seconds": -1},
            {"name": "ci~next", "id": 8, "token": "b" * 32, "audience": "http"},
        )
    )
    tenant.file.write_text("a" * 32 + "\n")
    done = tenant.ok(scopes=None, user=None)
    assert plan_of(done) == [("ci", "update", {"unfinished": {"before": ["ci~next"], "after": []}}, None)]
    assert [token["id"] for token in tenant.all().values()] == [7]


def test_a_successor_that_waits_does_not_make_the_token_as_declared(tenant: Tenant) -> None:
    tenant.vendors.reset(
        state=state_with(
            {"name": "ci", "id": 7, "token": "a" * 32, "scopes": "default", "expires_in_seconds": -1},
            {"name": "ci~next", "id": 8, "token": "b" * 32, "scopes": "table://my.app", "expires_in_seconds": -1},
        )
    )
    result = tenant.run(secret_file=None, renew_before=None, user=None, audience=None)
    assert "differs in scopes, and 'ci~next' waits to take its place" in result["msg"]
    assert tenant.vendors.writes() == []


def test_a_file_with_the_secret_of_a_dead_successor_gets_that_of_the_living_token(tenant: Tenant) -> None:
    tenant.vendors.reset(
        state=state_with(
            {"name": "ci", "id": 7, "token": "a" * 32, "expires_in_seconds": -1},
            {"name": "ci~next", "id": 8, "token": "b" * 32, "active": False},
        )
    )
    tenant.file.write_text("b" * 32 + "\n")
    done = tenant.ok(scopes=None, user=None)
    assert done["changes"][0]["fields"].keys() == {"unfinished", "secret_file"}
    assert tenant.saved() == "a" * 32 + "\n"
    assert [token["id"] for token in tenant.all().values()] == [7]


def test_an_old_one_in_use_is_not_retired(tenant: Tenant) -> None:
    tenant.vendors.reset(
        state=state_with(
            {"name": "ci", "id": 7, "expires_in_seconds": -1}, {"name": "ci~old-8", "id": 8, "token": "c" * 32}
        )
    )
    tenant.connection["api_token"] = "c" * 32
    result = tenant.run(scopes=None, user=None)
    assert "'ci~old-8' is the token in use" in result["msg"]
    assert tenant.vendors.writes() == []


def test_the_token_in_use_is_not_renewed(tenant: Tenant) -> None:
    tenant.vendors.reset(state=state_with({"name": "ci", "id": 7, "token": "d" * 32}))
    tenant.connection["api_token"] = "d" * 32
    tenant.due()
    result = tenant.run(scopes=None, user=None)
    assert "'ci' is the token in use, which is never deleted, disabled or renewed" in result["msg"]
    assert tenant.vendors.writes() == []
