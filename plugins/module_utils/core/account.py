# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an object means for who may use what, in terms that every platform shares: the vocabulary of audits. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# What an object is to somebody who reviews access.
USER = "user"
LICENSE = "license"
TOKEN = "token"  # noqa: S105 - no secret, the word
GROUP = "group"
CLIENT = "client"
NATURES = (USER, LICENSE, TOKEN, GROUP, CLIENT)


@dataclass(frozen=True)
class Account:
    """One object of a platform as a reviewer sees it. What is None, the platform does not tell or does not have."""

    nature: str
    # Lower-cased e-mails (or names, where the platform knows no e-mail) of those who use it.
    people: tuple[str, ...] = ()
    # What it allows, one text for each right: "privilege admin", "role billing", "scope table://*.**".
    entitlements: tuple[str, ...] = ()
    enabled: bool | None = None
    administrator: bool = False
    # Whether nothing restricts what it may see, although rights can be restricted on this platform.
    unrestricted: bool = False
    # ISO 8601 in UTC.
    created: str | None = None
    expires: str | None = None
    # Whether it never expires; None where expiring is not known of this nature.
    permanent: bool | None = None
    # The entitlements among those that allow (nearly) everything.
    wide: tuple[str, ...] = ()
    # How many users and workflows are in a group.
    users: int | None = None
    workflows: int | None = None


def rights(name: str, values: Iterable[str]) -> tuple[str, ...]:
    """Entitlements of one sort: "role billing", "role payments"."""
    return tuple(f"{name} {value}" for value in values if value)
