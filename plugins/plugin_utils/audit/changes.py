# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``changes.json``: what a run that writes has done to each tenant, kept as evidence. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.dataops.access.plugins.plugin_utils.audit import evidence, report

CHANGES = "changes.json"

# The operation that brings every tenant of a play in line.
APPLY = "apply"

# The one that renews tokens.
ROTATE = "rotate_tokens"

# What becomes of a change; planned: its tenant's plan was refused as a whole, and nothing of it was written.
STATUSES = ("applied", "failed", "unknown", "planned")
_STAT = ("tenants", "applied", "failed", "unknown")


def changes_record(
    operation: str,
    run: Mapping[str, Any],
    tenants: Iterable[Mapping[str, Any]],
    tenant_scope: Mapping[str, Any],
    previous: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The record of one run, with the SHA-256 over everything else in it.

    ``operation``: what was run, as in ``apply``; ``run``: who, when, as which job; ``tenants``: their records as
    `report.tenant_record` makes them; ``previous``: the record of the run before, or None.
    """
    told = [_tenant(record) for record in sorted(tenants, key=lambda record: str(record["tenant"]))]
    became = Counter(change["status"] for tenant in told for kind in tenant["kinds"] for change in kind["changes"])
    return evidence.sealed(
        {
            "schema_version": evidence.SCHEMA_VERSION,
            "kind": evidence.CHANGES,
            "operation": operation,
            "run": dict(run),
            "scope": dict(tenant_scope),
            "previous": evidence.link(previous),
            "counts": {"tenants": len(told), **{status: became[status] for status in STATUSES}},
            "tenants": told,
        }
    )


def _tenant(record: Mapping[str, Any]) -> dict[str, Any]:
    # A kind with a remedy of its own can only be read: what differs there is nothing that was done.
    written = [kind for kind in record["kinds"] if not kind["remedy"]]
    return {
        "tenant": record["tenant"],
        "platform": record["platform"],
        "target": record["target"],
        "error": "; ".join(report.errors(record)) or None,
        "kinds": [{name: kind[name] for name in ("kind", "changes", "error")} for kind in written],
    }


def stat(record: Mapping[str, Any]) -> dict[str, Any]:
    """The stat ``access_changes``."""
    return {**{name: record["counts"][name] for name in _STAT}, "sha256": record["sha256"]}
