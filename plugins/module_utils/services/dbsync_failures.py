# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Telling DBSync's failures from its successes: the documents say "failure with error", and neither shape nor status.

A failure may come with HTTP 200. What cannot be told apart from one is taken for one: a user who seems absent is
registered, which spends a paid quota.
"""

from __future__ import annotations

import re

from ansible_collections.dataops.access.plugins.module_utils.http.answers import Answer, one_line
from ansible_collections.dataops.access.plugins.module_utils.services.dbsync_fields import (
    DEEPEST_ENVELOPE,
    MESSAGE,
    USERNAME,
    Fields,
    number,
    text,
    truth,
    word,
)

# Keys that say how a call went, beside or instead of data.
_ERROR_TEXTS = ("error", "errors", "errormessage", "errormsg", "fault", "exception")
_SUCCESS_FLAGS = ("success", "ok", "issuccess")
_SUCCESS_WORDS = ("status", "result", "responsestatus")
_CODES = ("errorcode", "statuscode")
# Patterns look at no more of a text than this: with .* they take the square of its length.
_LOOKED_AT = 1000
MARKERS = frozenset((*_ERROR_TEXTS, *_SUCCESS_FLAGS, *_SUCCESS_WORDS, *_CODES))

_NO_ERROR = frozenset(("false", "0", "none", "null"))
_SUCCESSES = frozenset(("success", "successful", "succeeded", "ok", "done", "completed", "none", ""))
_FAILURES_OF_CALLS = frozenset(("error", "fail", "failed", "failure"))
# In a record of a user these would be states of the licence.
_FAILURES = _FAILURES_OF_CALLS | {"unauthorized", "invalid"}

_ABSENT = re.compile(
    r"\b(user|licen[cs]e|record)\w*\b.*\b(not (found|registered)|does not exist|doesn't exist)|"
    r"\bno (such )?(user|record)|\bunknown user",
    re.IGNORECASE,
)
_CREDENTIALS = re.compile(
    r"\b(invalid|wrong|unknown|expired|bad)\b.*\b\w*(key|token)\b|unauthori[sz]ed|authenticat", re.IGNORECASE
)
# What a failure means, by its text; the first that matches holds. Credentials stand before "not found", since a user
# who is wrongly taken for absent costs quota.
_KINDS = (
    (re.compile(r"rate.?limit|too many requests|throttl", re.IGNORECASE), "rate_limit"),
    (_CREDENTIALS, "auth"),
    (re.compile(r"already\W+(\w+\W+)?(exists|registered|active|licensed)", re.IGNORECASE), "conflict"),
    (re.compile(r"\b(inactive|expired)\b|no valid licen[cs]e|not licensed", re.IGNORECASE), "conflict"),
    (_ABSENT, "not_found"),
    (re.compile(r"quota|limit|exceed|no (more )?licen[cs]e", re.IGNORECASE), "quota"),
)


def find_error(answer: Answer) -> str | None:
    """The text of a failure that comes with a successful status; None: no failure."""
    if answer.text:
        # A page in HTML, JSON's null and broken JSON are judged by the client; other text is no answer of this API.
        return None if _is_html(answer) or answer.is_null or _is_broken_json(answer) else answer.text
    data = answer.data
    for _depth in range(DEEPEST_ENVELOPE + 1):
        if not isinstance(data, dict):
            return None
        fields = Fields(data)
        if _failed(fields) or _only_says_absent(fields):
            return answer.message() or one_line(answer.redact(str(data)))
        data = fields.below()
    return None


def classify(answer: Answer) -> str | None:
    """The kind of failure by its text; None: the text does not tell.

    ``not_found`` is left to texts that speak of a user: an address that does not exist answers 404 too, and must never
    look like a user who is absent.
    """
    if answer.status in (408, 429):
        return None
    said = "" if _is_html(answer) or _is_broken_json(answer) else answer.message()
    kinds = (kind for pattern, kind in _KINDS if pattern.search(said))
    return next(kinds, "protocol" if answer.status in (404, 405) else None)


def says_nothing(fields: Fields) -> bool:
    """Whether an object holds nothing but signs of success. A message is no such sign: it may tell of a failure."""
    return all(name in MARKERS for name in fields.names()) and all(
        word(fields.get(name) or "") in _SUCCESSES for name in _SUCCESS_WORDS
    )


def _is_html(answer: Answer) -> bool:
    return answer.text.lstrip().startswith("<")


def _is_broken_json(answer: Answer) -> bool:
    """Whether it begins as JSON does: half of a record is no text about a failure, whatever words are in it."""
    return answer.text.lstrip().startswith(("{", "[", '"'))


def _failed(fields: Fields) -> bool:
    if any(fields.get(name) and word(fields.get(name)) not in _NO_ERROR for name in _ERROR_TEXTS):
        return True
    if any(truth(fields.get(name)) is False for name in _SUCCESS_FLAGS):
        return True
    failures = _FAILURES if fields.first(USERNAME, text) is None else _FAILURES_OF_CALLS
    if any(word(fields.get(name)) in failures for name in _SUCCESS_WORDS):
        return True
    if (number(fields.get("statuscode")) or 0) >= 400:
        return True
    return word(fields.get("errorcode") or "") not in _NO_ERROR | _SUCCESSES


def _only_says_absent(fields: Fields) -> bool:
    """Whether a message instead of data says that there is no such user. Other messages may come with success."""
    said = fields.first(MESSAGE, text) or ""
    return _ABSENT.search(said[:_LOOKED_AT]) is not None and not fields.is_license() and fields.below() is None
