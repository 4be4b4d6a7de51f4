# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of people and objects as they are compared where case does not count. Pure."""

from __future__ import annotations


def folded(name: str) -> str:
    """A name in the one form that its spellings in another case share.

    Lower case, but for letters that are no pair with their lower one: a name with the Kelvin sign is not the one with a
    ``k``, although Unicode gives both that lower case. Whoever it was registered for is somebody else.
    """
    return name.lower() if name.isascii() else "".join(map(_folded, name))


def _folded(letter: str) -> str:
    small = letter.lower()
    return small if len(small) == 1 and small.upper() == letter else letter
