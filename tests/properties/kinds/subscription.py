# SPDX-License-Identifier: GPL-3.0-or-later
"""Subscriptions of an Alteryx Server, and who moves between them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, ClassVar

from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.services.alteryx import Subscriptions
from emulator.alteryx import Alteryx
from properties import names
from properties.kind import Case, Entry, Excuse, Kind, Objects, Properties, World

CURATOR = Alteryx.start_state["users"][0]
CREDENTIALS = ("66f0000000000000000000c1", "66f0000000000000000000c2")
# The option of a property of the emulator's state.
OPTIONS = {"canShareSchedules": "can_share_schedules", "credentialId": "credential_id"}


class Subscription(Kind):
    service = Subscriptions
    tenant = "alteryx"
    unmet: ClassVar[Mapping[str, str]] = {
        "version": "a server without these endpoints has no subscription",
        "non_curator": "the credentials are those of a Curator",
        "token_life": "no case takes that long",
    }
    excuses = (
        # The answer to the creation is all that ever shows the keys.
        Excuse("cannot be read again", {"create_body": ("id_only", "id_string", "empty")}),
        # Whoever was to move into one whose keys are lost has stayed.
        Excuse("it still has the users", {"create_body": ("id_only", "id_string", "empty")}),
        Excuse("Could not delete the subscription", {"default_subscription": ("protected",)}),
    )
    across = "is declared twice|is declared in|is to be called|go to"
    given_by_server = frozenset(("id",))
    shown_once = frozenset(("api_key", "api_secret"))

    # --- cases ---------------------------------------------------------------------------------------------------

    def cases(self) -> st.SearchStrategy[Case]:
        return _cases(self)

    # --- the emulator's state ------------------------------------------------------------------------------------

    def objects(self, state: Mapping[str, Any]) -> Objects:
        return {
            found["id"]: {OPTIONS.get(name, name): value for name, value in found.items()}
            | {"users": sorted(found["users"]), "workflows": sorted(found["workflows"])}
            for found in state["subscriptions"]
        }

    def rest(self, state: Mapping[str, Any]) -> Any:
        people = [{**user, "subscription": None} for user in state["users"]]
        return [people, state["clients"], state["credentials"], state["workflows"]]

    # --- what is meant -------------------------------------------------------------------------------------------

    def key(self, found: Properties) -> str:
        return str(found["name"])

    def means(self, entry: Entry, identity: Hashable, found: Properties) -> bool:
        if entry.get("subscription_id"):
            return bool(identity == entry["subscription_id"])
        return bool(found["name"] == entry["name"])

    def keys(self, entry: Entry, objects: Objects) -> set[str]:
        current = objects.get(entry.get("subscription_id"))
        return {str(found) for found in (entry.get("name"), current and current["name"]) if found}

    def wanted(self, entry: Entry, before: Properties | None, case: Case) -> Properties:
        return {name: entry[name] for name in ("name", *OPTIONS.values()) if name in entry}

    # --- what a plan does ----------------------------------------------------------------------------------------

    def created(self, entry: Entry, fields: Properties, case: Case) -> Properties:
        return {"name": entry["name"], "users": [], "workflows": [], "default": False, **fields}

    def carry_out(
        self, change: Mapping[str, Any], entry: Entry | None, identity: Hashable | None, world: World, case: Case
    ) -> None:
        """Whoever moves in moves out elsewhere, as the change says."""
        moved = change.get("moved", [])
        if change["action"] != "delete" and "users" in change["fields"]:
            before = set(change["fields"]["users"]["before"] or ())
            assert set(change["fields"]["users"]["after"]) - before == {move["id"] for move in moved}
        for move in moved:
            home = world.objects[move["from_id"]]
            # Another entry may rename it in the same task.
            renamed = any(each.get("subscription_id") == move["from_id"] for each in case.entries)
            assert names.shown(home["name"]) == move["from"] or identity == move["from_id"] or renamed
            home["users"] = [user for user in home["users"] if user != move["id"]]
        if identity in world.objects and "users" in change["fields"]:
            # Others may leave it by another entry, before or after.
            staying = world.objects[identity]["users"]
            super().carry_out(change, entry, identity, world, case)
            world.objects[identity]["users"] = sorted({*staying, *(move["id"] for move in moved)})
        else:
            super().carry_out(change, entry, identity, world, case)

    def apart(self, entries: list[Entry], objects: Objects) -> bool:
        """Whoever moves in leaves another one, which may be declared too."""
        return len(entries) < 2 or not any(entry.get("users") for entry in entries)


@st.composite
def _cases(draw: st.DrawFn, kind: Subscription) -> Case:
    switches = draw(kind.switches())
    pool = draw(names.pool(names.names))
    subscription: st.SearchStrategy[Entry] = st.fixed_dictionaries(
        {"name": names.one_of(pool)},
        optional={
            "canShareSchedules": st.booleans(),
            "credentialId": st.sampled_from(("", CREDENTIALS[0])),
            "default": st.sampled_from((False, False, True)),
        },
    )
    once = draw(st.integers(0, 4)) < 4 or switches.get("duplicate_names") == "refused"
    found = draw(st.lists(subscription, max_size=5, unique_by=(lambda one: one["name"]) if once else None))
    subscriptions = [{**one, "id": f"66f0b{number:019d}"} for number, one in enumerate(found)]
    ids = [one["id"] for one in subscriptions]
    homes = st.sampled_from([*ids, None])
    person: st.SearchStrategy[Entry] = st.fixed_dictionaries(
        {"email": names.emails, "subscription": homes}, optional={"firstName": names.names, "lastName": names.names}
    )
    people = [{**one, "id": f"66f0a{number:019d}"} for number, one in enumerate(draw(st.lists(person, max_size=4)))]
    workflows = [
        {"id": f"66f0d{number:019d}", "name": "Figures", "subscription": home}
        for number, home in enumerate(draw(st.lists(st.sampled_from(ids), max_size=2)) if ids else [])
    ]
    state = {
        "users": [CURATOR, *people],
        "credentials": [{"id": credential} for credential in CREDENTIALS],
        "workflows": workflows,
        "subscriptions": subscriptions,
    }
    options = draw(kind.guards())
    entry = _entry(pool, ids, people, bool(options.get("return_objects")))
    entries = draw(names.listed(entry, lambda entry: (entry.get("subscription_id"), entry.get("name"))))
    return Case(state, switches, names.own_files(entries, "secret_file"), options)


def _entry(pool: list[str], ids: list[str], people: list[Entry], shown: bool) -> st.SearchStrategy[Entry]:
    name = names.seldom(names.wrong_names | st.just("x" * 256), names.one_of(pool))
    by_name = st.fixed_dictionaries({"name": name})
    identity = by_name
    if ids:
        by_id = st.fixed_dictionaries({"subscription_id": st.sampled_from(ids)}, optional={"name": name})
        identity = st.one_of(by_name, by_name, by_id)
    known = [text for person in people for text in (person["id"], person["email"].swapcase())]
    user = names.seldom(st.sampled_from(("nobody@example.com", "66f0", "a/b")), st.sampled_from(known or ["66f0"]))
    optional: dict[str, st.SearchStrategy[Any]] = {
        "state": st.sampled_from(("present", "present", "present", "absent")),
        "can_share_schedules": st.booleans(),
        "credential_id": st.sampled_from(("", *CREDENTIALS)),
        "secret_file": st.just("keys"),
    }
    if known:
        optional["users"] = st.lists(user, min_size=1, max_size=3)
    if shown:
        optional["return_secret"] = st.booleans()
    return st.builds(lambda one, more: {**one, **more}, identity, st.fixed_dictionaries({}, optional=optional))


KIND = Subscription()
