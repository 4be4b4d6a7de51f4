# SPDX-License-Identifier: GPL-3.0-or-later
"""Users of a Devo domain."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, ClassVar

from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.services.devo_users import DevoUsers
from emulator.devo import Devo
from emulator.names import folded
from properties import names
from properties.kind import Case, Entry, Excuse, Kind, Objects, Properties
from unit.lives.devo_domain_user import LIFE

ROLES = ("analyst", "reviewer", "Data scientist-2")
DOMAIN = "example@reseller"
START = Devo.start_state["domains"][0]
NONE = "NO_PRIVILEGES"


class DomainUser(Kind):
    service = DevoUsers
    tenant = "devo"
    # The key that is taken whatever `domain_key` says.
    common: ClassVar[Mapping[str, Any]] = {"domain": DOMAIN, "api_key_type": "multitenant"}
    unmet = LIFE.unmet
    excuses: ClassVar[tuple[Excuse, ...]] = ()
    across = "is declared twice|can have one owner"
    # Who has an account in another domain keeps its name, and its e-mail in the case of there.
    given_by_server = frozenset(("email", "username", "status"))

    # --- cases ---------------------------------------------------------------------------------------------------

    def cases(self) -> st.SearchStrategy[Case]:
        return _cases(self)

    # --- the emulator's state ------------------------------------------------------------------------------------

    def objects(self, state: Mapping[str, Any]) -> Objects:
        people = {folded(person["email"]): _person(person) for person in state["people"]}
        return {
            folded(user["email"]): {
                **people[folded(user["email"])],
                **user,
                "roles": sorted(set(user["roles"]) - {NONE}) or [NONE],
                "enabled": user["status"] != "disabled",
            }
            for user in state["domains"][0]["users"]
        }

    def rest(self, state: Mapping[str, Any]) -> Any:
        domain, *others = state["domains"]
        everywhere = {folded(user["email"]) for other in others for user in other["users"]}
        # Who is in no other domain comes and goes with this one.
        people = [person for person in state["people"] if folded(person["email"]) in everywhere]
        return [people, state["resellers"], others, {name: domain[name] for name in domain if name != "users"}]

    # --- what is meant -------------------------------------------------------------------------------------------

    def key(self, found: Properties) -> str:
        return folded(str(found["email"]))

    def means(self, entry: Entry, identity: Hashable, found: Properties) -> bool:
        return bool(identity == folded(entry["email"]))

    def keys(self, entry: Entry, objects: Objects) -> set[str]:
        return {folded(entry["email"])}

    def wanted(self, entry: Entry, before: Properties | None, case: Case) -> Properties:
        wanted = {name: entry[name] for name in ("enabled",) if name in entry}
        if "roles" in entry:
            kept = before["roles"] if before and entry.get("append_roles") else []
            # An owner reads back as ADMIN.
            roles = {"ADMIN" if role == "OWNER" else role for role in (*kept, *entry["roles"])}
            wanted["roles"] = sorted(roles - {NONE}) or [NONE]
        return wanted

    # --- what a plan does ----------------------------------------------------------------------------------------

    def created(self, entry: Entry, fields: Properties, case: Case) -> Properties:
        owner = fields["roles"] == ["OWNER"]
        made = {"email": entry["email"], "owner": owner, "enabled": True, **fields, "external_id": None}
        if owner:
            made["roles"] = ["ADMIN"]
        known = [person for person in case.state["people"] if folded(person["email"]) == folded(entry["email"])]
        # Who has an account already is added as it is, and no listing of this domain tells.
        return {**made, **_person(known[0])} if known else {**made, "phone": fields.get("phone")}

    def updated(self, found: Properties, entry: Entry | None, fields: Properties) -> Properties:
        if "enabled" in fields:
            on = "active" if found["activated"] else "pending"
            fields = {**fields, "status": on if fields["enabled"] else "disabled"}
        return {**found, **fields}


@st.composite
def _cases(draw: st.DrawFn, kind: DomainUser) -> Case:
    switches = draw(kind.switches())
    emails = draw(names.pool(names.emails))
    email = names.one_of(emails)
    person = st.fixed_dictionaries(
        {"email": email, "activated": st.sampled_from((True, True, False))},
        optional={
            "user_name": names.names,
            "phone": st.just("+34600000001"),
            "external_id": st.sampled_from((None, "sso-1")),
        },
    )
    people = draw(st.lists(person, max_size=4, unique_by=_email))
    strangers = draw(st.lists(person, max_size=1, unique_by=_email))
    known = {_email(one): one for one in [*strangers, *people]}
    users = [draw(_user(one)) for one in people]
    owner = {"email": "owner@example.com", "roles": ["ADMIN"], "owner": True}
    if draw(st.integers(0, 9)) < 9:
        users.insert(0, owner)
        known.setdefault("owner@example.com", {"email": "owner@example.com"})
    other = {
        "name": "other@reseller",
        "api_key": "fake-other-key",
        "api_secret": "fake-other-secret",
        "users": [{"email": one["email"], "roles": ["ADMIN"]} for one in strangers],
    }
    state = {
        "people": list(known.values()),
        "domains": [{**START, "roles": list(ROLES), "users": users}, other],
    }
    entries = draw(names.listed(_entry(emails), _email))
    present = {_email(user) for user in users}
    entries = [entry if _email(entry) in present else draw(_completed(entry)) for entry in entries]
    return Case(state, switches, entries, draw(kind.guards()))


def _person(person: Mapping[str, Any]) -> dict[str, Any]:
    """A person of a state file, by the options' names."""
    name = person.get("user_name") or folded(person["email"]).partition("@")[0]
    defaults = {"phone": None, "external_id": None, "activated": True, "username": name}
    return {**defaults, **{key: value for key, value in person.items() if key != "user_name"}}


def _email(user: Mapping[str, Any]) -> str:
    return folded(str(user["email"]))


_some_roles = st.lists(st.sampled_from(ROLES), unique=True, max_size=3).map(lambda roles: roles or [NONE])
_roles = st.one_of(_some_roles, _some_roles, _some_roles, st.just(["ADMIN"]))


@st.composite
def _user(draw: st.DrawFn, person: Mapping[str, Any]) -> dict[str, Any]:
    status = draw(st.sampled_from(("active" if person["activated"] else "pending", "disabled")))
    return {"email": person["email"], "roles": draw(_roles), "status": status}


def _entry(emails: list[str]) -> st.SearchStrategy[Entry]:
    wrong = st.lists(st.sampled_from((*ROLES, "ADMIN", "OWNER", NONE, "analystt", "admin")), max_size=3)
    declared = st.one_of(*[_roles] * 8, st.just([]), wrong)
    return st.fixed_dictionaries(
        {"email": names.seldom(names.wrong_emails | st.just("OWNER@example.com"), names.one_of(emails))},
        optional={
            "state": st.sampled_from(("present", "present", "present", "absent")),
            "username": st.sampled_from(("Ana Silva", "Élodie O'Neill", "x.y@z")),
            "phone": st.sampled_from(("+34 600 000 002", "+34600000003")),
            "roles": declared,
            "append_roles": st.booleans(),
            "enabled": st.booleans(),
            "skip_validation": st.booleans(),
        },
    )


@st.composite
def _completed(draw: st.DrawFn, entry: Entry) -> Entry:
    """Mostly with what creating the user takes."""
    if entry.get("state") == "absent" or "roles" in entry or draw(st.integers(0, 9)) == 9:
        return entry
    return {**entry, "roles": draw(_roles)}


KIND = DomainUser()
