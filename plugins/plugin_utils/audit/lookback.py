# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the report before did not speak of (a limit, an outage), as the newest report that did says it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ansible_collections.dataops.access.plugins.plugin_utils.audit.findings import left_out, was_read

# More reports than this are not gone through: who was left out for so long begins anew.
MOST = 100


def looked_back(
    previous: Mapping[str, Any] | None,
    earlier: Iterable[Mapping[str, Any]],
    records: Iterable[Mapping[str, Any]],
    partial: bool,
    known: Collection[str],
) -> Mapping[str, Any] | None:
    """The previous report, for comparing alone: with what is read now and was not then, as an earlier report says it.

    ``earlier``: the reports before it, the newest first; they are read as far as they are needed. ``records``: the
    tenants of this run, as they were read; ``partial``: it leaves tenants out. ``known``: the tenants that earlier
    reports may speak of. What it returns is linked as the previous report is, and is not sealed.
    """
    if previous is None:
        return None
    tenants = {tenant["tenant"]: tenant for tenant in previous["tenants"]}
    wanted = {record["tenant"]: _complete(record) for record in records if record["tenant"] in known}
    found, scope = list(previous["findings"]), previous["scope"]
    older = iter(earlier)
    for _number in range(MOST):
        missing = [host for host, kinds in wanted.items() if kinds - _complete(tenants.get(host))]
        # A run that is partial itself says nothing of what concerns all tenants.
        if not missing and (partial or not left_out(scope)):
            break
        report = next(older, None)
        if report is None:
            break
        for tenant in report["tenants"]:
            if tenant["tenant"] in missing:
                tenants[tenant["tenant"]] = _filled(tenants.get(tenant["tenant"]), tenant)
        if left_out(scope):
            ids = {item["id"] for item in found}
            found += [item for item in report["findings"] if item["id"] not in ids]
            scope = report["scope"]
    return {**previous, "tenants": list(tenants.values()), "findings": found, "scope": scope}


def _complete(tenant: Mapping[str, Any] | None) -> set[str]:
    """The kinds of which everything was listed."""
    return set() if tenant is None else {kind["kind"] for kind in tenant["kinds"] if kind["complete"]}


def _filled(newer: Mapping[str, Any] | None, older: Mapping[str, Any]) -> Mapping[str, Any]:
    """A tenant's record with what only an older one could read."""
    if newer is None:
        return older
    lacking = _complete(older) - _complete(newer)
    ids = {item["id"] for item in newer["findings"]}
    return {
        **newer,
        "error": newer["error"] and older["error"],
        "kinds": [
            *(kind for kind in newer["kinds"] if kind["kind"] not in lacking),
            *(kind for kind in older["kinds"] if kind["kind"] in lacking),
        ],
        "findings": [
            *newer["findings"],
            *(item for item in older["findings"] if item["id"] not in ids and not was_read(newer, item)),
        ],
    }
