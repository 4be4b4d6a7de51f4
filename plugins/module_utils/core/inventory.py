# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that a tenant has of one kind, declared or not, for audits. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError
from ansible_collections.dataops.access.plugins.module_utils.core.resource import Declared
from ansible_collections.dataops.access.plugins.module_utils.core.service import Service, Snapshot


def existing(service: Service, declared: Sequence[Declared], snapshot: Snapshot) -> list[dict[str, Any]]:
    """Everything that the platform has of this kind, by key: each `Account` with what stands beside it.

    ``key``; ``identity``: the options that name it in a declaration; ``declared``: the state that it is declared in
    (``present``, ``absent``), None where nobody declared it; ``protected``: why it is never removed, or None.
    """
    states: dict[int, str] = {}
    for entry in declared:
        try:
            observed = service.find(entry, snapshot)
        except AccessError:
            continue  # the plan says why; none of several can be told to be the declared one
        if observed is not None:
            states[id(observed)] = entry.state
    matches = {entry.match for entry in declared if not entry.absent}
    found = []
    for observed in snapshot.objects:
        state = states.get(id(observed)) or ("present" if service.belongs(observed, matches) else None)
        account = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(service.account(observed)).items()
        }
        found.append(
            {
                "key": observed.key,
                "identity": service.identity(observed),
                "declared": state,
                "protected": observed.protected,
                **account,
            }
        )
    return sorted(found, key=lambda item: (item["key"], item["people"]))
