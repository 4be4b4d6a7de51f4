# SPDX-License-Identifier: GPL-3.0-or-later
"""Renewing and replacing Devo tokens: at every moment somebody has a secret that works, wherever a run ended."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from ansible_collections.dataops.access.plugins.module_utils.http import client, session
from ansible_collections.dataops.access.plugins.module_utils.services.devo_tokens import DevoTokens
from emulator.devo_tokens import SWITCHES
from emulator.server import Emulator
from unit.road import run_many, run_one

DAY, HOUR = 86400, 3600
HIDDEN, CHANGED = "********", "******** (changed)"


class Tenant:
    """One Devo account, and a token ``ci`` of it whose secret is kept in a file."""

    def __init__(self, vendors: Emulator, folder: Path) -> None:
        self.vendors = vendors
        self.file = folder / "ci"
        options = vendors.connections["devo"]
        self.connection = {key: options[key] for key in ("api_url", "api_token", "account")}
        self.declared: dict[str, Any] = {
            "name": "ci",
            "audience": ["apiv2"],
            "scopes": ["table://my.app"],
            "user": "ann@example.com",
            "secret_file": str(self.file),
            "renew_before": HOUR,
        }

    def run(self, check: bool = False, **options: Any) -> dict[str, Any]:
        return run_one(DevoTokens, {**self.declared, **options}, self.connection, check=check)

    def ok(self, **options: Any) -> dict[str, Any]:
        """Check mode, then the run: they say the same, and it succeeds."""
        before = len(self.vendors.requests())
        checked = self.run(check=True, **options)
        assert self.vendors.writes(since=before) == []
        done = self.run(**options)
        assert not done.get("failed"), done
        assert plan_of(done) == plan_of(checked)
        return done

    def due(self) -> None:
        """Let so much time pass that the token has to be renewed."""
        self.vendors.clock_advance(DAY - HOUR + 60)

    def all(self) -> dict[str, dict[str, Any]]:
        """The tokens that stand for ``ci``, by name."""
        tokens = self.vendors.state("devo")["domains"][0]["tokens"]
        return {token["name"]: token for token in tokens if token["name"].partition("~")[0] == "ci"}

    def saved(self) -> str:
        return self.file.read_text()

    def somebody_works(self) -> bool:
        """Whether the file holds the secret of an enabled token."""
        held = self.saved() if self.file.exists() else ""
        return any(token["active"] and token["token"] + "\n" == held for token in self.all().values())


@pytest.fixture
def tenant(vendors: Emulator, tmp_path: Path) -> Tenant:
    return Tenant(vendors, tmp_path)


def plan_of(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(each["key"], each["action"], each["fields"], each.get("replaced")) for each in result["changes"]]


def asked(vendors: Emulator, since: int) -> list[str]:
    """The requests since then, without the address in front."""
    start = "/devo/v2/accounts/example/tokens"
    return [f"{each['method']} {each['path'].removeprefix(start)}".strip() for each in vendors.requests(since=since)]


# --- what a renewal does ----------------------------------------------------------------------------------------


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


# --- interruptions ----------------------------------------------------------------------------------------------


class Killed(BaseException):
    """The process is gone."""


@contextmanager
def killed_at(number: int, sent: bool, after_each: Callable[[], None]) -> Iterator[None]:
    """End the run at its ``number``-th request: before it is sent, or once it was answered."""
    real = session.Session.send
    counter = itertools.count(1)  # several threads may send

    def send(session: Any, request: Any, headers: Any) -> Any:
        mine = next(counter)
        if mine == number and not sent:
            raise Killed
        answer = real(session, request, headers)
        after_each()
        if mine == number:
            raise Killed
        return answer

    with mock.patch.object(session.Session, "send", send):
        yield


def nothing() -> None:
    """Nothing to look at between two requests."""


def prepared_renewal(tenant: Tenant) -> dict[str, Any]:
    tenant.ok()
    tenant.due()
    return {}


def prepared_replacement(tenant: Tenant) -> dict[str, Any]:
    tenant.ok()
    return {"audience": ["http"], "replace": True}


def prepared_creation(tenant: Tenant) -> dict[str, Any]:
    return {}


def prepared_creation_beside_an_old_file(tenant: Tenant) -> dict[str, Any]:
    tenant.file.write_text("of an older token\n")
    return {}


def prepared_finish(tenant: Tenant) -> dict[str, Any]:
    tenant.ok()
    tenant.due()
    tenant.ok(retire_old=False)
    return {}


def prepared_replacement_of_a_successor(tenant: Tenant) -> dict[str, Any]:
    """The declaration has changed while a successor was waiting, handed over already."""
    prepared_finish(tenant)
    return {"audience": ["http"], "replace": True}


@pytest.mark.parametrize("names", ["repeatable", "unique"])
@pytest.mark.parametrize("sent", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    ("prepare", "works_before"),
    [
        (prepared_renewal, True),
        (prepared_replacement, True),
        (prepared_finish, True),
        (prepared_replacement_of_a_successor, True),
        (prepared_creation, False),
        (prepared_creation_beside_an_old_file, False),
    ],
)
def test_killed_at_every_request(
    tenant: Tenant, prepare: Callable[[Tenant], dict[str, Any]], works_before: bool, sent: bool, names: str
) -> None:
    def look() -> None:
        assert tenant.somebody_works()

    switches = {"devo.token_names": names}
    number = 0
    while True:
        number += 1
        tenant.vendors.reset(switches=switches)
        tenant.file.unlink(missing_ok=True)
        options = prepare(tenant)
        after_each = look if works_before else nothing
        try:
            with killed_at(number, sent, after_each):
                tenant.run(**options)
        except Killed:
            pass
        else:
            break  # it did not take so many requests
        with killed_at(-1, False, after_each):
            done = tenant.run(**options)
        assert not done.get("failed"), f"after a kill at request {number}: {done}"
        assert list(tenant.all()) == ["ci"], f"after a kill at request {number}"
        assert tenant.all()["ci"]["active"], f"after a kill at request {number}"
        assert tenant.somebody_works(), f"after a kill at request {number}"
        assert tenant.run(**options)["changed"] is False, f"after a kill at request {number}"
    assert number > 3


@pytest.mark.parametrize("sent", [False, True], ids=["before", "after"])
def test_a_disabled_token_stays_disabled_wherever_its_replacement_was_killed(tenant: Tenant, sent: bool) -> None:
    options = {"audience": ["http"], "replace": True}
    number = 0
    while True:
        number += 1
        tenant.vendors.reset()
        tenant.file.unlink(missing_ok=True)
        tenant.ok(enabled=False)
        try:
            with killed_at(number, sent, nothing):
                tenant.run(**options)
        except Killed:
            assert not tenant.run(**options).get("failed"), f"after a kill at request {number}"
        else:
            break
        assert [(name, token["active"]) for name, token in tenant.all().items()] == [("ci", False)], number
        assert tenant.saved() == tenant.all()["ci"]["token"] + "\n", number
    assert number > 5


@pytest.mark.parametrize("sent", [False, True], ids=["before", "after"])
def test_killed_twice(tenant: Tenant, sent: bool) -> None:
    """The run that finishes may be interrupted as well."""

    def look() -> None:
        assert tenant.somebody_works()

    for first in (4, 6, 7, 8):
        for second in range(2, 9, 2):
            tenant.vendors.reset()
            tenant.file.unlink(missing_ok=True)
            prepared_renewal(tenant)
            for number in (first, second):
                try:
                    with killed_at(number, sent, look):
                        tenant.run()
                except Killed:
                    continue
            with killed_at(-1, False, look):
                done = tenant.run()
            assert not done.get("failed"), f"killed at {first} and {second}: {done}"
            assert list(tenant.all()) == ["ci"], f"killed at {first} and {second}"
            assert tenant.somebody_works(), f"killed at {first} and {second}"


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/tokens$"), ("PUT", "/rename"), ("PUT", "/disable"), ("DELETE", "/tokens/")],
)
def test_lost_answers_in_a_renewal(tenant: Tenant, kind: str, method: str, path: str, no_backoff: None) -> None:
    tenant.ok()
    tenant.due()
    tenant.vendors.faults([{"method": method, "path": path, "call": 1, "fault": {"kind": kind}}])
    done = tenant.run()
    if (method, kind) == ("POST", "reset_before"):
        # it may be on its way still, so it is not sent twice
        assert done["failure"]["kind"] == "unknown_outcome"
        assert list(tenant.all()) == ["ci"]
        done = tenant.run()
    assert not done.get("failed"), done
    assert list(tenant.all()) == ["ci"]
    assert tenant.somebody_works()
    created = [each for each in tenant.vendors.writes() if each["method"] == "POST"]
    assert len(created) == (3 if (method, kind) == ("POST", "reset_before") else 2)


# --- a new token that does not work -----------------------------------------------------------------------------


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


def state_with(*tokens: dict[str, Any]) -> dict[str, Any]:
    """The emulator's Devo with these tokens beside the one that the tests use."""
    automation = {
        "id": 1,
        "name": "automation",
        "audience": "apiv2-admin apiv2",
        "user": "owner@example.com",
        "expires_in_seconds": -1,
        "token": "fa4e0000000000000000000000000001",
    }
    domain = {
        "name": "example@reseller",
        "api_key": "fake-devo-api-key",
        "api_secret": "fake-devo-api-secret",
        "users": [{"email": "owner@example.com", "roles": ["ADMIN"], "owner": True}],
        "tokens": [automation, *({"user": "owner@example.com", **token} for token in tokens)],
    }
    return {"devo": {"domains": [domain]}}
