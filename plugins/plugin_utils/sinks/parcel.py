# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is sent of one run: its files, and what is said of it in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ansible_collections.dataops.access.plugins.plugin_utils.sinks.declaration import Sink


@dataclass(frozen=True)
class File:
    """One file of the report's folder. ``tenant``: whose it is; None: that of the run as a whole."""

    tenant: str | None
    path: Path

    @property
    def name(self) -> str:
        """What it is called there. A tenant's file is named for the tenant here, where all lie together."""
        return self.path.name if self.tenant is None else "tenant.json"


@dataclass(frozen=True)
class Parcel:
    """``run``: unlike that of any other run, ``20260131T060000Z-4711``; ``title``: one line; ``text``: Markdown."""

    run: str
    title: str
    text: str
    files: Sequence[File]

    def of(self, sink: Sink) -> list[File]:
        """The files that go there."""
        return [file for file in self.files if file.tenant is None or sink.for_tenants]
