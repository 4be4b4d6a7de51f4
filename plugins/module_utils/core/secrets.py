# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing secret leaves through a message: redaction in every encoding, and fingerprints to tell secrets apart."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import threading
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

HIDDEN = "********"
HIDDEN_CHANGED = "******** (changed)"

# A shorter secret is only taken out where it stands alone, or ordinary words would be torn ("t" in "test").
_SUBSTRING_FROM = 6
_ESCAPE = re.compile("%[0-9A-F]{2}")


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


def encodings(secret: str) -> set[str]:
    """A secret as it may show up in a message: raw, URL-encoded, escaped for JSON or HTML, base64."""
    raw = secret.encode("utf-8", "surrogatepass")
    forms = {secret, html.escape(secret), html.escape(secret, quote=False)}
    for quoted in (
        quote(secret, safe="", errors="replace"),
        quote(secret, errors="replace"),
        quote_plus(secret, errors="replace"),
    ):
        forms.update((quoted, _ESCAPE.sub(lambda escape: escape.group().lower(), quoted)))
    for ascii_only in (True, False):
        forms.add(json.dumps(secret, ensure_ascii=ascii_only)[1:-1])
    forms.add(repr(secret)[1:-1])
    forms.update(_base64_forms(raw))
    return {form for form in forms if form}


def _base64_forms(raw: bytes) -> set[str]:
    forms: set[str] = set()
    for codec in (base64.b64encode, base64.urlsafe_b64encode):
        whole = codec(raw).decode("ascii")
        forms.update((whole, whole.rstrip("=")))
        if len(raw) < _SUBSTRING_FROM:
            continue
        # Inside a longer text ("user:secret") the secret starts at one of three bit offsets; the characters that
        # mix with its neighbours are cut off.
        for lead in range(3):
            text = codec(b"\0" * lead + raw).decode("ascii").rstrip("=")
            start = (0, 2, 3)[lead]
            end = len(text) - (0 if (lead + len(raw)) % 3 == 0 else 1)
            forms.add(text[start:end])
    return forms


class Redactor:
    """Takes known secrets out of texts. Secrets are added as they become known (log-in answers, new tokens)."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._known: set[str] = set()
        self._forms: set[str] = set()
        # The pattern, and the forms that it was made of: it is out of date where these are others.
        self._pattern: tuple[set[str], re.Pattern[str]] | None = None
        self.add(*secrets)

    def add(self, *secrets: str | None) -> None:
        """Know more secrets; empty ones and None are ignored."""
        with self._lock:
            fresh = {secret for secret in secrets if secret} - self._known
            if fresh:
                # Replaced, not changed in place: another thread may be reading the old set.
                self._known = self._known | fresh
                self._forms = self._forms.union(*map(encodings, fresh))

    @property
    def known(self) -> frozenset[str]:
        """Every secret added so far."""
        return frozenset(self._known)

    def text(self, text: str) -> str:
        """``text`` with every known secret replaced."""
        return self._compiled().sub(HIDDEN, text) if self._forms else text

    def finds(self, text: str) -> bool:
        """Whether a known secret occurs in ``text``."""
        return bool(self._forms) and self._compiled().search(text) is not None

    def _compiled(self) -> re.Pattern[str]:
        forms, made = self._forms, self._pattern
        if made is None or made[0] is not forms:
            longest_first = sorted(forms, key=len, reverse=True)
            made = self._pattern = forms, re.compile("|".join(map(_as_pattern, longest_first)))
        return made[1]

    def value(self, value: Any) -> Any:
        """``value`` with every known secret replaced: in strings of any depth, keys of mappings included."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.value(key): self.value(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.value(item) for item in value]
        return value


def _as_pattern(form: str) -> str:
    escaped = re.escape(form)
    if len(form) >= _SUBSTRING_FROM:
        return escaped
    return r"(?<![0-9A-Za-z])" + escaped + r"(?![0-9A-Za-z])"
