# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who had which access from when to when, from what audits saw and what other runs did. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

# How a moment is known: a run of this collection did it, the platform tells it, or an audit saw it first then.
JOB = "job"
PLATFORM = "platform"
SEEN = "seen"

# A person and one right; of an object that only a run told of, neither is known.
Unit = tuple[str, str]
_UNSEEN: Unit = ("", "")

_DONE = ("applied", "unknown")


@dataclass(frozen=True)
class Moment:
    """When access began or ended: at ``at``, or between ``after`` and ``at``. Times are ISO 8601 in UTC."""

    at: str | None
    basis: str
    # The last audit that saw it otherwise; None: there was none.
    after: str | None = None
    # The run that did it: {operation, job_id, user, at, sha256}.
    job: Mapping[str, Any] | None = None

    def earliest(self) -> str:
        """Not before this; "" where that is not known."""
        return (self.after if self.basis == SEEN else self.at) or ""


@dataclass
class Access:
    """One right of one person through one object, from one moment to another."""

    tenant: str
    platform: str
    kind: str
    key: str
    unit: Unit
    granted: Moment
    removed: Moment | None = None
    # The object as an audit saw it last; empty where none did.
    account: Mapping[str, Any] = field(default_factory=dict)


class Timeline:
    """Follows the objects of one kind on one tenant. What happened has to be told in the order of time."""

    def __init__(self, tenant: str, platform: str, kind: str) -> None:
        self._place = (tenant, platform, kind)
        self._open: dict[str, dict[Unit, Access]] = {}
        # What was done to an object since an audit saw it last.
        self._pending: dict[str, list[tuple[str, Moment]]] = {}
        self.last_seen: str | None = None
        self.access: list[Access] = []

    def changed(self, change: Mapping[str, Any], job: Mapping[str, Any]) -> None:
        """A run did something to one object. ``change``: as in changes.json."""
        if change["status"] not in _DONE:
            return
        key, moment = change["key"], Moment(str(job["at"]), JOB, job=job)
        self._pending.setdefault(key, []).append((change["action"], moment))
        if change["status"] != "applied":
            return
        if change["action"] == "create" and key not in self._open:
            self._begin(key, _UNSEEN, moment)
        if change["action"] == "delete":
            if key not in self._open:
                self._begin(key, _UNSEEN, Moment(None, SEEN))
            for access in self._open.pop(key).values():
                access.removed = moment

    def seen(self, at: str, objects: Iterable[Mapping[str, Any]]) -> None:
        """An audit listed everything. ``objects``: ``existing`` of a report."""
        accounts: dict[str, Mapping[str, Any]] = {}
        units: dict[str, set[Unit]] = {}
        for one in objects:
            accounts[one["key"]] = one
            units.setdefault(one["key"], set()).update(_units(one))
        for key in sorted({*self._open, *units}):
            self._compare(key, units.get(key, set()), at, accounts.get(key, {}))
        self._pending.clear()
        self.last_seen = at

    def _compare(self, key: str, units: set[Unit], at: str, account: Mapping[str, Any]) -> None:
        now = self._open.setdefault(key, {})
        is_new = not now
        unseen = None if _UNSEEN in units else now.pop(_UNSEEN, None)
        for unit in sorted(units - set(now)):
            granted = unseen.granted if unseen is not None else self._done(key, "create", "update")
            granted = granted or self._told(is_new, account, at) or self._saw(at, self._touched(key))
            self._begin(key, unit, granted)
        for unit in sorted(set(now) - units):
            now.pop(unit).removed = self._done(key, "delete", "update") or self._saw(at)
        if unseen is not None:
            if units:
                self.access.remove(unseen)
            else:
                unseen.removed = self._saw(at, unseen.granted.at)
        for access in now.values():
            access.account = account
        if not now:
            del self._open[key]

    def _begin(self, key: str, unit: Unit, granted: Moment) -> None:
        access = Access(*self._place, key, unit, granted)
        self._open.setdefault(key, {})[unit] = access
        self.access.append(access)

    def _done(self, key: str, *actions: str) -> Moment | None:
        """The last run since the audit before that may have done it."""
        moments = [moment for action, moment in self._pending.get(key, ()) if action in actions]
        return moments[-1] if moments else None

    def _touched(self, key: str) -> str | None:
        """When a run did anything to it last, since the audit before."""
        return max((moment.at for _action, moment in self._pending.get(key, ()) if moment.at), default=None)

    def _told(self, is_new: bool, account: Mapping[str, Any], at: str) -> Moment | None:
        """When the platform says that the object was created, where that agrees with what audits saw."""
        created = account.get("created")
        if not is_new or not isinstance(created, str) or not (self.last_seen or "")[: len(created)] <= created <= at:
            return None
        return Moment(created, PLATFORM)

    def _saw(self, at: str, after: str | None = None) -> Moment:
        return Moment(at, SEEN, after=max(filter(None, (after, self.last_seen)), default=None))


def _units(account: Mapping[str, Any]) -> set[Unit]:
    return {(person, right) for person in account["people"] or [""] for right in account["entitlements"] or [""]}
