# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users as declared state: those of DBSync, Datasentinel and Devo, from what their info modules return. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.names import folded
from ansible_collections.dataops.access.plugins.module_utils.core.service import Service
from ansible_collections.dataops.access.plugins.module_utils.services.devo_roles import ADMIN, NO_PRIVILEGES, OWNER
from ansible_collections.dataops.access.plugins.plugin_utils.export.entry import (
    Declaration,
    Undeclarable,
    fitted,
    repeated,
)

Found = Sequence[Mapping[str, Any]]

_NOBODY = (
    "DBSync listed nobody. Some servers answer that to whom they refuse a listing, so make sure that there is nobody "
    "before you set dbsync_purge."
)


def license_users(service: Service, found: Found) -> Declaration:
    """The licence users of a partner. An inactive licence counts as absent: declared, it would cost quota again."""
    declaration = Declaration("dbsync_license_users", notes=[] if found else [_NOBODY])
    for user in sorted(found, key=lambda user: (user["company"] or "", user["username"])):
        shown = f"{user['company']}/{user['username']}"
        if user["company"] is None:
            declaration.leave_out(user["username"], "its record does not say of which company the user is")
        elif not user["active"]:
            why = "the licence is inactive, and registering the user again spends quota (allow_reregister)"
            declaration.leave_out(shown, why)
        else:
            try:
                entry = fitted(service, {name: user[name] for name in ("company", "username")}, {})
            except Undeclarable as problem:
                declaration.leave_out(shown, str(problem))
                continue
            entry.person = folded(user["username"]) if "@" in user["username"] else ""
            declaration.entries.append(entry)
    companies = sorted({entry.options["company"] for entry in declaration.entries})
    # What a purge reaches.
    declaration.scope = {"dbsync_companies": companies} if companies else {}
    return declaration


def datasentinel_users(service: Service, found: Found) -> Declaration:
    """The users of a Datasentinel platform."""
    notes = ["Passwords are never exported: a new user needs password_file, password or ldap: true."] if found else []
    declaration = Declaration("datasentinel_users", notes=notes)
    for user in _unambiguous(declaration, found):
        options = {
            "privilege": user["privilege"],
            "profile": user["profile"],
            "roles": user["roles"],
            # Who has no role is restricted to nothing, which has to be meant.
            "unrestricted": None if user["roles"] else True,
            "live_360": None if user["live_360"] else user["live_360"],
            "comment": user["comment"] or None,
        }
        _add(declaration, service, user, options, ["password_file:"])
    return declaration


def devo_users(service: Service, found: Found) -> Declaration:
    """The users of a Devo domain. OWNER never reads back as a role."""
    declaration = Declaration("devo_users")
    for user in _unambiguous(declaration, found):
        roles = [role for role in user["roles"] if role != NO_PRIVILEGES]
        if user["owner"] and roles == [ADMIN]:
            roles = [OWNER]
        name = user["username"]
        options = {
            "username": name if name and name != user["email"].partition("@")[0] else None,
            "roles": roles,
            "enabled": None if user["enabled"] else False,
        }
        _add(declaration, service, user, options, [])
    return declaration


def _unambiguous(declaration: Declaration, found: Found) -> list[Mapping[str, Any]]:
    """The users by e-mail, but for those whom an e-mail does not tell apart."""
    several = repeated(folded(str(user["email"])) for user in found)
    kept = []
    for user in sorted(found, key=lambda user: (folded(str(user["email"])), str(user["email"]))):
        email = str(user["email"])
        if not email:
            declaration.leave_out(str(user.get("login") or "a user"), "a user is declared by e-mail, and it has none")
        elif folded(email) in several:
            declaration.leave_out(email, "several users have this e-mail; remove or rename all but one there")
        else:
            kept.append(user)
    return kept


def _add(
    declaration: Declaration,
    service: Service,
    user: Mapping[str, Any],
    options: Mapping[str, Any],
    marks: Sequence[str],
) -> None:
    try:
        entry = fitted(service, {"email": user["email"]}, options)
    except Undeclarable as problem:
        declaration.leave_out(str(user["email"]), str(problem))
        return
    entry.marks += marks
    entry.person = folded(str(user["email"]))
    if entry.options.get("username"):
        entry.called[entry.person] = entry.options["username"]
    declaration.entries.append(entry)
