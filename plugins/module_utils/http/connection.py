# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From options and environment to a connection: credentials resolve as a set, so that none ends up elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import Redactor, fingerprint, public_url
from ansible_collections.dataops.access.plugins.module_utils.http.client import Client
from ansible_collections.dataops.access.plugins.module_utils.http.settings import Settings, proxy_secrets


@dataclass(frozen=True)
class Credential:
    """One credential option and the environment variable that may give it."""

    option: str
    variable: str
    # Log-in names are no secrets, and results show them as the identity.
    secret: bool = True


@dataclass(frozen=True)
class Platform:
    """How one platform is reached: its options, its variables, its ways to log in."""

    name: str
    title: str
    prefix: str
    credentials: tuple[Credential, ...]
    # Each way to log in: the options that it needs, all of them. In the environment the first complete one holds.
    methods: tuple[tuple[str, ...], ...]
    # Makes the client for a resolved connection, closed for writes.
    connect: Callable[[Connection], Client]
    default_url: str | None = None
    # What api_url looks like, for the message when it is missing.
    url_example: str = ""
    # Options of this platform alone that are no credentials: core.resource.Option.
    options: tuple[Any, ...] = ()
    # Whether one task may need two ways to log in at once.
    combines_methods: bool = False
    # What no audit can tell, since the API does not: sentences without a full stop.
    not_covered: tuple[str, ...] = ()
    # Options of which each says, with the URL, whose objects are meant: no two hosts of a play share them.
    # (): the URL alone says it. None: nothing is written.
    tenant_options: tuple[str, ...] | None = None

    def variable(self, option: str) -> str:
        """The environment variable of a connection option that is no credential."""
        name = option[4:] if option.startswith("api_") and option != "api_url" else option
        return f"{self.prefix}_{name.upper()}"


@dataclass(frozen=True)
class Connection:
    """Everything that is needed to reach one tenant of one platform."""

    platform: Platform
    settings: Settings
    # Those credentials that are in force, by option.
    credentials: Mapping[str, str] = field(repr=False)
    # The platform's own options.
    options: Mapping[str, Any]
    # Knows the secrets of the task: the credentials are among them.
    redactor: Redactor = field(default_factory=Redactor, repr=False)

    def has(self, *names: str) -> bool:
        """Whether all these credentials are in force."""
        return all(self.credentials.get(name) for name in names)

    @property
    def identity(self) -> str:
        """The log-in name, or the end of the key's fingerprint."""
        for credential in self.platform.credentials:
            value = self.credentials.get(credential.option)
            if value:
                return fingerprint(value) if credential.secret else value
        return ""

    def target(self) -> dict[str, str]:
        """The result's ``target``."""
        return {"platform": self.platform.name, "api_url": public_url(self.settings.api_url), "identity": self.identity}


def resolve(
    platform: Platform, options: Mapping[str, Any], environment: Mapping[str, str], redactor: Redactor | None = None
) -> Connection:
    """Check the connection options and fill in credentials. Raises ValidationError.

    ``options``: the module's parameters; those that are no credentials already have their environment fallback.
    ``redactor``: gets to know the credentials before anything can be said about them.
    """
    redactor = redactor or Redactor()
    secret = [credential for credential in platform.credentials if credential.secret]
    redactor.add(*(str(options[item.option]) for item in secret if options.get(item.option) is not None))
    redactor.add(*(environment.get(item.variable, "") for item in secret))
    redactor.add(*proxy_secrets(str(options.get("api_proxy") or "")))
    credentials = _from_options(platform, options)
    if not credentials:
        credentials = _from_environment(platform, environment)
    if not credentials:
        ways = " or ".join(" + ".join(method) for method in platform.methods)
        variables = ", ".join(credential.variable for credential in platform.credentials)
        raise ValidationError(f"no credentials for {platform.title}: give {ways}, or the variables ({variables})")
    url = options.get("api_url") or platform.default_url
    if not url or not str(url).strip():
        raise ValidationError(
            f"api_url is missing: give it as an option or in {platform.prefix}_API_URL, for example "
            f"{platform.url_example}"
        )
    known = {each.name for each in fields(Settings)}
    given = {name: options[name] for name in known if options.get(name) not in (None, "")}
    settings = Settings(**{**given, "api_url": str(url).strip().rstrip("/")})
    own = {option.name: options.get(option.name) for option in platform.options}
    return Connection(platform, settings, credentials, own, redactor)


def _from_options(platform: Platform, options: Mapping[str, Any]) -> dict[str, str]:
    names = [credential.option for credential in platform.credentials]
    given = {name: str(options[name]) for name in names if options.get(name) is not None}
    for name, value in given.items():
        _check_value(name, value)
    if not given:
        return {}
    begun = [method for method in platform.methods if any(name in given for name in method)]
    if len(begun) > 1 and not platform.combines_methods:
        ways = " and ".join(" + ".join(method) for method in begun)
        raise ValidationError(f"two ways to log in to {platform.title} were given ({ways}); give one")
    for method in begun:
        missing = [name for name in method if name not in given]
        if missing:
            raise ValidationError(
                f"{', '.join(name for name in method if name in given)} was given without {', '.join(missing)}; once "
                "one credential is given as an option, none is taken from the environment"
            )
    return given


def _from_environment(platform: Platform, environment: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for credential in platform.credentials:
        value = environment.get(credential.variable, "")
        if value.strip():
            _check_value(credential.variable, value)
            found[credential.option] = value
    complete = [method for method in platform.methods if all(name in found for name in method)]
    if found and not complete:
        variables = {credential.option: credential.variable for credential in platform.credentials}
        method = next(method for method in platform.methods if any(name in found for name in method))
        have = ", ".join(variables[name] for name in method if name in found)
        missing = ", ".join(variables[name] for name in method if name not in found)
        raise ValidationError(f"{have} is set in the environment, {missing} is not; {platform.title} needs both")
    chosen = complete if platform.combines_methods else complete[:1]
    return {name: found[name] for method in chosen for name in method}


def _check_value(name: str, value: str) -> None:
    if not value.strip():
        raise ValidationError(f"{name} is empty; leave it out, or give it a value")
    if any(ord(character) < 32 or ord(character) == 127 for character in value):
        raise ValidationError(
            f"{name} holds a line break or another control character; was the file read with its newline?"
        )
