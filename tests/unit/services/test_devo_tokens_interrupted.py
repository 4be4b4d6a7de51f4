# SPDX-License-Identifier: GPL-3.0-or-later
"""Renewals that are cut short: at every moment somebody has a secret that works, and the next run completes them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import pytest

from ansible_collections.dataops.access.plugins.module_utils.http import session

from .devo_renewing_tenant import Tenant


class Killed(BaseException):
    """The process is gone."""


@contextmanager
def killed_at(number: int, sent: bool, after_each: Callable[[], None]) -> Iterator[None]:
    """End the run at its ``number``-th request: before it is sent, or once it was answered."""
    real = session.Session.send
    counter = itertools.count(1)  # several threads may send

    def send(session: Any, request: Any, headers: Any) -> Any:
        mine = next(counter)
        if mine == number and not sent:
            raise Killed
        answer = real(session, request, headers)
        after_each()
        if mine == number:
            raise Killed
        return answer

    with mock.patch.object(session.Session, "send", send):
        yield


def nothing() -> None:
    """Nothing to look at between two requests."""


def prepared_renewal(tenant: Tenant) -> dict[str, Any]:
    tenant.ok()
    tenant.due()
    return {}


def prepared_replacement(tenant: Tenant) -> dict[str, Any]:
    tenant.ok()
    return {"audience": ["http"], "replace": True}


def prepared_creation(tenant: Tenant) -> dict[str, Any]:
    return {}


def prepared_creation_beside_an_old_file(tenant: Tenant) -> dict[str, Any]:
    tenant.file.write_text("of an older token\n")
    return {}


def prepared_finish(tenant: Tenant) -> dict[str, Any]:
    tenant.ok()
    tenant.due()
    tenant.ok(retire_old=False)
    return {}


def prepared_replacement_of_a_successor(tenant: Tenant) -> dict[str, Any]:
    """The declaration has changed while a successor was waiting, handed over already."""
    prepared_finish(tenant)
    return {"audience": ["http"], "replace": True}


@pytest.mark.parametrize("names", ["repeatable", "unique"])
@pytest.mark.parametrize("sent", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    ("prepare", "works_before"),
    [
        (prepared_renewal, True),
        (prepared_replacement, True),
        (prepared_finish, True),
        (prepared_replacement_of_a_successor, True),
        (prepared_creation, False),
        (prepared_creation_beside_an_old_file, False),
    ],
)
def test_killed_at_every_request(
    tenant: Tenant, prepare: Callable[[Tenant], dict[str, Any]], works_before: bool, sent: bool, names: str
) -> None:
    def look() -> None:
        assert tenant.somebody_works()

    switches = {"devo.token_names": names}
    number = 0
    while True:
        number += 1
        tenant.vendors.reset(switches=switches)
        tenant.file.unlink(missing_ok=True)
        options = prepare(tenant)
        after_each = look if works_before else nothing
        try:
            with killed_at(number, sent, after_each):
                tenant.run(**options)
        except Killed:
            pass
        else:
            break  # it did not take so many requests
        with killed_at(-1, False, after_each):
            done = tenant.run(**options)
        assert not done.get("failed"), f"after a kill at request {number}: {done}"
        assert list(tenant.all()) == ["ci"], f"after a kill at request {number}"
        assert tenant.all()["ci"]["active"], f"after a kill at request {number}"
        assert tenant.somebody_works(), f"after a kill at request {number}"
        assert tenant.run(**options)["changed"] is False, f"after a kill at request {number}"
    assert number > 3


@pytest.mark.parametrize("sent", [False, True], ids=["before", "after"])
def test_a_disabled_token_stays_disabled_wherever_its_replacement_was_killed(tenant: Tenant, sent: bool) -> None:
    options = {"audience": ["http"], "replace": True}
    number = 0
    while True:
        number += 1
        tenant.vendors.reset()
        tenant.file.unlink(missing_ok=True)
        tenant.ok(enabled=False)
        try:
            with killed_at(number, sent, nothing):
                tenant.run(**options)
        except Killed:
            assert not tenant.run(**options).get("failed"), f"after a kill at request {number}"
        else:
            break
        assert [(name, token["active"]) for name, token in tenant.all().items()] == [("ci", False)], number
        assert tenant.saved() == tenant.all()["ci"]["token"] + "\n", number
    assert number > 5


@pytest.mark.parametrize("sent", [False, True], ids=["before", "after"])
def test_killed_twice(tenant: Tenant, sent: bool) -> None:
    """The run that finishes may be interrupted as well."""

    def look() -> None:
        assert tenant.somebody_works()

    for first in (4, 6, 7, 8):
        for second in range(2, 9, 2):
            tenant.vendors.reset()
            tenant.file.unlink(missing_ok=True)
            prepared_renewal(tenant)
            for number in (first, second):
                try:
                    with killed_at(number, sent, look):
                        tenant.run()
                except Killed:
                    continue
            with killed_at(-1, False, look):
                done = tenant.run()
            assert not done.get("failed"), f"killed at {first} and {second}: {done}"
            assert list(tenant.all()) == ["ci"], f"killed at {first} and {second}"
            assert tenant.somebody_works(), f"killed at {first} and {second}"


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/tokens$"), ("PUT", "/rename"), ("PUT", "/disable"), ("DELETE", "/tokens/")],
)
def test_lost_answers_in_a_renewal(tenant: Tenant, kind: str, method: str, path: str, no_backoff: None) -> None:
    tenant.ok()
    tenant.due()
    tenant.vendors.faults([{"method": method, "path": path, "call": 1, "fault": {"kind": kind}}])
    done = tenant.run()
    if (method, kind) == ("POST", "reset_before"):
        # it may be on its way still, so it is not sent twice
        assert done["failure"]["kind"] == "unknown_outcome"
        assert list(tenant.all()) == ["ci"]
        done = tenant.run()
    assert not done.get("failed"), done
    assert list(tenant.all()) == ["ci"]
    assert tenant.somebody_works()
    created = [each for each in tenant.vendors.writes() if each["method"] == "POST"]
    assert len(created) == (3 if (method, kind) == ("POST", "reset_before") else 2)
