# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading what a state file says of one object, and times as JSON and YAML give them."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

NEEDED = object()


def filled(what: str, given: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """The given values over the known defaults; NEEDED marks a key without one. Raises ValueError, naming `what`."""
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise ValueError(f"{what}: unknown {unknown}; known are {sorted(known)}")
    whole = {key: given.get(key, default) for key, default in known.items()}
    missing = sorted(key for key, value in whole.items() if value is NEEDED)
    if missing:
        raise ValueError(f"{what}: {missing} missing")
    # defaults are shared, so an object gets its own lists and dicts
    return {key: copy.copy(value) if isinstance(value, (list, dict)) else value for key, value in whole.items()}


def seconds(text: str | date | None, default: float) -> float:
    """Seconds since the epoch of an ISO 8601 date or time; UTC where it has no zone."""
    if text is None:
        return default
    moment = datetime.fromisoformat(str(text))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def iso(moment: float) -> str:
    """Seconds since the epoch as ISO 8601."""
    return datetime.fromtimestamp(moment, UTC).isoformat()
