# SPDX-License-Identifier: GPL-3.0-or-later
"""What the emulator was asked. Taken down raw, because it is on every request's way; masked when it is shown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "***"
_SECRET_NAME = re.compile(
    r"token|secret|password|apikey|api_key|appkey|authorization|x-api-key|cookie|sign", re.IGNORECASE
)
_SECRET_IN_QUERY = re.compile(r"(?<=[?&])([^=&]*(?:token|secret|password|apikey|api_key)[^=&]*)=[^&]*", re.IGNORECASE)


class Record:
    """One request; `status` stays None until (and unless) it was answered."""

    __slots__ = (
        *("api", "body", "connection", "fault", "headers", "method", "n", "platform", "status", "target", "write"),
    )

    def __init__(self, n: int, method: str, target: str, connection: int, headers: list[tuple[bytes, bytes]]) -> None:
        self.n = n
        self.method = method
        self.target = target
        self.connection = connection
        self.headers = headers
        self.body = b""
        self.api: str | None = None
        self.platform: str | None = None
        self.status: int | None = None
        self.write = False
        self.fault: str | None = None


class Recorder:
    def __init__(self) -> None:
        self.records: list[Record] = []

    def clear(self) -> None:
        self.records = []

    def begin(self, method: str, target: str, connection: int, headers: list[tuple[bytes, bytes]]) -> Record:
        record = Record(len(self.records) + 1, method, target, connection, headers)
        self.records.append(record)
        return record

    def show(self, mask: Mask, since: int = 0, full: bool = False) -> list[dict[str, Any]]:
        """The requests after number `since` as plain JSON; `full` adds headers and body, masked too."""
        return [self._show(record, mask, full) for record in self.records[since:]]

    @staticmethod
    def _show(record: Record, mask: Mask, full: bool) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "n": record.n,
            "method": record.method,
            "path": mask.path(record.target),
            "status": record.status,
            "platform": record.platform,
            "api": record.api,
            "write": record.write,
            "fault": record.fault,
            "connection": record.connection,
        }
        if full:
            shown["headers"] = {
                name: mask.named(name, value)
                for name, value in ((k.decode("latin-1"), v.decode("latin-1")) for k, v in record.headers)
            }
            shown["body"] = mask.body(record.body)
        return shown


class Mask:
    """Takes secrets out of what is shown: by value, plain or URL-encoded, and by the name they go under."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets for form in (secret, quote(secret, safe=""), quote_plus(secret))}
        # the longest first, so that a secret that begins with another is masked whole; what is as short as a word's
        # part is no secret worth the name, and masking it would make everything unreadable
        self._values = sorted((form for form in forms if len(form) > 3), key=len, reverse=True)

    def text(self, text: str) -> str:
        for value in self._values:
            if value in text:
                text = text.replace(value, MASK)
        return text

    def path(self, path: str) -> str:
        return _SECRET_IN_QUERY.sub(rf"\1={MASK}", self.text(path))

    def named(self, name: str, value: Any) -> Any:
        """The value of the header or JSON key `name`."""
        if isinstance(value, str):
            if name.lower() == "authorization":
                scheme, blank, _value = value.partition(" ")
                return f"{scheme} {MASK}" if blank else MASK
            return MASK if value and _SECRET_NAME.search(name) else self.text(value)
        return self.json(value)

    def json(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self.named(key, each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.json(each) for each in value]
        return self.text(value) if isinstance(value, str) else value

    def body(self, body: bytes) -> Any:
        """A JSON body as JSON, any other as text, none as None."""
        if not body:
            return None
        try:
            return self.json(json.loads(body))
        except ValueError:
            return self.text(body.decode("utf-8", "replace"))
