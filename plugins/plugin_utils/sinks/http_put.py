# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of a report, put on a server by HTTP: object stores, artifact repositories, WebDAV."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from ansible_collections.dataops.access.plugins.module_utils.core.secrets import Redactor
from ansible_collections.dataops.access.plugins.plugin_utils.caller import Caller
from ansible_collections.dataops.access.plugins.plugin_utils.sinks.declaration import Sink
from ansible_collections.dataops.access.plugins.plugin_utils.sinks.parcel import Parcel

_TYPES = {".md": "text/markdown; charset=utf-8", ".sarif": "application/sarif+json"}
# Bytes. A report of 100,000 accounts takes some 100 MB.
_LONGEST = 512 * 1024 * 1024


def send(sink: Sink, parcel: Parcel, redactor: Redactor) -> None:
    """One PUT for each file. Raises AccessError."""
    for file in parcel.of(sink):
        url = sink.place(parcel.run, file.tenant, file.name)
        base, path = _split(url)
        _caller(sink, base, redactor).put(f"put {file.name}", path, file.path.read_bytes(), _type(file.path))


def fetch(sink: Sink, url: str, redactor: Redactor) -> bytes:
    """What was put there. Raises AccessError."""
    base, path = _split(url)
    return _caller(sink, base, redactor).fetch("get a report", path, _LONGEST)


def _caller(sink: Sink, base: str, redactor: Redactor) -> Caller:
    headers = {str(name): str(value) for name, value in sink.options["headers"].items()}
    return Caller(sink.name, {**sink.options, "url": base}, headers, redactor)


def _split(url: str) -> tuple[str, str]:
    base, slash, name = url.rpartition("/")
    return base, slash + name


def _type(path: Path) -> str:
    return _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
