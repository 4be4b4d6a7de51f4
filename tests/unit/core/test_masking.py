# SPDX-License-Identifier: GPL-3.0-or-later
"""A result loses its secrets and stays a result: names and keys are what they were."""

from __future__ import annotations

from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.masking import Masking, Revealed
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import HIDDEN, Redactor

LONG = "0123456789abcdef"


def masked(result: dict[str, Any], *secrets: str, given: tuple[str, ...] = ()) -> dict[str, Any]:
    return Masking(Redactor(secrets), {"key", "email", "roles", "kind", "comment_of"}, given).result(result)


def test_a_password_that_is_a_word_tears_no_name() -> None:
    result = {
        "changes": [
            {"key": "ann@example.com", "fields": {"roles": {"before": ["example"], "after": ["example-2"]}}},
        ],
        "diff": {"after": {"ann@example.com": {"email": "ann@example.com", "example": True}}},
        "failure": {"kind": "example"},
    }
    assert masked(result, "example") == result


def test_prose_loses_it() -> None:
    found = masked({"msg": "it is example", "fields": {"comment": {"before": "", "after": "example!"}}}, "example")
    assert found == {"msg": f"it is {HIDDEN}", "fields": {"comment": {"before": "", "after": f"{HIDDEN}!"}}}


def test_what_nobody_knows_is_prose() -> None:
    assert masked({"unheard_of": ["example"], "more": {"x": "example"}}, "example") == {
        "unheard_of": [HIDDEN],
        "more": {"x": HIDDEN},
    }


def test_a_token_goes_from_names_too() -> None:
    found = masked({"changes": [{"key": f"x{LONG}"}], "diff": {"after": {LONG.upper(): {}}}, LONG: 1}, LONG)
    assert found == {"changes": [{"key": f"x{HIDDEN}"}], "diff": {"after": {HIDDEN: {}}}, HIDDEN: 1}


def test_a_name_that_the_task_gives_stays_whatever_the_password_is() -> None:
    email = "ann.archer@example.com"
    result = {"changes": [{"key": email}], "diff": {"after": {email: {"email": email}}}}
    assert masked(result, email, given=(email,)) == result
    assert masked({"msg": email, "key": f"<{email}>"}, email, given=(email,)) == {"msg": HIDDEN, "key": f"<{HIDDEN}>"}


def test_a_secret_that_was_asked_for_is_shown_where_it_was_asked_for_alone() -> None:
    found = masked({"token": {"secret": Revealed(LONG)}, "msg": LONG, "other": {"secret": LONG}}, LONG)
    assert found == {"token": {"secret": LONG}, "msg": HIDDEN, "other": {"secret": HIDDEN}}


def test_what_is_no_text_stays() -> None:
    result = {"number": 1, "none": None, "flags": (True, 2.5)}
    assert masked({**result, "msg": LONG}, LONG) == {"number": 1, "none": None, "flags": [True, 2.5], "msg": HIDDEN}
