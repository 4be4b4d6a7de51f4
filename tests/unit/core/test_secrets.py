# SPDX-License-Identifier: GPL-3.0-or-later
"""No form of a secret survives redaction, and short ones do not tear words."""

from __future__ import annotations

import base64
import html
import json
import time
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.core.secrets import HIDDEN, Redactor, fingerprint

SECRETS = st.text(min_size=8, max_size=40).filter(lambda text: len(text.strip()) >= 8)
ESCAPES = (
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    lambda text: quote(text, safe=" !"),
    html.escape,
)


@given(SECRETS, st.text(max_size=10), st.text(max_size=10))
def test_no_encoding_of_a_secret_survives(secret: str, before: str, after: str) -> None:
    redactor = Redactor([secret])
    forms = [
        secret,
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        base64.b64encode(secret.encode()).decode(),
        base64.urlsafe_b64encode(secret.encode()).decode(),
    ]
    for form in forms:
        assert form not in redactor.text(f"{before} {form} {after}").replace(HIDDEN, "")


@given(SECRETS, st.text(max_size=7), st.text(max_size=7))
def test_a_secret_inside_base64_of_more_is_found_at_every_alignment(secret: str, before: str, after: str) -> None:
    text = base64.b64encode((before + secret + after).encode()).decode()
    assert HIDDEN in Redactor([secret]).text(text)


def test_a_short_secret_does_not_tear_words() -> None:
    redactor = Redactor(["t", "abc"])
    assert redactor.text("a test of the text, abcd") == "a test of the text, abcd"
    assert redactor.text("password t, code=abc") == f"password {HIDDEN}, code={HIDDEN}"


@pytest.mark.parametrize("before", ["\\n", "\\\\n", "\\u000a", "%0a", "%3D", "&quot;", "\n", "="])
def test_a_short_secret_behind_an_escape_is_found(before: str) -> None:
    assert Redactor(["abc"]).text(f"error:{before}abc!") == f"error:{before}{HIDDEN}!"


@given(SECRETS)
@example("0000000&")
def test_escapes_of_escapes_are_found(secret: str) -> None:
    redactor = Redactor([secret])
    for outer in ESCAPES:
        for inner in ESCAPES:
            found = redactor.text(outer(inner(f"it was {secret}!")))
            assert found.replace(HIDDEN, "") == outer(inner("it was !"))


def test_a_long_secret_is_found_in_small_letters() -> None:
    # Keys of objects are, and a server may put anything into them.
    assert Redactor(["AbCdEfGhIjKlMnOp"]).name("abcdefghijklmnop@example.com") == f"{HIDDEN}@example.com"
    assert Redactor(["Example"]).text("an example") == "an example"


def test_many_secrets_in_a_long_text_take_no_time() -> None:
    redactor = Redactor(f"password-{number}-of-somebody" for number in range(2_000))
    text = json.dumps([{"key": f"user{number}@example.com"} for number in range(2_000)])
    started = time.process_time()
    assert redactor.found_in(text) is None
    assert time.process_time() - started < 5


def test_a_fingerprint_tells_two_keys_apart_and_nothing_more() -> None:
    assert fingerprint("one key") != fingerprint("another key")
    assert len(fingerprint("one key")) == 4


def test_a_secret_escaped_for_html_or_with_small_hexadecimals_is_found() -> None:
    redactor = Redactor(['pass/<&">+word'])
    for form in ("pass/&lt;&amp;&quot;&gt;+word", "pass%2f%3c%26%22%3e%2bword"):
        assert redactor.text(f"it was {form}") == f"it was {HIDDEN}"
