# SPDX-License-Identifier: GPL-3.0-or-later
"""The endpoints that the vendors' own documents name, and where they stand in the OpenAPI documents."""

from __future__ import annotations

import re

from contract.check import document
from endpoints import ENDPOINTS

# platform -> what its document names, as it writes it.
NAMED: dict[str, tuple[tuple[str, str], ...]] = {
    "alteryx": (
        ("POST", "/v3/subscriptions"),
        ("GET", "/v3/subscriptions"),
        ("GET", "/v3/subscriptions/{subscriptionId}"),
        ("PUT", "/v3/subscription/{subscriptionId}"),  # its prose
        ("PUT", "/v3/subscriptions/{subscriptionId}"),  # its example
        ("DELETE", "/v3/subscriptions"),
        ("PUT", "/v3/subscriptions/{subscriptionId}/users"),
        ("GET", "/v3/users"),
        ("GET", "/v3/users/{id}/assets"),
    ),
    "datasentinel": (
        ("POST", "/user-token"),  # on the page that this one begins by referring to
        ("POST", "/users/{email}"),
        ("GET", "/users/{email}"),
        ("PUT", "/users/{email}"),
        ("DELETE", "/users/{email}"),
        ("POST", "/users/{email}/role/{role name}"),
        ("DELETE", "/users/{email}/role/{role name}"),
        ("GET", "/users"),
    ),
    "dbsync": (
        ("POST", "/registerUser"),
        ("POST", "/unregisterUser"),
        ("POST", "/authenticateUser"),
        ("POST", "/licenseDetails"),
    ),
    "devo": (
        ("GET", "/v2/accounts/{accountName}/tokens"),
        ("GET", "/v2/accounts/{accountName}/tokens/{tokenId}"),
        ("POST", "/v2/accounts/{accountName}/tokens"),
        ("PUT", "/v2/accounts/{accountName}/tokens/{tokenId}/enable"),
        ("PUT", "/v2/accounts/{accountName}/tokens/{tokenId}/disable"),
        ("PUT", "/v2/accounts/{accountName}/tokens/{tokenId}/rename"),
        ("DELETE", "/v2/accounts/{accountName}/tokens/{tokenId}"),
        ("POST", "/user/internal"),
        ("PUT", "/user/email/{userEmail}/domain/{domainName}/role"),
        ("DELETE", "/user/email/{userEmail}/domain/{domainName}/role"),
    ),
    "dqm": (
        ("POST", "/dqm-security/v1/authenticate"),  # in an answer below the page
        ("GET", "/dqm-identity/v1/users/{userId}/clients"),  # its template
        ("GET", "/dqm-identity/v1/v1/users/{userId}/clients"),  # its example
    ),
}
# what stands between a server of the OpenAPI documents and the base URL of the vendor's document
BASES = ("", "/partner", "/probio")


def documented(platform: str, path: str) -> str | None:
    """The path of the OpenAPI document for one as the vendor's document writes it; None if there is none."""
    wanted = {base + shape(path) for base in BASES}
    return next((each for each in document(platform)["paths"] if shape(each) in wanted), None)


def shape(path: str) -> str:
    """A path without the names of its parameters."""
    return re.sub(r"\{[^}]*\}", "{}", path)


def endpoints_of(test: str) -> set[tuple[str, str, str | None]]:
    """What a test (pytest's node id) is listed for: {(platform, method, path of the OpenAPI document)}."""
    names = {test, test.partition("[")[0]}
    return {
        (platform, method, documented(platform, path))
        for platform, rows in ENDPOINTS.items()
        for method, path, name in rows
        if name in names
    }
