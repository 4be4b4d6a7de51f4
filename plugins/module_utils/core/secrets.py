# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing secret leaves through a message: redaction in every encoding, and fingerprints to tell secrets apart.

What is redacted where in a result is in :mod:`masking`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.entities import codepoint2name
from urllib.parse import quote, quote_plus

HIDDEN = "********"
HIDDEN_CHANGED = "******** (changed)"

# A shorter secret is only taken out where it stands alone, or ordinary words would be torn ("t" in "test").
_SUBSTRING_FROM = 6
# One of this length is no part of a name by chance, as "example" may be: tokens and keys are longer, passwords may not.
_LONG_FROM = 16
_WORDS = re.compile(r"[0-9A-Za-z]+|[^0-9A-Za-z]", re.DOTALL)
# Where a short secret may begin: behind no letter or digit, but for those of an escape (\n, \u000a, %0A).
_ALONE = r"(?:(?<![0-9A-Za-z])|(?<=\\[abefnrtv0])|(?<=\\u[0-9A-Fa-f]{4})|(?<=%[0-9A-Fa-f]{2}))"
# What escapes are made of may be escaped in turn.
_BACKSLASH = r"(?:\\|%(?:25)*5[Cc])"
_SEMICOLON = "(?:;|%(?:25)*3b)"
_AND = rf"(?:&|%(?:25)*26|\\+u0026)(?:amp{_SEMICOLON})*"
_NAMED_ESCAPES = {"\a": "a", "\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t", "\v": "v", "\0": "0"}


def fingerprint(secret: str, length: int = 4) -> str:
    """The last ``length`` characters of the SHA-256: enough to tell two keys apart, useless to guess one."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()[-length:]


def public_url(url: str) -> str:
    """A URL without the secrets that it may hold although they do not belong there: log-in, query, fragment."""
    without_query = re.split(r"[?#]", url, maxsplit=1)[0]
    if "@" not in url:
        return url if without_query == url else f"{without_query}?{HIDDEN}"
    if without_query != url:
        return HIDDEN  # the mark may be a part of the password
    scheme, slashes, _rest = url.partition("//")
    host = url.rpartition("@")[2]
    return f"{scheme}//{HIDDEN}@{host}" if slashes else f"{HIDDEN}@{host}"


# Secrets are found by so many characters of a run of letters and digits.
_PART = 6
_RUNS = re.compile(f"[0-9a-z]{{{_PART},}}")


@dataclass(frozen=True)
class _Form:
    """One way in which a secret may stand in a text."""

    # A part of it that no escaping changes, in small letters: where that is missing, so is the whole.
    core: str
    pattern: str


def _forms(secret: str) -> Iterator[_Form]:
    """As it is, in hexadecimals and in base64; each escaped for JSON, URLs or HTML, however often."""
    # What is encoded in bits may be a body, in which the secret is escaped already.
    bodies = (
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        quote(secret, safe="", errors="replace"),
        quote_plus(secret, errors="replace"),
    )
    found = dict.fromkeys([secret])
    for raw in dict.fromkeys(body.encode("utf-8", "surrogatepass") for body in bodies):
        found.update(dict.fromkeys(_base64_forms(raw)))
        if len(raw) >= _SUBSTRING_FROM:
            found[raw.hex()] = None
    return map(_form, found)


def _base64_forms(raw: bytes) -> Iterator[str]:
    for codec in (base64.b64encode, base64.urlsafe_b64encode):
        whole = codec(raw).decode("ascii")
        yield from (whole, whole.rstrip("="))
        if len(raw) < _SUBSTRING_FROM:
            continue
        # Inside a longer text ("user:secret") the secret starts at one of three bit offsets; the characters that
        # mix with its neighbours are cut off.
        for lead in range(3):
            text = codec(b"\0" * lead + raw).decode("ascii").rstrip("=")
            start = (0, 2, 3)[lead]
            end = len(text) - (0 if (lead + len(raw)) % 3 == 0 else 1)
            yield text[start:end]


def _form(text: str) -> _Form:
    parts = _WORDS.findall(text)
    pattern = "".join(part if _is_word(part) else _escapable(part) for part in parts)
    if len(text) < _SUBSTRING_FROM:
        pattern = f"{_ALONE}{pattern}(?![0-9A-Za-z])"
    elif len(text) >= _LONG_FROM:
        pattern = f"(?i:{pattern})"  # keys of objects are in small letters
    return _Form(max(filter(_is_word, parts), key=len, default="").lower(), pattern)


def _is_word(part: str) -> bool:
    return part.isascii() and part.isalnum()


def _escapable(character: str) -> str:
    """A pattern for one character, however often it was escaped for JSON, Python, URLs and HTML."""
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


@dataclass(frozen=True)
class _Known:
    """A secret, and every way in which it may stand in a text."""

    secret: str
    forms: tuple[_Form, ...]


class Redactor:
    """Takes known secrets out of texts. Secrets are added as they become known (log-in answers, new tokens).

    One for each task, shared by all threads. Thousands of secrets cost no more than few: they are found by a part of
    what they are made of.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._secrets: set[str] = set()
        # Lists only grow, so that another thread may go through one meanwhile.
        self._by_part: dict[str, list[_Known]] = {}
        self._without_part: list[_Known] = []
        self.add(*secrets)

    def add(self, *secrets: str | None) -> None:
        """Know more secrets; empty ones and None are ignored."""
        with self._lock:
            for secret in secrets:
                if secret and secret not in self._secrets:
                    self._secrets.add(secret)
                    self._keep(_Known(secret, tuple(_forms(secret))))

    def _keep(self, known: _Known) -> None:
        parts = {form.core[:_PART] for form in known.forms}
        if any(len(part) < _PART for part in parts):
            self._without_part.append(known)
        else:
            for part in parts:
                self._by_part.setdefault(part, []).append(known)

    def text(self, text: str) -> str:
        """``text`` with every known secret replaced."""
        return _without(self._perhaps_in(text), text)

    def name(self, text: str) -> str:
        """``text``, which is a name or an address, without those secrets that are no part of it by chance."""
        return _without((known for known in self._perhaps_in(text) if len(known.secret) >= _LONG_FROM), text)

    def found_in(self, text: str) -> Redactor | None:
        """A redactor of those secrets alone that ``text`` may hold; None: it holds none."""
        small = text.lower()
        found = [known for known in self._perhaps_in(text) if any(_occurs(form, small) for form in known.forms)]
        if not found or _without(found, text) == text:
            return None
        few = Redactor()
        for known in found:
            few._keep(known)
        return few

    def _perhaps_in(self, text: str) -> list[_Known]:
        """The secrets of which a part stands in ``text``, and those that have no such part."""
        words = set(_RUNS.findall(text.lower()))
        parts = {word[at : at + _PART] for word in words for at in range(len(word) - _PART + 1)}
        found = {known.secret: known for part in parts for known in self._by_part.get(part, ())}
        return [*found.values(), *self._without_part]


def _occurs(form: _Form, small: str) -> bool:
    return form.core in small


def _without(known: Iterable[_Known], text: str) -> str:
    small = text.lower()
    # Looking for their cores is quick.
    patterns = [form.pattern for one in known for form in one.forms if _occurs(form, small)]
    if not patterns:
        return text
    # The longest first: one secret may begin with another.
    return re.sub("|".join(sorted(patterns, key=len, reverse=True)), HIDDEN, text)
