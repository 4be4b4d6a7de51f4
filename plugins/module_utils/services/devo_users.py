# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devo's Provisioning API: the users of a domain.

Wire facts come from the vendor's "User operations" pages of several releases and from published scripts. Where these
conflict or are silent, the function that copes says so:

- 404 also answers a wrong signature or region: who exists is read from the complete list of the domain alone.
- OWNER never reads back, it is ADMIN with ``owner: true``: :meth:`DevoUsers.wanted`.
- The word for a disabled user is not documented: :func:`_enabled`.
- Two query keys are said to skip the activation: :data:`SKIP`.
- The calls for roles: :mod:`devo_roles`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core import checks
from ansible_collections.dataops.access.plugins.module_utils.core.account import USER as PERSON
from ansible_collections.dataops.access.plugins.module_utils.core.account import Account, rights
from ansible_collections.dataops.access.plugins.module_utils.core.errors import (
    AccessError,
    LostAnswer,
    Refusal,
    Refused,
    ValidationError,
    kind_of_refusals,
)
from ansible_collections.dataops.access.plugins.module_utils.core.names import folded
from ansible_collections.dataops.access.plugins.module_utils.core.resource import (
    AS_SET,
    CASELESS,
    NEVER,
    Declared,
    Field,
    FieldChange,
    Observed,
    Option,
    Resource,
)
from ansible_collections.dataops.access.plugins.module_utils.core.service import (
    CREATE,
    DELETE,
    Change,
    Service,
    Snapshot,
)
from ansible_collections.dataops.access.plugins.module_utils.http import wire
from ansible_collections.dataops.access.plugins.module_utils.http.answers import fits_an_address
from ansible_collections.dataops.access.plugins.module_utils.services import devo, devo_roles
from ansible_collections.dataops.access.plugins.module_utils.services.devo_caller import user_of_token
from ansible_collections.dataops.access.plugins.module_utils.services.devo_roles import ADMIN, OWNER

# Both, since the vendor's page names the first, every working script the second, and an unknown key is ignored.
SKIP = {"skipValidation": "true", "skipMailValidation": "true"}
ENABLED = ("active", "pending")
# What check mode shows for a user to be disabled, where the domain has none yet to learn the word from.
DISABLED = "inactive"

# The vendor's expressions, restored from the damaged copies, in forms that need no backtracking. That of the domain
# cannot be restored; this one takes every name that was ever published.
_DOMAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(?:@[A-Za-z0-9][A-Za-z0-9_.-]*)?")
_USERNAME = re.compile(r"[a-zA-Z0-9À-ÿ](?:[a-zA-Z0-9À-ÿ _'.@-]*[a-zA-Z0-9À-ÿ])?")
_PHONE = re.compile(r"\+(?:[0-9] ?){6,14}[0-9]")

USER = Resource(
    platform="devo",
    noun="Devo user",
    singular="user",
    plural="users",
    listed_as="users",
    identity=("email",),
    options=(
        Option("domain", required=True, top=True),
        Field("email", required=True, compare=CASELESS),
        Field("username", compare=NEVER),
        Field("phone", compare=NEVER),
        Field("roles", type="list", elements="str", compare=AS_SET, required_to_create=True),
        Option("append_roles", type="bool", default=False),
        Field("enabled", type="bool"),
        Option("skip_validation", type="bool", default=False),
        Option("only_existing", type="bool", default=False),
    ),
)


