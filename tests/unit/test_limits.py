# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task may remove, lock out or spend: for every kind of object, by both modules, in check mode and for real.

A refusal comes before the first write and leaves the platform as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.core.policy import allowed_deletions
from ansible_collections.dataops.access.plugins.module_utils.core.service import Snapshot
from emulator.server import Emulator
from unit.kind import Entry, Kind
from unit.kinds import KINDS
from unit.lives.devo_domain_user import TENANT
from unit.lives.devo_token import NEVER_LOST
from unit.road import run_many, run_one

ALL = "-1"
MADE = range(1, 5)


class Tenant:
    """One platform that holds four objects of a kind beside its start state, and what tasks do to it."""

    def __init__(self, kind: Kind, vendors: Emulator) -> None:
        self.kind = kind
        self.vendors = vendors
        life = kind.life
        vendors.reset(state={life.tenant: kind.state} if kind.state else None)
        given = {**life.connection(vendors.connections), **kind.credentials}
        self.connection = {name: value for name, value in given.items() if value is not None}
        self.others = [item["key"] for item in self.many([], check=True)["unmanaged"]]
        made = self.many([kind.make(n) for n in MADE], max_registrations=-1)
        assert not made.get("failed"), made["msg"]
        self.keys = [change["key"] for change in made["changes"]]
        self.mark = len(vendors.requests())
        self.state = vendors.state(life.tenant)

    @property
    def listed(self) -> list[Entry]:
        return [self.kind.make(n) for n in MADE]

    def entry(self, number: int, **more: Any) -> Entry:
        """One of those that were made, by what identifies it."""
        names = self.kind.service.resource.identity
        return {name: value for name, value in self.kind.make(number).items() if name in names} | more

    def many(self, entries: Sequence[Entry], check: bool = False, **options: Any) -> dict[str, Any]:
        resource = self.kind.service.resource
        given = {**self.kind.options, **options}
        if f"{resource.plural}_file" not in options:
            given[resource.plural] = list(entries)
        if not resource.spends_quota:
            given.pop("max_registrations", None)
        return run_many(self.kind.service, given, self.connection, check)

    def one(self, entry: Entry, check: bool = False) -> dict[str, Any]:
        return run_one(self.kind.service, entry, self.connection, check)

    def spare(self) -> list[str]:
        """Expressions for all that the tests did not make."""
        return [re.escape(key) for key in self.others]

    def untouched(self) -> bool:
        return self.vendors.writes(since=self.mark) == [] and self.vendors.state(self.kind.life.tenant) == self.state

    def refused(self, entries: Sequence[Entry], says: str, **options: Any) -> dict[str, Any]:
        """Refused in check mode and for real, with the same plan, before anything is written; the real result."""
        checked, done = (self.many(entries, check=check, **options) for check in (True, False))
        for result in (checked, done):
            assert re.search(says, result["msg"]), result["msg"]
            assert result["changed"] is False
        assert checked.get("changes") == done.get("changes")
        assert checked["failure"] == done["failure"]
        assert self.untouched()
        return done


@pytest.fixture(params=KINDS)
def tenant(request: pytest.FixtureRequest, vendors: Emulator, no_backoff: None) -> Tenant:
    return Tenant(KINDS[request.param], vendors)


# --- max_deletions --------------------------------------------------------------------------------------------------

LIMITS = ("0", "1", "2", " 2 ", "-1", "10%", "50%", "99.9%", "100%")


def ways(tenant: Tenant) -> Iterator[tuple[list[Entry], dict[str, Any]]]:
    """Each way to lose two objects of the four, as declared entries and options."""
    yield [tenant.entry(3, state="absent"), tenant.entry(4, state="absent")], {}
    purge = {"purge": True, "purge_exclude": tenant.spare()}
    yield tenant.listed[:2], purge
    yield [*tenant.listed[:2], tenant.entry(3, state="absent")], purge
    if "enabled" in {field.name for field in tenant.kind.service.resource.fields}:
        yield [tenant.entry(3, enabled=False), tenant.entry(4, state="absent")], {}
        yield [*tenant.listed[:2], tenant.entry(3, enabled=False)], purge


