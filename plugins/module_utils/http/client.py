# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one HTTP client of all platforms: verbs, the write guard, repetitions, deadline, statistics."""

from __future__ import annotations

import json as jsonlib
import queue
import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from urllib.parse import urlencode

from ansible_collections.dataops.access.plugins.module_utils.core.errors import NEXT, AccessError, WriteRefused
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import Redactor
from ansible_collections.dataops.access.plugins.module_utils.http import answers, retry
from ansible_collections.dataops.access.plugins.module_utils.http.answers import Answer
from ansible_collections.dataops.access.plugins.module_utils.http.auth import Auth, LogIn
from ansible_collections.dataops.access.plugins.module_utils.http.failures import Failures
from ansible_collections.dataops.access.plugins.module_utils.http.lanes import Lanes
from ansible_collections.dataops.access.plugins.module_utils.http.limits import Deadline, Pace, Stats, Watchdog
from ansible_collections.dataops.access.plugins.module_utils.http.recent import Recent
from ansible_collections.dataops.access.plugins.module_utils.http.session import Lost, NotSent, Request, Session, Shared
from ansible_collections.dataops.access.plugins.module_utils.http.settings import Settings

Made = TypeVar("Made")


@dataclass(frozen=True)
class Open:
    """What a client leaves to another. Pace and lanes are what the server allows and takes, whichever run asks."""

    sessions: list[Session]
    log_in: LogIn | None = field(repr=False)
    pace: Pace
    lanes: Lanes
    watchdog: Watchdog
    recent: Recent | None

    def close(self) -> None:
        """Close the connections, and end the thread that watches them."""
        self.watchdog.close()
        for session in self.sessions:
            session.close()


USER_AGENT = "ansible-dataops.access/1.0.0"


