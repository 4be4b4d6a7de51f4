# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection options of a host, as the filter gives them to its tasks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.dataops.access.plugins.filter.connection import FilterModule

connection = FilterModule().filters()["connection"]
BLANK = {"api_url": "", "api_username": "", "api_password": "", "api_token": "", "validate_certs": ""}


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ACCESS_TENANTS_FILE", raising=False)


@pytest.fixture
def tenants_file(tmp_path: Path) -> str:
    path = tmp_path / "tenants.json"
    entry = {"api_url": "https://a.example.com/ds-api", "api_username": "robot", "api_password": "canary"}
    path.write_text(json.dumps({"a": entry, "b": {"api_tokn": "canary"}, "c": {"api_url": "https://c.example.com"}}))
    return str(path)


def test_what_is_blank_is_left_to_the_environment() -> None:
    assert connection({**BLANK, "validate_certs": False}, "datasentinel", "a", "") == {"validate_certs": False}


def test_only_the_hosts_own_entry_is_used(tenants_file: str) -> None:
    own = {**BLANK, "api_url": "https://variables.example.com"}
    assert connection(own, "datasentinel", "a", tenants_file) == {
        "api_url": "https://a.example.com/ds-api",
        "api_username": "robot",
        "api_password": "canary",
    }


def test_the_variable_names_the_file_for_all_platforms(tenants_file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACCESS_TENANTS_FILE", tenants_file)
    assert connection(BLANK, "datasentinel", "a")["api_username"] == "robot"


@pytest.mark.parametrize(
    ("host", "says"), [("b", "unknown options: api_tokn"), ("c", "holds no credentials"), ("d", "no entry for 'd'")]
)
def test_an_entry_that_does_not_do_is_an_error_without_its_values(tenants_file: str, host: str, says: str) -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        connection(BLANK, "datasentinel", host, tenants_file)
    assert says in str(caught.value)
    assert "canary" not in str(caught.value)


def test_an_unknown_platform_is_named() -> None:
    with pytest.raises(AnsibleFilterError, match="'devos' is none of alteryx, datasentinel, dbsync, devo, dqm"):
        connection(BLANK, "devos", "a")
