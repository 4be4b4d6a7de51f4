# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading DBSync's answers, whose shapes are not published: the documents show them as pictures that are lost.

What is known is the kind alone: licence details, success, or "failure with error", possibly under HTTP 200. So names
are recognised among likely ones, and what cannot be told apart from a failure is one: a user who seems absent is
registered, which spends a paid quota.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import HIDDEN, Redactor
from ansible_collections.dataops.access.plugins.module_utils.http.answers import Answer, one_line

# Names are compared without case, underscores, hyphens and blanks; in each row the likeliest stands first.
_ENVELOPES = (
    *("data", "result", "results", "response", "user", "users", "license", "licenses", "licensedetail"),
    *("licensedetails", "records", "items"),
)
_COMPANY = ("endusercompany", "companyname", "company", "orgname")
_USERNAME = ("endusername", "username", "user", "name", "login")
_ACTIVE = ("active", "isactive", "enabled", "status", "licensestatus")
_START = ("startdate", "createddate", "registereddate")
_EXPIRY = ("expirydate", "expirationdate", "expires", "enddate", "validtill", "comingexpirydate")
_QUOTA = ("quota", "annualquota", "licensequota", "totallicenses")
_USED = ("used", "usedcount", "activeusers", "currentcount")
_VALID = ("authenticated", "isauthenticated", "valid", "isvalid", "hasvalidlicense", "licensed")

_DEEPEST_ENVELOPE = 3
_YES = frozenset(("true", "active", "valid", "licensed", "registered", "1", "yes", "enabled"))
_NO = frozenset(
    (
        *("false", "inactive", "invalid", "unlicensed", "unregistered", "expired", "cancelled", "canceled", "0", "no"),
        "disabled",
    )
)

# Keys that say how a call went, beside or instead of data.
_ERROR_TEXTS = ("error", "errors", "errormessage", "errormsg", "fault", "exception")
_SUCCESS_FLAGS = ("success", "ok", "issuccess")
_SUCCESS_WORDS = ("status", "result", "responsestatus")
_SUCCESSES = frozenset(("success", "successful", "succeeded", "ok", "done", "completed", "none", ""))
_FAILURES = frozenset(("error", "fail", "failed", "failure", "unauthorized", "invalid"))
# Those of them that are no state of a licence.
_FAILURES_OF_CALLS = frozenset(("error", "fail", "failed", "failure"))
_NO_ERROR = frozenset(("false", "0", "none", "null"))
_MARKERS = frozenset((*_ERROR_TEXTS, *_SUCCESS_FLAGS, *_SUCCESS_WORDS, "errorcode", "statuscode"))
_MESSAGES = ("message", "msg", "detail")
_CREDENTIALS = ("partnerappkey", "partnerapptoken")
_SECRET_NAME = re.compile(
    r"password|passwd|secret|token|credential|authorization|(app|api|access|private|partner|license)key"
)

_ABSENT = re.compile(
    r"\b(user|licen[cs]e|record)\w*\b.*\b(not (found|registered)|does not exist|doesn't exist)|"
    r"\bno (such )?(user|record)|\bunknown user",
    re.IGNORECASE,
)
# What a failure means, by its text; the first that matches holds. Credentials stand before "not found", since a user
# who is wrongly taken for absent costs quota.
_KINDS = (
    (re.compile(r"rate.?limit|too many requests|throttl", re.IGNORECASE), "rate_limit"),
    (
        re.compile(
            r"(invalid|wrong|unknown|expired|bad)\b.*\b\w*(key|token)\b|unauthori[sz]ed|authenticat", re.IGNORECASE
        ),
        "auth",
    ),
    (re.compile(r"already\W+(\w+\W+)?(exists|registered|active|licensed)", re.IGNORECASE), "conflict"),
    (re.compile(r"\binactive\b|\bexpired\b|no valid licen[cs]e|not licensed", re.IGNORECASE), "conflict"),
    (_ABSENT, "not_found"),
    (re.compile(r"quota|limit|exceed|no (more )?licen[cs]e", re.IGNORECASE), "quota"),
)

