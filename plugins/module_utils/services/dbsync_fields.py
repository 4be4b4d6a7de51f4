# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading objects of DBSync's answers, whose shapes are not published: the documents show them as lost pictures.

So names and values are recognised among likely ones: those of the requests, those of the columns in the vendor's
partner portal, and common spellings. Names are compared without case, underscores, hyphens and blanks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any, TypeVar

Value = TypeVar("Value")

# In each row the likeliest name stands first.
COMPANY = ("endusercompany", "companyname", "company", "orgname")
USERNAME = ("endusername", "username", "user", "name", "login")
ACTIVE = ("active", "isactive", "enabled", "status", "licensestatus")
START = ("startdate", "createddate", "registereddate")
EXPIRY = ("expirydate", "expirationdate", "expires", "enddate", "validtill", "comingexpirydate")
QUOTA = ("quota", "annualquota", "licensequota", "totallicenses")
USED = ("used", "usedcount", "activeusers", "currentcount")
MESSAGE = ("message", "msg", "detail")
CREDENTIALS = ("partnerappkey", "partnerapptoken")
_ENVELOPES = (
    *("data", "result", "results", "response", "user", "users", "license", "licenses", "licensedetail"),
    *("licensedetails", "records", "items"),
)
# So many envelopes are opened, one in the other.
DEEPEST_ENVELOPE = 3

_YES = frozenset(("true", "active", "valid", "licensed", "registered", "enabled", "yes", "1"))
_NO = frozenset(
    (
        *("false", "inactive", "invalid", "unlicensed", "unregistered", "expired", "cancelled", "canceled", "disabled"),
        *("no", "0"),
    )
)
_DATES = (
    *("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f"),
    *("%Y-%m-%d %H:%M:%S%z", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d"),
    # The vendor is in the United States: the month stands first.
    *("%m/%d/%Y", "%m/%d/%Y %H:%M:%S"),
)


def bare(name: object) -> str:
    """A name as names are compared."""
    return re.sub(r"[\s_-]", "", str(name)).lower()


def folded(name: str) -> str:
    """A name without what may not count for the server: case, blanks, and how Unicode composes a letter."""
    decomposed = unicodedata.normalize("NFD", "".join(name.split()))
    return unicodedata.normalize("NFC", decomposed.casefold())


class Fields:
    """The fields of one object of an answer, by likely names."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._fields = {bare(name): value for name, value in data.items()}

    def names(self) -> Iterator[str]:
        """The names, as they are compared."""
        return iter(self._fields)

    def get(self, name: str) -> Any:
        """The value of one name, as it came."""
        return self._fields.get(name)

    def first(self, names: Sequence[str], read: Callable[[Any], Value | None]) -> Value | None:
        """The first value under one of ``names`` that ``read`` can read."""
        found = (read(self._fields[name]) for name in names if self._fields.get(name) is not None)
        return next((value for value in found if value is not None), None)

    def has(self, names: Sequence[str]) -> bool:
        """Whether one of ``names`` has a value that says something, an envelope apart."""
        return any(value not in (None, "") and not isinstance(value, dict) for value in map(self.get, names))

    def below(self) -> Mapping[str, Any] | list[Any] | None:
        """What stands in an envelope, an object or a list; None where there is no envelope, or null in it."""
        return next((self._fields[name] for name in _ENVELOPES if isinstance(self.get(name), (dict, list))), None)

    def has_empty_envelope(self) -> bool:
        """Whether an envelope holds null."""
        return any(name in self._fields and self._fields[name] is None for name in _ENVELOPES)

    def is_license(self) -> bool:
        """Whether this is a licence, be it one without a user's name."""
        if self.first(USERNAME, text) is not None:
            return True
        # A number as status may be that of the call.
        flags = [self.get(name) for name in ACTIVE if name != "status" or number(self.get(name)) is None]
        if any(truth(flag) is not None for flag in flags):
            return True
        return any(self.get(name) is not None for name in (*START, *EXPIRY, *QUOTA, *USED))


def name(value: Any) -> str | None:
    """A string that is not blank. A number is no name: nobody could be declared by it."""
    return value if isinstance(value, str) and value.strip() else None


def text(value: Any) -> str | None:
    """A string that is not blank, or a number as one."""
    readable = isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip()
    return str(value) if readable else None


def word(value: Any) -> str:
    """Any value as one of the words of an enumeration."""
    return str(value).strip().lower()


def truth(value: Any) -> bool | None:
    """Whether a value means yes, however written; None: it means neither yes nor no."""
    said = word(value) if isinstance(value, (bool, str, int)) else ""
    return True if said in _YES else False if said in _NO else None


def number(value: Any) -> int | None:
    """A whole number, or a string of digits."""
    digits = "" if isinstance(value, bool) or not isinstance(value, (int, str)) else str(value).strip()
    return int(digits) if re.fullmatch(r"-?[0-9]{1,15}", digits) else None


def moment(value: Any) -> str | None:
    """A time as ISO 8601 in UTC; None where it cannot be read. Numbers are Unix times, in seconds or milliseconds."""
    seconds = number(value)
    if seconds is not None:
        try:
            return _iso(datetime.fromtimestamp(seconds / 1000 if seconds > 10**11 else seconds, timezone.utc))
        except (ValueError, OverflowError, OSError):
            return None
    for form in _DATES:
        try:
            at = datetime.strptime(str(value).strip(), form)  # noqa: DTZ007 - without a zone it is taken as UTC
        except ValueError:
            continue
        try:
            return _iso(at.astimezone(timezone.utc) if at.tzinfo else at)
        except OverflowError:
            return None
    return None


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
