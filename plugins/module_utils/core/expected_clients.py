# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Expected and found clients of a platform that can only be read, compared as a plural module would report it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core import checks
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.names import folded

_NO_ID = "no user id is declared, and none can be looked up; say it in accounts: {dqm: …} of the person, or as user_id"
REMEDY = "Change it in the user interface of Crownpeak DQM, which has no API for that, or change what is expected."


def check_clients(expected: Any) -> list[str]:
    """What is wrong with a list of ``{id or name, status}``."""
    if not isinstance(expected, Sequence) or isinstance(expected, str):
        return ["dqm_expected_clients must be a list"]
    wrong = []
    seen: dict[tuple[str, str], int] = {}
    for place, entry in enumerate(expected, start=1):
        where = f"entry {place} of dqm_expected_clients: "
        if not isinstance(entry, Mapping) or set(entry) - {"id", "name", "status"}:
            wrong.append(where + "it takes id or name, and status")
        elif bool(entry.get("id")) == bool(entry.get("name")):
            wrong.append(where + "give either id or name")
        elif seen.setdefault(_identity(entry), place) != place:
            wrong.append(where + f"the same client is expected in entry {seen[_identity(entry)]}; keep one")
    return wrong


def check_users(expected: Any) -> list[str]:
    """What is wrong with a list of ``{user_id, email, clients}``; an unknown ``user_id`` may be left out."""
    if not isinstance(expected, Sequence) or isinstance(expected, str):
        return ["dqm_expected_users must be a list"]
    wrong = []
    seen: dict[str, int] = {}
    for place, entry in enumerate(expected, start=1):
        where = f"entry {place} of dqm_expected_users: "
        if not isinstance(entry, Mapping) or set(entry) | {"user_id"} != {"user_id", "email", "clients"}:
            wrong.append(where + "it takes user_id, email and clients")
            continue
        try:
            checks.email("email", str(entry["email"]))
        except ValidationError as problem:
            wrong.append(where + problem.message)
        if not isinstance(entry["clients"], Sequence) or isinstance(entry["clients"], str):
            wrong.append(where + "clients must be a list of ids or names")
        user = str(entry.get("user_id") or entry["email"])
        if seen.setdefault(user, place) != place:
            wrong.append(where + f"the same user is expected in entry {seen[user]}; keep one")
    return wrong


def grants(
    clients: Iterable[Mapping[str, Any]], users: Iterable[Mapping[str, Any]], user_id: str
) -> list[dict[str, Any]]:
    """Who is expected to see what, in the shape of core.grants."""
    own = f"DQM user {user_id}" if user_id else "(the account in use)"
    found = [
        {
            "who": own,
            "kind": "client",
            "key": _identity(entry)[1],
            "state": "present",
            "what": f"status {entry['status']}" if entry.get("status") else "",
        }
        for entry in clients
    ]
    for user in users:
        email = folded(str(user["email"]))
        what = "clients " + (", ".join(sorted(map(str, user["clients"]))) or "none")
        found.append({"who": email, "kind": "user", "key": email, "state": "present", "what": what})
    return found


def compare_clients(expected: Iterable[Mapping[str, Any]] | None, read: Mapping[str, Any]) -> dict[str, Any]:
    """The clients of one user. ``expected``: None declares nothing; ``read``: what dqm_client_info returned."""
    if "clients" not in read:
        return {**read, "failed": True, "remedy": REMEDY}
    found = list(read["clients"])
    # Each is looked at once, however many there are of both: 1,000 of each would be a million comparisons.
    places: dict[tuple[str, str], list[int]] = {}
    for place, client in enumerate(found):
        for name in ("id", "name"):
            places.setdefault((name, str(client[name])), []).append(place)
    changes = []
    known: set[int] = set()
    declared = list(expected or ())
    for entry in declared:
        matching = places.get(_identity(entry), [])
        known.update(matching)
        changes += _client_changes(entry, [found[place] for place in matching])
    unmanaged = [
        {"key": _name(client), "reason": "undeclared"} for place, client in enumerate(found) if place not in known
    ]
    return _result(read, changes, unmanaged, len(declared))


def _client_changes(entry: Mapping[str, Any], matching: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    key = str(entry.get("name") or entry.get("id"))
    if not matching:
        return [_change(key, "create", {})]
    status = entry.get("status")
    return [
        _change(_name(client), "update", {"status": {"before": client["status"], "after": status}})
        for client in matching
        if status and client["status"] != status
    ]


def compare_users(expected: Iterable[Mapping[str, Any]], read: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The clients of several users, each compared as a whole; who cannot be read is unknown.

    ``read``: what dqm_client_info returned for each expected user, in their order.
    """
    changes = []
    unknown = []
    target: Mapping[str, Any] = {}
    entries = list(expected)
    for entry, result in zip(entries, read):
        key = folded(str(entry["email"]))
        target = result if result.get("target") else target
        if not entry.get("user_id"):
            unknown.append({"key": key, "reason": _NO_ID})
            continue
        if "clients" not in result:
            unknown.append({"key": key, "reason": str(result.get("msg") or "it could not be read")})
            continue
        # As the declaration names them: by id or by name.
        wanted = sorted({str(client) for client in entry["clients"]})
        have = sorted(client["id"] if client["id"] in wanted else _name(client) for client in result["clients"])
        if wanted != have:
            changes.append(_change(key, "update", {"clients": {"before": have, "after": wanted}}))
    # Nothing is in line of which nobody knows.
    told = _result(target, changes, [], len(entries), len(unknown))
    return {**told, "unknown": unknown}


def _result(
    read: Mapping[str, Any],
    changes: list[dict[str, Any]],
    unmanaged: list[dict[str, Any]],
    declared: int,
    unknown: int = 0,
) -> dict[str, Any]:
    """The shape of a plural module's result, as the report reads it."""
    actions = [change["action"] for change in changes]
    return {
        "changed": False,
        "failed": False,
        "changes": sorted(changes, key=lambda change: str(change["key"])),
        "unmanaged": sorted(unmanaged, key=lambda entry: str(entry["key"])),
        "summary": {
            "declared": declared,
            "in_sync": max(0, declared - len(changes) - unknown),
            "create": actions.count("create"),
            "update": actions.count("update"),
            "delete": 0,
            "failed": 0,
            "unmanaged": len(unmanaged),
            "listing_complete": True,
        },
        "remedy": REMEDY,
        "target": read.get("target"),
        "stats": read.get("stats"),
    }


def _change(key: str, action: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"key": key, "action": action, "status": "planned", "fields": dict(fields), "error": None}


def _identity(entry: Mapping[str, Any]) -> tuple[str, str]:
    return ("id", str(entry["id"])) if entry.get("id") else ("name", str(entry["name"]))


def _name(client: Mapping[str, Any]) -> str:
    return str(client["name"] or client["id"])
