# SPDX-License-Identifier: GPL-3.0-or-later
"""Users of a Datasentinel platform."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.services.datasentinel import DatasentinelUsers
from emulator.names import folded
from properties import names
from properties.kind import Case, Entry, Excuse, Kind, Objects, Properties

ROLES = ("billing", "reporting", "Rôle #1 50%")
ACCOUNT = {"api_username": "automation@example.com", "api_password": "emulated-datasentinel-password"}
NO_COMMENTS = {"generation": ("old",)}

privileges = st.sampled_from(("read", "read write", "admin"))
profiles = st.sampled_from(("developer", "data admin"))
comments = st.sampled_from(("", "", "joined")) | names.names
# None of them is a word of a name: results would hide it there.
passwords = st.sampled_from(("first password", "second pässwörd", "{{ y }}\"'"))


class DatasentinelUser(Kind):
    service = DatasentinelUsers
    tenant = "datasentinel"
    excuses = (
        Excuse("has the login name|already exists"),
        Excuse("not kept: .*live_360", {"put_ignores_live_360": ("yes",)}),
        Excuse("not kept: .*comment", {"comment": ("unsupported",)}),
        Excuse("not kept: .*roles", {"single_role_only": ("yes",)}),
        Excuse("answered 400|only be assigned one role", {"single_role_only": ("refused",)}),
    )
    across = "is declared twice|goes to|no administrator would be left"
    # A server may lower the case of an e-mail.
    given_by_server = frozenset(("id", "login", "email"))

    # --- cases ---------------------------------------------------------------------------------------------------

    def cases(self) -> st.SearchStrategy[Case]:
        return _cases(self)

    # --- the emulator's state ------------------------------------------------------------------------------------

    def objects(self, state: Mapping[str, Any]) -> Objects:
        return {
            user["id"]: {**user, "roles": sorted(user["roles"]), "live_360": bool(user["live_360"])}
            for user in state["users"]
        }

    def rest(self, state: Mapping[str, Any]) -> Any:
        return {name: value for name, value in state.items() if name != "users"}

    # --- what is meant -------------------------------------------------------------------------------------------

    def key(self, found: Properties) -> str:
        return folded(str(found["email"]))

    def means(self, entry: Entry, identity: Hashable, found: Properties) -> bool:
        return bool(folded(entry["email"]) == folded(found["email"]))

    def keys(self, entry: Entry, objects: Objects) -> set[str]:
        return {folded(entry["email"])}

    def wanted(self, entry: Entry, before: Properties | None, case: Case) -> Properties:
        wanted: Properties = {
            name: entry[name] for name in ("privilege", "profile", "live_360", "comment") if name in entry
        }
        if "roles" in entry:
            kept = before["roles"] if before and entry.get("append_roles") else []
            wanted["roles"] = sorted({*kept, *entry["roles"]})
        if entry.get("password") and (before is None or entry.get("update_password") == "always"):
            wanted["password"] = entry["password"]
        return wanted

    # --- what a plan does ----------------------------------------------------------------------------------------

    def created(self, entry: Entry, fields: Properties, case: Case) -> Properties:
        lower = case.switches.get("lowercase_email") == "yes"
        made = {"email": folded(entry["email"]) if lower else entry["email"], "roles": [], "comment": "", **fields}
        file = entry.get("password_file")
        password = Path(file).read_text(encoding="utf-8").rstrip("\n") if file else entry.get("password")
        return {**made, "password": password, "ldap": bool(entry.get("ldap"))}

    def updated(self, found: Properties, entry: Entry | None, fields: Properties) -> Properties:
        secret = {"password": entry["password"]} if entry is not None and "password" in fields else {}
        return {**found, **fields, **secret}


@st.composite
def _cases(draw: st.DrawFn, kind: DatasentinelUser) -> Case:
    switches = draw(kind.switches())
    emails = draw(names.pool(names.emails))
    one_role = switches.get("generation") == "old" or "single_role_only" in switches
    comment = st.just("") if one_role or switches.get("comment") == "unsupported" else comments
    user: st.SearchStrategy[Entry] = st.fixed_dictionaries(
        {
            "email": names.one_of(emails),
            "privilege": privileges,
            "profile": profiles,
            "roles": st.lists(st.sampled_from(ROLES), unique=True, max_size=1 if one_role else 3),
            "live_360": st.sampled_from((0, 1)),
            "comment": comment,
            "password": st.none() | passwords,
            "ldap": st.booleans(),
        }
    )
    same = str if draw(st.integers(0, 9)) == 9 else str.lower
    users = draw(st.lists(user, max_size=5, unique_by=lambda user: same(user["email"])))
    entries = draw(names.listed(_entry(emails), _email))
    entries = [
        draw(_completed(entry)) if not any(_email(user) == _email(entry) for user in users) else entry
        for entry in entries
    ]
    state = {**ACCOUNT, "users": users, "roles": [{"name": role, "access": []} for role in ROLES]}
    return Case(state, switches, names.own_files(entries, "password_file"), draw(kind.guards()))


def _email(user: Mapping[str, Any]) -> str:
    return folded(str(user["email"]))


def _entry(emails: list[str]) -> st.SearchStrategy[Entry]:
    # Not the password: the next run would not get in.
    role = names.seldom(names.names, st.sampled_from(ROLES))
    email = names.seldom(names.wrong_emails, names.one_of(emails))
    own = st.fixed_dictionaries(
        {"email": st.just("Automation@example.com")},
        optional={"state": st.just("absent"), "privilege": privileges, "profile": profiles, "comment": comments},
    )
    return names.seldom(
        own,
        st.fixed_dictionaries(
            {"email": email},
            optional={
                "state": st.sampled_from(("present", "present", "absent")),
                "privilege": privileges,
                "profile": profiles,
                "roles": st.lists(role, max_size=3),
                "append_roles": st.booleans(),
                "unrestricted": st.booleans(),
                "live_360": st.booleans(),
                "comment": comments,
                "password": passwords,
                "update_password": st.sampled_from(("on_create", "always")),
            },
        ),
    )


@st.composite
def _completed(draw: st.DrawFn, entry: Entry) -> Entry:
    """Mostly with what creating the user takes."""
    if entry.get("state") == "absent" or draw(st.integers(0, 9)) == 9:
        return entry
    given: Entry = {"privilege": draw(privileges), "profile": draw(profiles), **entry}
    if "password" not in given:
        ways = ({"ldap": True}, {"password": "first password"}, {"password_file": "password"})
        given.update(draw(st.sampled_from(ways)))
    return given


KIND = DatasentinelUser()