_DATES = (
    *("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f"),
    *("%Y-%m-%d %H:%M:%S%z", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d"),
    # The vendor is in the United States: the month stands first.
    *("%m/%d/%Y", "%m/%d/%Y %H:%M:%S"),
)


@dataclass(frozen=True)
class License:
    """One licence as an answer shows it; None: no name for it was recognised."""

    company: str | None
    username: str | None
    active: bool
    # False: nothing in the record says whether it is active, so that it counts as active.
    active_known: bool
    start_date: str | None
    expiry_date: str | None
    quota: int | None
    used: int | None
    # The record as it came, without credentials.
    raw: Mapping[str, Any]

    def named(self, company: str | None, username: str | None) -> License:
        """The same licence with names filled in where the record has none."""
        return replace(self, company=self.company or company, username=self.username or username)


@dataclass(frozen=True)
class Verdict:
    """What ``authenticateUser`` says of a user; ``valid`` None: its answer does not tell."""

    valid: bool | None
    message: str
    raw: Any = None


# --- failures ----------------------------------------------------------------------------------------------------


def find_error(answer: Answer) -> str | None:
    """The text of a failure that comes with a successful status; None: no failure."""
    if answer.text:
        # A page in HTML and JSON's null are judged by the client; other text is no answer of this API.
        return None if _is_html(answer.text) or answer.is_null else answer.text
    data = answer.data
    for _depth in range(_DEEPEST_ENVELOPE + 1):
        if not isinstance(data, dict):
            return None
        if _failed(data) or _only_says_absent(data):
            return answer.message() or one_line(str(data))
        data = _envelope(data)
    return None


def classify(answer: Answer) -> str | None:
    """The kind of failure by its text; statuses and texts are not published.

    ``not_found`` is left to texts that speak of a user: an address that does not exist answers 404 too, and must never
    look like a user who is absent.
    """
    if answer.status in (408, 429):
        return None
    if not _is_html(answer.text):
        text = answer.message()
        for pattern, kind in _KINDS:
            if pattern.search(text):
                return kind
    return "protocol" if answer.status in (404, 405) else None


def _is_html(text: str) -> bool:
    return text.lstrip().startswith("<")


def _failed(data: Mapping[str, Any]) -> bool:
    fields = _plain(data)
    if any(fields.get(name) and _word(fields[name]) not in _NO_ERROR for name in _ERROR_TEXTS):
        return True
    if any(_truth(fields.get(name)) is False for name in _SUCCESS_FLAGS):
        return True
    words = _FAILURES_OF_CALLS if _text(fields, _USERNAME) else _FAILURES
    if any(_word(fields.get(name)) in words for name in _SUCCESS_WORDS):
        return True
    code = _number(fields.get("statuscode"))
    return (code is not None and code >= 400) or _word(fields.get("errorcode") or "") not in _NO_ERROR | _SUCCESSES


def _only_says_absent(data: Mapping[str, Any]) -> bool:
    """Whether a message instead of data says that there is no such user. Other messages may come with success."""
    text = _text(_plain(data), _MESSAGES)
    return bool(text and _ABSENT.search(text)) and not _is_license(data) and _envelope(data) is None


# --- licences ------------------------------------------------------------------------------------------------------


def licenses(data: Any, what: str, redactor: Redactor) -> list[License]:
    """Every licence in a successful answer; none where it says that there is none.

    ``what``: "list the users", for messages. Raises AccessError for content that is neither.
    """
    for _depth in range(_DEEPEST_ENVELOPE + 1):
        if data is None:
            return []
        if isinstance(data, list):
            return [_license(item, what, redactor) for item in data]
        if not isinstance(data, dict):
            break
        inner = _envelope(data)
        if not isinstance(inner, list) and _is_license(data):
            return [_license(data, what, redactor)]
        if _says_nothing(data):
            return []
        # Null with a message is how a server may say that it could not look.
        if not _has_envelope(data) or (inner is None and _text(_plain(data), _MESSAGES)):
            break
        data = inner
    raise _unreadable(data, what, redactor)


def _license(item: Any, what: str, redactor: Redactor) -> License:
    if not isinstance(item, dict):
        raise _unreadable(item, what, redactor)
    # Details may stand in an object of their own beside the user's name.
    inner = _envelope(item)
    fields = {**_plain(inner), **_plain(item)} if isinstance(inner, dict) else _plain(item)
    active = next((flag for flag in (_truth(fields.get(name)) for name in _ACTIVE) if flag is not None), None)
    return License(
        company=_text(fields, _COMPANY),
        username=_text(fields, _USERNAME),
        active=active is not False,
        active_known=active is not None,
        start_date=_first(fields, _START, _date),
        expiry_date=_first(fields, _EXPIRY, _date),
        quota=_first(fields, _QUOTA, _number),
        used=_first(fields, _USED, _number),
        raw=scrubbed(item, redactor),
    )


def unidentified(what: str, found: Sequence[License]) -> AccessError:
    """The error for several licences of which at least one does not say whose it is."""
    names = sorted({str(name) for license_ in found for name in license_.raw})
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
        fields = _plain(data)
        message = _text(fields, _MESSAGES) or ""
        flag = next((flag for flag in (_truth(fields.get(name)) for name in _VALID) if flag is not None), None)
        if flag is not None:
            return Verdict(flag, message, raw)
    try:
        found = licenses(data, what, redactor)
    except AccessError:
        found = []
    if len(found) != 1:
        return Verdict(None, message, raw)
    return Verdict(found[0].active, message, raw)


def scrubbed(value: Any, redactor: Redactor) -> Any:
    """A parsed answer without what may be secret: an answer may echo the credentials of its request."""
    if isinstance(value, Mapping):
        return {
            redactor.text(str(key)): HIDDEN if _SECRET_NAME.search(_bare(key)) and item else scrubbed(item, redactor)
            for key, item in value.items()
            if _bare(key) not in _CREDENTIALS
        }
    if isinstance(value, list):
        return [scrubbed(item, redactor) for item in value]
    return redactor.value(value)


def _unreadable(data: Any, what: str, redactor: Redactor) -> AccessError:
    shown = one_line(str(scrubbed(data, redactor)))
    return AccessError(
        f"Could not {what}: the answer holds no licence details, and does not say that there are none: {shown}. "
        "Next: check api_url and api_method_url",
        kind="protocol",
    )


def _envelope(data: Mapping[str, Any]) -> Any:
    """What an envelope key holds, an object or a list; None where there is neither."""
    fields = _plain(data)
    return next((fields[name] for name in _ENVELOPES if isinstance(fields.get(name), (dict, list))), None)


def _has_envelope(data: Mapping[str, Any]) -> bool:
    """Whether one of the keys is an envelope, if only for null."""
    fields = _plain(data)
    return any(name in fields and isinstance(fields[name], (dict, list, type(None))) for name in _ENVELOPES)


def _is_license(data: Mapping[str, Any]) -> bool:
    fields = _plain(data)
    if _text(fields, _USERNAME):
        return True
    # A number as status may be that of the call.
    flags = [fields.get(name) for name in _ACTIVE if name != "status" or _number(fields.get(name)) is None]
    if any(_truth(flag) is not None for flag in flags):
        return True
    return any(fields.get(name) is not None for name in (*_START, *_EXPIRY, *_QUOTA, *_USED))


def _says_nothing(data: Mapping[str, Any]) -> bool:
    """Whether an object holds nothing but the sign of success. A message is something: it may tell of a failure."""
    fields = _plain(data)
    known = all(name in _MARKERS or name in _CREDENTIALS for name in fields)
    return known and all(_word(fields.get(name) or "") in _SUCCESSES for name in _SUCCESS_WORDS)


# --- values --------------------------------------------------------------------------------------------------------


def _bare(name: Any) -> str:
    return re.sub(r"[\s_-]", "", str(name)).lower()


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    return {_bare(name): value for name, value in data.items()}


def _values(fields: Mapping[str, Any], names: Sequence[str]) -> Iterator[Any]:
    return (fields[name] for name in names if fields.get(name) is not None)


def _first(fields: Mapping[str, Any], names: Sequence[str], read: Any) -> Any:
    return next((value for value in map(read, _values(fields, names)) if value is not None), None)


def _text(fields: Mapping[str, Any], names: Sequence[str]) -> str | None:
    for value in _values(fields, names):
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
            return str(value)
    return None


def _word(value: Any) -> str:
    return str(value).strip().lower()


def _truth(value: Any) -> bool | None:
    word = _word(value) if isinstance(value, (bool, str, int)) else ""
    return True if word in _YES else False if word in _NO else None


def _number(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    text = str(value).strip()
    return int(text) if re.fullmatch(r"-?[0-9]{1,15}", text) else None


def _date(value: Any) -> str | None:
    """A time as ISO 8601 in UTC; None where it cannot be read (``raw`` still has it). Numbers are Unix times."""
    number = _number(value)
    try:
        if number is not None:
            return _iso(datetime.fromtimestamp(number / 1000 if number > 10**11 else number, timezone.utc))
    except (ValueError, OverflowError, OSError):
        return None
    for form in _DATES:
        try:
            at = datetime.strptime(str(value).strip(), form)  # noqa: DTZ007 - a time without zone is taken as UTC below
        except ValueError:
            continue
        return _iso(at.astimezone(timezone.utc) if at.tzinfo else at)
    return None


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
