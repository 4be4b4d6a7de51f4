# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a Devo token is made of, and what a declaration of one may say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core import checks
from ansible_collections.dataops.access.plugins.module_utils.core.account import TOKEN as TOKEN_NATURE
from ansible_collections.dataops.access.plugins.module_utils.core.account import Account, rights
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.names import folded
from ansible_collections.dataops.access.plugins.module_utils.core.resource import (
    AS_SET,
    CASELESS,
    Field,
    Option,
    Resource,
)
from ansible_collections.dataops.access.plugins.module_utils.services.devo_token_api import (
    ADMIN_AUDIENCE,
    DEFAULT_SCOPES,
    PERMANENT,
    Token,
    iso,
)

SUCCESSOR = "~next"
PREDECESSOR = "~old-"

# Seconds by which two lifetimes may differ and still be the same: servers round.
_TOLERANCE = 60
# What only a new token can change.
FIXED = ("audience", "scopes", "user", "owner", "expires_in")


class Lifetime(Field):
    """Seconds from creation to expiration; -1: permanent."""

    def same(self, before: Any, after: Any) -> bool:
        """Whether both are permanent, or about as long; a lifetime that the server does not tell is not compared."""
        if before is None:
            return True
        if PERMANENT in (before, after):
            return bool(before == after)
        return abs(int(before) - int(after)) <= _TOLERANCE


class Scopes(Field):
    """Words; ``default`` may read back as anything, so that it is never found to differ."""

    def same(self, before: Any, after: Any) -> bool:
        """Whether the words are the same, or those declared are the default."""
        return list(after) == list(DEFAULT_SCOPES) or super().same(before, after)


TOKEN = Resource(
    platform="devo",
    noun="Devo token",
    singular="token",
    plural="tokens",
    listed_as="tokens",
    identity=("name", "token_id"),
    options=(
        Option("account", required=True, top=True),
        Field("name"),
        Option("token_id"),
        Field("audience", type="list", elements="str", compare=AS_SET, required_to_create=True),
        Scopes("scopes", type="list", elements="str", compare=AS_SET),
        Field("user", compare=CASELESS),
        Field("owner", compare=CASELESS),
        Lifetime("expires_in", type="int"),
        Field("enabled", type="bool"),
        Option("replace", type="bool", default=False),
        Option("renew_before", type="int"),
        Option("retire_old", type="bool", default=True),
        Option("grace", type="int", default=0),
        Option("secret_file", type="path"),
        Option("return_secret", type="bool", default=False),
        Option("only_existing", type="bool", default=False),
    ),
    required_one_of=(("name", "token_id"),),
)


def differing(values: Mapping[str, Any], token: Token) -> list[str]:
    """Those fixed fields that ``values`` has and that are otherwise in this token."""
    known = token.values()
    wanted = {name: values.get(name) for name in FIXED}
    return [
        name
        for name, value in wanted.items()
        if value not in (None, "") and not TOKEN.field(name).same(known[name], value)
    ]


# Every table, and the rights of an administrator: "table://*.**" and "level://admin" in the vendor's examples.
_WIDE = re.compile(r"(?:.*[/.])?\*\.\*\*|level://admin")


def account(token: Token) -> Account:
    """The token as a reviewer of access sees it: its user may do what it allows, without logging in."""
    scopes = rights("scope", token.scopes)
    return Account(
        TOKEN_NATURE,
        people=tuple({folded(name): None for name in (token.user or token.owner,) if name}),
        entitlements=(*rights("audience", token.audience), *scopes),
        enabled=token.enabled,
        administrator=ADMIN_AUDIENCE in token.audience,
        created=iso(token.created),
        expires=iso(token.expiration),
        permanent=None if token.lifetime is None else token.lifetime == PERMANENT,
        wide=rights("scope", [scope for scope in token.scopes if _WIDE.fullmatch(scope)]),
    )


def check_options(options: dict[str, Any]) -> dict[str, Any]:
    """Words are split; lifetimes and what renewing needs are checked. Raises ValidationError."""
    if options.get("name") is not None:
        options["name"] = checks.text("name", options["name"])
        if not options["name"]:
            raise ValidationError("name is empty; give it a value or remove the entry")
        if options["name"].endswith(SUCCESSOR) or PREDECESSOR in options["name"]:
            raise ValidationError(f"name: '{options['name']}' looks like a token that a renewal made; choose another")
    if options.get("token_id") is not None:
        options["token_id"] = checks.name("token_id", options["token_id"])
    for name in ("audience", "scopes"):
        if options.get(name) is not None:
            options[name] = _words(name, options[name])
    for name in ("user", "owner"):
        if options.get(name) is not None:
            options[name] = checks.email(name, options[name])
    _check_times(options)
    return options


def _words(option: str, values: Sequence[Any]) -> list[str]:
    """Words, also where one element holds several, as the API writes them."""
    words = sorted({word for value in values for word in checks.text(option, str(value)).split()})
    if not words:
        raise ValidationError(f"{option} is empty, and a token cannot be without; leave it out to leave it as it is")
    return words


def _check_times(options: Mapping[str, Any]) -> None:
    lifetime, ahead, grace = options.get("expires_in"), options.get("renew_before"), options.get("grace")
    if lifetime is not None and lifetime < 1 and lifetime != PERMANENT:
        raise ValidationError(f"expires_in: {lifetime} is neither a number of seconds nor {PERMANENT} for permanent")
    if grace is not None and grace < 0:
        raise ValidationError(f"grace: {grace} is less than no time at all; it must be 0 or more seconds")
    if ahead is None:
        return
    if ahead < 1:
        raise ValidationError(f"renew_before: {ahead} must be 1 second or more")
    if options.get("token_id"):
        raise ValidationError("renew_before needs name instead of token_id: the new token has another id")
    if not options.get("secret_file") and not options.get("return_secret"):
        raise ValidationError("renew_before needs secret_file or return_secret, or nobody would get the new secret")
    if lifetime is not None and lifetime != PERMANENT and ahead >= lifetime:
        raise ValidationError(
            f"renew_before: {ahead} must be less than expires_in: {lifetime}, or every run would renew the token"
        )
