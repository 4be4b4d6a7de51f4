# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Datasentinel ds-api: users of the platform and their roles.

Wire facts come from the vendor's "User API", "Access Token" and "Role" pages and from its published playbooks. Where
these conflict or are silent, the function that copes says so:

- How PUT treats what is left out, and roles: :mod:`datasentinel_api`.
- The answer for an unknown user is not documented: existence is read from the complete list alone.
- Servers before 2024.04 have one ``role`` instead of ``roles``: :func:`_old_generation`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core import checks, files
from ansible_collections.dataops.access.plugins.module_utils.core.account import USER as PERSON
from ansible_collections.dataops.access.plugins.module_utils.core.account import Account, rights
from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, Refusal, ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.names import folded
from ansible_collections.dataops.access.plugins.module_utils.core.resource import (
    AS_SET,
    NEVER,
    Declared,
    Field,
    FieldChange,
    Observed,
    Option,
    Resource,
)
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import HIDDEN, HIDDEN_CHANGED
from ansible_collections.dataops.access.plugins.module_utils.core.service import (
    CREATE,
    DELETE,
    UPDATE,
    Change,
    Service,
    Snapshot,
)
from ansible_collections.dataops.access.plugins.module_utils.http import wire
from ansible_collections.dataops.access.plugins.module_utils.http.answers import fits_an_address
from ansible_collections.dataops.access.plugins.module_utils.http.auth import SessionToken, claims
from ansible_collections.dataops.access.plugins.module_utils.services.datasentinel_api import UserApi, roles_of
from ansible_collections.dataops.access.plugins.module_utils.services.datasentinel_connection import PLATFORM, log_in

ADMIN = {"privilege": "admin", "profile": "data admin"}
BUILT_IN_LOGIN = "datasentinel"
ALWAYS = "always"


USER = Resource(
    platform="datasentinel",
    noun="Datasentinel user",
    singular="user",
    plural="users",
    listed_as="users",
    identity=("email",),
    options=(
        Field("email", required=True, compare=NEVER),
        Field("password", secret=True, compare=NEVER),
        Option("update_password", choices=("on_create", ALWAYS), default="on_create"),
        Option("password_file", type="path"),
        Field("privilege", choices=("read", "read write", "admin"), required_to_create=True),
        Field("profile", choices=("developer", "data admin"), required_to_create=True),
        Field("roles", type="list", elements="str", compare=AS_SET),
        Option("append_roles", type="bool", default=False),
        Option("unrestricted", type="bool", default=False),
        Field("live_360", type="bool", create_default=True),
        Field("comment", create_default="", prose=True),
        Field("ldap", type="bool", compare=NEVER),
    ),
)


@dataclass(frozen=True)
class _Listed:
    """A list of users, and whether the server is older than 2024.04."""

    old_server: bool
    users: list[Observed]


