# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records that were written earlier, read as evidence: what is not as it was written is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.canonical import sha256
from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.written import mapping
from ansible_collections.dataops.access.plugins.plugin_utils.audit.findings import SEVERITIES

SCHEMA_VERSION = "1.0.0"

# What a record is: that of an audit says it by having a verdict.
REPORT = "report"
CHANGES = "changes"

# What a reader relies on: a type, the values there may be, a list of one shape, or the fields of an object.
_FINDING = {
    "id": str,
    "rule": str,
    "severity": SEVERITIES,
    "status": str,
    "tenant": str,
    "kind": str,
    "key": str,
    "since": (str, type(None)),
}
_EXISTING = {"key": str, "people": [str], "entitlements": [str], "nature": str}
_KIND = {"kind": str, "complete": bool, "unknown": [{"key": str}], "existing": [_EXISTING], "changes": list}
_CHANGE = {"key": str, "action": str, "status": str, "fields": dict}
_LINK = (dict, type(None))
_SHAPES: dict[str, Any] = {
    REPORT: {
        "run": {"at": str, "job_id": str},
        "scope": {name: [str] for name in ("expected", "reported", "missing", "left_out")},
        "rules": dict,
        "findings": [_FINDING],
        "fixed": [_FINDING],
        "previous": _LINK,
        "tenants": [
            {
                "tenant": str,
                "platform": str,
                "error": (str, type(None)),
                "kinds": [_KIND],
                "findings": [_FINDING],
                "counts": dict,
            }
        ],
    },
    CHANGES: {
        "run": {"at": str, "job_id": str},
        "operation": str,
        "previous": _LINK,
        "tenants": [{"tenant": str, "platform": str, "kinds": [{"kind": str, "changes": [_CHANGE]}]}],
    },
}
_NAMES = {REPORT: "a report of an audit", CHANGES: "a record of changes"}


class Damaged(Exception):
    """Why a record is no evidence, as the end of a sentence that begins with its path."""


def sealed(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record with the SHA-256 over everything in it."""
    content = {name: value for name, value in record.items() if name != "sha256"}
    return {**content, "sha256": sha256(content)}


def link(record: Mapping[str, Any] | None) -> dict[str, str] | None:
    """How the next record names this one: ``{at, sha256}``."""
    return None if record is None else {"at": str(record["run"]["at"]), "sha256": str(record["sha256"])}


def parse(text: str, kind: str) -> dict[str, Any]:
    """The record of ``kind`` that the text holds. Raises Damaged."""
    try:
        record = json.loads(
            text,
            object_pairs_hook=mapping,
            parse_constant=_no_number,
            parse_int=lambda number: _as_written(number, int(number)),
            parse_float=lambda number: _as_written(number, float(number)),
        )
        content = sealed(record) if isinstance(record, dict) else {}
    except (ValueError, RecursionError) as problem:
        raise Damaged(f"is no JSON that was written whole ({problem})") from None
    if content.get("kind", REPORT) != kind or not isinstance(content.get("schema_version"), str):
        raise Damaged(f"is not {_NAMES[kind]}")
    if _major(content["schema_version"]) != _major(SCHEMA_VERSION):
        raise Damaged(
            f"has the schema {content['schema_version']}, and this version of the collection reads {SCHEMA_VERSION}"
        )
    if record.get("sha256") != content["sha256"]:
        raise Damaged("was changed after it was written: its content does not have the SHA-256 that it names")
    odd = _misfit(content, _SHAPES[kind])
    if odd is not None:
        raise Damaged(f"is not {_NAMES[kind]}: {odd.lstrip('.') or 'it'} is missing or of another type")
    return content


def load(path: Path, kind: str) -> dict[str, Any]:
    """The record of ``kind`` in a file. Raises Damaged."""
    return parse(text_of(path), kind)


def text_of(path: Path) -> str:
    """What a file holds. Raises Damaged."""
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as problem:
        raise Damaged(f"cannot be read: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise Damaged("is no text in UTF-8") from None


def required(path: Path, kind: str, option: str, advice: str) -> dict[str, Any]:
    """The same for a record that an option leads to. Raises ValidationError naming the option and the file."""
    try:
        return load(path, kind)
    except Damaged as problem:
        raise ValidationError(f"{option}: {path} {problem}; {advice}") from None


def all_of(places: Iterable[str], kind: str, option: str, text: Callable[[str], str]) -> list[dict[str, Any]]:
    """The records in these places, which ``text`` reads.

    Raises ValidationError naming the option and every place that holds none.
    """
    found, wrong = [], []
    for place in places:
        try:
            found.append(parse(text(place), kind))
        except Damaged as problem:
            wrong.append(f"{place} {problem}")
        except AccessError as problem:
            wrong.append(problem.message)
    if wrong:
        raise ValidationError(f"{option}: {'; '.join(wrong)}")
    return found


def _major(version: str) -> str:
    return version.partition(".")[0]


def _misfit(value: Any, shape: Any) -> str | None:
    """Where the value is not of the shape, as ``tenants.kinds``; None: it is."""
    if isinstance(shape, dict):
        inner = ((f".{name}", value.get(name), of) for name, of in shape.items()) if isinstance(value, dict) else None
    elif isinstance(shape, list):
        inner = (("", item, shape[0]) for item in value) if isinstance(value, list) else None
    elif isinstance(shape, type) or isinstance(shape[0], type):
        return None if isinstance(value, shape) else ""
    else:
        return None if value in shape else ""
    if inner is None:
        return ""
    return next((name + where for name, each, of in inner if (where := _misfit(each, of)) is not None), None)


def _as_written(text: str, number: float) -> float:
    """A number in the one form that it is written in: ``-0`` or ``1.50`` were put there later."""
    if repr(number) != text:
        raise ValueError(f"{text} is not how that number is written")
    return number


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number")
