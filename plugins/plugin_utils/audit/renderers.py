# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a report, each made from the one canonical record. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

REPORT = "report.json"


def to_json(record: Mapping[str, Any]) -> str:
    """The record itself, in canonical order."""
    return json.dumps(record, sort_keys=True, indent=2, ensure_ascii=False) + "\n"


# By the file's name in the report's folder.
RENDERERS: dict[str, Callable[[Mapping[str, Any]], str]] = {REPORT: to_json}
