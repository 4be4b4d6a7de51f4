# SPDX-License-Identifier: GPL-3.0-or-later
"""No form of a secret survives redaction, and short ones do not tear words."""

from __future__ import annotations

import base64
import html
import json
import re
from functools import cache
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.core.secret_forms import forms
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import HIDDEN, Redactor, fingerprint

SECRETS = st.text(min_size=8, max_size=40).filter(lambda text: len(text.strip()) >= 8)
ESCAPES = (
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    lambda text: quote(text, safe=" !"),
    html.escape,
)


@given(SECRETS, st.text(max_size=10), st.text(max_size=10))
@example("pässw/<rd>+", "", "")
def test_no_encoding_of_a_secret_survives(secret: str, before: str, after: str) -> None:
    redactor = Redactor([secret])
    encoded = [
        secret,
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        base64.b64encode(secret.encode()).decode(),
        base64.urlsafe_b64encode(secret.encode()).decode(),
    ]
    for form in encoded:
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


@cache
def forms_of(secret: str) -> tuple[re.Pattern[str], ...]:
    """Every form of a secret; made once, since one expression of all of them would take longer than all else."""
    return tuple(re.compile(form.pattern) for form in forms(secret))


# A case has up to 120 secrets.
@settings(max_examples=settings.default.max_examples // 4)
@given(st.sampled_from([1, 30, 120]), st.lists(st.text('aB1-/ é"', min_size=1, max_size=20)), st.data())
def test_nothing_is_lost_by_looking_for_parts_first(many: int, secrets: list[str], data: st.DataObject) -> None:
    every = [*secrets, *(f"password-{number:04}-of-somebody!" for number in range(many))]
    text = "".join(data.draw(st.lists(st.sampled_from([*every, "password", "of-", "\\u000a", "a", " ", "é", "0001"]))))
    found = (form.pattern for secret in set(every) for form in forms_of(secret) if form.search(text))
    patterns = sorted(found, key=len, reverse=True)
    expected = re.sub("|".join(patterns), HIDDEN, text) if patterns else text
    redactor = Redactor(every)
    few = redactor.perhaps_in(text)
    assert redactor.text(text) == expected
    assert (text if few is None else few.text(text)) == expected


@pytest.mark.parametrize("many", [20, 2_000])
def test_of_many_secrets_few_are_looked_for(many: int) -> None:
    secrets = [f"password-{number:04}-of-somebody!" for number in range(many)]
    found = Redactor(secrets).perhaps_in("it was password-0007-of-somebody!")
    assert found is not None
    looked_for = [secret for secret in secrets if found.text(secret) == HIDDEN]
    assert secrets[7] in looked_for
    assert len(looked_for) <= 40


def test_one_of_many_secrets_is_found_in_the_middle_of_a_word() -> None:
    redactor = Redactor([f"{number:04}password" for number in range(200)])
    assert redactor.text("xx0007passwordyy") == f"xx{HIDDEN}yy"


def test_a_fingerprint_tells_two_keys_apart_and_nothing_more() -> None:
    assert fingerprint("one key") != fingerprint("another key")
    assert len(fingerprint("one key")) == 4


def test_a_secret_escaped_for_html_or_with_small_hexadecimals_is_found() -> None:
    redactor = Redactor(['pass/<&">+word'])
    for form in ("pass/&lt;&amp;&quot;&gt;+word", "pass%2f%3c%26%22%3e%2bword"):
        assert redactor.text(f"it was {form}") == f"it was {HIDDEN}"
