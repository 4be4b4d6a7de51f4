# SPDX-License-Identifier: GPL-3.0-or-later
"""Users that a DBSync partner application has registered."""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Mapping
from typing import Any, ClassVar
from unittest import mock

from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.services.dbsync import DBSyncUsers
from properties import names
from properties.kind import Case, Entry, Excuse, Kind, Objects, Properties

KEYS = {"app_key": "fake-partner-app-key", "app_token": "fake-partner-app-token"}


class LicenseUser(Kind):
    service = DBSyncUsers
    tenant = "dbsync"
    unmet: ClassVar[Mapping[str, str]] = {"unknown_route": "the address is right", "authenticate": "nobody asks"}
    excuses = (
        # The one reading under which the documents' "uniquely identifiable username" is about all companies together.
        Excuse("registerUser", {"name_scope": ("partner",)}),
        Excuse("does not say whether the licence is active", {"active_field": ("absent",)}),
    )
    across = "is declared twice|are both to be registered"
    # What is spent of the quota is counted over all users, so that it grows in those who were not touched.
    shown_once = frozenset(("used", "raw"))
    given_by_server = frozenset(("start_date", "expiry_date", "quota", "used", "raw", "active_known"))

    # --- cases ---------------------------------------------------------------------------------------------------

    def cases(self) -> st.SearchStrategy[Case]:
        return _cases(self)

    def excused(self, case: Case, change: Mapping[str, Any]) -> bool:
        """No call tells what is left of the year's quota."""
        partner = case.state["partners"][0]
        spent_up = partner["annual_quota"] - partner["annual_used"] < len(case.entries)
        return super().excused(case, change) or (change["action"] != "delete" and spent_up)

    def unreadable(self, case: Case) -> bool:
        """Whether nobody can tell who is registered.

        An error without a readable text may be a wrong address, or say that there is no such user. A licence that does
        not say whose it is may be another's, or has ended.
        """
        opaque = case.switches.get("error_text") == "opaque" and case.switches.get("no_match") == "error"
        unknown = case.switches.get("filter", "honoured") != "honoured" or case.switches.get("active_field") == "absent"
        return opaque or (case.switches.get("identity", "both") != "both" and unknown)

    def refused_next(self, case: Case, before: Objects, after: Objects) -> bool:
        """One of two spellings was removed; or the first records there are do not say whose they are."""
        present = [entry for entry in case.entries if entry.get("state") != "absent"]
        declared = {(entry["company"], entry["username"]) for entry in present}
        stays = {_folded(found) for user, found in after.items() if self.exists(found) and user not in declared}
        left = any(
            _folded(before[user]) in stays
            for entry in case.entries
            if entry.get("state") == "absent"
            for user in self.ids(entry, before)
        )
        return left or (not before and case.switches.get("identity", "both") != "both")

    # --- the emulator's state ------------------------------------------------------------------------------------

    def objects(self, state: Mapping[str, Any]) -> Objects:
        return {(user["company"], user["name"]): user for user in state["partners"][0]["users"]}

    def rest(self, state: Mapping[str, Any]) -> Any:
        counted = ("users", "annual_used", "active_users")
        return [{name: value for name, value in state["partners"][0].items() if name not in counted}]

    def also(self, case: Case, before: Mapping[str, Any], after: Mapping[str, Any], done: Mapping[str, Any]) -> None:
        """A plan says what it spends of the year's quota."""
        super().also(case, before, after, done)
        spent = after["partners"][0]["annual_used"] - before["partners"][0]["annual_used"]
        planned = done["summary"]["registrations"]
        free = case.switches.get("reregister") == "free"
        assert spent <= planned if free or done["summary"]["failed"] else spent == planned

    # --- what is meant -------------------------------------------------------------------------------------------

    def key(self, found: Properties) -> str:
        return f"{found['company']}/{found['name']}"

    def means(self, entry: Entry, identity: Hashable, found: Properties) -> bool:
        return bool(identity == (entry["company"], entry["username"]))

    def keys(self, entry: Entry, objects: Objects) -> set[str]:
        return {f"{entry['company']}/{entry['username']}"}

    def wanted(self, entry: Entry, before: Properties | None, case: Case) -> Properties:
        # Where records do not tell, every user who is listed counts as registered.
        return {} if case.switches.get("active_field") == "absent" else {"active": True}

    def exists(self, found: Properties) -> bool:
        """A licence that has ended counts as absent."""
        return bool(found["active"]) and found["expires"] > "2021"

    def apart(self, entries: list[Entry], objects: Objects) -> bool:
        """One spelling may be absent beside another that is declared present."""
        present = {_folded(entry) for entry in entries if entry.get("state") != "absent"}
        return not any(_folded(entry) in present for entry in entries if entry.get("state") == "absent")

    # --- what a plan does ----------------------------------------------------------------------------------------

    def updated(self, found: Properties, entry: Entry | None, fields: Properties) -> Properties:
        """A user who is registered again has a new year."""
        return {**found, **fields, "expires": mock.ANY}

    def created(self, entry: Entry, fields: Properties, case: Case) -> Properties:
        return {"company": entry["company"], "name": entry["username"], "active": True, "extra": {}}

    def removed(self, found: Properties, case: Case) -> Properties | None:
        """Where an unregistered user stays listed, the licence is inactive."""
        return {**found, "active": False} if case.switches.get("after_unregister") == "inactive" else None


def _folded(user: Mapping[str, Any]) -> str:
    """Both names of an entry or of a licence without case, blanks and Unicode form."""
    name = "".join(f"{user['company']}/{user.get('username', user.get('name'))}".split())
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())


@st.composite
def _cases(draw: st.DrawFn, kind: LicenseUser) -> Case:
    switches = draw(kind.switches())
    if "identity" in switches:
        # Whose record it is, in which spelling, the server alone knows.
        switches.pop("name_case", None)
    companies = draw(st.lists(names.names, min_size=1, max_size=2))
    people = draw(names.pool(names.names | names.emails))
    # Nearly all of them are refused, once one of them is listed.
    spellings = draw(st.integers(0, 3)) == 3
    company, person = names.one_of(companies, spellings), names.one_of(people, spellings)
    user = st.fixed_dictionaries(
        {"company": company, "name": person},
        optional={"active": st.sampled_from((True, True, False)), "expires": st.just("2020-01-01")},
    )
    users = draw(st.lists(user, max_size=5))
    entry = st.fixed_dictionaries(
        {
            "company": names.seldom(names.wrong_names, company),
            "username": names.seldom(names.wrong_names, person),
        },
        optional={
            "state": st.sampled_from(("present", "present", "absent")),
            "allow_reregister": st.sampled_from((True, True, False)),
        },
    )
    entries = draw(names.listed(entry, lambda entry: (entry["company"], entry["username"])))
    options = draw(kind.guards())
    options["max_registrations"] = draw(st.sampled_from((-1, -1, -1, 10, 10, 10, 1, 0)))
    if draw(st.booleans()):
        options["companies"] = draw(st.lists(company, min_size=1, max_size=2))
    quota = {"annual_quota": draw(st.sampled_from((100, 100, 100, 7))), "annual_used": 6}
    return Case({"partners": [{**KEYS, **quota, "users": users}]}, switches, entries, options)


KIND = LicenseUser()
