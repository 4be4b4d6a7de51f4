# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens of a Devo account as declared state, from what ``devo_token_info`` returns. Pure.

A token is declared by its name. By its id it is where the name does not tell: several have it, or a renewal of the name
is unfinished, which whoever declares the name would finish.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.names import folded
from ansible_collections.dataops.access.plugins.module_utils.core.service import Service
from ansible_collections.dataops.access.plugins.module_utils.services.devo_token import (
    PREDECESSOR,
    SUCCESSOR,
    TOKEN,
)
from ansible_collections.dataops.access.plugins.module_utils.services.devo_token_api import (
    DEFAULT_LIFETIME,
    DEFAULT_SCOPES,
    PERMANENT,
)
from ansible_collections.dataops.access.plugins.plugin_utils.export.entry import (
    Declaration,
    Entry,
    Undeclarable,
    fitted,
    repeated,
)

_NOTE = "The values of tokens are never exported: to have one saved, give its token secret_file."
# Lifetimes are what somebody declared, give or take the time between two clocks of a server.
_ROUND = (86400, 3600, 60)


def devo_tokens(service: Service, found: Sequence[Mapping[str, Any]]) -> Declaration:
    """The tokens of an account, by name."""
    declaration = Declaration("devo_tokens", notes=[_NOTE] if found else [])
    several = repeated(token["name"] for token in found)
    renewing = {root for token in found for root in _roots(token)}
    for token in sorted(found, key=lambda token: (token["name"], str(token["id"]))):
        by_id = _why_by_id(token, several, renewing)
        try:
            entry = _entry(service, token, by_id)
        except Undeclarable as problem:
            declaration.leave_out(token["name"] or f"the token {token['id']}", str(problem))
            continue
        # By its id a token is only what it is now.
        entry.person = folded(str(token["user"])) if "name" in entry.options else ""
        declaration.entries.append(entry)
    return declaration


def _entry(service: Service, token: Mapping[str, Any], by_id: str | None) -> Entry:
    options = _options(token)
    if by_id is None:
        try:
            return fitted(service, {"name": token["name"]}, options)
        except Undeclarable as problem:
            by_id = str(problem)
    entry = fitted(service, {"token_id": str(token["id"])}, options)
    entry.notes.insert(0, f"'{token['name']}' is declared by its id: {by_id}")
    return entry


def _options(token: Mapping[str, Any]) -> dict[str, Any]:
    user, owner = token["user"], token["owner"]
    return {
        "audience": token["audience"] or None,
        "scopes": None if tuple(token["scopes"]) == DEFAULT_SCOPES else token["scopes"] or None,
        "user": user or None,
        "owner": owner if owner and folded(owner) != folded(user) else None,
        "expires_in": _lifetime(token["expires_in"]),
        "enabled": None if token["enabled"] else False,
    }


def _lifetime(seconds: int | None) -> int | None:
    """Seconds, to the day, hour or minute where that means the same; None for what a new token gets anyway."""
    if seconds is None or seconds == PERMANENT:
        return seconds
    same = TOKEN.field("expires_in").same
    if same(seconds, DEFAULT_LIFETIME):
        return None
    rounded = (round(seconds / unit) * unit for unit in _ROUND)
    return next((value for value in rounded if value > 0 and same(seconds, value)), seconds)


def _roots(token: Mapping[str, Any]) -> tuple[str, ...]:
    """The name that a token's own was made from, if it was made by a renewal."""
    name: str = token["name"]
    for ending in (SUCCESSOR, f"{PREDECESSOR}{token['id']}"):
        if name.endswith(ending):
            return (name[: -len(ending)],)
    return ()


def _why_by_id(token: Mapping[str, Any], several: frozenset[str], renewing: set[str]) -> str | None:
    if _roots(token):
        return "a renewal made it. Finish that (dataops.access.rotate_tokens), then export again"
    if token["name"] in renewing:
        return "a renewal of it is unfinished. Finish that (dataops.access.rotate_tokens), then export again"
    if token["name"] in several:
        return "several tokens have this name"
    return None
