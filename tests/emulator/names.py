# SPDX-License-Identifier: GPL-3.0-or-later
"""How a server finds a name whatever its case."""

from __future__ import annotations


def folded(name: str) -> str:
    """Each letter that has one lower case and comes back from it; the Kelvin sign, say, does not come back from k."""
    return "".join(small if (small := letter.lower()).upper() == letter else letter for letter in name)
