# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens of a Devo account, with what renewals have left of them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from unittest import mock

from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.services.devo_tokens import DevoTokens
from emulator.devo import Devo
from emulator.names import folded
from properties import names
from properties.kind import Case, Entry, Excuse, Kind, Objects, Properties, World
from unit.lives.devo_token import LIFE

START = Devo.start_state["domains"][0]
OWN = START["tokens"][0]
OWNER = "owner@example.com"
ACCOUNT = "example"
DISABLED = "bob@example.com"
PEOPLE = (OWNER, "Ann@example.com", DISABLED)
HOUR, DAY = 3600, 86400
LIVES = (-1, HOUR, DAY, 30 * DAY)
LISTS = ("audience", "scopes")


class Alike(str):
    """Equal to another in any case."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and folded(self) == folded(other)

    __hash__ = str.__hash__


class Token(Kind):
    service = DevoTokens
    tenant = "devo"
    common: ClassVar[Mapping[str, Any]] = {"account": ACCOUNT}
    unmet: ClassVar[Mapping[str, str]] = LIFE.unmet
    excuses = (Excuse("owner", {"owner_key": ("ignored",)}),)
    across = "is declared twice|two tokens would get"
    given_by_server = frozenset(
        ("id", "created", "updated", "expiration", "secret", "user", "owner", "expires_in", "scopes")
    )

    # --- cases ---------------------------------------------------------------------------------------------------

    def cases(self) -> st.SearchStrategy[Case]:
        return _cases(self)

    def excused(self, case: Case, change: Mapping[str, Any]) -> bool:
        """The token API does not tell that the user of a token is disabled, whose tokens no server accepts."""
        tokens = case.state["domains"][0]["tokens"]
        users = [token["user"] for token in tokens if names.shown(token["name"]) == change["key"]]
        users.append(change["fields"].get("user", {}).get("after") or "")
        refused = "the server does not accept it" in change["error"]["msg"]
        return super().excused(case, change) or (refused and DISABLED in map(folded, users))

    # --- the emulator's state ------------------------------------------------------------------------------------

    def objects(self, state: Mapping[str, Any]) -> Objects:
        return {
            token["id"]: {
                **{name: token[name] for name in token if name not in ("active", "expires_in_seconds")},
                **{name: sorted(token[name].split()) for name in LISTS},
                "enabled": token["active"],
                "expires_in": token["expires_in_seconds"],
            }
            for token in state["domains"][0]["tokens"]
        }

    def rest(self, state: Mapping[str, Any]) -> Any:
        domain, *others = state["domains"]
        return [state["people"], others, {name: domain[name] for name in domain if name != "tokens"}]

    def also(self, case: Case, before: Mapping[str, Any], after: Mapping[str, Any], done: Mapping[str, Any]) -> None:
        """Of each declared name one token is left, with what its declaration keeps of the others."""
        super().also(case, before, after, done)
        had, has = self.objects(before), self.objects(after)
        failed = {change["key"] for change in done["changes"] if change["status"] == "failed"}
        for entry in case.entries:
            name = entry.get("name")
            if "token_id" in entry or names.shown(name or "") in failed or not self.entangled(entry, had):
                continue
            left = [found for identity, found in has.items() if _root(identity, found) == name]
            if entry.get("state") == "absent":
                assert left == []
                continue
            assert [found["name"] for found in left].count(name) == 1, left
            retired = [found for found in left if "~old-" in found["name"]]
            assert not any(found["enabled"] and not _expired(found) for found in retired), left
            assert not retired or entry.get("grace"), left

    # --- what is meant -------------------------------------------------------------------------------------------

    def key(self, found: Properties) -> str:
        return str(found["name"])

    def means(self, entry: Entry, identity: Hashable, found: Properties) -> bool:
        if entry.get("token_id"):
            return bool(str(identity) == entry["token_id"])
        return bool(found["name"] == entry["name"])

    def keys(self, entry: Entry, objects: Objects) -> set[str]:
        current = [found["name"] for identity, found in objects.items() if str(identity) == entry.get("token_id")]
        return {*current, entry.get("name") or f"id {entry['token_id']}"}

    def entangled(self, entry: Entry, objects: Objects) -> set[Hashable]:
        """What a renewal has made belongs to the name that it was made from."""
        if "token_id" in entry:
            return set()
        found = {identity for identity, found in objects.items() if _root(identity, found) == entry["name"]}
        return found if any(objects[identity]["name"] != entry["name"] for identity in found) else set()

    def among(self, found: Properties, entry: Entry) -> bool:
        return bool(str(found["name"]).removesuffix("~next") == entry["name"])

    def wanted(self, entry: Entry, before: Properties | None, case: Case) -> Properties:
        wanted: Properties = {name: sorted({*entry[name]}) for name in LISTS if name in entry}
        if wanted.get("scopes") == ["default"]:
            del wanted["scopes"]
        wanted.update({name: Alike(entry[name]) for name in ("user", "owner") if name in entry})
        wanted.update({name: entry[name] for name in ("name", "expires_in") if name in entry})
        # A token that has expired is as good as disabled, and nothing brings it back.
        if "enabled" in entry and not (before and _expired(before)):
            wanted["enabled"] = entry["enabled"]
        return wanted

    # --- what a plan does ----------------------------------------------------------------------------------------

    def created(self, entry: Entry, fields: Properties, case: Case) -> Properties:
        owner = fields.get("owner", OWNER)
        made = {"name": entry["name"], "scopes": ["default"], "expires_in": DAY, "enabled": True, "owner": owner}
        made["user"] = fields.get("user", owner)
        return {**made, **{name: value for name, value in fields.items() if name not in ("secret", "unfinished")}}

    def carry_out(
        self, change: Mapping[str, Any], entry: Entry | None, identity: Hashable | None, world: World, case: Case
    ) -> None:
        """A new token takes the old one's place, which is deleted, or waits for that, disabled."""
        if change["action"] != "update" or entry is None:
            super().carry_out(change, entry, identity, world, case)
            return
        touched = {name: pair["after"] for name, pair in change["fields"].items()}
        fields = {name: value for name, value in touched.items() if name not in ("secret", "secret_file", "unfinished")}
        old = world.objects[identity]
        if not change.get("replaced"):
            wire = {"updated": mock.ANY} if fields else {}
            world.objects[identity] = {**old, **fields, **wire}
            return
        unlike = ("id", "token", "created", "updated")
        if _expired(old) and case.switches.get("expired") == "inactive":
            # Nobody can tell whether it was disabled before it expired: so it counts as that.
            old = {**old, "enabled": False}
        new = {name: value for name, value in {**old, **fields}.items() if name not in unlike}
        replacing = bool(entry.get("replace")) and (bool(set(fields) - {"enabled"}) or _expired(old))
        if not replacing and entry.get("retire_old") is False:
            world.new.append({**new, "name": f"{old['name']}~next"})
            return
        if replacing or not entry.get("grace"):
            del world.objects[identity]
        else:
            retired = {"name": f"{old['name']}~old-{identity}", "enabled": False, "updated": mock.ANY}
            world.objects[identity] = {**old, **retired}
        world.new.append(new)

    def apart(self, entries: list[Entry], objects: Objects) -> bool:
        """What a renewal has made may be declared by its id beside the name."""
        by_name = [entry for entry in entries if "token_id" not in entry]
        tangled = {str(identity) for entry in by_name for identity in self.entangled(entry, objects)}
        return tangled.isdisjoint(entry.get("token_id", "") for entry in entries)


