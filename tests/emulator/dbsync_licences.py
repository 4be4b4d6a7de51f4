# SPDX-License-Identifier: GPL-3.0-or-later
"""What a DBSync partner application holds: licences, the count of active users, and the year's quota."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from .state import NEEDED, filled, iso, seconds

YEAR = 365 * 86400
STALE_READS = 2  # reads that still show the old state after a write, where consistency=delayed
Key = tuple[str, str]
# of a state file; active_users is what dump adds
PARTNER = {
    "app_key": NEEDED,
    "app_token": NEEDED,
    "annual_quota": 1000,
    "annual_used": None,
    "active_users": None,
    "users": [],
}
USER = {"company": NEEDED, "name": NEEDED, "active": True, "registered": None, "expires": None, "extra": {}}


@dataclass
class Licence:
    """One registered user of one company. Times are seconds since the epoch."""

    company: str
    name: str
    registered: float
    expires: float
    active: bool = True
    extra: dict[str, Any] = field(default_factory=dict)

    def valid(self, now: float) -> bool:
        return self.active and now < self.expires


@dataclass
class Late:
    """What the next reads still show of a licence that was just written."""

    before: Licence | None
    reads_left: int = STALE_READS


class Partner:
    """One partner application: its credentials, licences and quota.

    active users and annual_used are two counts: registering adds one to both, unregistering takes one from the
    first alone ("does not change the annual quota").
    """

    def __init__(self, state: dict[str, Any], now: float, fold: bool) -> None:
        given = filled("dbsync partner", state, PARTNER)
        self.app_key: str = given["app_key"]
        self.app_token: str = given["app_token"]
        self.fold = fold
        self.licences: dict[Key, Licence] = {}
        for each in given["users"]:
            user = filled("dbsync user", each, USER)
            begin, end = seconds(user["registered"], now), seconds(user["expires"], now + YEAR)
            licence = Licence(user["company"], user["name"], begin, end, user["active"], user["extra"])
            self.licences[self.key(licence.company, licence.name)] = licence
        self.annual_quota: int = given["annual_quota"]
        self.annual_used: int = len(self.licences) if given["annual_used"] is None else given["annual_used"]
        self.late: dict[Key, Late] = {}

    def key(self, company: str, name: str) -> Key:
        return (company.strip().lower(), name.strip().lower()) if self.fold else (company, name)

    @property
    def credentials(self) -> dict[str, str]:
        return {"partnerAppKey": self.app_key, "partnerAppToken": self.app_token}

    @property
    def active_users(self) -> int:
        return sum(licence.active for licence in self.licences.values())

    def delay(self, key: Key) -> None:
        """Let the next reads show the licence as it is now."""
        licence = self.licences.get(key)
        self.late[key] = Late(replace(licence) if licence else None)

    def seen(self, company: str | None, name: str | None) -> Iterator[Licence]:
        """The licences that a read shows; None stands for any."""
        wanted = self.key(company or "", name or "")
        if company is not None and name is not None:
            keys = [wanted]
        else:
            keys = [*self.licences, *(key for key in self.late if key not in self.licences)]
        for key in keys:
            licence = self.licences.get(key)
            late = self.late.get(key)
            if late is not None:
                licence = late.before
                late.reads_left -= 1
                if not late.reads_left:
                    del self.late[key]
            if licence and (company is None or key[0] == wanted[0]) and (name is None or key[1] == wanted[1]):
                yield licence

    def elsewhere(self, key: Key) -> bool:
        """Whether another company has an active user of this name."""
        return any(each[1] == key[1] and each[0] != key[0] and self.licences[each].active for each in self.licences)

    def dump(self) -> dict[str, Any]:
        return {
            "app_key": self.app_key,
            "app_token": self.app_token,
            "annual_quota": self.annual_quota,
            "annual_used": self.annual_used,
            "active_users": self.active_users,
            "users": [
                {
                    "company": licence.company,
                    "name": licence.name,
                    "active": licence.active,
                    "registered": iso(licence.registered),
                    "expires": iso(licence.expires),
                    "extra": licence.extra,
                }
                for licence in self.licences.values()
            ],
        }
