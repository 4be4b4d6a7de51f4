# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reports of slices as one. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils.audit import assembly, evidence, report, waivers
from ansible_collections.dataops.access.plugins.plugin_utils.audit.context import Context
from ansible_collections.dataops.access.plugins.plugin_utils.audit.findings import (
    WAIVER_UNUSED,
    left_out,
    worst_first,
)
from ansible_collections.dataops.access.plugins.plugin_utils.audit.rules import BY_ID, evaluate
from ansible_collections.dataops.access.plugins.plugin_utils.audit.rules_accounts import holdings

OPTION = "access_reports"
SEPARATION_OF_DUTIES = "separation_of_duties"


def merged(
    run: Mapping[str, Any],
    reports: Sequence[Mapping[str, Any]],
    given_waivers: Sequence[waivers.Waiver] | None = None,
    previous: Mapping[str, Any] | None = None,
    expected: Iterable[str] = (),
) -> dict[str, Any]:
    """One report that speaks of the tenants of all ``reports``.

    ``run``: who merges, when; ``given_waivers``: what is accepted, judged anew over all tenants; None: as the slices
    judged it, each for itself. ``previous``: the merged report before, as `lookback.looked_back` returns it; None:
    findings keep the trend that the slices saw. ``expected``: further tenants that a whole report speaks of.
    Raises ValidationError where a tenant or a report stands twice, or the rules were not the same.
    """
    _check(reports)
    records, scope = all_tenants(reports), scope_of(reports, expected)
    partial, rules = left_out(scope), reports[0]["rules"]
    sources = sorted((_source(one) for one in reports), key=lambda source: (source["at"], source["sha256"]))
    records = _held_across(records, rules, run)
    if given_waivers is None:
        about = _about_waivers(reports)
    else:
        records, about = waivers.applied(records, given_waivers, assembly.day(run), partial, rules)
    if previous is None or previous["sha256"] in {source["sha256"] for source in sources}:
        # The report of a slice, which was left where the merged one goes, is not the one before.
        previous = None
        fixed = sorted({item["id"]: item for one in reports for item in one["fixed"]}.values(), key=worst_first)
    else:
        records, about, fixed = assembly.compared(records, about, previous, run, partial, rules)
    return report.run_record(run, records, scope, rules, evidence.link(previous), about, fixed, sources)


def _held_across(
    tenants: Sequence[Mapping[str, Any]], rules: Mapping[str, Any], run: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The tenants' records, with who holds two rights that exclude each other on tenants of different slices.

    What a slice found stays, as it was waived there and since when it is known.
    """
    chosen = {**dict.fromkeys(BY_ID), SEPARATION_OF_DUTIES: rules.get(SEPARATION_OF_DUTIES)}
    now = Context.moment(run["at"]) or Context().now
    # In the order of one run, since a finding names the first of them.
    held = holdings(sorted(tenants, key=lambda tenant: str(tenant["tenant"])), chosen[SEPARATION_OF_DUTIES], now)
    records = []
    for tenant in tenants:
        context = Context(now=now, held=held.get(tenant["platform"], {}))
        found = {item["id"]: item for item in tenant["findings"]}
        for item in evaluate(tenant, chosen, context):
            # It may be held in more places than the slice knew.
            found[item["id"]] = {**found.get(item["id"], {**item, "since": run["at"]}), "message": item["message"]}
        records.append(report.with_findings(tenant, sorted(found.values(), key=worst_first)))
    return records


def _check(reports: Sequence[Mapping[str, Any]]) -> None:
    if not reports:
        raise ValidationError(f"{OPTION}: name the report.json of each slice")
    hosts = Counter(tenant["tenant"] for one in reports for tenant in one["tenants"])
    twice = sorted(host for host, number in hosts.items() if number > 1)
    if twice:
        raise ValidationError(
            f"{OPTION}: more than one report speaks of {', '.join(twice)}; give one report for each slice of one run"
        )
    if any(one["sha256"] == reports[0]["sha256"] for one in reports[1:]):
        raise ValidationError(f"{OPTION}: a report stands there twice")
    if any(one["rules"] != reports[0]["rules"] for one in reports[1:]):
        raise ValidationError(f"{OPTION}: the reports were made by different access_rules; audit again with the same")


def _source(one: Mapping[str, Any]) -> dict[str, str]:
    return {"at": one["run"]["at"], "job_id": one["run"]["job_id"], "sha256": one["sha256"]}


def all_tenants(reports: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The tenants' records of all reports."""
    return [tenant for one in reports for tenant in one["tenants"]]


def scope_of(reports: Sequence[Mapping[str, Any]], expected: Iterable[str]) -> dict[str, Any]:
    """Partial is what no slice speaks of; missing, what a slice should have asked and no other did."""
    reported = {str(tenant["tenant"]) for tenant in all_tenants(reports)}
    missing = {host for one in reports for host in one["scope"]["missing"]} - reported
    wanted = {*expected, *(host for one in reports for host in one["scope"]["expected"])}
    limits = {one["scope"]["limit"] for one in reports}
    return report.scope(wanted, reported | missing, reported, limits.pop() if len(limits) == 1 else None)


def _about_waivers(reports: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The slices' findings of no single tenant; an unused waiver among them where none of them had a use for it."""
    found = {item["id"]: item for one in reports for item in one["findings"]}
    unused = [item for item in found.values() if item["rule"] == WAIVER_UNUSED]
    for item in unused:
        # Who reports its tenant knows; of a waiver for any tenant, all have to say so.
        knowing = [one for one in reports if item["tenant"] in one["scope"]["reported"]] or reports
        if not all(any(other["id"] == item["id"] for other in one["findings"]) for one in knowing):
            del found[item["id"]]
    return sorted(map(dict, found.values()), key=worst_first)
