# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Subscriptions of an Alteryx Server, and clients of Crownpeak DQM, as declared state. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core import checks
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.names import folded
from ansible_collections.dataops.access.plugins.module_utils.core.service import Service
from ansible_collections.dataops.access.plugins.plugin_utils.export.entry import (
    Declaration,
    Entry,
    Undeclarable,
    fitted,
    plain,
    repeated,
)

Found = Sequence[Mapping[str, Any]]


def subscriptions(service: Service, found: Found, shared_emails: Sequence[str]) -> Declaration:
    """The subscriptions of a server with their users. ``shared_emails``: those that several users have."""
    note = "The keys of a subscription are shown once, when it is created: a new one needs secret_file."
    declaration = Declaration("alteryx_subscriptions", notes=[note] if found else [])
    several = repeated(item["name"] for item in found)
    twice = repeated(user for item in found for user in {member["id"] for member in item["members"]})
    for item in sorted(found, key=lambda item: (item["name"], item["id"])):
        users, notes = _users(item, frozenset(shared_emails), twice)
        options = {
            "can_share_schedules": item["can_share_schedules"] or None,
            "credential_id": item["credential_id"] or None,
            "users": users or None,
        }
        try:
            entry = _subscription(service, item, options, item["name"] in several)
        except Undeclarable as problem:
            declaration.leave_out(item["name"] or f"the subscription {item['id']}", str(problem))
            continue
        entry.notes += notes
        entry.called = {folded(member["email"]): member["name"] for member in item["members"] if member["email"]}
        declaration.entries.append(entry)
    return declaration


def _subscription(service: Service, item: Mapping[str, Any], options: Mapping[str, Any], several: bool) -> Entry:
    why = "several subscriptions have this name"
    if not several:
        try:
            return fitted(service, {"name": item["name"]}, options)
        except Undeclarable as problem:
            why = str(problem)
    entry = fitted(service, {"subscription_id": item["id"]}, options)
    entry.notes.insert(0, f"'{item['name']}' is declared by its id: {why}")
    return entry


def _users(
    item: Mapping[str, Any], shared_emails: frozenset[str], twice: frozenset[str]
) -> tuple[list[str], list[str]]:
    """Who is in a subscription, by e-mail where that tells, and what is to be said of them."""
    users, notes = [], []
    for member in item["members"]:
        name = _by_email(member["email"], shared_emails) or member["id"]
        if member["id"] in twice:
            notes.append(f"{name} is left out: the server shows this user in several subscriptions")
        elif _is_name(name):
            users.append(name)
            if name == member["id"]:
                notes.append(f"{name} is {member['name'] or 'a user'} ({member['email'] or 'without an e-mail'})")
        else:
            notes.append(f"'{name}' is left out: no declaration takes this id of a user")
    return sorted(users), notes


def _by_email(email: str, shared_emails: frozenset[str]) -> str | None:
    if folded(email) in shared_emails or plain(email) is not None:
        return None
    try:
        return checks.email("users", email)
    except ValidationError:
        return None


def _is_name(user: str) -> bool:
    try:
        checks.name("users", user)
    except ValidationError:
        return False
    return plain(user) is None


def expected_clients(found: Found) -> Declaration:
    """The clients that a user of Crownpeak DQM sees, by name where that tells."""
    declaration = Declaration("dqm_expected_clients")
    several = repeated(client["name"] for client in found)
    for client in sorted(found, key=lambda client: (client["name"], client["id"])):
        by_name = client["name"] and client["name"] not in several and plain(client["name"]) is None
        if plain(client["name" if by_name else "id"]) is not None:
            declaration.leave_out(client["name"] or client["id"], plain(client["id"]) or "")
            continue
        entry = Entry({"name": client["name"]} if by_name else {"id": client["id"]})
        if not by_name and client["name"]:
            entry.notes.append(f"'{client['name']}' is expected by its id: several clients have this name")
        if client["status"] and plain(client["status"]) is None:
            entry.options["status"] = client["status"]
        declaration.entries.append(entry)
    return declaration


def expected_users(expected: Found, read: Found) -> Declaration:
    """The clients of users who are expected already: the API finds nobody by e-mail.

    ``read``: what dqm_client_info returned for each expected user, in their order.
    """
    declaration = Declaration("dqm_expected_users")
    for entry, result in sorted(zip(expected, read), key=lambda pair: folded(str(pair[0]["email"]))):
        email, user_id = str(entry["email"]), entry.get("user_id")
        if not user_id:
            declaration.leave_out(email, "it could not be read: its user_id is not known")
            continue
        if "clients" not in result:
            declaration.leave_out(email, f"it could not be read: {result.get('msg') or 'without a message'}")
            continue
        clients = result["clients"]
        names, ids = [str(client["name"]) for client in clients], [str(client["id"]) for client in clients]
        by_name = all(names) and not repeated(names) and not set(names) & set(ids)
        shown = sorted(names if by_name else ids)
        why = plain(shown)
        if why is not None:
            declaration.leave_out(email, why)
            continue
        options = {"user_id": str(user_id), "email": email, "clients": shown}
        declaration.entries.append(Entry(options, person=folded(email)))
    return declaration
