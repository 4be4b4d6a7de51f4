# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What rules have to know beside a tenant's record: the time, who has left, what an earlier report said. Pure."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.names import folded


@dataclass(frozen=True)
class Leaver:
    """Somebody who has left, by one name. ``platform``: the only one where this is their name; None: any."""

    name: str
    reason: str
    platform: str | None = None
    # Whether somebody said so of the person; otherwise tenants declare them absent, and perhaps only moved them.
    certain: bool = True
    # Tenants that declare them absent.
    absent_on: tuple[str, ...] = ()
    # Tenants that declare them present, each with the variables that do.
    present_on: Mapping[str, list[str]] = field(default_factory=dict)

    def may_be_on(self, tenant: str) -> bool:
        """Whether an account there is meant: another tenant's declaration alone does not make somebody a leaver."""
        return not self.certain and tenant in self.present_on


def _now() -> dt.datetime:
    return dt.datetime.now(dt.timezone.utc)


@dataclass(frozen=True)
class Context:
    """Of one run, and of one tenant where that is said. Without anything: nobody has left, and nothing was before."""

    now: dt.datetime = field(default_factory=_now)
    # The date where dates are dates: in ``access_timezone``.
    timezone: str = "UTC"
    leavers: tuple[Leaver, ...] = ()
    # Of each tenant, since when "kind/key" is disabled, as the previous report knows: ISO 8601 dates.
    disabled: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    # Of the tenant: how many licences it may use; None: nobody declared it.
    licence_quota: int | None = None
    # Of the tenant's platform: the variable that declares objects, by kind.
    variables: Mapping[str, str] = field(default_factory=dict)
    # Who is declared as a person with access, by the names of the tenant's platform, in lower case.
    people: frozenset[str] = frozenset()
    # On all tenants of its platform: where each person holds an entitlement that excludes others, in lower case.
    held: Mapping[str, Mapping[str, list[str]]] = field(default_factory=dict)

    @property
    def today(self) -> dt.date:
        """The date of the run."""
        return self.now.astimezone(zone(self.timezone)).date()

    def leaver(self, platform: str, name: str) -> Leaver | None:
        """Who has left under that name on that platform; the certain before those who are only declared absent."""
        return self._index.get((platform, folded(name))) or self._index.get((None, folded(name)))

    @property
    def _index(self) -> dict[tuple[str | None, str], Leaver]:
        index: dict[tuple[str | None, str], Leaver] | None = self.__dict__.get("_made_index")
        if index is None:
            index = {(each.platform, each.name): each for each in sorted(self.leavers, key=lambda each: each.certain)}
            self.__dict__["_made_index"] = index
        return index

    @staticmethod
    def moment(text: str | None) -> dt.datetime | None:
        """A time of the record; None where it is not told or no time. Without a zone it is UTC."""
        if text is None:
            return None
        try:
            found = dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
        except ValueError:
            return None
        return found if found.tzinfo else found.replace(tzinfo=dt.timezone.utc)

    def entry(self, kind: str, item: Mapping[str, Any] | None, **more: Any) -> str | None:
        """What declares an object that exists, as YAML on a line; None where its kind is not declared one by one."""
        variable = self.variables.get(kind)
        if variable is None or item is None:
            return None
        # Through JSON, since Ansible's texts are of classes of its own, which PyYAML does not know.
        entry = json.loads(json.dumps([{**item["identity"], **more}]))
        text = yaml.safe_dump(entry, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10**6)
        return f"{variable}: {text.strip()}"


def zone(name: str) -> ZoneInfo:
    """``access_timezone``. Raises ValidationError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValidationError(f"access_timezone: '{name}' is no time zone, such as UTC or Europe/Madrid") from None


def disabled_before(report: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """`Context.disabled` from the previous report."""
    day = str(report["run"]["at"])[:10]
    found: dict[str, dict[str, str]] = {}
    for tenant in report["tenants"]:
        since = {
            f"{read['kind']}/{item['key']}": item.get("disabled_since") or day
            for read in tenant["kinds"]
            for item in read["existing"]
            if item["enabled"] is False
        }
        if since:
            found[tenant["tenant"]] = since
    return found
