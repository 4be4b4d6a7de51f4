# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts of one play that are one tenant: what one declares, the other would pay for again, or remove. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.dataops.access.plugins.module_utils.core import tenants
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import public_url
from ansible_collections.dataops.access.plugins.module_utils.http.connection import Platform

_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True)
class Place:
    """Where the objects of one host are, as far as it can be told without a platform."""

    platform: str
    # In the one form that all spellings of it share.
    url: str
    # The option that tells this tenant from others at the URL; "" where the URL alone does.
    option: str = ""
    # That option's value, which may be a credential.
    value: str = field(default="", repr=False)


def places(
    platform: Platform,
    variable: Callable[[str], Any],
    entry: Mapping[str, Any] | None,
    environment: Mapping[str, str],
) -> Iterator[Place]:
    """Where one host's objects are.

    ``variable``: a variable of the host, None where it has none, or where it cannot be told here; ``entry``: the host's
    options of the tenants file, None without such a file, since the environment counts only then.
    """
    if platform.tenant_options is None:
        return
    variables = {credential.option: credential.variable for credential in platform.credentials}

    def told(option: str, of_environment: str | None) -> str:
        options: Mapping[str, Any] = entry or {}
        found = options.get(option)
        # Credentials are taken as a set.
        if tenants.is_blank(found) and not (option in variables and variables.keys() & tenants.given(options).keys()):
            found = variable(f"{platform.name}_{option}")
        if tenants.is_blank(found) and entry is None and of_environment:
            found = environment.get(of_environment)
        return "" if tenants.is_blank(found) else str(found).strip()

    url = normalised(told("api_url", platform.variable("api_url")) or platform.default_url or "")
    if not url:
        return
    if not platform.tenant_options:
        yield Place(platform.name, url)
    for option in platform.tenant_options:
        value = told(option, variables.get(option))
        if value:
            yield Place(platform.name, url, option, value)


def normalised(url: str) -> str:
    """One form for all spellings of a URL: case of scheme and server, the usual port, slashes at the end."""
    url = url.strip().rstrip("/")
    try:
        parts = urlsplit(url)
        port, server = parts.port, parts.hostname or ""
    except ValueError:
        return url  # the module says what is wrong with it
    shown = f"[{server}]" if ":" in server else server
    if port is not None and port != _PORTS.get(parts.scheme):
        shown += f":{port}"
    return parts._replace(netloc=shown).geturl()


def clashes(hosts: Iterable[tuple[str, Place]]) -> list[str]:
    """A sentence for each tenant that several hosts are, without its credentials."""
    found: dict[Place, list[str]] = {}
    for host, place in hosts:
        found.setdefault(place, []).append(host)
    return [
        f"hosts {' and '.join(names)} are one tenant of {place.platform}: all have the URL {public_url(place.url)}"
        f"{f' and the same {place.option}' if place.option else ''}"
        for place, names in found.items()
        if len(names) > 1
    ]
