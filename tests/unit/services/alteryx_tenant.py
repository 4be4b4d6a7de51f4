# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulated Alteryx Server's start state by name, and what the tests ask of it."""

from __future__ import annotations

import copy
from typing import Any

from emulator.alteryx import Alteryx
from emulator.server import Emulator

CURATOR, ANN, BOB = (f"66f0000000000000000000a{n}" for n in (1, 2, 3))
FINANCE, EMPTY = "66f0000000000000000000b1", "66f0000000000000000000b2"
CREDENTIAL = "66f0000000000000000000c1"
FIGURES = {"id": "66f0000000000000000000d1", "name": "Monthly figures"}


def named(vendors: Emulator, name: str) -> list[dict[str, Any]]:
    """The subscriptions of that name."""
    return [item for item in vendors.state("alteryx")["subscriptions"] if item["name"] == name]


def only(vendors: Emulator, name: str) -> dict[str, Any]:
    (found,) = named(vendors, name)
    return found


def calls(vendors: Emulator, writes: bool = True) -> list[str]:
    """Method and path below the API's base, of every write (or of every read)."""
    return [
        f"{item['method']} {item['path'].split('/webapi', 1)[1]}"
        for item in vendors.requests()
        if item["write"] == writes and not item["path"].endswith("/oauth2/token")
    ]


def state(**more: list[dict[str, Any]]) -> dict[str, Any]:
    """A state file: the start state with more users, subscriptions, credentials or workflows."""
    start = copy.deepcopy(Alteryx.start_state)
    for key, items in more.items():
        start[key] = [*start[key], *items]
    return {"alteryx": start}


def user(number: int, email: str, subscription: str | None = None, **more: Any) -> dict[str, Any]:
    """A user of a state file, whose private subscription is called `User <number>`."""
    known = {"id": f"66f1{number:020d}", "firstName": "User", "lastName": str(number), "email": email}
    return {**known, "subscription": subscription, **more}
