# SPDX-License-Identifier: GPL-3.0-or-later
"""Names as people and vendors really have them: what parses, compares or escapes badly somewhere."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.core.render import safe

Entry = dict[str, Any]
T = TypeVar("T")

HOSTILE = (
    "Ana Silva",
    "Ana  Silva",
    'o\'Brien "Bob"',
    "a+b%c#d?e@f",
    "a/b",
    "%2F%2e%2e",
    "100%",
    "x?y=z&q",
    "a;b,c",
    "M\u00f6bius",
    "Mo\u0308bius",
    "Stra\u00dfe",
    "STRASSE",
    "\ufb01le",
    "\u0130stanbul",
    "\u0131stanbul",
    "\u6f22\u5b57 \u2603",
    "\U0001f600",
    "a\u00a0b",
    "a\u200bb",
    "back\\slash",
    "<b>&amp;",
    "{{ 7 * 7 }}",
    "$(id)`id`",
    "null",
    "true",
    "0",
    "-1",
    ".",
    "..",
    "*",
    "x" * 200,
    "\u00e9" * 200,
)

# Another spelling of a name that some system takes for the same.
_SPELLINGS: tuple[Callable[[str], str], ...] = (
    str,
    str,
    str.upper,
    str.lower,
    str.swapcase,
    str.casefold,
    lambda text: unicodedata.normalize("NFC", text),
    lambda text: unicodedata.normalize("NFD", text),
    lambda text: text.replace(" ", "  "),
)
_RANDOM = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co", "Zl", "Zp")), min_size=1, max_size=12
).filter(lambda text: text == text.strip())

# A name that every service takes as an argument.
names = st.sampled_from(HOSTILE) | st.sampled_from(("Reports", "analyst", "Bob")) | _RANDOM
# What none should take: blanks around it, nothing at all, a control character.
wrong_names = st.sampled_from(("", " ", " Ana", "Ana ", "a\nb", "a\x00b", "a\x1b[31mb"))


def shown(name: str) -> str:
    """``name`` as results show it."""
    return str(safe(name, json.dumps(name)))


def local_part(name: str) -> str:
    """``name`` as what may stand before the @ of an e-mail."""
    kept = "".join("." if character.isspace() else character for character in name if character not in "@/\\")
    return kept.replace("..", ".").replace("..", ".") or "x"


emails = st.builds(
    lambda name, domain: f"{local_part(name)}@{domain}",
    names,
    st.sampled_from(("example.com", "example.com", "Example.ORG")),
)
wrong_emails = st.sampled_from(("", "nobody", "a@b@c", " ana@example.com", "a b@example.com", "a/b@example.com"))


def spelled(text: str) -> st.SearchStrategy[str]:
    """The name, mostly as it is, or in another spelling."""
    return st.sampled_from(_SPELLINGS).map(lambda spelling: spelling(text))


def pool(of: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    """A few names, for one case to draw from again and again, so that what is declared meets what exists."""
    return st.lists(of, min_size=1, max_size=4)


def one_of(names: list[str], spellings: bool = True) -> st.SearchStrategy[str]:
    """One of a pool's names, in some spelling."""
    return st.sampled_from(names).flatmap(spelled) if spellings else st.sampled_from(names)


def seldom(rare: st.SearchStrategy[T], usual: st.SearchStrategy[T]) -> st.SearchStrategy[T]:
    """``usual``, and once in sixty times ``rare``."""
    return st.integers(0, 59).flatmap(lambda number: rare if number == 59 else usual)


def listed(entry: st.SearchStrategy[Entry], identity: Callable[[Entry], Any]) -> st.SearchStrategy[list[Entry]]:
    """A declared list, mostly of one to four, seldom empty or with one twice."""
    unique = st.lists(entry, min_size=1, max_size=4, unique_by=identity)
    several = st.lists(entry, max_size=4)
    return st.integers(0, 19).flatmap(lambda number: several if number == 19 else unique)


def own_files(entries: list[Entry], option: str) -> list[Entry]:
    """The entries, each that names a file with one of its own."""
    return [
        {**entry, option: f"{entry[option]}-{number}"} if option in entry else entry
        for number, entry in enumerate(entries)
    ]
