# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose connection options a host uses."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.dataops.access.plugins.module_utils.core import tenants
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.tenants import Tenant

CREDENTIALS = ("api_username", "api_password", "api_token")
KNOWN = ("api_url", *CREDENTIALS, "validate_certs", "api_timeout")


def test_only_none_and_blanks_are_left_out() -> None:
    options = {"a": None, "b": "", "c": "  ", "d": False, "e": 0, "f": "x", "g": []}
    assert tenants.given(options) == {"d": False, "e": 0, "f": "x", "g": []}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[]", "must map inventory hosts"),
        ('{"a": {"api_password": "canary",}}', "is no JSON (line 1)"),
        ("canary", "is no JSON"),
        ("\xff", "is not UTF-8"),
        ("[" * 200_000, "is no JSON"),
        ('{"a": {"api_token": "x"}, "b": {}, "a": {"api_token": "canary"}}', ": 'a' stands twice in one mapping"),
        ('{"a": {"api_token": "x", "api_token": "canary"}}', ": 'api_token' stands twice in one mapping"),
    ],
)
def test_a_file_that_is_none_is_refused_without_its_content(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "tenants.json"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(ValidationError) as caught:
        tenants.read_tenants(str(path))
    assert says in caught.value.message
    assert "canary" not in caught.value.message


def test_a_missing_file_is_named() -> None:
    with pytest.raises(ValidationError, match=r"/nowhere/x\.json cannot be read: No such file"):
        tenants.read_tenants("/nowhere/x.json")


def test_a_host_without_an_entry_is_an_error() -> None:
    with pytest.raises(ValidationError, match="no entry for 'b'"):
        tenants.entry_of({"a": {}}, "b", KNOWN, "f")


def test_an_unknown_option_is_named_without_its_value() -> None:
    with pytest.raises(ValidationError) as caught:
        tenants.entry_of({"a": {"api_pass": "canary"}}, "a", KNOWN, "f")
    assert "api_pass" in caught.value.message
    assert "canary" not in caught.value.message


def test_of_an_unknown_option_only_what_can_be_a_name_is_shown() -> None:
    with pytest.raises(ValidationError, match="has unknown options: api_token…; known are") as caught:
        tenants.entry_of({"a": {"api_token:canary": None}}, "a", KNOWN, "f")
    assert "canary" not in caught.value.message


def test_an_entry_that_is_no_mapping_is_refused() -> None:
    with pytest.raises(ValidationError, match="no mapping"):
        tenants.entry_of({"a": "canary"}, "a", KNOWN, "f")


def test_the_entry_goes_over_the_variables() -> None:
    own = {"api_url": "https://a.example.com", "api_timeout": 5, "validate_certs": False}
    entry = {"api_url": "https://b.example.com", "api_token": "t"}
    assert tenants.merged(own, entry, CREDENTIALS, "a", None) == {
        "api_url": "https://b.example.com",
        "api_token": "t",
        "api_timeout": 5,
        "validate_certs": False,
    }


def test_credentials_are_taken_as_a_set() -> None:
    own = {"api_url": "u", "api_username": "x", "api_password": "y"}
    assert tenants.merged(own, {"api_token": "t"}, CREDENTIALS, "a", True) == {"api_url": "u", "api_token": "t"}
    assert tenants.merged(own, {}, CREDENTIALS, "a", True) == own


@pytest.mark.parametrize(
    ("options", "says"), [({"api_url": "u"}, "holds no credentials"), ({"api_token": "t"}, "hold api_url")]
)
def test_nothing_is_left_to_the_environment(options: dict[str, str], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        tenants.merged({}, options, CREDENTIALS, "a", None)


def test_a_default_url_is_enough() -> None:
    assert tenants.merged({}, {"api_token": "t"}, CREDENTIALS, "a", "https://x.example.com") == {
        "api_token": "t",
        "api_url": "https://x.example.com",
    }


def test_one_set_of_credentials_for_one_server() -> None:
    tenants.check_environment(
        [
            Tenant("a", "devo", "https://api-eu.devo.com", own_credentials=False),
            Tenant("b", "devo", "https://api-eu.devo.com/ ", own_credentials=False),
            Tenant("c", "devo", "https://api-us.devo.com", own_credentials=True),
            Tenant("d", "alteryx", "https://alteryx.example.com/webapi", own_credentials=False),
        ]
    )


def test_one_set_of_credentials_for_two_servers_is_refused() -> None:
    with pytest.raises(ValidationError) as caught:
        tenants.check_environment(
            [
                Tenant("b", "devo", "https://api-us.devo.com", own_credentials=False),
                Tenant("a", "devo", "https://api-eu.devo.com", own_credentials=False),
            ]
        )
    assert "devo: a (https://api-eu.devo.com), b (https://api-us.devo.com)" in caught.value.message
    assert "access_tenants_file" in caught.value.message
