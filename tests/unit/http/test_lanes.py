# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests are under way at once."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ansible_collections.dataops.access.plugins.module_utils.http.auth import Auth
from ansible_collections.dataops.access.plugins.module_utils.http.client import Client
from ansible_collections.dataops.access.plugins.module_utils.http.lanes import Lanes
from ansible_collections.dataops.access.plugins.module_utils.http.settings import Settings
from unit.handover.servers import running


class Clock:
    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


def ask(lanes: Lanes, clock: Clock, seconds: float, refused: bool = False, sort: str = "PUT") -> None:
    """One request that takes so long."""
    began = clock()
    clock.time += seconds
    if refused:
        lanes.too_much(began)
    else:
        lanes.answered(sort, began)


def test_a_refusal_halves_and_good_answers_bring_one_after_the_other_back() -> None:
    clock = Clock()
    lanes = Lanes(8, clock)
    ask(lanes, clock, 0.1, refused=True)
    assert lanes.limit == 4
    limits = []
    for _answer in range(40):
        ask(lanes, clock, 0.1)
        limits.append(lanes.limit)
    # After four good ones the fifth lane, after five more the sixth, and so on.
    assert [limits.index(limit) + 1 for limit in (5, 6, 7, 8)] == [4, 9, 15, 22]
    assert limits[-1] == 8


def test_requests_that_were_under_way_together_are_refused_for_one_reason() -> None:
    clock = Clock()
    lanes = Lanes(8, clock)
    clock.time = 1.0
    for _request in range(8):
        lanes.too_much(0.5)
    assert lanes.limit == 4
    lanes.too_much(1.5)
    assert lanes.limit == 2


def test_a_server_that_becomes_slow_is_asked_less_at_once() -> None:
    clock = Clock()
    lanes = Lanes(8, clock)
    for _answer in range(20):
        ask(lanes, clock, 0.2)
    assert lanes.limit == 8
    for _answer in range(10):
        ask(lanes, clock, 3.0)
    assert lanes.limit < 8


@pytest.mark.parametrize("fast", [0.01, 5.0])
def test_a_server_that_is_always_alike_is_not_slow(fast: float) -> None:
    clock = Clock()
    lanes = Lanes(8, clock)
    for _answer in range(100):
        ask(lanes, clock, fast)
        # One listing among many writes.
        ask(lanes, clock, fast * 20, sort="GET")
    assert lanes.limit == 8


@given(st.integers(1, 32), st.lists(st.tuples(st.floats(0.0, 30.0), st.booleans()), max_size=60))
def test_there_is_always_one_lane_and_never_more_than_allowed(most: int, asked: list[tuple[float, bool]]) -> None:
    clock = Clock()
    lanes = Lanes(most, clock)
    for seconds, refused in asked:
        ask(lanes, clock, seconds, refused)
        assert 1 <= lanes.limit <= most


def test_no_more_requests_are_under_way_than_there_are_lanes() -> None:
    lanes = Lanes(8)
    lanes.too_much(1.0)
    under_way, most = 0, 0
    lock = threading.Lock()
    both = threading.Barrier(4)

    def request(_number: int) -> None:
        nonlocal under_way, most
        with lanes.one(None):
            with lock:
                under_way += 1
                most = max(most, under_way)
            # Four of them meet here, so that as many were under way; a fifth would be counted.
            both.wait(10)
            with lock:
                under_way -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(request, range(32)))
    assert most == 4


def test_whoever_waits_for_a_lane_waits_no_longer_than_that() -> None:
    lanes = Lanes(1)
    with lanes.one(None), pytest.raises(TimeoutError), lanes.one(0.001):
        raise AssertionError("there is one lane alone")


@dataclass
class Busy:
    """A server that does two things at once and refuses a third."""

    url: str = ""
    under_way: int = 0
    refused: int = 0
    done: list[str] = field(default_factory=list)

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/{path:path}", self._endpoint, methods=["PUT"])])

    async def _endpoint(self, request: Request) -> Response:
        if self.under_way >= 2:
            self.refused += 1
            return Response(status_code=429, headers={"Retry-After": "0"})
        self.under_way += 1
        try:
            await asyncio.sleep(0.01)  # what it takes to do it
            self.done.append(request.url.path)
        finally:
            self.under_way -= 1
        return Response(status_code=204)


def test_a_server_that_can_do_little_at_once_gets_everything_done() -> None:
    server = Busy()
    with running(server):
        client = Client(Settings(api_url=server.url, api_concurrency=8, api_retries=10), Auth())
        client.allow_writes()
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda number: client.write("do it", "PUT", f"/{number}"), range(60)))
        client.close()
    assert {answer.status for answer in answers} == {204}
    assert sorted(server.done) == sorted(f"/{number}" for number in range(60))
    # Eight at once would be refused again and again.
    assert server.refused < 60
