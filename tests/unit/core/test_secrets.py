# SPDX-License-Identifier: GPL-3.0-or-later
"""No form of a secret survives redaction, and short ones do not tear words."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.core.secrets import HIDDEN, Redactor, fingerprint

SECRETS = st.text(min_size=8, max_size=40).filter(lambda text: len(text.strip()) >= 8)


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


def test_nested_values_and_keys_are_redacted() -> None:
    redactor = Redactor(["secret-value"])
    assert redactor.value({"secret-value": ["x secret-value", 1, None, {"k": "secret-value"}]}) == {
        HIDDEN: [f"x {HIDDEN}", 1, None, {"k": HIDDEN}]
    }


def test_a_fingerprint_tells_two_keys_apart_and_nothing_more() -> None:
    assert fingerprint("one key") != fingerprint("another key")
    assert len(fingerprint("one key")) == 4


def test_a_secret_escaped_for_html_or_with_small_hexadecimals_is_found() -> None:
    redactor = Redactor(['pass/<&">+word'])
    for form in ("pass/&lt;&amp;&quot;&gt;+word", "pass%2f%3c%26%22%3e%2bword"):
        assert redactor.text(f"it was {form}") == f"it was {HIDDEN}"
