# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a report, each made from the one canonical record. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.dataops.access.plugins.plugin_utils.audit import csv_file, junit, markdown, period_files, sarif

REPORT = "report.json"
_HALF = re.compile("[\ud800-\udfff]")


def to_json(record: Mapping[str, Any]) -> str:
    """The record itself, in canonical order."""
    text = json.dumps(record, sort_keys=True, indent=2, ensure_ascii=False) + "\n"
    # Half a character, as a server may send it, is JSON when escaped, and no UTF-8 otherwise.
    return _HALF.sub(lambda half: f"\\u{ord(half.group()):04x}", text)


# By the file's name in the report's folder.
RENDERERS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    REPORT: to_json,
    "report.csv": csv_file.render,
    "report.md": markdown.render,
    "report.junit.xml": junit.render,
    "report.sarif": sarif.render,
}

PERIOD_REPORT = "period.json"
PERIOD: dict[str, Callable[[Mapping[str, Any]], str]] = {
    PERIOD_REPORT: to_json,
    "period.csv": period_files.to_csv,
    "period.md": period_files.to_markdown,
}
