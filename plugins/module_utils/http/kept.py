# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one run of a module leaves to the next in the same process: what is open, the log-in, and its last listing."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.http.client import Client, Open
from ansible_collections.dataops.access.plugins.module_utils.http.connection import Connection
from ansible_collections.dataops.access.plugins.module_utils.http.recent import Recent

# Seconds; after a longer pause a server may be about to close a connection that a write would be sent on.
LONGEST_PAUSE_S = 2.0


@dataclass(frozen=True)
class _Held:
    tenant: tuple[Any, ...] = field(repr=False)
    left: Open
    since: float
    item: Any


def _tenant(connection: Connection) -> tuple[Any, ...]:
    """Everything that decides whom a request reaches, how, and as whom."""
    platform = connection.platform
    return (
        platform.name,
        platform.connect,
        connection.settings,
        dict(connection.credentials),
        dict(connection.options),
        dict(os.environ),
    )


class Keeper:
    """Keeps what the last run left open, for a next run with exactly the same connection."""

    def __init__(self) -> None:
        self._held: _Held | None = None

    def hand_over(self, connection: Connection, client: Client, item: Any = None) -> None:
        """Let ``client`` go on with what was left for its connection; what was left for another one is closed.

        ``item``: which object the run is for; it then may start from the listing of the run before. The same object a
        second time is a task that is repeated until it sees something, and reads anew.
        """
        held, self._held = self._held, None
        if item is not None:
            client.recent = Recent()
        if held is None:
            return
        if held.tenant != _tenant(connection):
            held.left.close()
            return
        left = held.left
        if time.monotonic() - held.since > LONGEST_PAUSE_S:
            left.close()
            left = replace(left, sessions=[])
        client.go_on(left, recall=item is not None and held.item not in (None, item))

    def take(self, connection: Connection, client: Client, item: Any = None) -> None:
        """Keep what ``client``, whose run is over, leaves; ``item``: as in :meth:`hand_over`."""
        self._held = _Held(_tenant(connection), client.leave_open(), time.monotonic(), item)

    def close(self) -> None:
        """Close what is kept."""
        if self._held is not None:
            self._held.left.close()
            self._held = None
