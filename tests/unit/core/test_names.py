# SPDX-License-Identifier: GPL-3.0-or-later
"""When two names are one, but for case."""

from __future__ import annotations

import sys
from collections import defaultdict

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.core.names import folded

# Letters that Unicode maps to others in one direction alone, with those others.
ODD = (
    "kK\u212a\u00e5\u00c5\u212biI\u0130\u0131s\u017fS\u00df\u1e9e\u03c3\u03c2\u03a3\u01c4\u01c5\u01c6\u03b8\u0398\u03f4"
)


def pair(one: str, other: str) -> bool:
    """Whether each letter is the other one in its other case."""
    return one.lower() == other and other.upper() == one


@given(st.text(st.sampled_from(ODD) | st.characters(), max_size=5), st.text(st.sampled_from(ODD), max_size=5))
@example("Kate", "\u212aate")
@example("\u0130", "i\u0307")
def test_names_that_fold_alike_differ_in_case_alone(one: str, other: str) -> None:
    for spelling in (other, one.upper(), one.lower(), one.swapcase(), one.casefold(), one.title()):
        if folded(one) == folded(spelling):
            assert all(a == b or pair(a, b) or pair(b, a) for a, b in zip(one, spelling, strict=True))
    assert folded(folded(one)) == folded(one)


def test_no_letter_has_more_than_one_other_spelling() -> None:
    spellings = defaultdict(list)
    for number in range(sys.maxunicode + 1):
        letter = chr(number)
        if letter.lower() != letter or letter.upper() != letter:
            spellings[folded(letter)].append(letter)
    assert max(map(len, spellings.values())) == 2
    assert all(small.upper() in letters for small, letters in spellings.items() if len(letters) > 1)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Kate@Example.com", "kate@example.COM", True),
        ("M\u00d6BIUS", "m\u00f6bius", True),
        ("\u0410\u043d\u043d\u0430", "\u0430\u041d\u041d\u0410", True),
        ("\u212aate2@example.com", "kate2@example.com", False),
        ("\u212bsa@example.com", "\u00e5sa@example.com", False),
        ("\u0130ris@example.com", "iris@example.com", False),
        ("stra\u017fe@example.com", "strase@example.com", False),
    ],
)
def test_a_name_of_somebody_else_is_another(one: str, other: str, same: bool) -> None:
    assert (folded(one) == folded(other)) is same
