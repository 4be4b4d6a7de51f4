# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What DBSync's answers tell of licences: recognised fields beside the record as it came, without credentials."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import HIDDEN, Redactor
from ansible_collections.dataops.access.plugins.module_utils.http.answers import one_line
from ansible_collections.dataops.access.plugins.module_utils.services.dbsync_failures import says_nothing
from ansible_collections.dataops.access.plugins.module_utils.services.dbsync_fields import (
    ACTIVE,
    COMPANY,
    CREDENTIALS,
    DEEPEST_ENVELOPE,
    EXPIRY,
    MESSAGE,
    QUOTA,
    START,
    USED,
    USERNAME,
    Fields,
    bare,
    moment,
    name,
    number,
    text,
    truth,
)

_VALID = ("authenticated", "isauthenticated", "valid", "isvalid", "hasvalidlicense", "licensed")
_SECRET_NAME = re.compile(
    r"password|passwd|secret|token|credential|authorization|(app|api|access|private|partner|license)key"
)


@dataclass(frozen=True)
class License:
    """One licence as an answer shows it; None: no name for it was recognised."""

    company: str | None
    username: str | None
    active: bool
    # False: nothing in the record says whether it is active, so that it counts as active.
    active_known: bool = False
    # ISO 8601 in UTC.
    start_date: str | None = None
    expiry_date: str | None = None
    quota: int | None = None
    used: int | None = None
    # The record as it came, without credentials; None: nothing was read.
    raw: Mapping[str, Any] | None = None

    def named(self, company: str | None, username: str | None) -> License:
        """The same licence with names filled in where the record has none."""
        return replace(self, company=self.company or company, username=self.username or username)

    def values(self) -> dict[str, Any]:
        """The recognised fields, as results show them."""
        return {
            "company": self.company,
            "username": self.username,
            "active": self.active,
            "active_known": self.active_known,
            "start_date": self.start_date,
            "expiry_date": self.expiry_date,
            "quota": self.quota,
            "used": self.used,
        }


@dataclass(frozen=True)
class Verdict:
    """What ``authenticateUser`` says of a user; ``valid`` None: its answer does not tell."""

    valid: bool | None
    message: str
    raw: Any = None


def licenses(data: Any, what: str, redactor: Redactor) -> list[License]:
    """Every licence in a successful answer; none where it says that there is none.

    ``what``: "list the users", for messages. Raises AccessError for content that is neither.
    """
    inner = data
    for _depth in range(DEEPEST_ENVELOPE + 1):
        if inner is None:
            return []
        if isinstance(inner, list):
            return [_license(item, what, redactor) for item in inner]
        if not isinstance(inner, dict):
            break
        fields = Fields(inner)
        below = fields.below()
        if not isinstance(below, list) and fields.is_license():
            return [_license(inner, what, redactor)]
        if below is None:
            said = {name: value for name, value in inner.items() if bare(name) not in CREDENTIALS}
            # Null with a message is how a server may say that it could not look.
            if says_nothing(Fields(said)) or (fields.has_empty_envelope() and not fields.first(MESSAGE, text)):
                return []
            break
        inner = below
    raise _unreadable(data, what, redactor)


def _license(item: Any, what: str, redactor: Redactor) -> License:
    if not isinstance(item, dict):
        raise _unreadable(item, what, redactor)
    below = Fields(item).below()
    # Details may stand in an object of their own beside the user's name.
    fields = Fields({**below, **item} if isinstance(below, dict) else item)
    company, username = fields.first(COMPANY, name), fields.first(USERNAME, name)
    if (company is None and fields.has(COMPANY)) or (username is None and fields.has(USERNAME)):
        # A name that cannot be read is somebody's all the same, who must not seem absent.
        raise _unreadable(item, what, redactor)
    active = fields.first(ACTIVE, truth)
    return License(
        company=company,
        username=username,
        active=active is not False,
        active_known=active is not None,
        start_date=fields.first(START, moment),
        expiry_date=fields.first(EXPIRY, moment),
        quota=fields.first(QUOTA, number),
        used=fields.first(USED, number),
        raw=scrubbed(item, redactor),
    )


def by_user(found: Sequence[License]) -> dict[tuple[str | None, str | None], License]:
    """One licence for each company and user name: of several (by product, by year) an active one."""
    users: dict[tuple[str | None, str | None], License] = {}
    for license_ in found:
        user = (license_.company, license_.username)
        if user not in users or (license_.active and not users[user].active):
            users[user] = license_
    return users


def unidentified(what: str, found: Sequence[License]) -> AccessError:
    """The error for several licences of which at least one does not say whose it is."""
    names = sorted({str(name) for license_ in found for name in license_.raw or ()})
    return AccessError(
        f"Could not {what}: cannot identify users in the answer, whose {len(found)} records have the fields "
        f"{', '.join(names) or '(none)'}. Next: ask for one user by company and username",
        kind="protocol",
    )


def verdict(data: Any, what: str, redactor: Redactor) -> Verdict:
    """What a successful answer of ``authenticateUser`` says: a flag, a licence, or nothing that can be read."""
    raw = scrubbed(data, redactor)
    if isinstance(data, bool):
        return Verdict(data, "", raw)
    message = ""
    if isinstance(data, dict):
        fields = Fields(data)
        message = redactor.text(fields.first(MESSAGE, text) or "")
        flag = fields.first(_VALID, truth)
        if flag is not None:
            return Verdict(flag, message, raw)
    try:
        found = licenses(data, what, redactor)
    except AccessError:
        return Verdict(None, message, raw)
    return Verdict(found[0].active if len(found) == 1 else None, message, raw)


def scrubbed(value: Any, redactor: Redactor) -> Any:
    """A parsed answer without what may be secret: an answer may echo the credentials of its request."""
    if isinstance(value, Mapping):
        return {
            redactor.name(str(key)): HIDDEN if item and _SECRET_NAME.search(bare(key)) else scrubbed(item, redactor)
            for key, item in value.items()
            if bare(key) not in CREDENTIALS
        }
    if isinstance(value, list):
        return [scrubbed(item, redactor) for item in value]
    return redactor.text(value) if isinstance(value, str) else value


def _unreadable(data: Any, what: str, redactor: Redactor) -> AccessError:
    shown = one_line(str(scrubbed(data, redactor)))
    return AccessError(
        f"Could not {what}: the answer holds no licence details, and does not say that there are none: {shown}. "
        "Next: check api_url and api_method_url",
        kind="protocol",
    )
