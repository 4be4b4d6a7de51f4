# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way in which a secret may stand in a text: as it is, encoded, escaped, and escaped again."""

from __future__ import annotations

import binascii
import json
import re
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

# A shorter secret is only taken out where it stands alone, or ordinary words would be torn ("t" in "test").
_SUBSTRING_FROM = 6
# One of this length is no part of a name by chance, as "example" may be: tokens and keys are longer, passwords may not.
LONG_FROM = 16
_RUNS = re.compile("[0-9A-Za-z]+")
_URL_SAFE = str.maketrans("+/", "-_")
_WORDS = re.compile(r"[0-9A-Za-z]+|[^0-9A-Za-z]", re.DOTALL)
# Where a short secret may begin: behind no letter or digit, but for those of an escape (\n, \u000a, %0A).
_ALONE = r"(?:(?<![0-9A-Za-z])|(?<=\\[abefnrtv0])|(?<=\\u[0-9A-Fa-f]{4})|(?<=%[0-9A-Fa-f]{2}))"
# What escapes are made of may be escaped in turn.
_BACKSLASH = r"(?:\\|%(?:25)*5[Cc])"
_SEMICOLON = "(?:;|%(?:25)*3b)"
_AND = rf"(?:&|%(?:25)*26|\\+u0026)(?:amp{_SEMICOLON})*"
_NAMED_ESCAPES = {"\a": "a", "\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t", "\v": "v", "\0": "0"}


class Form:
    """One way in which a secret may stand in a text.

    There may be tens of thousands, and hardly one of them is ever looked for by its pattern, which is made only then.
    """

    __slots__ = ("_pattern", "text", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        # Parts of it that no escaping changes, in small letters: where one of them is missing, so is the whole.
        self.words = tuple(map(str.lower, _RUNS.findall(text)))
        self._pattern: str | None = None

    @property
    def pattern(self) -> str:
        """A regular expression for it, however often it was escaped."""
        if self._pattern is None:
            self._pattern = _pattern(self.text)
        return self._pattern

    def may_be_in(self, small: str) -> bool:
        """Whether all that no escaping changes stands in a text, which is given in small letters."""
        return all(word in small for word in self.words)


def forms(secret: str) -> Iterator[Form]:
    """As it is, in hexadecimals and in base64; each escaped for JSON, URLs or HTML, however often."""
    found = dict.fromkeys([secret])
    for raw in dict.fromkeys(body.encode("utf-8", "surrogatepass") for body in _bodies(secret)):
        found.update(dict.fromkeys(_base64_forms(raw)))
        if len(raw) >= _SUBSTRING_FROM:
            found[raw.hex()] = None
    return map(Form, found)


def _bodies(secret: str) -> tuple[str, ...]:
    """What of it may be encoded in bits: a body, in which it is escaped already."""
    if _is_word(secret):
        return (secret,)
    return (
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        quote(secret, safe="", errors="replace"),
        quote_plus(secret, errors="replace"),
    )


def _base64_forms(raw: bytes) -> Iterator[str]:
    for text in _standard_base64_forms(raw):
        yield text
        if "+" in text or "/" in text:
            yield text.translate(_URL_SAFE)


def _standard_base64_forms(raw: bytes) -> Iterator[str]:
    whole = _base64(raw)
    yield whole
    yield whole.rstrip("=")
    if len(raw) < _SUBSTRING_FROM:
        return
    # Inside a longer text ("user:secret") the secret starts at one of three bit offsets; the characters that
    # mix with its neighbours are cut off.
    for lead in range(3):
        text = _base64(b"\0" * lead + raw).rstrip("=")
        start = (0, 2, 3)[lead]
        end = len(text) - (0 if (lead + len(raw)) % 3 == 0 else 1)
        yield text[start:end]


def _base64(raw: bytes) -> str:
    return binascii.b2a_base64(raw, newline=False).decode("ascii")


def _pattern(text: str) -> str:
    parts = _WORDS.findall(text)
    pattern = "".join(part if _is_word(part) else _escapable(part) for part in parts)
    if len(text) < _SUBSTRING_FROM:
        pattern = f"{_ALONE}{pattern}(?![0-9A-Za-z])"
    elif len(text) >= LONG_FROM:
        pattern = f"(?i:{pattern})"  # keys of objects are in small letters
    return pattern


def _is_word(part: str) -> bool:
    return part.isascii() and part.isalnum()


def _escapable(character: str) -> str:
    """A pattern for one character, however often it was escaped for JSON, Python, URLs and HTML."""
    from html.entities import codepoint2name  # only where a secret is looked for: it takes its time to load

    code = ord(character)
    units = character.encode("utf-16-be", "surrogatepass")
    octets = character.encode("utf-8", "surrogatepass")
    ways = [
        f"{_BACKSLASH}+".join(f"u{units[at : at + 2].hex()}" for at in range(0, len(units), 2)),
        f"U{code:08x}",
        "".join(f"%(?:25)*{octet:02x}" for octet in octets),
        f"{_AND}(?:#|%(?:25)*23)(?:0*{code}|x0*{code:x}){_SEMICOLON}",
    ]
    if code < 256:
        ways.append(f"x{code:02x}")
    if character in _NAMED_ESCAPES:
        ways.append(rf"(?:(?<=\\)|(?<=5c)){_NAMED_ESCAPES[character]}")
    if character == " ":
        ways.append(r"\+")
    name = codepoint2name.get(code, "apos" if character == "'" else None)
    if name:
        # First, since an escaped ampersand is the beginning of its name.
        ways.insert(0, f"{_AND}{name}{_SEMICOLON}")
    return f"{_BACKSLASH}*(?:(?i:{'|'.join(ways)})|{re.escape(character)})"
