# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who had access in a period, since when, granted and removed by which job: from the records that were kept. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils.audit import chain, evidence
from ansible_collections.dataops.access.plugins.plugin_utils.audit.chain import Link, gap
from ansible_collections.dataops.access.plugins.plugin_utils.audit.timeline import Access, Moment, Timeline

KIND = "period"

# What the evidence does not tell, although nothing is wrong with it.
NOT_AUDITED = "not_audited"
NOT_READ = "not_read"

_DONE = ("applied", "unknown")

# More gaps than this are counted, not printed.
MOST = 20


@dataclass(frozen=True)
class Period:
    """From the first second of one day to the last of another, in UTC."""

    first: dt.date
    last: dt.date

    @property
    def start(self) -> str:
        """The first moment."""
        return f"{self.first.isoformat()}T00:00:00Z"

    @property
    def end(self) -> str:
        """The last moment."""
        return f"{self.last.isoformat()}T23:59:59Z"

    def holds(self, at: str) -> bool:
        """Whether the moment is in the period."""
        return self.start <= at <= self.end


def period(first: Any, last: Any) -> Period:
    """The period of ``access_from`` and ``access_to``. Raises ValidationError."""
    found = Period(_day("access_from", first), _day("access_to", last))
    if found.last < found.first:
        raise ValidationError(f"access_to: {found.last} is before access_from, {found.first}")
    return found


def _day(option: str, value: Any) -> dt.date:
    try:
        return dt.datetime.strptime(str(value).strip(), "%Y-%m-%d").replace(tzinfo=dt.timezone.utc).date()
    except ValueError:
        raise ValidationError(f"{option}: '{value}' is no day such as 2026-03-31") from None


@dataclass
class _Tenant:
    platform: str
    # When an audit listed everything of some kind, and when one could not list everything.
    audits: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    kinds: dict[str, Timeline] = field(default_factory=dict)


class History:
    """Takes the records that were kept in the order of time, and keeps of each what a period report needs."""

    def __init__(self, chosen: Period) -> None:
        self._period = chosen
        self._tenants: dict[str, _Tenant] = {}
        self._expected: set[str] = set()
        self._gaps: list[dict[str, Any]] = []
        self._links: list[Link] = []
        self._taken: set[str] = set()
        self._changes: list[dict[str, Any]] = []

    def damaged(self, path: str, why: str) -> None:
        """A file that is no evidence."""
        self._gaps.append(gap(chain.DAMAGED, f"it {why}", path=path))

    def take(self, path: str, kind: str, record: Mapping[str, Any]) -> None:
        """A report, or a record of changes. One that was copied counts once."""
        self._links.append(Link.of(path, kind, record))
        if record["sha256"] in self._taken:
            return
        self._taken.add(record["sha256"])
        if kind == evidence.REPORT:
            self._audit(record)
        else:
            self._done(record)

    def _audit(self, record: Mapping[str, Any]) -> None:
        at = record["run"]["at"]
        if self._period.holds(at):
            self._expected.update(record["scope"]["expected"])
        for tenant in record["tenants"]:
            known = self._tenant(tenant)
            whole = tenant["error"] is None and all(read["complete"] for read in tenant["kinds"])
            (known.audits if whole else known.unread).append(at)
            for read in tenant["kinds"]:
                if read["complete"]:
                    self._timeline(tenant, read["kind"]).seen(at, read["existing"])

    def _done(self, record: Mapping[str, Any]) -> None:
        run = record["run"]
        job = {
            "operation": record["operation"],
            "job_id": run["job_id"],
            "user": run.get("user"),
            "at": run["at"],
            "sha256": record["sha256"],
        }
        for tenant in record["tenants"]:
            for kind in tenant["kinds"]:
                for change in kind["changes"]:
                    self._timeline(tenant, kind["kind"]).changed(change, job)
                    if self._period.holds(run["at"]) and change["status"] in _DONE:
                        self._changes.append(_change(tenant, kind["kind"], change, job))

    def _tenant(self, tenant: Mapping[str, Any]) -> _Tenant:
        return self._tenants.setdefault(tenant["tenant"], _Tenant(tenant["platform"]))

    def _timeline(self, tenant: Mapping[str, Any], kind: str) -> Timeline:
        kinds = self._tenant(tenant).kinds
        return kinds.setdefault(kind, Timeline(tenant["tenant"], tenant["platform"], kind))

    def record(
        self, run: Mapping[str, Any], newest: Iterable[tuple[str, str, Mapping[str, Any]]] = ()
    ) -> dict[str, Any]:
        """The period report. ``newest``: path, kind and record of what lies beside the history."""
        beside = [Link.of(*each) for each in newest]
        found = [*self._gaps, *chain.gaps(self._links, beside, self._period.start), *self._not_covered()]
        access = [
            _row(each, timeline, self._period)
            for tenant in self._tenants.values()
            for timeline in tenant.kinds.values()
            for each in timeline.access
            if _may_concern(each, self._period)
        ]
        access.sort(key=lambda row: tuple(row[name] for name in ("tenant", "kind", "key", "person", "entitlement")))
        return evidence.sealed(
            {
                "schema_version": evidence.SCHEMA_VERSION,
                "kind": KIND,
                "run": dict(run),
                "from": self._period.first.isoformat(),
                "to": self._period.last.isoformat(),
                "sources": [
                    {"path": link.path, "kind": link.kind, "at": link.at, "sha256": link.sha256}
                    for link in sorted(self._links, key=lambda link: (link.at, link.path))
                ],
                "counts": {
                    "people": len({row["person"] for row in access if row["person"]}),
                    "access": len(access),
                    "uncertain": sum(1 for row in access if not row["certain"]),
                    "changes": len(self._changes),
                    "gaps": len(found),
                },
                "gaps": found,
                "access": access,
                "changes": sorted(self._changes, key=lambda each: (each["job"]["at"], each["tenant"], each["key"])),
            }
        )

    def _not_covered(self) -> list[dict[str, Any]]:
        found = []
        for host in sorted({*self._tenants, *self._expected}):
            tenant = self._tenants.get(host, _Tenant(""))
            unread = [at for at in tenant.unread if self._period.holds(at)]
            if not any(map(self._period.holds, tenant.audits)):
                message = f"no audit in the period listed everything of {host}"
                found.append(gap(NOT_AUDITED, message, tenant=host))
            elif unread:
                message = (
                    f"{len(unread)} audits in the period could not list everything of {host}, the last at {unread[-1]}"
                )
                found.append(gap(NOT_READ, message, at=unread[-1], tenant=host))
        return found


