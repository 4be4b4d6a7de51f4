# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret as a field of a HashiCorp Vault secret (KV version 2): other fields of it are kept.

Writing names the version that was read (check-and-set), so that nobody's change is lost. Source: Vault, HTTP API,
"KV secrets engine - version 2".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, LostAnswer
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import Redactor
from ansible_collections.dataops.access.plugins.plugin_utils.caller import Caller
from ansible_collections.dataops.access.plugins.plugin_utils.handover.proof import NotKept, read_back

# How often a write is tried that came too late: somebody else wrote in between.
_TRIES = 3


@dataclass(frozen=True)
class _Version:
    """The newest version; number 0: there is none. A deleted one has a number and no data."""

    number: int
    data: dict[str, Any]


class HashicorpVault:
    """One field of one secret."""

    def __init__(self, options: Mapping[str, Any], redactor: Redactor) -> None:
        mount, path = (quote(str(options[name]).strip("/")) for name in ("mount", "path"))
        self._path = f"/v1/{mount}/data/{path}"
        self._shown = f"{options['mount']}/{options['path']}"
        self._field = str(options["field"])
        headers = {"X-Vault-Token": str(options["token"]), "X-Vault-Request": "true"}
        if options["namespace"]:
            headers["X-Vault-Namespace"] = str(options["namespace"])
        self._caller = Caller("HashiCorp Vault", options, headers, redactor)

    @property
    def where(self) -> str:
        """The place, for a person."""
        return f"field {self._field} of {self._shown} in HashiCorp Vault"

    def probe(self) -> None:
        """Raises AccessError where the secret cannot be read. Reads only."""
        self._newest()

    def hand_over(self, secret: str) -> None:
        """Raises AccessError; LostAnswer where Vault may have it or not."""
        for _attempt in range(_TRIES):
            newest = self._newest()
            if newest.data.get(self._field) == secret:
                return
            body = {"options": {"cas": newest.number}, "data": {**newest.data, self._field: secret}}
            try:
                reply = self._caller.write(f"write {self._shown}", "POST", self._path, body, answered=(400,))
            except LostAnswer as lost:
                if self._holds(secret, lost):
                    return
                raise
            if reply.status != 400:
                self._prove(secret)
                return
            if not _came_too_late(reply.data):
                raise AccessError(
                    f"Could not write {self._shown}: Vault refused it ({_errors(reply.data)}); look at mount and path",
                    kind="validation",
                    status=400,
                )
        raise AccessError(
            f"Could not write {self._shown}: others wrote it at the same time, {_TRIES} times", kind="conflict"
        )

    def _prove(self, secret: str) -> None:
        if read_back(self._newest).data.get(self._field) != secret:
            raise NotKept(f"{self.where} does not hold what was written")

    def _holds(self, secret: str, lost: LostAnswer) -> bool:
        try:
            return self._newest().data.get(self._field) == secret
        except AccessError:
            raise lost from None

    def _newest(self) -> _Version:
        reply = self._caller.read(f"read {self._shown}", self._path, answered=(404,))
        outer = reply.data.get("data") if isinstance(reply.data, dict) else None
        inner = outer if isinstance(outer, dict) else {}
        metadata = inner.get("metadata")
        if reply.status == 404 and not isinstance(metadata, dict):
            return _Version(0, {})
        number = metadata.get("version") if isinstance(metadata, dict) else None
        data = inner.get("data")
        if isinstance(number, bool) or not isinstance(number, int) or not isinstance(data, (dict, type(None))):
            raise AccessError(
                f"Could not read {self._shown}: the answer is none of a KV version 2 engine; look at url and mount"
            )
        self._caller.redactor.add(*(value for value in (data or {}).values() if isinstance(value, str)))
        return _Version(number, data or {})


def _errors(data: Any) -> str:
    found = data.get("errors") if isinstance(data, dict) else None
    return "; ".join(map(str, found)) if isinstance(found, list) else "400"


def _came_too_late(data: Any) -> bool:
    return "check-and-set" in _errors(data)
