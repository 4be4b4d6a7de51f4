# SPDX-License-Identifier: GPL-3.0-or-later
"""What the generic tests need of a kind of object besides its life: some of it, and what must never be lost of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.service import Service
from unit.life import Life

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """One kind of object: how to make four of it, and what of the start state must never be lost."""

    life: Life
    make: Callable[[int], Entry]
    # Beside what the life says: options of the plural module, the emulator's start state, credentials.
    options: Mapping[str, Any] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)
    credentials: Mapping[str, Any] = field(default_factory=dict)
    # (what is declared, why it is refused): what would lock the caller, or everybody, out.
    protected: Sequence[tuple[Entry, str]] = ()
    # Two of the list field that `make` gives, and how to declare only one of them; None: `make` gives no list.
    taken_away: tuple[Entry, Entry] | None = None

    @property
    def service(self) -> type[Service]:
        return self.life.service