class DevoUsers(Service):
    """Users of one Devo domain."""

    platform = devo.PROVISIONING
    resource = USER
    info_options = (Option("domain", required=True), Option("email"))

    def __init__(self, client: Any, options: Mapping[str, Any], connection: Any) -> None:
        super().__init__(client, options, connection)
        self._domain = _matching("domain", options["domain"], _DOMAIN, "as in example or example@reseller")
        self._roles = devo_roles.RoleWriter(client, self._read)

    # --- declared state -------------------------------------------------------------------------------------------

    def check_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """E-mail and roles must fit into an address; name and phone are checked as the server does."""
        options["email"] = checks.email("email", options["email"])
        if options.get("username") is not None:
            hint = "letters and digits, with blanks and _'.@- between"
            options["username"] = _matching("username", options["username"], _USERNAME, hint)
        if options.get("phone") is not None:
            options["phone"] = _matching("phone", options["phone"], _PHONE, "as in +34600000001")
        if options.get("roles") is not None:
            options["roles"] = devo_roles.checked(options["roles"])
        return options

    def identify(self, options: Mapping[str, Any]) -> tuple[str, str]:
        """The lower-cased e-mail."""
        key = folded(options["email"])
        return key, key

    # --- reading --------------------------------------------------------------------------------------------------

    def observe(self, declared: Sequence[Declared], again: bool = False) -> Snapshot:
        """``GET /user/domain/{domain}``: an array of all users, without paging."""
        what = f"list the users of the domain '{self._domain}'"
        records = self.client.listing(what, self._path("user", "domain", self._domain), _records, recent=not again)
        snapshot = Snapshot([self._observed(item, f"users[{place}]") for place, item in enumerate(records)])
        if not again:
            self._mark_own_account(declared, snapshot)
            snapshot.extra = self._known_roles(declared, snapshot)
        return snapshot

    def _observed(self, item: Mapping[str, Any], where: str) -> Observed:
        email = wire.text(item, "email", where)
        status = wire.text(item, "status", where)
        owner = wire.flag(item, "owner") is True
        values = {
            "email": email,
            "username": wire.text(item, "userName", where, default=""),
            "roles": devo_roles.of_record(item, where),
            "owner": owner,
            "enabled": _enabled(status),
            "status": status,
            "domain": wire.text(item, "domain", where, default=self._domain),
        }
        key = folded(email)
        protected = "the domain's owner" if owner else None
        if not fits_an_address(email):
            protected = "under a name that no address can carry"
        return Observed(key, key, values, handle=email, protected=protected)

    def _mark_own_account(self, declared: Sequence[Declared], snapshot: Snapshot) -> None:
        """Protect the user whose token is in use, which is only asked for when that user might be locked out.

        Where that cannot be told, administrators are protected, one of whom it most likely is. To protect everybody
        would make removing users impossible wherever the token may not read the token API.
        """
        named = {entry.match: entry for entry in declared}
        at_stake = {}
        for item in snapshot.objects:
            entry = named.get(item.match)
            goes = self.options.get("purge") if entry is None else _loses(entry, item)
            # Without privileges nobody may call this API.
            if goes and not item.protected and item.values["roles"] != [devo_roles.NO_PRIVILEGES]:
                at_stake[item.match] = item
        caller = user_of_token(self.client, self.connection, self._domain, at_stake)
        if caller.own is not None:
            at_stake[caller.own].protected = "the account in use"
        for match in caller.unclear:
            if ADMIN in at_stake[match].values["roles"]:
                at_stake[match].protected = "perhaps the account in use, since the token API does not tell whose it is"
        if caller.unclear:
            snapshot.warnings.append(
                f"{caller.why}. Administrators are kept; make sure that it is not one of the others who are removed, "
                "disabled or lose a role"
            )

    def _known_roles(self, declared: Sequence[Declared], snapshot: Snapshot) -> set[str] | None:
        """The roles of the domain, if a role is declared that nobody has yet; None where that tells nothing.

        ``GET /domain/{domain}/roles``. An account that may not read it learns about an unknown role when writing.
        """
        known = {*devo_roles.BASIC, *(role for item in snapshot.objects for role in item.values["roles"])}
        if all(role in known for entry in declared if not entry.absent for role in entry["roles"] or ()):
            return None
        what = f"list the roles of the domain '{self._domain}'"
        address = self._path("domain", self._domain, "roles")
        answer = self.client.read(what, "GET", address, answered=(400, 401, 403, 404))
        if not answer.ok:
            return None
        if not isinstance(answer.data, list):
            raise wire.protocol_error("roles", "a list", answer.data)
        names = [item.get("name") if isinstance(item, dict) else item for item in answer.data]
        return known.union(name for name in names if isinstance(name, str))

    def _read(self, address: str) -> Mapping[str, Any]:
        """The user at ``address``, who is known to exist."""
        return wire.record(self.client.read("read the user again", "GET", address).data, "user")

    def _path(self, *segments: str) -> str:
        return devo.provisioning_path(self.connection, *segments)

    def _address(self, email: str) -> str:
        return self._path("user", "email", email, "domain", self._domain)

    # --- comparing ------------------------------------------------------------------------------------------------

    def wanted(self, declared: Declared, observed: Observed | None, snapshot: Snapshot) -> dict[str, Any]:
        """The declared fields; ``append_roles`` adds to what is there, and an owner has OWNER and ADMIN alike.

        "This will create the user with the role ADMIN but with OWNER privileges": OWNER never reads back.
        """
        wanted = super().wanted(declared, observed, snapshot)
        if observed is None or "roles" not in wanted:
            return wanted
        if observed.values["owner"] and wanted["roles"] == [OWNER]:
            wanted["roles"] = [ADMIN]
        elif declared["append_roles"]:
            wanted["roles"] = devo_roles.plain([*observed.values["roles"], *wanted["roles"]])
        return wanted

    def compare(self, declared: Declared, observed: Observed | None, snapshot: Snapshot) -> Change | None:
        """Besides the usual: what the server would refuse, and who must not be locked out."""
        change = super().compare(declared, observed, snapshot)
        if change is None or declared.absent:
            return change
        roles, enabled = change.fields.get("roles"), change.fields.get("enabled")
        if roles is not None:
            change.refusals += self._against_roles(change, roles, snapshot)
        if enabled is not None:
            if not enabled.after:
                change.target["status"] = _disabled_word(snapshot)
            elif change.observed is not None:
                # Active, or pending if the account was never activated: only the server knows.
                del change.target["status"]
            change.disables = enabled.before is True
            if change.disables and change.current.protected:
                change.refusals.append(
                    f"{USER.noun} '{change.key}' is never disabled: it is {change.current.protected}"
                )
        return change

    def creation(self, declared: Declared, wanted: Mapping[str, Any]) -> Change:
        """A new user: pending until the account is activated by mail. The owner comes before all others."""
        change = super().creation(declared, wanted)
        owner = wanted.get("roles") == [OWNER]
        change.after = {
            "email": declared["email"],
            "username": wanted.get("username") or "",
            "roles": [ADMIN] if owner else wanted.get("roles") or [],
            "owner": owner,
            "enabled": wanted.get("enabled") is not False,
            "status": ENABLED[0] if declared["skip_validation"] else ENABLED[1],
            "domain": self._domain,
        }
        change.stage = -1 if owner else 0
        return change

    def _against_roles(self, change: Change, roles: FieldChange, snapshot: Snapshot) -> list[str]:
        """Why these roles cannot be set; empty when they can."""
        who = f"{USER.noun} '{change.key}'"
        if change.observed is not None and change.observed.values["owner"]:
            return [f"{who} is the domain's owner, whose role cannot be changed; declare OWNER or ADMIN"]
        lost = sorted(set(roles.before or ()) - set(roles.after))
        if lost and change.observed is not None and change.observed.protected:
            return [f"{who} keeps {', '.join(lost)}: it is {change.observed.protected}"]
        if OWNER in roles.after:
            owner = next((item.key for item in snapshot.objects if item.values["owner"]), None)
            if owner is not None:
                return [f"{who} cannot become the owner of '{self._domain}': that is '{owner}', and there is only one"]
            if change.observed is not None:
                return [f"{who} exists, and the API makes only new users an owner; use 'Set as Owner' in Devo"]
        if ADMIN in roles.after and len(roles.after) > 1:
            text = f"{who} would have ADMIN beside another role, which excludes it; declare roles without append_roles"
            return [Refusal.invalid(text)]
        known = snapshot.extra
        unknown = [] if known is None else [role for role in roles.after if role not in known]
        return [
            Refusal.invalid(f"{who}: the domain '{self._domain}' has no role '{role}'{checks.near(role, known)}")
            for role in unknown
        ]

    def is_administrator(self, values: Mapping[str, Any]) -> bool:
        """The owner is one of them, and usually the last."""
        return ADMIN in values["roles"] and values["enabled"] is True

    def refine(self, changes: list[Change], snapshot: Snapshot) -> list[str]:
        """A new domain gets its one owner first.

        "The first user added to a new domain must be internal and must be the domain owner", and "you'll need the
        multitenant API keys to create the first user".
        """
        created = [change for change in changes if change.action == CREATE]
        owners = [change for change in created if change.fields.get("roles", FieldChange(None, [])).after == [OWNER]]
        if len(owners) > 1:
            names = ", ".join(change.key for change in owners)
            text = f"the domain '{self._domain}' can have one owner, and {len(owners)} are declared ({names})"
            return [Refusal.invalid(text)]
        if created and not snapshot.objects:
            if not owners:
                text = f"the domain '{self._domain}' has no user yet, and its first one has to be OWNER; declare one"
                return [Refusal.invalid(text)]
            if not self.connection.has("api_key") or self.connection.options["api_key_type"] != "multitenant":
                needed = "give api_key, api_secret and api_key_type: multitenant"
                text = f"the first user of the domain '{self._domain}' is created with the multitenant keys; {needed}"
                return [Refusal.invalid(text)]
        return []

    # --- results --------------------------------------------------------------------------------------------------

    def account(self, observed: Observed) -> Account:
        """OWNER never reads back as a role."""
        values = observed.values
        roles = [role for role in values["roles"] if role != devo_roles.NO_PRIVILEGES]
        return Account(
            PERSON,
            people=(observed.key,),
            entitlements=rights("role", [OWNER, *roles] if values["owner"] else roles),
            enabled=values["enabled"],
            administrator=values["owner"] or ADMIN in roles,
        )

    # --- writing --------------------------------------------------------------------------------------------------

    def write(self, change: Change) -> None:
        """Create, update or remove one user."""
        if change.action == DELETE:
            self._delete(change)
        elif change.action == CREATE:
            self._create(change)
        else:
            self._update(change)

    def _create(self, change: Change) -> None:
        """``POST /user/internal``. It takes one role for sure; further ones follow by the call for roles.

        Somebody who has an account in another domain is added to this one, and keeps name and phone. Somebody who was
        added meanwhile is answered 400 "already exists": what is left to do is done then.
        """
        declared = change.entry
        roles = devo_roles.plain(declared["roles"])
        body = {"domain": self._domain, "email": declared["email"], "role": roles[0]}
        if declared["username"]:
            body["userName"] = declared["username"]
        if declared["phone"]:
            body["phone"] = declared["phone"]
        try:
            answer = self.client.write(
                f"create the user '{declared.key}'",
                "POST",
                self._path("user", "internal"),
                params=SKIP if declared["skip_validation"] else None,
                json=body,
            )
        except LostAnswer:
            raise
        except AccessError as error:
            if error.kind != "conflict":
                raise
            return self._go_on(declared, error)
        email = answer.data.get("email") if isinstance(answer.data, dict) else None
        address = self._address(email if isinstance(email, str) and email else declared["email"])
        if len(roles) > 1:
            self._roles.set(address, declared.key, roles[:1], roles)
        if declared["enabled"] is False:
            self._switch(change.key, address, False)
        return None

    def _go_on(self, declared: Declared, taken: AccessError) -> None:
        snapshot = self.observe([declared], again=True)
        observed = self.find(declared, snapshot)
        if observed is None:
            raise taken
        rest = self.compare(declared, observed, snapshot)
        if rest is None:
            return
        if rest.refusals:
            raise Refused("; ".join(rest.refusals), kind=kind_of_refusals(rest.refusals))
        self._update(rest)

    def _update(self, change: Change) -> None:
        """Whoever is disabled is so before roles change; whoever is enabled has the new roles then."""
        address = self._address(change.current.handle)
        enabled, roles = change.fields.get("enabled"), change.fields.get("roles")
        if enabled is not None and not enabled.after:
            self._switch(change.key, address, False)
        if roles is not None:
            self._roles.set(address, change.key, roles.before, roles.after)
        if enabled is not None and enabled.after:
            self._switch(change.key, address, True)

    def _switch(self, who: str, address: str, on: bool) -> None:
        """``POST …/enable`` and ``…/disable``; being so already is an error (code 116), which reading again settles."""
        verb = "enable" if on else "disable"
        try:
            self.client.write(f"{verb} the user '{who}'", "POST", f"{address}/{verb}")
        except LostAnswer:
            raise
        except AccessError as error:
            if error.kind not in ("conflict", "validation"):
                raise
            if _enabled(wire.text(self._read(address), "status", "user")) != on:
                raise

    def _delete(self, change: Change) -> None:
        """``DELETE …/user/email/{email}/domain/{domain}``; the list tells whether a refusal means: not there."""
        try:
            self.client.write(f"remove the user '{change.key}'", "DELETE", self._address(change.current.handle))
        except LostAnswer:
            raise
        except AccessError as error:
            if error.kind not in ("validation", "not_found"):
                raise
            raise LostAnswer.to_settle(error) from None


def _loses(entry: Declared, observed: Observed) -> bool:
    """Whether a declaration takes something away that the account in use may need."""
    if entry.absent or entry["enabled"] is False:
        return True
    roles = None if entry["append_roles"] else entry["roles"]
    return roles is not None and not set(observed.values["roles"]) <= set(roles)


def _records(data: Any) -> list[Mapping[str, Any]]:
    return wire.records(data, "users")


def _enabled(status: str) -> bool:
    """Whether a status is one of those who may log in, now or once they are activated; any unknown word is not."""
    return status.lower() in ENABLED


def _disabled_word(snapshot: Snapshot) -> str:
    return next((str(item.values["status"]) for item in snapshot.objects if not item.values["enabled"]), DISABLED)


def _matching(option: str, value: str, pattern: re.Pattern[str], hint: str) -> str:
    if not pattern.fullmatch(value):
        raise ValidationError(f"{option}: {value!r} is not what Devo takes; write it {hint}")
    return value