def test_max_deletions_counts_whatever_locks_somebody_out(tenant: Tenant) -> None:
    for entries, options in ways(tenant):
        none = tenant.refused(
            entries, "2 deletions are planned, more than max_deletions: 0%", max_deletions="0%", **options
        )
        assert none["failure"]["kind"] == "conflict"
        assert len(none["changes"]) == 2
        in_scope = int(re.search(r"\(0 of (\d+) in scope\)", none["msg"])[1])  # type: ignore[index]  # or it fails here
        assert in_scope >= 4
        # Every form of a limit once, and with every way the two between which it lies.
        for limit in ("1", "2") if options else LIMITS:
            allowed = allowed_deletions(limit, in_scope)
            if allowed is not None and allowed < 2:
                tenant.refused(entries, "2 deletions are planned", max_deletions=limit, **options)
            else:
                assert not tenant.many(entries, check=True, max_deletions=limit, **options).get("failed")
    done = tenant.many(entries, max_deletions="2", **options)
    assert not done.get("failed"), done["msg"]
    assert not tenant.untouched()


def test_a_limit_is_ten_where_none_is_given(tenant: Tenant) -> None:
    more = [tenant.kind.make(n) for n in range(5, 12)]
    assert not tenant.many(more, max_registrations=-1).get("failed")
    tenant.mark, tenant.state = len(tenant.vendors.requests()), tenant.vendors.state(tenant.kind.life.tenant)
    entries = [tenant.entry(n, state="absent") for n in range(1, 12)]
    tenant.refused(entries, "11 deletions are planned, more than max_deletions: 10 allows")
    assert not tenant.many(entries[1:], check=True).get("failed")


def test_the_token_in_use_is_not_renewed(vendors: Emulator, tmp_path: Path) -> None:
    tenant = Tenant(KINDS["devo_token"], vendors)
    vendors.clock_advance(60)
    renewed = {"name": "automation", "renew_before": 86390, "secret_file": str(tmp_path / "token")}
    tenant.refused([renewed], NEVER_LOST)
    assert NEVER_LOST in tenant.one(renewed)["msg"]
    assert list(tmp_path.iterdir()) == []
    assert tenant.untouched()


@pytest.mark.parametrize("limit", ["", "-2", "ten", "1.5", "101%", "-1%", "20 %"])
def test_a_limit_that_is_none_is_refused_before_anything_is_asked(tenant: Tenant, limit: str) -> None:
    asked = len(tenant.vendors.requests())
    assert tenant.refused([], "max_deletions: ", max_deletions=limit)["failure"]["kind"] == "validation"
    assert len(tenant.vendors.requests()) == asked


@pytest.mark.parametrize(
    "more", [{"audience": ["http"], "replace": True}, {"renew_before": 86370, "return_secret": True}]
)
def test_a_token_that_gets_a_follower_is_no_deletion(vendors: Emulator, more: Entry) -> None:
    tenant = Tenant(KINDS["devo_token"], vendors)
    vendors.clock_advance(60)
    result = tenant.many([tenant.entry(1, **more)], max_deletions="0", return_objects=True)
    assert not result.get("failed"), result["msg"]
    assert result["changes"][0]["replaced"] is True
    disabled = tenant.many([tenant.entry(1, **more, enabled=False)], check=True, max_deletions="0", return_objects=True)
    assert "1 deletions are planned" in disabled["msg"]


# --- what a purge reaches -------------------------------------------------------------------------------------------


def test_a_purge_that_keeps_nothing_needs_a_word(tenant: Tenant, tmp_path: Path) -> None:
    gone = [tenant.entry(n, state="absent") for n in MADE]
    file = tmp_path / "declared.json"
    file.write_text("[]")
    for entries in ([], gone[:1], gone):
        refused = tenant.refused(entries, "set allow_empty: true if that is meant", purge=True, max_deletions=ALL)
        assert refused["failure"]["kind"] == "validation"
        meant = tenant.many(
            entries, check=True, purge=True, allow_empty=True, max_deletions=ALL, purge_exclude=tenant.spare()
        )
        assert [change["key"] for change in meant["changes"]] == sorted(tenant.keys)
    tenant.refused([], "allow_empty: true", purge=True, **{f"{tenant.kind.service.resource.plural}_file": str(file)})


