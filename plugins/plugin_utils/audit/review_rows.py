# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts of a report as rows for those who review access: one for each account, person and right. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.canonical import sha256
from ansible_collections.dataops.access.plugins.plugin_utils.audit.findings import (
    FORBIDDEN,
    SEVERITIES,
    UNMANAGED,
    is_open,
)

# What a reviewer fills in.
ANSWERS = ("decision", "reviewer", "date", "justification")
# What tells one row from all others; `row` is made from it.
IDENTITY = ("report_sha256", "tenant", "platform", "kind", "key", "person", "entitlement")
COLUMNS = (
    "report_sha256",
    "row",
    "tenant",
    "platform",
    "kind",
    "key",
    "person",
    "entitlement",
    "enabled",
    "administrator",
    "declared",
    "protected",
    "created",
    "expires",
    "findings",
    "severity",
    "recommendation",
    *ANSWERS,
)
KEEP, REMOVE, CORRECT = "keep", "remove", "correct"


@dataclass(frozen=True)
class Reviewed:
    """One account and the rows about it."""

    tenant: str
    platform: str
    kind: str
    account: Mapping[str, Any]
    rows: list[dict[str, str]]

    def __str__(self) -> str:
        return f"{self.tenant}: {self.kind} {self.account['key']}"


def reviewed(record: Mapping[str, Any]) -> Iterator[Reviewed]:
    """Every account of a report with its rows, answers empty, in the order of tenants, kinds and keys."""
    for tenant in record["tenants"]:
        findings = _by_object(tenant)
        for read in tenant["kinds"]:
            for account in read["existing"]:
                found = findings.get((read["kind"], account["key"]), [])
                start = (record["sha256"], tenant["tenant"], tenant["platform"], read["kind"], account["key"])
                made = [
                    _row(dict(zip(IDENTITY, (*start, person, entitlement))), account, found)
                    for person in account["people"] or [""]
                    for entitlement in account["entitlements"] or [""]
                ]
                yield Reviewed(tenant["tenant"], tenant["platform"], read["kind"], account, made)


def rows(record: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Every row of a report."""
    for account in reviewed(record):
        yield from account.rows


def _row(identity: Mapping[str, str], account: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    row = {
        **identity,
        "row": row_id(identity, account["identity"]),
        "enabled": _word(account["enabled"]),
        "administrator": _word(account["administrator"]),
        "declared": account["declared"] or "",
        "protected": account["protected"] or "",
        "created": account["created"] or "",
        "expires": account["expires"] or "",
        "findings": " ".join(item["id"] for item in found),
        "severity": min((item["severity"] for item in found), key=SEVERITIES.index, default=""),
        "recommendation": _recommendation(account, found),
        **dict.fromkeys(ANSWERS, ""),
    }
    return {name: row[name] for name in COLUMNS}


def row_id(identity: Mapping[str, str], account: Mapping[str, Any]) -> str:
    """What a row is called: two accounts of one name differ by ``account``, the options that name each."""
    return sha256([[identity[name] for name in IDENTITY], account])[:16]


def _by_object(tenant: Mapping[str, Any]) -> dict[tuple[str, str], list[Mapping[str, Any]]]:
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for item in tenant["findings"]:
        if is_open(item):
            found.setdefault((item["kind"], item["key"]), []).append(item)
    return found


def _recommendation(account: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> str:
    """What follows from the findings alone; a protected account cannot be removed."""
    if not found:
        return KEEP
    removable = any(item["status"] in (UNMANAGED, FORBIDDEN) for item in found) and not account["protected"]
    return REMOVE if removable else CORRECT


def _word(value: bool | None) -> str:
    return {True: "yes", False: "no", None: ""}[value]
