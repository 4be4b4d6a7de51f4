# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the records that were kept are all there are: each names the SHA-256 of the one before. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# What is wrong with the evidence itself.
DAMAGED = "damaged"
MISSING = "missing"
RESTARTED = "restarted"
NOT_KEPT = "not_kept"
BROKEN = (DAMAGED, MISSING, RESTARTED, NOT_KEPT)


@dataclass(frozen=True)
class Link:
    """What of a kept record makes the chain."""

    path: str
    kind: str
    at: str
    sha256: str
    # {at, sha256} of the record before, of the same kind.
    previous: Mapping[str, str] | None

    @classmethod
    def of(cls, path: str, kind: str, record: Mapping[str, Any]) -> Link:
        """The link of a record that was read from ``path``."""
        return cls(path, kind, record["run"]["at"], record["sha256"], record["previous"])


def gap(
    what: str, message: str, at: str | None = None, path: str | None = None, tenant: str | None = None
) -> dict[str, Any]:
    """One thing that the evidence does not tell."""
    return {"what": what, "message": message, "at": at, "path": path, "tenant": tenant}


def gaps(kept: Iterable[Link], newest: Iterable[Link], since: str) -> list[dict[str, Any]]:
    """Where the chains of each kind are broken, as far as what is missing may be of ``since`` or later.

    ``kept``: what lies under history; ``newest``: what lies beside it.
    """
    found = []
    by_kind: dict[str, list[Link]] = {}
    for link in sorted(kept, key=lambda link: (link.at, link.path)):
        by_kind.setdefault(link.kind, []).append(link)
    for links in by_kind.values():
        found += _broken(links, since)
    for link in newest:
        if all(link.sha256 != other.sha256 for other in by_kind.get(link.kind, ())):
            found.append(gap(NOT_KEPT, "it is not among the records that were kept", link.at, link.path))
    return found


def _broken(links: Sequence[Link], since: str) -> list[dict[str, Any]]:
    found = []
    known = {link.sha256 for link in links}
    first = links[0].sha256
    for link in links:
        before = link.previous
        if before is None:
            if link.at >= since and link.sha256 != first:
                message = "a new chain begins here: nothing says whether records before it are missing"
                found.append(gap(RESTARTED, message, link.at, link.path))
        # Nothing was kept between a record and the one that it names, so that what is missing is not later.
        elif before["sha256"] not in known and before["at"] >= since:
            message = f"the record before it, of {before['at']} with the SHA-256 {before['sha256']}, is missing"
            found.append(gap(MISSING, message, link.at, link.path))
    return found
