# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be done for one token, by what its module would change. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.services.devo_token_family import successor_name
from ansible_collections.dataops.access.plugins.plugin_utils.handover.declaration import SECRET_FILE, Renewal

# Whose secret is handed over: of a token that this run makes, of one that an earlier run has made, of the present one.
MADE = "made"
FOUND = "found"
PRESENT = "present"


@dataclass(frozen=True)
class Due:
    """What is to be done for one token."""

    renewal: Renewal
    # What the module is given first.
    entry: Mapping[str, Any]
    # Whether the module itself changes anything.
    writes: bool = True
    # MADE, FOUND or PRESENT; None: there is nothing to hand over, beyond what the module does by itself.
    origin: str | None = None
    # Whether the module is to retire the old one afterwards.
    retires: bool = False


def entry_of(renewal: Renewal, renew: bool = True) -> dict[str, Any]:
    """What the module gets for a token: no more than a renewal needs, so that the new one is as the old one was."""
    declared = renewal.declared
    names = ["name", "enabled", "grace", *(["renew_before"] if renew else [])]
    if renewal.only_file:
        names += ["retire_old", SECRET_FILE]
    entry = {name: declared[name] for name in names if declared.get(name) is not None}
    return entry if renewal.only_file else {**entry, "return_secret": True}


def due_of(renewal: Renewal, fields: Mapping[str, Any], everything: bool) -> Due | None:
    """What is to be done for a token that would change so; None: nothing."""
    unfinished = (fields.get("unfinished") or {}).get("before") or ()
    waits = successor_name(renewal.name) in unfinished
    if waits or "secret" in fields:
        if renewal.only_file:
            return Due(renewal, entry_of(renewal))
        retires = renewal.declared.get("retire_old") is not False
        # One that waits is not renewed in turn: first it is handed over.
        entry = {**entry_of(renewal, renew=not waits), "retire_old": False}
        return Due(renewal, entry, not waits or retires, FOUND if waits else MADE, retires)
    grace = renewal.declared.get("grace")
    plain = {"name": renewal.name, **({} if grace is None else {"grace": grace})}
    if everything:
        return Due(renewal, {**plain, "return_secret": True, "retire_old": False}, bool(unfinished), PRESENT)
    if renewal.only_file and SECRET_FILE in fields:
        return Due(renewal, entry_of(renewal))
    return Due(renewal, plain) if unfinished else None
