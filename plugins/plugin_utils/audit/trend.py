# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has become of the findings since the previous report: new, persisting since when, fixed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.dataops.access.plugins.plugin_utils.audit.findings import left_out, was_read, worst_first

NEW = "new"
PERSISTING = "persisting"


class Trend:
    """Compares findings with those of the previous report; without one, nothing is known to be new."""

    def __init__(self, previous: Mapping[str, Any] | None, at: str) -> None:
        """``previous``: as `lookback.looked_back` returns it; ``at``: when this report is made, ISO 8601 in UTC."""
        self._at = at
        self._previous = previous
        self._tenants = {tenant["tenant"]: tenant for tenant in (previous or {}).get("tenants", ())}
        self._before = {item["id"]: item for item in _all(previous)}

    def first_seen(self, finding_id: str) -> str | None:
        """When a report found it first, if the previous one has it."""
        item = self._before.get(finding_id)
        return None if item is None else item["since"] or str((self._previous or {})["run"]["at"])

    def of_tenant(self, tenant: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The findings of a tenant's record with ``trend`` and ``since``."""
        before = self._tenants.get(tenant["tenant"])
        return [self._dated(item, was_read(before, item)) for item in tenant["findings"]]

    def of_run(self, found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The findings of no single tenant with ``trend`` and ``since``."""
        whole = self._previous is not None and not left_out(self._previous["scope"])
        return [self._dated(item, whole) for item in found]

    def _dated(self, item: Mapping[str, Any], comparable: bool) -> dict[str, Any]:
        since = self.first_seen(item["id"])
        if since is not None:
            return {**item, "trend": PERSISTING, "since": since}
        return {**item, "trend": NEW if comparable else None, "since": self._at}

    def fixed(
        self,
        tenants: Sequence[Mapping[str, Any]],
        found: Sequence[Mapping[str, Any]],
        partial: bool,
        rules: Mapping[str, Any],
    ) -> list[dict[str, Any]]:
        """The findings of the previous report that are gone.

        ``tenants``: this report's records; ``found``: its findings of no single tenant; ``partial``: tenants were left
        out; ``rules``: as they were set. What was not asked, not read, or not looked for is not fixed.
        """
        now = {tenant["tenant"]: tenant for tenant in tenants}
        still = {item["id"] for tenant in tenants for item in tenant["findings"]} | {item["id"] for item in found}
        own = {item["id"] for item in (self._previous or {}).get("findings", ())}
        gone = []
        for item in self._before.values():
            looked = not partial if item["id"] in own else was_read(now.get(item["tenant"]), item)
            if item["id"] not in still and looked and rules.get(item["rule"], {}) is not None:
                gone.append(item)
        return sorted(map(dict, gone), key=worst_first)


def _all(previous: Mapping[str, Any] | None) -> Iterable[Mapping[str, Any]]:
    """Every finding of a report."""
    if previous is not None:
        yield from previous["findings"]
        for tenant in previous["tenants"]:
            yield from tenant["findings"]
