# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits of what a task may remove or spend."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.policy import (
    Policy,
    allowed_deletions,
    reason_to_keep,
)
from ansible_collections.dataops.access.plugins.module_utils.core.resource import Observed
from ansible_collections.dataops.access.plugins.module_utils.core.service import Change


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_number_is_that_number(limit: int, in_scope: int) -> None:
    assert allowed_deletions(str(limit), in_scope) == limit


@given(st.integers(0, 100), st.integers(0, 10**6))
def test_a_share_is_rounded_down(share: int, in_scope: int) -> None:
    allowed = allowed_deletions(f"{share}%", in_scope)
    assert allowed == math.floor(in_scope * share / 100)
    assert allowed <= in_scope


def test_minus_one_is_no_limit() -> None:
    assert allowed_deletions("-1", 5) is None


@pytest.mark.parametrize("limit", ["", "-2", "many", "101%", "1.5", "20 %%", "1e3", "٣", "0x10"])
def test_anything_else_is_refused(limit: str) -> None:
    with pytest.raises(ValidationError, match="max_deletions"):
        allowed_deletions(limit, 5)


def test_disabling_counts_and_replacing_does_not() -> None:
    changes = [
        Change("a", "delete", {}),
        Change("b", "update", {}, disables=True),
        Change("c", "update", {}, replaced=True),
        Change("e", "create", {}),
    ]
    assert Policy(max_deletions="2").limits(changes, 10) == []
    assert "2 deletions are planned" in Policy(max_deletions="1").limits(changes, 10)[0]


def test_registrations_are_limited() -> None:
    changes = [Change(str(n), "create", {}, registrations=1) for n in range(3)]
    assert Policy(max_registrations=3).limits(changes, 0) == []
    assert Policy(max_registrations=-1).limits(changes, 0) == []
    assert "3 registrations are planned" in Policy(max_registrations=2).limits(changes, 0)[0]


def test_an_expression_that_never_ends_is_stopped() -> None:
    policy = Policy(exclude=("(a+)+b",), expression_seconds=0.2)
    with pytest.raises(AccessError, match=r"took longer than 0\.2 seconds") as caught:
        policy.excluded(["a" * 60])
    assert caught.value.kind == "timeout"


def test_a_broken_expression_is_named() -> None:
    with pytest.raises(ValidationError, match=r"purge_exclude: '\(' is not a regular expression"):
        Policy(exclude=("(",)).check(1)


def test_purge_with_an_empty_list_needs_a_word() -> None:
    with pytest.raises(ValidationError, match="allow_empty: true"):
        Policy(purge=True).check(0)
    Policy(purge=True, allow_empty=True).check(0)
    Policy(purge=True).check(1)


def test_an_exclusion_matches_the_whole_key() -> None:
    assert Policy(exclude=("ana",)).excluded(["ana@example.com"])[0] == set()
    assert Policy(exclude=("ANA@.*",)).excluded(["ana@example.com"])[0] == {"ana@example.com"}


def test_a_negative_limit_of_registrations_is_no_way_to_say_no_limit() -> None:
    Policy(max_registrations=-1).check(1)
    with pytest.raises(ValidationError, match="max_registrations"):
        Policy(max_registrations=-2).check(1)


def test_what_is_protected_is_so_whether_or_not_it_is_excluded() -> None:
    root = Observed("root", "root", {}, protected="built-in")
    assert reason_to_keep(root, {"root"}) == "protected"
