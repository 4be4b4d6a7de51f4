# SPDX-License-Identifier: GPL-3.0-or-later
"""Canaries, and the search for them: in whatever form a text holds one, it is found.

It does not use the redaction of the collection: each canary has a core of letters and digits, which URL, JSON, HTML and
shell leave as it is, however often they are applied; only what mixes bits (base64, hexadecimals, digests) has to be
looked for besides.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_WORD = re.compile(r"[0-9A-Za-z_.~-]+")
# Half a secret is a leak too; but pieces of a secret that the test did not choose may stand elsewhere by right.
_PIECE = 8
# What most needs an encoding: for HTML, JSON, URLs, shells and YAML. Headers take no more than ASCII.
_HOSTILE = "\"+/%\\&=<>'"


def canary(name: str, ascii_only: bool = True) -> str:
    """A secret that occurs nowhere by chance, always the same for one name."""
    core = re.sub(r"[^0-9A-Za-z]", "", base64.b64encode(hashlib.sha256(name.encode()).digest()).decode())[:18]
    return core + _HOSTILE if ascii_only else f"ü {core}{_HOSTILE} €"


@dataclass
class Canaries:
    """Secrets by name, and what would give them away."""

    forms: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def chosen(self, name: str, ascii_only: bool = True) -> str:
        """A secret for the test to hand out; pieces of it are looked for as well."""
        secret = canary(name, ascii_only)
        core = max(_WORD.findall(secret), key=len)
        self._add(name, secret, core, [core[at : at + _PIECE] for at in range(len(core) - _PIECE + 1)])
        return secret

    def made(self, name: str, secret: str) -> None:
        """A secret that a server or the module has made."""
        core = max(_WORD.findall(secret), key=len, default="")
        if len(core) < _PIECE:
            raise ValueError(f"{name} is too short to be searched for")
        # What parts of a token say is no secret (a user's id, a time): only its signature is.
        signature = core.rpartition(".")[2]
        self._add(name, secret, core, [signature] if len(signature) > _PIECE else [])

    def _add(self, name: str, secret: str, core: str, pieces: Sequence[str]) -> None:
        self.names.add(name)
        for form in {core.lower(), *(piece.lower() for piece in pieces)}:
            self.forms[form] = f"{name} as it is"
        for form in _bits(core):
            self.forms[form] = f"{name} in base64"
        self.forms[core.encode().hex()] = f"{name} in hexadecimals"
        for text in dict.fromkeys((core, secret)):
            self.forms[hashlib.sha256(text.encode()).hexdigest()] = f"the digest of {name}"

    def found(self, text: str) -> list[str]:
        """Which canaries ``text`` gives away, and in which form; empty: none."""
        small = text.lower()
        return sorted({what for form, what in self.forms.items() if form in (small if form == form.lower() else text)})


def _bits(core: str) -> Iterator[str]:
    """Base64 of a text that holds the core, wherever in it the core begins."""
    for codec in (base64.b64encode, base64.urlsafe_b64encode):
        for lead in range(3):
            whole = codec(b"\0" * lead + core.encode()).decode().rstrip("=")
            # The outer characters mix with what stands beside the core.
            yield whole[(0, 2, 3)[lead] : -1]
