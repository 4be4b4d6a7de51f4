# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of plural modules, and the records made of them, for the tests of the report."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ansible_collections.dataops.access.plugins.plugin_utils.audit import report, rules
from ansible_collections.dataops.access.plugins.plugin_utils.audit.context import Context

RUN = {
    "at": "2026-01-31T06:00:00Z",
    "check_mode": False,
    "job_id": "local",
    "job_template": None,
    "launch_type": None,
    "schedule": None,
    "user": "ana",
    "revision": None,
    "versions": {"collection": "1.0.0", "ansible_core": "2.19.0", "python": "3.11.7"},
}
CONTEXT = Context(now=dt.datetime(2026, 1, 31, 6, tzinfo=dt.UTC))
TARGET = {"platform": "datasentinel", "api_url": "https://ds.example.com/ds-api", "identity": "robot@example.com"}


def change(key: str, action: str, error: str | None = None, **fields: tuple[Any, Any]) -> dict[str, Any]:
    return {
        "key": key,
        "action": action,
        "status": "failed" if error else "planned",
        "fields": {name: {"before": before, "after": after} for name, (before, after) in fields.items()},
        "error": {"msg": error, "kind": "conflict"} if error else None,
    }


def result(
    *changes: dict[str, Any], unmanaged: tuple[tuple[str, str], ...] = (), complete: bool = True, **more: Any
) -> dict[str, Any]:
    return {
        "changed": bool(changes),
        "changes": list(changes),
        "unmanaged": [{"key": key, "reason": reason} for key, reason in unmanaged] if complete else None,
        "summary": {"declared": 3, "in_sync": 1, "listing_complete": complete},
        "target": TARGET,
        **more,
    }


def account(key: str, **values: Any) -> dict[str, Any]:
    """An entry of ``existing``."""
    return {
        "key": key,
        "identity": {"email": key},
        "declared": "present",
        "protected": None,
        "nature": "user",
        "people": [key],
        "entitlements": ["role billing"],
        "enabled": True,
        "administrator": False,
        "unrestricted": False,
        "created": None,
        "expires": None,
        "permanent": None,
        "wide": [],
        "users": None,
        "workflows": None,
        **values,
    }


def read(*results: dict[str, Any], error: str | None = None, host: str = "ds") -> dict[str, Any]:
    """A tenant's record before it is judged."""
    return report.tenant_record(host, "datasentinel", [{"kind": "user", "result": each} for each in results], error)


def judged(record: dict[str, Any], context: Context = CONTEXT, **access_rules: Any) -> dict[str, Any]:
    return report.judged(record, rules.settings(access_rules), context)


def tenant(*results: dict[str, Any], error: str | None = None, host: str = "ds") -> dict[str, Any]:
    return judged(read(*results, error=error, host=host))


def found(record: dict[str, Any], context: Context = CONTEXT, **access_rules: Any) -> list[dict[str, Any]]:
    """The findings on a record that is not judged yet."""
    return list(judged(record, context, **access_rules)["findings"])


def shown(record: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    return [(item["rule"], item["severity"], item["status"], item["key"]) for item in record["findings"]]


def whole(*records: dict[str, Any], expected: tuple[str, ...] = (), asked: tuple[str, ...] = ()) -> dict[str, Any]:
    hosts = [record["tenant"] for record in records]
    return report.run_record(RUN, records, report.scope(expected or hosts, asked or hosts, hosts, None))
