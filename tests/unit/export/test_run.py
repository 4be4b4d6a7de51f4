# SPDX-License-Identifier: GPL-3.0-or-later
"""One export of several tenants: what becomes of those that could not be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from ansible_collections.dataops.access.plugins.plugin_utils.export.run import PEOPLE, TENANTS, Export

ANN = {"email": "ann@example.com", "login": "ann", "privilege": "read", "profile": "developer", "roles": ["billing"]}
READ: list[dict[str, Any]] = [
    {"kind": "user", "result": {"users": [{**ANN, "live_360": True, "comment": ""}, {**ANN, "email": ""}]}}
]


def export(form: str, directory: Path, **numbers: int) -> Export:
    made = Export(form, numbers)
    made.take("ds-eu", "datasentinel", READ, "")
    made.take("ds-us", "datasentinel", [], "Could not log in: answered 401")
    made.take("devo-eu", "devo", [], "")
    made.write(str(directory))
    return made


def test_a_tenant_that_was_not_read_has_no_file(tmp_path: Path) -> None:
    made = export(TENANTS, tmp_path, datasentinel=2, devo=1)
    assert [path.name for path in tmp_path.iterdir()] == ["ds-eu.yml"]
    assert made.failing == {
        "ds-us": "it could not be read, and is not exported: Could not log in: answered 401",
        "devo-eu": "it is not exported: there is nothing to read: for users of Devo set devo_domain, for its tokens "
        "devo_account",
    }
    assert made.stat() == {"form": "tenants", "tenants": 1, "left_out": 1, "failed": ["devo-eu", "ds-us"]}
    assert made.lines() == [
        f"ds-eu: 1 datasentinel_users -> {tmp_path}/ds-eu.yml",
        "  not declared: ann: a user is declared by e-mail, and it has none",
        f"devo-eu: {made.failing['devo-eu']}",
        f"ds-us: {made.failing['ds-us']}",
    ]


def test_people_go_with_all_tenants_or_not_at_all(tmp_path: Path) -> None:
    made = export(PEOPLE, tmp_path, datasentinel=2, devo=1)
    assert list(tmp_path.iterdir()) == []
    assert made.stat() == {"form": "people", "tenants": 0, "left_out": 1, "failed": ["devo-eu", "ds-us"]}
    assert made.lines()[0] == f"devo-eu: {made.failing['devo-eu']}"
    assert "leave these tenants out by --limit" in made.lines()[-1]


def test_people_get_nothing_on_a_tenant_that_is_left_out(tmp_path: Path) -> None:
    made = Export(PEOPLE, {"datasentinel": 2})
    made.take("ds-eu", "datasentinel", READ, "")
    made.write(str(tmp_path))
    (person,) = yaml.safe_load((tmp_path / "access_people.yml").read_text())["access_people"]
    assert [access["tenant"] for access in person["access"]] == ["ds-eu"]
    assert made.lines()[-1] == f"1 people, 0 profiles -> {tmp_path}/access_people.yml"