def test_purge_exclude_spares_whole_keys_whatever_their_case(tenant: Tenant) -> None:
    first, second, third, last = sorted(tenant.keys)
    spare = [
        *tenant.spare(),
        re.escape(first.upper()),
        re.escape(second[:-1]),  # no full match
        f"(?:{re.escape(third)}|x)",
        "nobody.*",
    ]
    result = tenant.many([], check=True, purge=True, allow_empty=True, max_deletions=ALL, purge_exclude=spare)
    assert [change["key"] for change in result["changes"]] == [second, last]
    reasons = {item["key"]: item["reason"] for item in result["unmanaged"]}
    assert {key: reasons[key] for key in sorted(tenant.keys)} == {
        first: "excluded",
        second: "undeclared",
        third: "excluded",
        last: "undeclared",
    }
    assert "purge_exclude: 'nobody.*' matches nothing that exists" in result["warnings"]
    # What is declared absent is meant, whatever a purge has to spare.
    absent = tenant.many([tenant.entry(1, state="absent")], check=True, purge_exclude=[".*"])
    assert [change["action"] for change in absent["changes"]] == ["delete"]


@pytest.mark.parametrize("expression", ["(", "[a", "*", "(?P<a>x)(?P<a>y)"])
def test_an_expression_that_is_none_is_refused_before_anything_is_asked(tenant: Tenant, expression: str) -> None:
    asked = len(tenant.vendors.requests())
    refused = tenant.refused(tenant.listed[:1], "is not a regular expression", purge=True, purge_exclude=[expression])
    assert refused["failure"]["kind"] == "validation"
    assert len(tenant.vendors.requests()) == asked


@pytest.mark.parametrize("objects", ["all", "some", "none"])
def test_nothing_is_purged_by_a_listing_that_is_not_complete(tenant: Tenant, objects: str) -> None:
    real = tenant.kind.service

    class Short(real):  # type: ignore[valid-type, misc]  # each kind in its turn
        def observe(self, declared: Any, again: bool = False) -> Snapshot:
            snapshot: Snapshot = super().observe(declared, again)
            snapshot.complete = False
            keep = {"all": len(snapshot.objects), "some": 1, "none": 0}[objects]
            del snapshot.objects[keep:]
            return snapshot

    options = {**tenant.kind.options, real.resource.plural: tenant.listed[:1], "purge": True, "max_deletions": ALL}
    for check in (True, False):
        result = run_many(Short, options, tenant.connection, check)
        assert "purge needs a complete listing, which the platform refused; nothing is removed" in result["msg"]
        assert result["unmanaged"] is None
        assert result["summary"]["listing_complete"] is False
        assert not [change for change in result["changes"] if change["action"] == "delete"]
    assert tenant.untouched()


# --- what is never lost ---------------------------------------------------------------------------------------------


def test_nobody_locks_themselves_or_everybody_out(tenant: Tenant) -> None:
    for entry, says in tenant.kind.protected:
        for options in ({}, {"purge": True, "purge_exclude": [".*"]}):
            given = [entry, *tenant.listed] if options else [entry]
            refused = tenant.refused(given, says, max_deletions=ALL, **options)
            assert "Nothing was written. " in refused["msg"]
            assert refused["failure"]["kind"] == "conflict"
        for check in (True, False):
            alone = tenant.one(entry, check)
            assert re.search(says, alone["msg"]), alone["msg"]
            assert not alone["changed"]
        assert tenant.untouched()


