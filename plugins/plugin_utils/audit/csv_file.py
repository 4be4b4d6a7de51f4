# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``report.csv``: the rows of a review for a spreadsheet. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.render import printable
from ansible_collections.dataops.access.plugins.plugin_utils.audit import review_rows

# What a spreadsheet takes for a formula, or skips on its way to one.
_FORMULA = ("=", "+", "-", "@")
GUARD = "'"


def render(record: Mapping[str, Any]) -> str:
    """Comma separated, one line for each account and right, with empty answers."""
    text = io.StringIO()
    writer = csv.DictWriter(text, review_rows.COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in review_rows.rows(record):
        writer.writerow({name: neutral(cell) for name, cell in row.items()})
    return text.getvalue()


def neutral(cell: str) -> str:
    """A cell in one line that no spreadsheet runs. One that begins with the guard gets one more: `plain` is exact."""
    one_line = printable(cell)
    return GUARD + one_line if one_line.startswith((*_FORMULA, GUARD)) else one_line


def plain(cell: str) -> str:
    """The cell as it was; spreadsheets hide the guard, or take it off when they save."""
    return cell[1:] if cell.startswith(GUARD) else cell
