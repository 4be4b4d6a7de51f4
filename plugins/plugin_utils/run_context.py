# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rules of an audit know beside each tenant, gathered from all hosts of the play and from earlier runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core import tenants
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils import platforms, play
from ansible_collections.dataops.access.plugins.plugin_utils.audit import context, rules
from ansible_collections.dataops.access.plugins.plugin_utils.audit.rules_accounts import holdings
from ansible_collections.dataops.access.plugins.plugin_utils.leavers import employed, leavers


@dataclass(frozen=True)
class RunContext:
    """What is known of the run as a whole, and which of it is missing."""

    now: dt.datetime
    timezone: str
    leavers: tuple[context.Leaver, ...]
    # By host.
    quotas: Mapping[str, int | None]
    # By host, as context.Context has it.
    people: Mapping[str, frozenset[str]]
    # As context.Context has it.
    disabled: Mapping[str, Mapping[str, str]]
    warnings: list[str]

    def contexts(
        self, records: Iterable[Mapping[str, Any]], chosen: Mapping[str, Mapping[str, Any] | None]
    ) -> dict[str, context.Context]:
        """The context of each tenant. ``chosen``: the rules in force."""
        records = list(records)
        held = holdings(records, chosen["separation_of_duties"], self.now)
        return {
            record["tenant"]: context.Context(
                now=self.now,
                timezone=self.timezone,
                leavers=self.leavers,
                disabled=self.disabled,
                licence_quota=self.quotas.get(record["tenant"]),
                people=self.people.get(record["tenant"], frozenset()),
                variables=platforms.variables(record["platform"]),
                held=held.get(record["platform"], {}),
            )
            for record in records
        }


def gather(
    task_vars: Mapping[str, Any], timezone: str, report_dir: str | None, previous: Mapping[str, Any] | None
) -> RunContext:
    """What is known. ``previous``: the previous report, with what earlier ones say.

    Raises ValidationError for what is wrong with the sources.
    """
    now = dt.datetime.now(dt.timezone.utc).replace(microsecond=0)
    hosts = {host: play.HostVariables.of(task_vars, host) for host in play.asked(task_vars)}
    found, warnings = leavers(hosts, now.astimezone(context.zone(timezone)).date(), report_dir)
    return RunContext(
        now,
        timezone,
        tuple(found),
        {host: _quota(variables.get("access_licence_quota")) for host, variables in hosts.items()},
        {host: employed(variables, now.astimezone(context.zone(timezone)).date()) for host, variables in hosts.items()},
        context.disabled_before(previous) if previous else {},
        warnings,
    )


def check_rules(task_vars: Mapping[str, Any]) -> None:
    """Raise ValidationError where a host's ``access_rules`` are wrong: one report has one set of rules."""
    first, *others = (
        (host, play.HostVariables.of(task_vars, host).get("access_rules")) for host in play.asked(task_vars)
    )
    chosen = rules.settings(first[1])
    for host, given in others:
        if given != first[1] and rules.settings(given) != chosen:
            raise ValidationError(
                f"access_rules: {host} has others than {first[0]}; the rules are those of the whole report, so set "
                "them for all hosts alike"
            )


def _quota(value: Any) -> int | None:
    if tenants.is_blank(value):
        return None
    try:
        return rules.whole_number(0)(value)
    except ValueError as problem:
        raise ValidationError(f"access_licence_quota has to be {problem}, and is {value!r}") from None