def test_a_purge_of_everything_spares_what_is_protected(tenant: Tenant) -> None:
    options = {"purge": True, "allow_empty": True, "max_deletions": ALL}
    checked = tenant.many([], check=True, **options)
    assert not checked.get("failed"), checked["msg"]
    kept = {item["key"] for item in checked["unmanaged"] if item["reason"] != "undeclared"}
    assert kept, "the start state holds something that a purge must spare"
    done = tenant.many([], **options)
    assert not done.get("failed"), done["msg"]
    assert {item["key"] for item in tenant.many([], check=True)["unmanaged"]} >= kept
    # Whoever asks can still ask, and would find nothing more to remove.
    assert tenant.many([], **options)["changes"] == []


def test_the_last_administrator_stays_where_no_owner_is_shown(vendors: Emulator) -> None:
    domain = {**TENANT["domains"][0], "users": TENANT["domains"][0]["users"][1:]}
    kind = KINDS["devo_domain_user"]
    by_key = {"api_token": None, "api_key": "fake-devo-api-key", "api_secret": "fake-devo-api-secret"}
    tenant = Tenant(Kind(kind.life, kind.make, state={**TENANT, "domains": [domain]}, credentials=by_key), vendors)
    says = r"no administrator would be left on this platform of those that there are \(ann@example.com\); keep one"
    for more in ({"state": "absent"}, {"enabled": False}, {"roles": ["analyst"]}, {"roles": []}):
        tenant.refused([{"email": "ann@example.com", **more}], says)
        # One who is yet to become an administrator may fail to.
        follower = {"email": "user1@example.com", "roles": ["ADMIN"]}
        tenant.refused([{"email": "ann@example.com", **more}, follower], says)
        assert re.search(says, tenant.one({"email": "ann@example.com", **more})["msg"])
    tenant.refused(tenant.listed, says, purge=True, max_deletions=ALL)
    assert not tenant.many([{"email": "user1@example.com", "roles": ["ADMIN"]}]).get("failed")
    assert not tenant.many([{"email": "ann@example.com", "state": "absent"}], check=True).get("failed")


# --- what is spent --------------------------------------------------------------------------------------------------


def test_registrations_are_limited_before_the_first_one(vendors: Emulator, no_backoff: None) -> None:
    spending = [kind for kind in KINDS.values() if kind.service.resource.spends_quota]
    assert spending
    for kind in spending:
        tenant = Tenant(kind, vendors)
        new = [kind.make(n) for n in range(20, 31)]
        says = "11 registrations are planned, each of which spends the year's quota, more than max_registrations: "
        for limit in ({}, {"max_registrations": 10}, {"max_registrations": 0}):
            refused = tenant.refused(new, says + str(limit.get("max_registrations", 10)), **limit)
            assert refused["summary"]["registrations"] == 11
            assert len(refused["changes"]) == 11
        assert tenant.refused(new, "max_registrations: -2", max_registrations=-2)["failure"]["kind"] == "validation"
        assert not tenant.many(new[:10], check=True).get("failed")
        assert tenant.many(new, check=True, max_registrations=-1)["summary"]["registrations"] == 11


# --- one message ----------------------------------------------------------------------------------------------------


def test_all_reasons_stand_in_one_message_and_nothing_is_written(tenant: Tenant) -> None:
    wrong = [(entry, says) for entry, says in tenant.kind.protected if entry.get("state") == "absent"][:1]
    entries = [
        *(entry for entry, _says in wrong),
        tenant.kind.make(9),
        *(tenant.entry(n, state="absent") for n in MADE),
    ]
    options = {"max_deletions": "3"}
    if tenant.kind.service.resource.spends_quota:
        options["max_registrations"] = 0
        wrong.append(({}, "1 registrations are planned"))
    refused = tenant.refused(entries, "[45] deletions are planned, more than max_deletions: 3", **options)
    for _entry, says in wrong:
        assert re.search(says, refused["msg"])
    # The plan is told whole: also what might have been done.
    planned = {change["key"]: change["action"] for change in refused["changes"]}
    assert planned.keys() >= set(tenant.keys)
    assert "create" in planned.values()
    assert {change["status"] for change in refused["changes"]} <= {"planned", "failed"}
    assert refused["summary"]["delete"] >= 4
