# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts of a Ledger tenant."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from typing import Any

from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.services.ledger import LedgerAccounts
from properties import names
from properties.kind import Case, Entry, Kind, Objects, Properties

levels = st.sampled_from(("reader", "reader", "writer", "owner"))
teams = st.lists(st.sampled_from(("red", "blue", "Rôle #1 50%")), max_size=3)


class LedgerAccount(Kind):
    service = LedgerAccounts
    tenant = "ledger"
    across = "is declared twice|no administrator would be left"

    def cases(self) -> st.SearchStrategy[Case]:
        return _cases(self)

    def objects(self, state: Mapping[str, Any]) -> Objects:
        return {found["id"]: {**found, "teams": sorted(set(found["teams"]))} for found in state["accounts"]}

    def rest(self, state: Mapping[str, Any]) -> Any:
        return {name: value for name, value in state.items() if name != "accounts"}

    def key(self, found: Properties) -> str:
        return str(found["name"])

    def means(self, entry: Entry, identity: Hashable, found: Properties) -> bool:
        return bool(entry["name"].lower() == found["name"].lower())

    def keys(self, entry: Entry, objects: Objects) -> set[str]:
        return {entry["name"], *(found["name"] for found in objects.values() if self.means(entry, None, found))}

    def wanted(self, entry: Entry, before: Properties | None, case: Case) -> Properties:
        wanted = {name: entry[name] for name in ("level", "teams") if name in entry}
        return {**wanted, "teams": sorted(set(wanted["teams"]))} if "teams" in wanted else wanted

    def created(self, entry: Entry, fields: Properties, case: Case) -> Properties:
        return {"name": entry["name"], "teams": [], **fields}


@st.composite
def _cases(draw: st.DrawFn, kind: LedgerAccount) -> Case:
    pool = draw(names.pool(names.names.filter(lambda name: not re.search(r"[/\\]|^\.+$", name))))
    account: st.SearchStrategy[Entry] = st.fixed_dictionaries(
        {"name": names.one_of(pool), "level": levels, "teams": teams}
    )
    found = draw(st.lists(account, max_size=5, unique_by=_name))
    accounts = [{"id": str(number), **one} for number, one in enumerate(found, start=1)]
    entry: st.SearchStrategy[Entry] = st.fixed_dictionaries(
        {"name": names.seldom(names.wrong_names, names.one_of(pool))},
        optional={"state": st.sampled_from(("present", "present", "absent")), "level": levels, "teams": teams},
    )
    entries = draw(names.listed(entry, _name))
    # Mostly with what creating an account takes.
    complete = [{"level": "reader", **one} if draw(st.integers(0, 9)) < 9 else one for one in entries]
    return Case({"accounts": accounts}, draw(kind.switches()), complete, draw(kind.guards()))


def _name(entry: Mapping[str, Any]) -> str:
    return str(entry["name"]).lower()


KIND = LedgerAccount()
