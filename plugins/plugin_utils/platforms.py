# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The platforms as the plugins on the controller know them: by the name that ``access_platform`` takes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core import tenants
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.service import Service
from ansible_collections.dataops.access.plugins.module_utils.http.connection import Platform
from ansible_collections.dataops.access.plugins.module_utils.services import (
    alteryx,
    alteryx_connection,
    datasentinel,
    datasentinel_connection,
    dbsync,
    dbsync_api,
    devo,
    devo_tokens,
    devo_users,
    dqm,
)

PLATFORMS: dict[str, Platform] = {
    platform.name: platform
    for platform in (
        alteryx_connection.PLATFORM,
        datasentinel_connection.PLATFORM,
        dbsync_api.PLATFORM,
        devo.PROVISIONING,
        dqm.PLATFORM,
    )
}

# By plural module.
SERVICES: dict[str, type[Service]] = {
    "dbsync_license_users": dbsync.DBSyncUsers,
    "devo_domain_users": devo_users.DevoUsers,
    "devo_tokens": devo_tokens.DevoTokens,
    "ds_users": datasentinel.DatasentinelUsers,
    "subscriptions": alteryx.Subscriptions,
}

# Where a role takes the declared objects from, by platform and the kind that its results are named by.
VARIABLES: dict[tuple[str, str], tuple[str, type[Service]]] = {
    ("alteryx", "subscription"): ("alteryx_subscriptions", SERVICES["subscriptions"]),
    ("datasentinel", "user"): ("datasentinel_users", SERVICES["ds_users"]),
    ("dbsync", "license_user"): ("dbsync_license_users", SERVICES["dbsync_license_users"]),
    ("devo", "token"): ("devo_tokens", SERVICES["devo_tokens"]),
    ("devo", "user"): ("devo_users", SERVICES["devo_domain_users"]),
}


def service_of(module: str) -> type[Service]:
    """The service that a plural module runs. Raises ValidationError listing the modules."""
    if module not in SERVICES:
        raise ValidationError(f"module: '{module}' is none of {', '.join(sorted(SERVICES))}")
    return SERVICES[module]


def variables(platform: str) -> dict[str, str]:
    """Where the role of a platform takes the declared objects from, by kind."""
    return {kind: variable for (name, kind), (variable, _service) in VARIABLES.items() if name == platform}


def named(name: Any) -> Platform:
    """The platform of that name. Raises ValidationError listing the names."""
    platform = PLATFORMS.get(str(name))
    if platform is None:
        raise ValidationError(f"access_platform: '{name}' is none of {', '.join(sorted(PLATFORMS))}")
    return platform


def tenants_file(path: Any) -> str:
    """The tenants file's path: the given one, or that in the environment; "" if there is none."""
    return os.environ.get("ACCESS_TENANTS_FILE", "").strip() if tenants.is_blank(path) else str(path).strip()


def connection(options: Mapping[str, Any], platform: Platform, host: str, path: Any = None) -> dict[str, Any]:
    """The connection options of one host's tasks. Raises ValidationError.

    ``options``: every connection option that the platform's modules take, blank where the host gives none.
    """
    own = tenants.given(options)
    file = tenants_file(path)
    if not file:
        return own
    credentials = [credential.option for credential in platform.credentials]
    entry = tenants.entry_of(tenants.read_tenants(file), host, options, file)
    return tenants.merged(own, entry, credentials, host, platform.default_url)
