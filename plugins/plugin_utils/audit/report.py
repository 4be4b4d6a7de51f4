# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit's canonical record: from what the plural modules returned, tenant by tenant, to one verdict. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.canonical import sha256
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils.audit import evidence
from ansible_collections.dataops.access.plugins.plugin_utils.audit.context import Context
from ansible_collections.dataops.access.plugins.plugin_utils.audit.findings import (
    DRIFT,
    SEVERITIES,
    UNMANAGED,
    UNREADABLE,
    count,
    is_open,
)
from ansible_collections.dataops.access.plugins.plugin_utils.audit.rules import evaluate
from ansible_collections.dataops.access.plugins.plugin_utils.audit.rules_licences import licences

CLEAN = "clean"
FINDINGS = "findings"
DRIFTED = "drift"
ERROR = "error"

NONE = "none"
FAIL_ON = (DRIFT, UNMANAGED, ERROR, *SEVERITIES, NONE)
FAIL_ON_DEFAULT = (DRIFT, ERROR, "critical", "high")

_STAT = ("findings", "drift", "unmanaged", "errors")
COUNTS = (*_STAT, "waived")
_SUMMARY = ("declared", "in_sync", "create", "update", "delete", "failed", "unmanaged")
_ACTIONS = ("create", "update", "delete")
REGISTRATIONS = "registrations"


def check_fail_on(chosen: Any) -> list[str]:
    """``access_fail_on`` as a list. Raises ValidationError naming what it does not know."""
    names = [chosen] if isinstance(chosen, str) else chosen
    if not isinstance(names, Sequence) or not names:
        raise ValidationError(f"access_fail_on: give a list out of {', '.join(FAIL_ON)}")
    unknown = sorted({str(name) for name in names} - set(FAIL_ON))
    if unknown:
        raise ValidationError(f"access_fail_on: {', '.join(unknown)} is none of {', '.join(FAIL_ON)}")
    if NONE in names and len(names) > 1:
        raise ValidationError("access_fail_on: none stands alone")
    return [str(name) for name in names]


def tenant_record(
    host: str,
    platform: str,
    results: Iterable[Mapping[str, Any]],
    error: str | None = None,
    not_covered: Iterable[str] = (),
) -> dict[str, Any]:
    """One tenant's part of the report, as it was read: `judged` adds what is wrong with it.

    ``results``: ``{kind, result}`` for each object kind, with what the plural module returned, failed or not.
    ``error``: why the tenant could not be asked at all, or None. ``not_covered``: what no audit of it can tell.
    """
    kinds = [_kind(entry) for entry in results]
    error = None if error is None else " ".join(error.split())
    if not kinds and error is None:
        error = "it was never asked"
    return {
        "tenant": host,
        "platform": platform,
        "target": next((kind["target"] for kind in kinds if kind["target"]), None),
        # What a kind reports under itself is not repeated here.
        "error": None if any(kind["error"] for kind in kinds) else error,
        "kinds": kinds,
        "not_covered": list(not_covered),
        "plan_sha256": plan_hash(kinds),
    }


def judged(
    record: Mapping[str, Any], rules: Mapping[str, Mapping[str, Any] | None], context: Context
) -> dict[str, Any]:
    """The tenant's record with what the rules find, and its licences. ``rules``: as rules.settings returns them."""
    before = context.disabled.get(str(record["tenant"]), {})
    kinds = [
        {
            **read,
            "existing": [_dated(item, f"{read['kind']}/{item['key']}", before, context) for item in read["existing"]],
        }
        for read in record["kinds"]
    ]
    dated = {**record, "kinds": kinds, "licences": licences(record, context)}
    return with_findings(dated, evaluate(dated, rules, context))


def _dated(item: Mapping[str, Any], name: str, before: Mapping[str, str], context: Context) -> dict[str, Any]:
    """The object, with the date of the first report that shows it disabled, as far as reports follow each other."""
    return {**item, "disabled_since": before.get(name, context.today.isoformat()) if item["enabled"] is False else None}