def _root(identity: Hashable, found: Properties) -> str:
    """The name that a token stands for."""
    name = str(found["name"])
    return name.removesuffix("~next") if name.endswith("~next") else name.removesuffix(f"~old-{identity}")


def _expired(found: Properties) -> bool:
    created = datetime.fromisoformat(found["created"])
    return bool(found["expires_in"] >= 0 and created + timedelta(seconds=found["expires_in"]) <= datetime.now(UTC))


def _ago(seconds: int) -> str:
    return (datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=seconds)).isoformat()


@st.composite
def _cases(draw: st.DrawFn, kind: Token) -> Case:
    switches = draw(kind.switches())
    pool = draw(names.pool(names.names))
    unique = switches.get("token_names") == "unique" or draw(st.integers(0, 4)) < 4
    # One that has expired and is gone is nothing that a state could show.
    ages = (60, DAY // 2) if switches.get("expired") == "gone" else (60, DAY // 2, 5 * DAY)
    lives = st.sampled_from([life for life in LIVES if switches.get("expired") != "gone" or life != HOUR])
    token: st.SearchStrategy[Entry] = st.fixed_dictionaries(
        {
            "name": names.one_of(pool),
            "ending": st.sampled_from(("", "", "", "", "~next", "~old-")),
            "audience": st.sampled_from(("apiv2", "http", "apiv2-admin apiv2", "alerts http")),
            "scopes": st.sampled_from(("default", "table://my.app", "level://admin table://my.app")),
            "user": st.sampled_from(PEOPLE),
            "owner": st.sampled_from(PEOPLE),
            "expires_in_seconds": lives,
            "active": st.sampled_from((True, True, True, False)),
            "age": st.sampled_from(ages),
        }
    )
    named = (lambda one: (one["name"], one["ending"])) if unique else None
    tokens = [
        _token(number, **one) for number, one in enumerate(draw(st.lists(token, max_size=4, unique_by=named)), start=7)
    ]
    state = {"domains": [{**START, "tokens": [{**OWN, "id": 1, "created": _ago(DAY)}, *tokens]}]}
    options = draw(kind.guards())
    ids = [str(one["id"]) for one in tokens]
    entry = _entry(pool, ids, bool(options.get("return_objects")))
    entries = draw(names.listed(entry, lambda entry: (entry.get("token_id"), entry.get("name"))))
    existing = {one["name"] for one in tokens}
    entries = [
        entry if "token_id" in entry or entry["name"] in existing else draw(_completed(entry)) for entry in entries
    ]
    placed, files = draw(_files(entries, tokens))
    return Case(state, switches, placed, options, files)


def _token(number: int, name: str, ending: str, age: int, **fields: Any) -> dict[str, Any]:
    ending = f"{ending}{number}" if ending == "~old-" else ending
    return {"id": number, "name": name + ending, "created": _ago(age), "token": f"{number:032x}", **fields}


def _entry(pool: list[str], ids: list[str], shown: bool) -> st.SearchStrategy[Entry]:
    name = names.seldom(names.wrong_names | st.sampled_from(("automation", "x~next")), names.one_of(pool))
    by_name = st.fixed_dictionaries({"name": name})
    identity = by_name
    if ids:
        by_id = st.fixed_dictionaries({"token_id": st.sampled_from([*ids, "99"])}, optional={"name": name})
        identity = st.one_of(by_name, by_name, by_name, by_id)
    optional: dict[str, st.SearchStrategy[Any]] = {
        "state": st.sampled_from(("present", "present", "present", "absent")),
        "audience": st.lists(st.sampled_from(("apiv2", "http", "apiv2-admin", "alerts")), min_size=1, max_size=2),
        "scopes": st.sampled_from((["default"], ["table://my.app"], ["table://my.app", "level://admin"])),
        "user": st.sampled_from(PEOPLE).map(str.swapcase),
        "owner": st.sampled_from(PEOPLE),
        "expires_in": st.sampled_from(LIVES),
        "enabled": st.booleans(),
        "replace": st.sampled_from((True, True, False)),
        "retire_old": st.booleans(),
        "grace": st.sampled_from((0, 10 * DAY)),
        "secret_file": st.just("secret"),
    }
    if shown:
        optional["return_secret"] = st.booleans()
    return st.builds(_renewing, identity, st.fixed_dictionaries({}, optional=optional), st.booleans())


def _renewing(identity: Entry, more: Entry, renew: bool) -> Entry:
    handed = "secret_file" in more or more.get("return_secret")
    ahead = {"renew_before": 2 * HOUR} if renew and handed and "token_id" not in identity else {}
    if ahead and more.get("expires_in") == HOUR:
        more = {**more, "expires_in": DAY}
    return {**identity, **more, **ahead}


@st.composite
def _completed(draw: st.DrawFn, entry: Entry) -> Entry:
    """Mostly with what creating the token takes."""
    if entry.get("state") == "absent" or "audience" in entry or draw(st.integers(0, 9)) == 9:
        return entry
    return {**entry, "audience": ["apiv2"]}


@st.composite
def _files(draw: st.DrawFn, entries: list[Entry], tokens: list[dict[str, Any]]) -> tuple[list[Entry], dict[str, str]]:
    """Each entry with a file of its own, that is missing, or holds a token's secret, or something else."""
    files = {}
    placed = names.own_files(entries, "secret_file")
    values = {one["name"]: one["token"] for one in tokens}
    for entry in placed:
        right = values.get(entry.get("name", ""), "0" * 32)
        content = draw(st.sampled_from((None, right, right, "old " + right)))
        if "secret_file" in entry and content is not None:
            files[entry["secret_file"]] = content + "\n"
    return placed, files


KIND = Token()
