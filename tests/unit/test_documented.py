# SPDX-License-Identifier: GPL-3.0-or-later
"""What of an installed collection ansible-doc does not show."""

from __future__ import annotations

from pathlib import Path

import documented

ROOT = Path(__file__).resolve().parents[2]


def test_everything_that_has_documentation_is_expected() -> None:
    names = documented.expected(ROOT)
    assert {"dataops.access.ds_user", "dataops.access.access_tenant"} < names["module"]
    assert names["lookup"] == {"dataops.access.declared"}
    assert "dataops.access.access_report" in names["role"]


def test_what_is_unknown_broken_or_empty_is_found() -> None:
    names = {"module": {"a", "b", "c", "d"}, "role": {"r"}}
    shown = {"a": {"doc": {"options": {}}}, "b": {"error": "no such option"}, "c": {"doc": None}}
    told = {"module": shown, "role": {"r": {"entry_points": {"main": {}}}}}
    assert list(documented.wrong(names, told)) == [
        "module d: ansible-doc does not know it",
        "module b: no such option",
        "module c: has no documentation",
    ]