def is_broken(record: Mapping[str, Any]) -> list[str]:
    """What is wrong with the evidence itself, in words: it is damaged, missing, or begins anew."""
    return [f"{each['path']}: {each['message']}" for each in record["gaps"] if each["what"] in chain.BROKEN]


def lines(record: Mapping[str, Any]) -> list[str]:
    """The summary in a terminal."""
    counts = record["counts"]
    sizes = f"{counts['people']} people, {counts['access']} rights ({counts['uncertain']} uncertain)"
    sources = f"{counts['changes']} changes by jobs, from {len(record['sources'])} records"
    told = [f"Access from {record['from']} to {record['to']}: {sizes}, {sources}"]
    named = [
        f"  {each['path']}: {each['message']}" if each["path"] else f"  {each['message']}" for each in record["gaps"]
    ]
    rest = [f"  and {len(named) - MOST} more"] if len(named) > MOST else []
    return [*told, "", "What the evidence does not tell", *named[:MOST], *rest] if named else told


def _change(tenant: Mapping[str, Any], kind: str, change: Mapping[str, Any], job: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "tenant": tenant["tenant"],
        "platform": tenant["platform"],
        "kind": kind,
        "key": change["key"],
        "action": change["action"],
        "status": change["status"],
        "fields": sorted(change["fields"]),
        "job": dict(job),
    }


def _may_concern(access: Access, chosen: Period) -> bool:
    """Whether it may have been in the period, as far as its begin and end are known."""
    ended = access.removed.at if access.removed is not None else None
    return access.granted.earliest() <= chosen.end and (ended is None or ended >= chosen.start)


def _is_certain(access: Access, timeline: Timeline, chosen: Period) -> bool:
    """Whether it surely was: it had begun before the end, and had not ended, or was last seen, after the start."""
    began = access.granted.at
    lasted = access.removed.earliest() if access.removed is not None else timeline.last_seen or began or ""
    if began is None:
        return access.removed is not None and chosen.holds(lasted)
    return began <= chosen.end and max(lasted, began) >= chosen.start


def _row(access: Access, timeline: Timeline, chosen: Period) -> dict[str, Any]:
    account = access.account
    return {
        "tenant": access.tenant,
        "platform": access.platform,
        "kind": access.kind,
        "key": access.key,
        "person": access.unit[0],
        "entitlement": access.unit[1],
        "nature": account.get("nature"),
        "administrator": account.get("administrator"),
        "enabled": account.get("enabled"),
        "declared": account.get("declared"),
        "granted": _moment(access.granted),
        "removed": None if access.removed is None else _moment(access.removed),
        "certain": _is_certain(access, timeline, chosen),
    }


def _moment(moment: Moment) -> dict[str, Any]:
    return {
        "at": moment.at,
        "basis": moment.basis,
        "after": moment.after,
        "job": None if moment.job is None else dict(moment.job),
    }
