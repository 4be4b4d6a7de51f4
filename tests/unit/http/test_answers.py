# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies that are no JSON that a program can work with are text, and never an error of their own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.http import answers


@given(st.binary() | st.text().map(str.encode))
def test_nothing_breaks_the_parser(body: bytes) -> None:
    answer = answers.parse(400, {}, body)
    assert "\n" not in answer.message()


@pytest.mark.parametrize("body", ["[" * 51 + "]" * 51, '{"a":' * 400 + "1" + "}" * 400, "[" * 10**6, "1e999", "[NaN]"])
def test_too_deep_and_too_large_is_no_json(body: str) -> None:
    assert not answers.parse(200, {}, body.encode()).is_json


def test_ordinary_nesting_is_json() -> None:
    assert answers.parse(200, {}, b"[" * 50 + b"1.5" + b"]" * 50).is_json
