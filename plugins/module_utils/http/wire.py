# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading parsed answers without trust: the right type, or an error that says which part of which answer is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError


def protocol_error(where: str, expected: str, found: Any) -> AccessError:
    """The error for an answer of another shape than the API's. ``where``: "users[3].roles"."""
    kind = "null" if found is None else type(found).__name__
    return AccessError(
        f"The answer is not of this API: {where} should be {expected} and is {kind}. "
        "Next: check that api_url is the address of the API, and its version",
        kind="protocol",
    )


def records(data: Any, where: str) -> list[Mapping[str, Any]]:
    """A list of objects."""
    if not isinstance(data, list):
        raise protocol_error(where, "a list", data)
    for place, item in enumerate(data):
        if not isinstance(item, dict):
            raise protocol_error(f"{where}[{place}]", "an object", item)
    return data


def record(data: Any, where: str) -> Mapping[str, Any]:
    """An object."""
    if not isinstance(data, dict):
        raise protocol_error(where, "an object", data)
    return data


def text(item: Mapping[str, Any], key: str, where: str, default: str | None = None) -> str:
    """A string; null and missing count as ``default`` (None: they are an error).

    What identifies an object has no default: an entry that lost its name must not look like another object, or be
    removed as one that nobody declared.
    """
    value = item.get(key)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise protocol_error(f"{where}.{key}", "a string", value)
    return value


def identifier(item: Mapping[str, Any], key: str, where: str) -> str:
    """An id that the server gave, a string or a whole number."""
    value = item.get(key)
    if isinstance(value, bool) or not isinstance(value, (str, int)) or value == "":
        raise protocol_error(f"{where}.{key}", "an id", value)
    return str(value)


def texts(item: Mapping[str, Any], key: str, where: str) -> list[str]:
    """A list of strings; null and missing are an empty one."""
    value = item.get(key)
    if value is None:
        return []
    found = [one for one in value if isinstance(one, str)] if isinstance(value, list) else None
    if found is None or len(found) != len(value):
        raise protocol_error(f"{where}.{key}", "a list of strings", value)
    return found


def flag(item: Mapping[str, Any], key: str) -> bool | None:
    """A truth value, however written (true, 1, "1", "true"); None when missing or unreadable."""
    value = item.get(key)
    if isinstance(value, (bool, int)):
        return bool(value)
    if isinstance(value, str):
        return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}.get(
            value.strip().lower()
        )
    return None
