# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole report, from the tenants' records, what is waived, and the report before. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.dataops.access.plugins.plugin_utils.audit import evidence, report, waivers
from ansible_collections.dataops.access.plugins.plugin_utils.audit.findings import left_out
from ansible_collections.dataops.access.plugins.plugin_utils.audit.trend import Trend


def whole_report(
    run: Mapping[str, Any],
    tenants: Sequence[Mapping[str, Any]],
    tenant_scope: Mapping[str, Any],
    given_waivers: Sequence[waivers.Waiver] = (),
    previous: Mapping[str, Any] | None = None,
    rules: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The record of a run: findings waived where somebody accepts them, and compared with the previous report's.

    ``tenants``: records of `report.judged`; ``previous``: the report before, as `lookback.looked_back` returns it, or
    None; ``rules``: as they were set. Raises AccessError where patterns take too long.
    """
    settings = rules or {}
    partial = left_out(tenant_scope)
    judged, about = waivers.applied(tenants, given_waivers, day(run), partial, settings)
    records, own, fixed = compared(judged, about, previous, run, partial, settings)
    return report.run_record(run, records, tenant_scope, settings, evidence.link(previous), own, fixed)


def compared(
    tenants: Sequence[Mapping[str, Any]],
    about: Sequence[Mapping[str, Any]],
    previous: Mapping[str, Any] | None,
    run: Mapping[str, Any],
    partial: bool,
    rules: Mapping[str, Any],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """The tenants' records and the findings ``about`` no single tenant with their trend, and what was fixed."""
    trend = Trend(previous, str(run["at"]))
    records = [report.with_findings(tenant, trend.of_tenant(tenant)) for tenant in tenants]
    own = trend.of_run(about)
    return records, own, trend.fixed(records, own, partial, rules)


def day(run: Mapping[str, Any]) -> dt.date:
    """The day of a run, in UTC."""
    return dt.date.fromisoformat(str(run["at"])[:10])
