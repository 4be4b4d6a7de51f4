# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer means that is not the one that was asked for: errors with what, where, why and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, LostAnswer
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import Redactor
from ansible_collections.dataops.access.plugins.module_utils.http import answers
from ansible_collections.dataops.access.plugins.module_utils.http.answers import Answer
from ansible_collections.dataops.access.plugins.module_utils.http.session import Request


class Failures:
    """Makes the errors of one platform; the parameters are those of the client."""

    def __init__(
        self,
        redactor: Redactor,
        find_error: Callable[[Answer], str | None] | None = None,
        classify: Callable[[Answer], str | None] | None = None,
        advice: Mapping[str, str] | None = None,
    ) -> None:
        self._redactor = redactor
        self._find_error = find_error or (lambda answer: None)
        self._classify = classify or (lambda answer: None)
        self._advice = advice or {}

    def problem(self, request: Request, answer: Answer, answered: Collection[int] = ()) -> AccessError | None:
        """What is wrong with an answer, or None. ``answered``: statuses that are an answer to the caller."""
        if answer.status in answered:
            return None
        if 300 <= answer.status < 400:
            return self._redirected(request, answer)
        message = self._find_error(answer) if answer.ok else None
        if answer.ok and message is None:
            return None
        kind = self._classify(answer) or ("validation" if answer.ok else None)
        return self.error(request, answer, kind, message)

    def error(
        self, request: Request, answer: Answer, kind: str | None = None, message: str | None = None
    ) -> AccessError:
        """The error that an answer is. ``kind``: of failure, where it is known; ``message``: what the server said."""
        kind = kind or self._classify(answer) or answers.kind_of(answer.status)
        advice = self._advice.get(kind, answers.next_step(kind))
        if kind == "not_found" and kind not in self._advice and answer.is_json and answer.says_more:
            advice = ""  # the API itself says what it did not find
        return self._redacted(answers.error(answer, request.what, request.method, request.shown, kind, advice, message))

    def not_json(self, request: Request, answer: Answer) -> AccessError:
        """The error for an answer that should have been JSON."""
        usual = "check that api_url is the address of the API and not of a log-in or proxy page"
        return self._protocol(
            request, answer, f"answered {answer.status} with {_described(answer)}", self._advice.get("protocol", usual)
        )

    def lost(self, error: AccessError) -> LostAnswer:
        """The error for a write that may or may not have been carried out: ``error`` is what is known of it."""
        details = {**error.failure(), "kind": "unknown_outcome", "cause_kind": error.kind}
        text = f"{error.facts} (it may or may not have been carried out)"
        return LostAnswer(self._redactor.text(text), not_done=self._redactor.text(error.message), **details)

    def _redirected(self, request: Request, answer: Answer) -> AccessError:
        target = answers.one_line(self._redactor.text(answer.headers.get("Location", "nowhere")))
        problem = f"was redirected to {target}, which is never followed because it would carry credentials along"
        return self._protocol(request, answer, problem, "set api_url to the final address")

    def _protocol(self, request: Request, answer: Answer, problem: str, advice: str) -> AccessError:
        return self._redacted(
            AccessError(
                f"Could not {request.what}: {request.method} {request.shown} {problem}. Next: {advice}",
                kind="protocol",
                status=answer.status,
                method=request.method,
                url=request.shown,
                request_id=answers.request_id(answer.headers),
            )
        )

    def _redacted(self, error: AccessError) -> AccessError:
        """``error`` with every known secret taken out of its message and URL."""
        error.message = self._redactor.text(error.message)
        error.url = None if error.url is None else self._redactor.text(error.url)
        return error


def _described(answer: Answer) -> str:
    """What came instead of JSON. Only a page is quoted: other text may be the very token that was asked for."""
    if not answer.text:
        return "an empty answer"
    if not answer.text.lstrip().startswith("<"):
        return "a text that is no JSON"
    return f"a page instead of JSON: {answer.message()[:120]}"
