# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies that are no JSON that a program can work with are text, and never an error of their own."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.core.secrets import Redactor
from ansible_collections.dataops.access.plugins.module_utils.http import answers


@given(st.binary() | st.text().map(str.encode))
def test_nothing_breaks_the_parser(body: bytes) -> None:
    answer = answers.parse(400, {}, body)
    assert "\n" not in answer.message()


@pytest.mark.parametrize("body", ["[" * 51 + "]" * 51, '{"a":' * 400 + "1" + "}" * 400, "[" * 10**6, "1e999", "[NaN]"])
def test_too_deep_and_too_large_is_no_json(body: str) -> None:
    assert not answers.parse(200, {}, body.encode()).is_json


@pytest.mark.parametrize(
    ("body", "data"),
    [
        ('{"a": 1, "a": 2}', None),
        ('[{"b": {"a": "x", "a": null}}]', None),
        ('{"a": 1, "a": 1}', {"a": 1}),
        ("[" + "[]," * 10**6 + "[]]", None),
        ("[" + "1," * 5_000_001 + "1]", None),
        ("9" * 5000, None),
    ],
    ids=["two values", "two values below", "said twice alike", "many lists", "many values", "many digits"],
)
def test_what_means_nothing_is_no_json(body: str, data: object) -> None:
    assert answers.parse(200, {}, body.encode()).data == data


@pytest.mark.parametrize("blank", ["x", " "])
def test_a_message_ends_before_a_secret_that_may_be_cut(blank: str) -> None:
    redactor = Redactor(["canary-" + "4711" * 200])
    text = blank * 19_900 + "canary-" + "4711" * 200 + "end" * 100_000
    for body in (text.encode(), json.dumps({"error": text}).encode()):
        assert "canary" not in answers.parse(400, {}, body, redactor.text).message()


def test_ordinary_nesting_is_json() -> None:
    assert answers.parse(200, {}, b"[" * 50 + b"1.5" + b"]" * 50).is_json


def test_a_line_does_not_steer_the_terminal() -> None:
    assert answers.one_line("no\r\nsuch \x1b[2Juser\u202e\x9b31m\t!") == "no such [2Juser 31m !"
