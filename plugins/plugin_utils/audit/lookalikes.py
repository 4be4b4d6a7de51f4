# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that people take for each other: in another case, in other forms of a letter, in another alphabet. Pure."""

from __future__ import annotations

import unicodedata

# Letters of other alphabets that look like a Latin one, in lower case: the common part of Unicode's confusables
# (UTS #39), written from what fonts show.
_LATIN = str.maketrans(
    {
        **dict(
            zip(
                "\u0430\u0441\u0501\u0435\u04bb\u0456\u0458\u04cf\u043e\u0440\u051b\u0455\u051d\u0445\u0443",
                "acdehijlopqswxy",
            )
        ),
        **dict(zip("\u03b1\u03b9\u03ba\u03bd\u03bf\u03c1\u03c5\u03c7\u03b3", "aikvopuxy")),
        **dict(zip("\u0131\u0261\u043a\u043c\u043d\u0442\u0432", "igkmhtb")),
    }
)


def skeleton(name: str) -> str:
    """The same text for names that look the same. Two different people may have one: it is a reason to look."""
    plain = unicodedata.normalize("NFKD", name).casefold().translate(_LATIN)
    return "".join(letter for letter in plain if not unicodedata.combining(letter) and letter.isprintable()).strip()
