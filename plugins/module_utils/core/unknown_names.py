# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of options that nobody knows, as a message may show them.

Where the blank behind a colon is missing in a mapping on one line, the value is a part of the name, and no option says
that it is secret: of ``{password:Hunter2}`` is shown ``password…``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# What an option's name has none of, and what stands between a name and a value.
_MARK = re.compile(r"[\s:=]")
# A name may hold anything; the last ". Supported …" is ansible-core's own.
_UNSUPPORTED = re.compile(
    r"(?P<before>Unsupported parameters for \([^)]*\) \w+: |\A)"
    r"(?P<names>.*)(?P<after>\. Supported parameters include: )",
    re.DOTALL,
)


def shown(names: Iterable[object]) -> list[str]:
    """The names, each up to the first colon, equals sign or blank."""
    texts = [str(name) for name in names]
    cut = [_MARK.split(text, maxsplit=1)[0] + "…" for text in texts if _MARK.search(text)]
    # A comma ends a name too: the rest of a value may stand there as a name without any mark.
    return list(dict.fromkeys(cut or texts))


def first(name: object) -> str:
    """One name, as :func:`shown`."""
    return shown([name])[0]


def in_message(message: str) -> str:
    """What ansible-core has against options, with the names that it does not know as :func:`shown`."""
    return _UNSUPPORTED.sub(
        lambda found: found["before"] + ", ".join(shown(found["names"].split(", "))) + found["after"], message, count=1
    )
