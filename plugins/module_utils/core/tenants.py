# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which connection options belong to which tenant, so that no secret of one goes to another's server."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core import unknown_names
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.written import Unfit, mapping


def is_blank(value: Any) -> bool:
    """Whether an option counts as not given: none, or a blank string. ``false`` and ``0`` are values."""
    return value is None or (isinstance(value, str) and not value.strip())


def given(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that have a value; the rest is left to the environment."""
    return {name: value for name, value in options.items() if not is_blank(value)}


def read_tenants(path: str) -> dict[str, Any]:
    """The tenants file: connection options by inventory host. Raises ValidationError, never with the content."""
    try:
        tenants = json.loads(Path(path).read_text(encoding="utf-8-sig"), object_pairs_hook=mapping)
    except (OSError, UnicodeDecodeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "it is not UTF-8"
        raise ValidationError(f"access_tenants_file: {path} cannot be read: {reason}") from None
    except Unfit as problem:
        raise ValidationError(f"access_tenants_file: {path}: {problem}") from None
    except (ValueError, RecursionError) as problem:
        where = f" (line {problem.lineno})" if isinstance(problem, json.JSONDecodeError) else ""
        raise ValidationError(f"access_tenants_file: {path} is no JSON{where}") from None
    if not isinstance(tenants, dict):
        raise ValidationError(f"access_tenants_file: {path} must map inventory hosts to connection options")
    return tenants


def entry_of(tenants: Mapping[str, Any], host: str, known: Collection[str], path: str) -> dict[str, Any]:
    """The one entry that is the host's own. Raises ValidationError if there is none, or it holds unknown options."""
    if host not in tenants:
        raise ValidationError(
            f"access_tenants_file: {path} has no entry for '{host}'; add one, since nothing is taken from the "
            "environment where this file is used"
        )
    entry = tenants[host]
    if not isinstance(entry, dict):
        raise ValidationError(f"access_tenants_file: the entry for '{host}' in {path} is no mapping of options")
    unknown = sorted(unknown_names.shown(set(entry) - set(known)))
    if unknown:
        raise ValidationError(
            f"access_tenants_file: the entry for '{host}' in {path} has unknown options: {', '.join(unknown)}; "
            f"known are {', '.join(sorted(known))}"
        )
    return given(entry)


def merged(
    options: Mapping[str, Any],
    entry: Mapping[str, Any],
    credentials: Collection[str],
    host: str,
    default_url: str | None,
) -> dict[str, Any]:
    """The host's options and its entry of the tenants file, which wins; credentials are taken as a set.

    ``default_url``: the platform's, if it has one; it is given too, so that no URL of the environment takes its place.

    Raises ValidationError where anything that a module needs would be left to the environment: it belongs to no tenant.
    """
    base = dict(options)
    if any(name in entry for name in credentials):
        base = {name: value for name, value in base.items() if name not in credentials}
    options = {**base, **entry}
    if not any(name in options for name in credentials):
        raise ValidationError(
            f"access_tenants_file: the entry for '{host}' holds no credentials ({', '.join(credentials)}), and none "
            "are taken from the environment where this file is used"
        )
    if default_url:
        options.setdefault("api_url", default_url)
    if "api_url" not in options:
        raise ValidationError(
            f"access_tenants_file: neither the entry for '{host}' nor its variables hold api_url, and it is not taken "
            "from the environment where this file is used"
        )
    return options


@dataclass(frozen=True)
class Tenant:
    """What decides whose credentials a host uses."""

    host: str
    platform: str
    # As the host's variables or the environment give it; "": the platform's default.
    api_url: str
    # Whether the host's own variables hold a credential.
    own_credentials: bool


def check_environment(tenants: Iterable[Tenant]) -> None:
    """Raise ValidationError when one set of credentials from the environment would go to several servers."""
    urls: dict[str, dict[str, str]] = {}
    for tenant in tenants:
        if not tenant.own_credentials:
            urls.setdefault(tenant.platform, {}).setdefault(tenant.api_url.strip().rstrip("/"), tenant.host)
    clashes = [(platform, hosts) for platform, hosts in sorted(urls.items()) if len(hosts) > 1]
    if clashes:
        text = "; ".join(
            f"{platform}: " + ", ".join(f"{host} ({url or 'default URL'})" for url, host in sorted(hosts.items()))
            for platform, hosts in clashes
        )
        raise ValidationError(
            f"several tenants of one platform would take the same credentials from the environment to different "
            f"servers ({text}); give each its own in host variables, or all of them in access_tenants_file"
        )