class Client:
    """Speaks to one platform for one task; any number of threads may use it.

    It is closed for writes until :meth:`allow_writes`, which nobody calls in check mode or in an info module.
    ``redactor``: takes secrets out of whatever is said; log-ins and answers add to it.
    ``read_posts``: those addresses (paths below ``api_url``, or whole URLs) whose POST changes nothing;
    ``log_in_posts``: those whose POST gets a session token. Any other method than GET is a write.
    ``find_error``: looks at a successful status whose body may still be an error, and returns its text or None.
    ``classify``: the kind of failure that an answer means, where its status alone does not tell; or None.
    ``advice``: what to do next by kind of failure, where the platform needs more than the usual words.
    ``session_ended``: whether an answer other than 401 says that the session is over.
    ``title``: what messages call the platform.
    """

    def __init__(
        self,
        settings: Settings,
        auth: Auth | None = None,
        redactor: Redactor | None = None,
        read_posts: Collection[str] = (),
        log_in_posts: Collection[str] = (),
        find_error: Callable[[Answer], str | None] | None = None,
        classify: Callable[[Answer], str | None] | None = None,
        advice: Mapping[str, str] | None = None,
        session_ended: Callable[[Answer], bool] | None = None,
        title: str = "",
    ) -> None:
        settings.check()
        self.settings = settings
        self.auth = auth or Auth()
        self.stats = Stats()
        self.deadline = Deadline(settings.api_deadline)
        self.redactor = redactor or Redactor()
        self._base = settings.api_url.rstrip("/")
        self._writes_allowed = False
        self._read_posts = frozenset(self.url(post) for post in read_posts)
        self._log_in_posts = frozenset(self.url(post) for post in log_in_posts)
        self._failures = Failures(self.redactor, find_error, classify, advice)
        self._session_ended = session_ended or (lambda answer: False)
        self._title = title
        self._pace = Pace(settings.api_rate_limit)
        self._lanes = Lanes(settings.api_concurrency)
        self._shared = Shared(settings, self.stats, self.deadline, Watchdog(), self.redactor)
        self._sessions: queue.LifoQueue[Session] = queue.LifoQueue()
        self._accepted = threading.local()
        # Where what is listed is kept for a next run; None: nowhere.
        self.recent: Recent | None = None

    # --- the write guard --------------------------------------------------------------------------------------

    def allow_writes(self) -> None:
        """Open the transport for writes: called once, when a plan that may be carried out is about to be."""
        self._writes_allowed = True

    def check_writable(self, what: str) -> None:
        """Raise WriteRefused while writes are not allowed. ``what`` completes "the write … was refused"."""
        if not self._writes_allowed:
            raise WriteRefused(f"nothing may be changed now: the write {what} was refused; nothing was sent")

    # --- for services -----------------------------------------------------------------------------------------

    def url(self, address: str) -> str:
        """A path below ``api_url``, or a whole URL as it is."""
        return self._base + address if address.startswith("/") else address

    def read(
        self,
        what: str,
        method: str,
        address: str,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        answered: Collection[int] = (),
        auth: Auth | None = None,
        null: bool = False,
    ) -> Answer:
        """Ask without changing anything; repeated when that may help.

        ``what`` completes "Could not …". ``answered``: failure statuses that the caller understands itself.
        ``auth``: another proof of who asks than the client's own. The answer is JSON (``null``: the value null too, as
        ``data`` None), or a status in ``answered``.
        Raises AccessError.
        """
        request = self._request(what, method, address, params, json, auth=auth)
        if not self._is_read(request):
            raise WriteRefused(f"{request.method} {request.shown} is a write and was called as a read")
        answer = self._repeat(request, safe=True, counted="reads")
        problem = self._failures.problem(request, answer, answered)
        if problem is not None:
            raise problem
        if answer.ok and not answer.is_json and not (null and answer.is_null):
            raise self._failures.not_json(request, answer)
        return answer

    def listing(self, what: str, address: str, made: Callable[[Any], Made], recent: bool = False) -> Made:
        """What ``made`` makes of a whole listing, by ``GET``; other runs may get it too, and nobody changes it.

        ``recent``: one that was read after the last write will do, by this client or by the one that it goes on for.
        Not where it costs what somebody else does meanwhile: the same name given twice, a licence.
        Raises AccessError, as :meth:`read`.
        """
        known: Made | None = self.recent.get(address) if recent and self.recent else None
        if known is not None:
            return known
        asked = self.recent.ask() if self.recent else None
        found = made(self.read(what, "GET", address).data)
        if self.recent and asked:
            self.recent.keep(address, found, asked)
        return found

    def write(
        self,
        what: str,
        method: str,
        address: str,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        answered: Collection[int] = (),
        once: bool = False,
    ) -> Answer:
        """Change something. Raises WriteRefused before :meth:`allow_writes`.

        ``once``: never sent a second time, not even after an answer that says that nothing was done.
        Raises LostAnswer when it was sent and may have been carried out, AccessError when it was not.
        """
        request = self._request(what, method, address, params, json)
        self.check_writable(f"{request.method} {request.shown}")
        if self._is_read(request):
            raise WriteRefused(f"{request.method} {request.shown} is a read and was called as a write")
        with nullcontext() if self.recent is None else self.recent.writing():
            answer = self._repeat(request, safe=False, once=once, counted="writes")
        if answer.status >= 500 and answer.status not in answered:
            raise self._failures.lost(self._failures.error(request, answer))
        problem = self._failures.problem(request, answer, answered)
        if problem is not None:
            raise problem
        # `null` says as little as no body at all, which is how an answer without a schema may look.
        if answer.ok and answer.text not in ("", "null"):
            raise self._failures.lost(self._failures.not_json(request, answer))
        if answer.ok:
            self._accepted.count = self.accepted + 1
        return answer

    @property
    def accepted(self) -> int:
        """How many writes of this thread were answered with success."""
        return int(getattr(self._accepted, "count", 0))

    def log_in(
        self,
        what: str,
        method: str,
        address: str,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        auth: Auth | None = None,
    ) -> Answer:
        """Get a session token; allowed in check mode, counted in ``requests`` alone. Raises AccessError."""
        request = self._request(what, method, address, None, json, form, auth or Auth())
        if not self._is_log_in(request):
            raise WriteRefused(f"{request.method} {request.shown} is no log-in and was called as one")
        answer = self._repeat(request, safe=True)
        # OAuth answers a wrong secret with 400.
        kind = "auth" if answer.status in (400, 401, 403) else None
        problem = self._failures.error(request, answer, kind) if kind else self._failures.problem(request, answer)
        if problem is not None:
            if answer.status == 404 and NEXT not in problem.message:
                # Nobody is looked for here: whatever the answer says, it is the address that there is not.
                problem.message += NEXT + answers.next_step("not_found")
            raise problem
        if not answer.is_json:
            raise self._failures.not_json(request, answer)
        return answer

    def pause(self, attempt: int) -> None:
        """Wait before a repetition. Raises AccessError when the deadline would end before."""
        self.wait(retry.backoff(attempt), "the next try")

    def wait(self, seconds: float, before: str, after: AccessError | None = None) -> None:
        """Wait, and count it; ``after``: what went wrong. Raises AccessError when the deadline would end before."""
        left = self.deadline.remaining()
        if left is not None and seconds >= left:
            over = self.deadline.over(before)
            if after is not None:
                over.add(f". What went wrong before: {after.facts}")
            raise over
        if seconds > 0:
            self.stats.add("waited_s", seconds)
            time.sleep(seconds)

    def close(self) -> None:
        """Close every connection, and end the thread that watches them."""
        self.leave_open().close()

    def leave_open(self) -> Open:
        """End, but leave the connections, what watches them, and the log-in for :meth:`go_on` of another client."""
        return Open(
            self._idle_sessions(),
            self.auth.log_in_made(),
            self._pace,
            self._lanes,
            watchdog=self._shared.watchdog,
            recent=self.recent,
        )

    def go_on(self, left: Open, recall: bool = False) -> None:
        """Use what a client with the same connection left open; ``recall``: what it has listed as well.

        Nothing else is taken over: this one is closed for writes, counts from zero, has its own deadline, and knows the
        secrets of its own task.
        """
        if recall:
            self.recent = left.recent
        self._shared = replace(self._shared, watchdog=left.watchdog)
        for session in left.sessions:
            session.go_on(self._shared)
            self._sessions.put(session)
        if left.log_in is not None:
            self.auth.go_on(left.log_in)
        self._pace, self._lanes = left.pace, left.lanes

    def _idle_sessions(self) -> list[Session]:
        found: list[Session] = []
        with suppress(queue.Empty):
            while True:
                found.append(self._sessions.get_nowait())
        found.reverse()  # the last used is the first to be taken again
        return found

    # --- one request --------------------------------------------------------------------------------------------

    def _request(
        self,
        what: str,
        method: str,
        address: str,
        params: Mapping[str, str] | None,
        json: Any,
        form: Mapping[str, str] | None = None,
        auth: Auth | None = None,
    ) -> Request:
        url = self.url(address)
        content_type = None
        body = b""
        if json is not None:
            # Serialised once: a signature has to cover exactly the bytes that are sent.
            body = jsonlib.dumps(json, ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode("ascii")
            content_type = "application/json"
        elif form is not None:
            body = urlencode(dict(form)).encode("ascii")
            content_type = "application/x-www-form-urlencoded"
        shown = answers.one_line(url)
        if self._title not in what:
            what += f" in {self._title}"
        return Request(method, url, shown, what, params, body, content_type, self.auth if auth is None else auth)

    def _is_read(self, request: Request) -> bool:
        return request.method == "GET" or self._posts_to(request, self._read_posts)

    def _is_log_in(self, request: Request) -> bool:
        return self._posts_to(request, self._log_in_posts)

    @staticmethod
    def _posts_to(request: Request, addresses: Collection[str]) -> bool:
        # A query may choose another method of the API.
        return request.method == "POST" and not request.params and request.url in addresses

    def _repeat(self, request: Request, safe: bool, once: bool = False, counted: str | None = None) -> Answer:
        """Send until there is an answer to work with.

        ``safe``: repeating cannot do harm. ``counted``: as what it is counted, however often it is sent.
        """
        renewed = False
        attempt = 0
        while True:
            new, counted = counted, None
            try:
                answer, log_in = self._send(request, new)
            except (NotSent, Lost) as failed:
                if isinstance(failed, Lost) and not safe:
                    raise self._failures.lost(failed.error) from None
                if once or not failed.error.retryable or attempt >= self.settings.api_retries:
                    failed.error.add(answers.tried(attempt + 1))
                    raise failed.error from None
                problem, wait = failed.error, retry.backoff(attempt + 1)
            else:
                ended = answer.status == 401 or self._session_ended(answer)
                if ended and not renewed and not once and request.auth.renew(log_in):
                    renewed = True
                    continue
                if not self._may_repeat(answer, safe) or once or attempt >= self.settings.api_retries:
                    return replace(answer, tries=attempt + 1)
                problem = self._failures.error(request, answer)
                asked = retry.asked_to_wait(answer.headers)
                wait = retry.backoff(attempt + 1) if asked is None else self._bearable(asked, problem)
            attempt += 1
            self.stats.add("retries")
            self.wait(wait, request.what, problem)

    def _may_repeat(self, answer: Answer, safe: bool) -> bool:
        return answer.status == retry.NOT_DONE or (safe and answer.status in retry.READ_AGAIN)

    def _send(self, request: Request, counted: str | None = None) -> tuple[Answer, int]:
        if not self._is_read(request) and not self._is_log_in(request):
            self.check_writable(f"{request.method} {request.shown}")
        self.wait(self._pace.delay(), request.what)
        self.deadline.check(request.what)
        if self._is_log_in(request):
            # Those that have a lane may wait for it.
            return self._prove_and_send(request, counted)
        try:
            with self._lanes.one(self.deadline.remaining()) as waited:
                self.stats.add("waited_s", waited)
                # A signature must not grow old while a lane is waited for.
                return self._prove_and_send(request, counted)
        except TimeoutError:
            raise self.deadline.over(request.what) from None

    def _prove_and_send(self, request: Request, counted: str | None) -> tuple[Answer, int]:
        used, log_in = request.auth.proof(request.body)
        self.redactor.add(*request.auth.secrets())
        headers = {"Accept": "application/json", "User-Agent": USER_AGENT, **used}
        if request.content_type:
            headers["Content-Type"] = request.content_type
        self.stats.add("requests")
        if counted is not None:
            # Only here: a log-in that fails leaves nothing that was asked.
            self.stats.add(counted)
        return self._exchange(request, headers), log_in

    def _exchange(self, request: Request, headers: Mapping[str, str]) -> Answer:
        session = self._take_session()
        healthy = False
        began = time.monotonic()
        try:
            answer = session.send(request, headers)
            healthy = True
        except Lost as lost:
            if lost.error.kind == "timeout":
                self._lanes.too_much(began)
            raise
        finally:
            if healthy:
                self._sessions.put(session)
            else:
                session.close()
        if answer.status in retry.TOO_MUCH:
            self._lanes.too_much(began)
        else:
            self._lanes.answered(request.method, began)
        return answer

    def _take_session(self) -> Session:
        # Last in, first out: a task that never has more than n requests under way opens at most n connections.
        try:
            return self._sessions.get_nowait()
        except queue.Empty:
            return Session(self._shared)

    def _bearable(self, seconds: float, problem: AccessError) -> float:
        """``seconds`` that the server asks to wait. Raises ``problem`` where this task cannot wait so long."""
        left = self.deadline.remaining()
        if seconds <= retry.LONGEST_WAIT and (left is None or seconds < left):
            return seconds
        longest = f"a task waits {retry.LONGEST_WAIT:.0f} at most"
        if left is not None and left < retry.LONGEST_WAIT:
            longest = f"api_deadline leaves {max(0.0, left):.0f}"
        # urllib3 cuts what it reads at six hours.
        problem.add(f"; the server asks to wait {seconds:.0f} seconds or more, and {longest}")
        raise problem