class DatasentinelUsers(Service):
    """Users of one Datasentinel platform."""

    platform = PLATFORM
    resource = USER
    info_options = (Option("email"),)

    def __init__(self, client: Any, options: Mapping[str, Any], connection: Any) -> None:
        super().__init__(client, options, connection)
        self._api = UserApi(client)

    # --- declared state ---------------------------------------------------------------------------------------

    def check_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """E-mail and roles must fit into an address; a password has one source."""
        options["email"] = checks.email("email", options["email"])
        if options.get("roles") is not None:
            options["roles"] = checks.names("roles", options["roles"])
        checks.exclusive(options, "password", "password_file")
        checks.exclusive(options, "ldap", "password")
        checks.exclusive(options, "ldap", "password_file")
        if options.get("update_password") == ALWAYS and ":" in options["email"]:
            raise ValidationError(
                f"update_password: always tries the password by logging in as '{options['email']}', and HTTP Basic "
                "cannot carry a name with a colon (RFC 7617); use on_create"
            )
        return options

    def identify(self, options: Mapping[str, Any]) -> tuple[str, str]:
        """The lower-cased e-mail: servers keep or lower its case as they like."""
        key = folded(options["email"])
        return key, key

    # --- reading ------------------------------------------------------------------------------------------------

    def observe(self, declared: Sequence[Declared], again: bool = False) -> Snapshot:
        """``GET /users``: one array of all users, without paging; the only documented way to tell who exists."""
        tries = any(map(_has_to_log_in, declared))
        # A password is tried on the users as they are now.
        listed = self.client.listing("list the users", "/users", self._listed, recent=not again and not tries)
        self._api.old_server = listed.old_server
        # What comes of it marks a user for this run alone: another one may get the same listing.
        snapshot = Snapshot([replace(user, extra={}) for user in listed.users] if tries else listed.users)
        if not again:
            snapshot.extra = self._known_roles(declared, snapshot)
            for entry in declared:
                self._probe_password(entry, snapshot)
        return snapshot

    def _listed(self, data: Any) -> _Listed:
        records = wire.records(data, "users")
        if not records:
            raise wire.protocol_error("users", "a list with at least the account in use", [])
        own = self._own_names()
        users = [self._observed(item, f"users[{place}]", own) for place, item in enumerate(records)]
        return _Listed(_old_generation(records), users)

    def _known_roles(self, declared: Sequence[Declared], snapshot: Snapshot) -> set[str] | None:
        """The roles of the platform, by ``GET /roles``; None where users have every declared one."""
        known = {role for observed in snapshot.objects for role in observed.values["roles"]}
        if all(role in known for entry in declared if not entry.absent for role in entry["roles"] or ()):
            return None
        listed: set[str] = self.client.listing("list the roles", "/roles", _role_names, recent=True)
        return known | listed

    def _observed(self, item: Mapping[str, Any], where: str, own: set[str]) -> Observed:
        email = wire.text(item, "email", where)
        login = wire.text(item, "login", where)
        handle = email or login
        if not handle:
            raise wire.protocol_error(f"{where}.email", "a string", item.get("email"))
        live_360 = wire.flag(item, "live_360")
        if live_360 is None and item.get("live_360") is not None:
            # An update sends every field: guessing would write the guess.
            raise wire.protocol_error(f"{where}.live_360", "0 or 1", item["live_360"])
        values = {
            "id": item.get("id"),
            "login": login,
            "email": email,
            "profile": wire.text(item, "profile", where),
            "privilege": wire.text(item, "privilege", where),
            "roles": sorted(set(roles_of(item, where))),
            "live_360": live_360,
            "comment": wire.text(item, "comment", where, default=""),
        }
        key = folded(handle)
        protected = self._protected(email, login, values, own)
        return Observed(key, key, values, handle=handle, protected=protected, extra={})

    def _protected(self, email: str, login: str, values: Mapping[str, Any], own: set[str]) -> str | None:
        name = login.casefold()
        if name == BUILT_IN_LOGIN:
            return "the built-in account"
        if not fits_an_address(email or login):
            return "under a name that no address can carry"
        if name in own or email.casefold() in own:
            return "the account in use"
        if not own and self.is_administrator(values):
            # It is one of them.
            return "perhaps the account in use, since the token does not tell whose it is"
        return None

    def _own_names(self) -> set[str]:
        """What the account in use may be called: the log-in name, and what its token says."""
        names = {str(self.connection.credentials.get("api_username") or "")}
        token = self.client.auth.token() if isinstance(self.client.auth, SessionToken) else None
        payload = claims(token or str(self.connection.credentials.get("api_token") or ""))
        names.update(str(payload.get(claim) or "") for claim in ("email", "user"))
        return {name.casefold() for name in names if name}

    def _probe_password(self, entry: Declared, snapshot: Snapshot) -> None:
        """Whether the declared password differs: log in as the user.

        Passwords are never returned by this API. 201 means that it is right, and so does 403 (right, but not allowed to
        use the API); 401 means that it differs. Any other answer proves nothing, and the password is then written.
        """
        if not _has_to_log_in(entry):
            return
        names = self._log_in_names(snapshot)
        for observed in snapshot.matching(entry.match):
            tried = dict.fromkeys(observed.values[name] for name in names if observed.values[name])
            observed.extra["password_differs"] = not any(self._logs_in(name, entry["password"]) for name in tried)

    def reread(self, change: Change) -> Observed | None:
        """A password that was to be changed is tried again: no reading shows whether it was."""
        entry = change.declared
        if entry is None or change.action != UPDATE or "password" not in change.fields:
            return super().reread(change)
        snapshot = self.observe([entry], again=True)
        self._probe_password(entry, snapshot)
        return self.find(entry, snapshot)

    def _log_in_names(self, snapshot: Snapshot) -> tuple[str, ...]:
        """What names an account at log-in: the documents show the e-mail and the login name.

        The account in use shows which one this server takes, so that a wrong password costs one failed log-in and not
        two: servers may lock an account after some.
        """
        own = str(self.connection.credentials.get("api_username") or "").casefold()
        for name in ("email", "login"):
            if any(observed.values[name].casefold() == own for observed in snapshot.objects if own):
                return (name,)
        return ("email", "login")

    def _logs_in(self, username: str, password: str) -> bool:
        try:
            log_in(self.client, username, password)
        except AccessError as error:
            if error.kind == "timeout":
                raise
            return error.status == 403
        return True

    # --- comparing ------------------------------------------------------------------------------------------------

    def wanted(self, declared: Declared, observed: Observed | None, snapshot: Snapshot) -> dict[str, Any]:
        """The declared fields; ``append_roles`` adds to what is there."""
        wanted = super().wanted(declared, observed, snapshot)
        if declared["append_roles"] and observed is not None and "roles" in wanted:
            wanted["roles"] = [*observed.values["roles"], *wanted["roles"]]
        return wanted

    def creation(self, declared: Declared, wanted: Mapping[str, Any]) -> Change:
        """A new user: never an administrator by the server's default, never without a way to log in."""
        change = super().creation(declared, wanted)
        after = change.target
        # The API never tells of whom it asks LDAP.
        after.pop("ldap", None)
        after.setdefault("roles", [])
        if declared["password_file"]:
            change.fields["password"] = FieldChange(None, HIDDEN)
        elif not declared["password"] and not declared["ldap"]:
            change.refusals.append(
                Refusal.invalid(
                    f"{USER.noun} '{declared.key}' does not exist, and creating it needs password, password_file or "
                    "ldap: true"
                )
            )
        if not wanted.get("roles"):
            change.warnings.append(
                f"{USER.noun} '{declared.key}' is created without a role, which most likely lets it see everything"
            )
        return change

    def compare(self, declared: Declared, observed: Observed | None, snapshot: Snapshot) -> Change | None:
        """Besides the usual: the probed password, one role on old servers, no role and no right lost unawares."""
        change = super().compare(declared, observed, snapshot)
        if observed is not None and observed.extra.get("password_differs") and not declared.absent:
            change = change or Change(observed.key, UPDATE, {}, declared, observed, dict(observed.values))
            change.fields["password"] = FieldChange(HIDDEN, HIDDEN_CHANGED)
        if change is None or declared.absent:
            return change
        known = snapshot.extra
        unknown = [] if known is None else sorted(set(declared["roles"] or ()) - known)
        if unknown:
            names = ", ".join(f"'{role}'{checks.near(role, known)}" for role in unknown)
            change.refusals.append(
                Refusal.invalid(
                    f"{USER.noun} '{declared.key}': the platform has no role {names}; create it there first, or "
                    "correct the name"
                )
            )
        roles = change.fields.get("roles")
        if roles is not None:
            self._check_roles(change, declared, roles)
        comment = change.fields.get("comment")
        if self._api.old_server and comment is not None and comment.after:
            change.refusals.append(
                Refusal.invalid(
                    f"{USER.noun} '{declared.key}': this server is older than 2024.04 and keeps no comments; leave "
                    "comment out"
                )
            )
        if observed is not None and observed.protected:
            lost = [name for name, right in ADMIN.items() if name in change.fields and observed.values[name] == right]
            if lost:
                change.refusals.append(
                    f"{USER.noun} '{observed.key}' keeps its {' and '.join(lost)}: it is {observed.protected}"
                )
        return change

    def _check_roles(self, change: Change, declared: Declared, roles: FieldChange) -> None:
        if roles.before and not roles.after and not declared["unrestricted"]:
            change.refusals.append(
                f"{USER.noun} '{declared.key}' would be left without a role, which most likely lifts every "
                "restriction; set unrestricted: true if that is meant"
            )
        if self._api.old_server and len(roles.after) > 1:
            change.refusals.append(
                Refusal.invalid(
                    f"{USER.noun} '{declared.key}': this server is older than 2024.04 and knows one role for each "
                    f"user, and {len(roles.after)} are declared; declare one"
                )
            )

    def is_administrator(self, values: Mapping[str, Any]) -> bool:
        """Who may do everything: nobody else may call this API."""
        return all(values.get(name) == right for name, right in ADMIN.items())

    def refine(self, changes: list[Change], snapshot: Snapshot) -> list[str]:
        """Refuse to create a user whose password could not be saved."""
        saved: dict[str, Change] = {}
        for change in changes:
            if change.action == CREATE and change.declared and change.declared["password_file"]:
                file = change.declared["password_file"]
                reason = files.unwritable(file)
                other = files.other_owner(saved, file, change)
                if other is not None:
                    reason = f"the password of '{other.key}' goes to {file} too; name another file"
                if reason:
                    change.refusals.append(Refusal.invalid(f"{USER.noun} '{change.key}': password_file: {reason}"))
        return []

    def not_kept(self, change: Change, rest: Change) -> str:
        """The vendor's FAQ says that a user has one role, its API that there may be several."""
        text = super().not_kept(change, rest)
        if "roles" in rest.fields and len(rest.fields["roles"].before or ()) == 1:
            text += "; this server seems to keep one role for each user, so declare one"
        return text

    # --- results --------------------------------------------------------------------------------------------------

    def account(self, observed: Observed) -> Account:
        """Who has no role is not restricted to any part of the platform."""
        values = observed.values
        return Account(
            PERSON,
            people=(observed.key,),
            entitlements=(
                *rights("privilege", [values["privilege"]]),
                *rights("profile", [values["profile"]]),
                *rights("role", values["roles"]),
            ),
            administrator=self.is_administrator(values),
            unrestricted=not values["roles"],
        )

    # --- writing --------------------------------------------------------------------------------------------------

    def write(self, change: Change) -> None:
        """Create, update or delete one user."""
        calls = {CREATE: self._api.create, UPDATE: self._api.update, DELETE: self._api.delete}
        calls[change.action](change)


def _has_to_log_in(entry: Declared) -> bool:
    """Whether the declared password has to be the one in force."""
    return not entry.absent and bool(entry["password"]) and entry["update_password"] == ALWAYS


def _role_names(data: Any) -> set[str]:
    return {wire.text(item, "name", "roles") for item in wire.records(data, "roles")}


def _old_generation(records: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the server is older than 2024.04: its users have ``role`` and none has ``roles``."""
    return any("role" in item for item in records) and not any("roles" in item for item in records)