def with_findings(record: Mapping[str, Any], found: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A tenant's record with these findings, and the counts and the verdict that follow from them."""
    items = list(found)
    counts = count(items)
    return {**record, "findings": items, "counts": counts, "verdict": verdict(counts)}


def _kind(entry: Mapping[str, Any]) -> dict[str, Any]:
    result = entry["result"]
    summary = result.get("summary") or {}
    return {
        "kind": entry["kind"],
        # Only a listing that was read whole can say that nothing else exists.
        "complete": summary.get("listing_complete") is True,
        "summary": {name: summary.get(name) for name in (*_SUMMARY, REGISTRATIONS)},
        "changes": [_change(change) for change in result.get("changes") or ()],
        "unmanaged": result.get("unmanaged"),
        # Everything that exists, as core.inventory tells it; empty where the listing was not read.
        "existing": list(result.get("existing") or ()),
        "unknown": list(result.get("unknown") or ()),
        # Who is in a declared object and not declared there: {key, members: [{id, name, email}]}.
        "unmanaged_members": list(result.get("unmanaged_members") or ()),
        "error": str(result.get("msg") or "it failed without a message") if result.get("failed") else None,
        "failure": result.get("failure") if result.get("failed") else None,
        "remedy": result.get("remedy"),
        "target": result.get("target"),
        "stats": result.get("stats"),
    }


def _change(change: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: change.get(name) for name in ("key", "action", "status", "fields", "error")}
    return {**kept, "replaced": True} if change.get("replaced") else kept


def plan_hash(kinds: Iterable[Mapping[str, Any]]) -> str:
    """The SHA-256 over what would be changed: the same for the same plan, whatever has become of it."""
    plan = [
        {
            "kind": kind["kind"],
            "key": change["key"],
            "action": change["action"],
            "fields": change["fields"],
            # The same on another server is another plan.
            "api_url": (kind["target"] or {}).get("api_url"),
        }
        for kind in kinds
        for change in kind["changes"]
    ]
    return sha256(sorted(plan, key=lambda entry: (entry["kind"], entry["key"], entry["action"])))


def verdict(counts: Mapping[str, int]) -> str:
    """``clean`` only where there is no finding of any kind."""
    if counts["errors"]:
        return ERROR
    if counts["drift"]:
        return DRIFTED
    return FINDINGS if counts["findings"] else CLEAN


def errors(record: Mapping[str, Any]) -> list[str]:
    """What the tenant's modules failed with, or why it was not asked."""
    found = [str(kind["error"]) for kind in record["kinds"] if kind["error"]]
    return found + ([str(record["error"])] if record["error"] else [])


def failing(record: Mapping[str, Any], fail_on: Collection[str]) -> list[str]:
    """Why the audit of this tenant ends as failed, in words; empty: it does not. Never changes the verdict."""
    counts = record["counts"]
    reasons = []
    if ERROR in fail_on and counts["errors"]:
        messages = [item["message"] for item in record["findings"] if item["rule"] == UNREADABLE]
        reasons.append(f"it could not be audited: {_several(messages)}")
    if DRIFT in fail_on and counts["drift"]:
        reasons.append(f"{counts['drift']} objects are not as declared")
    if UNMANAGED in fail_on and counts["unmanaged"]:
        reasons.append(f"{counts['unmanaged']} objects exist and are not declared")
    if not reasons:
        for severity in SEVERITIES:
            rules = [item["rule"] for item in record["findings"] if item["severity"] == severity and is_open(item)]
            if severity in fail_on and rules:
                reasons.append(f"{len(rules)} findings are {severity}: {', '.join(sorted(set(rules)))}")
    return reasons


def failing_run(record: Mapping[str, Any], fail_on: Collection[str]) -> list[str]:
    """Why the audit as a whole ends as failed, whatever becomes of each tenant."""
    found = [item["message"] for item in record["findings"] if item["severity"] in fail_on and is_open(item)]
    return [_several(found)] if found else []


def _several(messages: Sequence[str]) -> str:
    return "; ".join(messages[:3]) + (f"; and {len(messages) - 3} more" if len(messages) > 3 else "")


def scope(expected: Iterable[str], asked: Iterable[str], reported: Iterable[str], limit: str | None) -> dict[str, Any]:
    """Which tenants the report is about.

    ``expected``: all that should be in a whole report; ``asked``: hosts of the play; ``reported``: those with a record.
    """
    wanted, played, told = set(expected), set(asked), set(reported)
    left_out = sorted(wanted - played)
    return {
        "expected": sorted(wanted | played),
        "reported": sorted(told),
        # The play should have asked them and did not.
        "missing": sorted(played - told),
        # The run was told to leave them out.
        "left_out": left_out,
        "partial": bool(left_out),
        "limit": limit,
    }


def run_record(
    run: Mapping[str, Any],
    tenants: Iterable[Mapping[str, Any]],
    tenant_scope: Mapping[str, Any],
    rules: Mapping[str, Any] | None = None,
    previous: Mapping[str, Any] | None = None,
    found: Iterable[Mapping[str, Any]] = (),
    fixed: Iterable[Mapping[str, Any]] = (),
    merged: Iterable[Mapping[str, str]] = (),
) -> dict[str, Any]:
    """The whole report, with the SHA-256 over everything else in it.

    ``run``: who, when, with which versions; ``rules``: as they were set; ``previous``: ``{at, sha256}`` of the report
    before; ``found``: findings of no single tenant; ``fixed``: those of the report before that are gone; ``merged``:
    ``{at, job_id, sha256}`` of each report that this one was made of.
    """
    own = list(found)
    ordered = sorted(tenants, key=lambda record: str(record["tenant"]))
    counts = {name: sum(record["counts"][name] for record in ordered) for name in COUNTS}
    for name, number in count(own).items():
        counts[name] += number
    counts["errors"] += len(tenant_scope["missing"])
    record: dict[str, Any] = {
        "schema_version": evidence.SCHEMA_VERSION,
        "run": dict(run),
        "scope": dict(tenant_scope),
        "verdict": verdict(counts),
        "counts": {"tenants": len(ordered), **counts},
        "rules": dict(rules or {}),
        "previous": None if previous is None else dict(previous),
        "findings": own,
        "fixed": list(fixed),
        "tenants": ordered,
    }
    reports = list(merged)
    if reports:
        record["merged"] = reports
    return evidence.sealed(record)


def run_stat(record: Mapping[str, Any]) -> dict[str, Any]:
    """The stat ``access_audit``."""
    counts = {name: record["counts"][name] for name in ("tenants", *_STAT)}
    planned = sum(map(Counter, map(planned_numbers, record["tenants"])), Counter())
    plan = {name: planned[name] for name in (*_ACTIONS, REGISTRATIONS)}
    return {"verdict": record["verdict"], **counts, **plan, "sha256": record["sha256"]}


def plans(record: Mapping[str, Any]) -> dict[str, str]:
    """The stat ``access_plan``: what each tenant's plan hashes to, for an approval."""
    return {tenant["tenant"]: tenant["plan_sha256"] for tenant in record["tenants"]}


def tenant_stat(record: Mapping[str, Any]) -> dict[str, Any]:
    """The stat ``access_audit__<host>``."""
    counts = {name: record["counts"][name] for name in _STAT}
    plan = planned_numbers(record)
    return {"verdict": record["verdict"], **counts, **plan, "plan_sha256": record["plan_sha256"]}


def planned_numbers(record: Mapping[str, Any]) -> dict[str, int]:
    """How many objects an apply would create, update and delete, and how many licences it would register."""
    # A kind with a remedy of its own can only be read.
    written = [kind for kind in record["kinds"] if not kind["remedy"]]
    actions = Counter(change["action"] for kind in written for change in kind["changes"])
    spent = sum(kind["summary"].get(REGISTRATIONS) or 0 for kind in written)
    return {**{name: actions[name] for name in _ACTIONS}, REGISTRATIONS: spent}


def stats(record: Mapping[str, Any], place: str | None = None) -> dict[str, Any]:
    """Everything that an audit hands to later jobs, by the stat's name. ``place``: where they can get the report."""
    there = {"report": place} if place else {}
    # Of the stats of slices, those of one name replace each other: each tenant has to tell where its report is.
    tenants = {f"access_audit__{tenant['tenant']}": {**tenant_stat(tenant), **there} for tenant in record["tenants"]}
    return {"access_audit": {**run_stat(record), **there}, "access_plan": plans(record), **tenants}
