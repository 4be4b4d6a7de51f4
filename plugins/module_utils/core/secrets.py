# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing secret leaves through a message: redaction in every encoding, and fingerprints to tell secrets apart.

What is redacted where in a result is in :mod:`masking`.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ansible_collections.dataops.access.plugins.module_utils.core.secret_forms import LONG_FROM, Form, forms

HIDDEN = "********"
HIDDEN_CHANGED = "******** (changed)"


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


@dataclass(frozen=True)
class _Known:
    """A secret, and every way in which it may stand in a text."""

    secret: str
    forms: tuple[Form, ...]


# Secrets are found by so many characters of a run of letters and digits, or by a whole run that is shorter.
_PART = 6
_RUNS = re.compile("[0-9a-z]+")
# Looking for so few in a text is quicker than to take the text apart.
_FEW = 100
# Up to so many secrets it is quicker to look for each in the whole of a result than to go through its values.
_WORTH_A_LOOK = 20
# More secrets than this with the same part ("password-…") would often be found together.
_CROWD = 8
_NONE_AT_ALL = (0, -_PART)


class _Index:
    """Finds those secrets of which a part stands in a text, at a cost that hardly grows with how many there are."""

    def __init__(self) -> None:
        # Lists only grow, so that another thread may go through one meanwhile.
        self._by_part: dict[str, list[_Known]] = {}
        self._sizes: set[int] = set()
        self._without_part: list[_Known] = []

    def add(self, known: _Known) -> None:
        for form in known.forms:
            part = self._most_convenient(form)
            if part is None:
                self._without_part.append(known)
                continue
            self._by_part.setdefault(part, []).append(known)
            self._sizes.add(len(part))

    def _most_convenient(self, form: Form) -> str | None:
        found, least = None, None
        for part in (part for word in form.words for part in _parts(word)):
            inconvenience = (len(self._by_part.get(part, ())) // _CROWD, -len(part))
            if inconvenience == _NONE_AT_ALL:
                return part
            if least is None or inconvenience < least:
                found, least = part, inconvenience
        return found

    def perhaps_in(self, small: str) -> Iterable[_Known]:
        """The secrets of which a part stands in a text, and those that have none; ``small``: in small letters."""
        found = {known.secret: known for known in self._without_part}
        if len(self._by_part) < _FEW:
            parts = {part for part in list(self._by_part) if part in small}
        else:
            words = set(_RUNS.findall(small))
            sizes = list(self._sizes)
            parts = {word[at : at + size] for word in words for size in sizes for at in range(len(word) - size + 1)}
        found.update((known.secret, known) for part in parts for known in self._by_part.get(part, ()))
        return found.values()


def _parts(word: str) -> Iterator[str]:
    """Parts of a word by one of which it may be found: side by side, and the last."""
    yield word[-_PART:]
    for at in range(0, len(word) - _PART, _PART):
        yield word[at : at + _PART]


class Redactor:
    """Takes known secrets out of texts. Secrets are added as they become known (log-in answers, new tokens).

    One for each task, shared by all threads. Thousands of secrets cost no more than few: they are found by a part of
    what they are made of.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._secrets: set[str] = set()
        self._index = _Index()
        self.add(*secrets)

    def add(self, *secrets: str | None) -> None:
        """Know more secrets; empty ones and None are ignored."""
        # Every request says which secrets it carries: hardly one of them is new, and nobody has to wait for that.
        for secret in secrets:
            if secret and secret not in self._secrets:
                known = _Known(secret, tuple(forms(secret)))
                with self._lock:
                    # Known only once it is found, since nobody waits for another thread that is just adding it.
                    self._index.add(known)
                    self._secrets.add(secret)

    def text(self, text: str) -> str:
        """``text`` with every known secret replaced."""
        small = text.lower()
        return _without(self._index.perhaps_in(small), text, small)

    def name(self, text: str) -> str:
        """``text``, which is a name or an address, without those secrets that are no part of it by chance."""
        small = text.lower()
        found = (known for known in self._index.perhaps_in(small) if len(known.secret) >= LONG_FROM)
        return _without(found, text, small)

    def perhaps_in(self, text: str) -> Redactor | None:
        """A redactor of those secrets alone that ``text`` may hold; None: it holds none."""
        small = text.lower()
        found = list(self._index.perhaps_in(small))
        if len(found) <= _WORTH_A_LOOK:
            found = [known for known in found if any(form.may_be_in(small) for form in known.forms)]
        if not found:
            return None
        if len(found) > _FEW:
            return self
        few = Redactor()
        for known in found:
            few._index.add(known)
        return few


def _without(known: Iterable[_Known], text: str, small: str) -> str:
    patterns = [form.pattern for one in known for form in one.forms if form.may_be_in(small)]
    if not patterns:
        return text
    # The longest first: one secret may begin with another.
    return re.sub("|".join(sorted(patterns, key=len, reverse=True)), HIDDEN, text)
