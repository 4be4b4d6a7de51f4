# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials resolve as a set: none of the environment's ever joins one that was given as an option."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import HIDDEN
from ansible_collections.dataops.access.plugins.module_utils.http.connection import resolve
from ansible_collections.dataops.access.plugins.module_utils.http.limits import Deadline, Stats, Watchdog
from ansible_collections.dataops.access.plugins.module_utils.http.session import Session, Shared
from ansible_collections.dataops.access.plugins.module_utils.http.settings import Settings
from ansible_collections.dataops.access.plugins.module_utils.services.datasentinel import PLATFORM

URL = {"api_url": "https://datasentinel.example.com/ds-api"}
OPTIONS = {credential.option: credential.variable for credential in PLATFORM.credentials}


@given(st.sets(st.sampled_from(sorted(OPTIONS))), st.sets(st.sampled_from(sorted(OPTIONS.values()))))
def test_options_and_environment_never_mix(given_options: set[str], given_variables: set[str]) -> None:
    options = {**URL, **{name: f"option {name}" for name in given_options}}
    environment = {name: f"variable {name}" for name in given_variables}
    try:
        connection = resolve(PLATFORM, options, environment)
    except ValidationError:
        return
    sources = {value.split()[0] for value in connection.credentials.values()}
    assert sources == ({"option"} if given_options else {"variable"})


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"api_username": "u"}, "api_username was given without api_password; once one credential"),
        ({"api_username": "u", "api_password": "p", "api_token": "t"}, "two ways to log in"),
        ({"api_password": ""}, "api_password is empty"),
        ({"api_username": "u", "api_password": "p\n"}, "api_password holds a line break"),
    ],
)
def test_contradictions_are_named(options: dict[str, str], says: str) -> None:
    environment = {"DATASENTINEL_USERNAME": "other", "DATASENTINEL_PASSWORD": "other"}
    with pytest.raises(ValidationError, match=says):
        resolve(PLATFORM, {**URL, **options}, environment)


@pytest.mark.parametrize("blank", ["", " ", "\t"])
def test_a_blank_variable_is_unset(blank: str) -> None:
    with pytest.raises(ValidationError, match="no credentials for Datasentinel"):
        resolve(PLATFORM, URL, dict.fromkeys(OPTIONS.values(), blank))


def test_half_a_log_in_in_the_environment_is_named() -> None:
    with pytest.raises(ValidationError, match="DATASENTINEL_USERNAME is set in the environment, DATASENTINEL_PASSWORD"):
        resolve(PLATFORM, URL, {"DATASENTINEL_USERNAME": "u"})


def test_the_identity_is_a_name_or_a_fingerprint() -> None:
    by_name = resolve(PLATFORM, {**URL, "api_username": "ana", "api_password": "p"}, {})
    assert by_name.target() == {"platform": "datasentinel", "api_url": URL["api_url"], "identity": "ana"}
    by_token = resolve(PLATFORM, {**URL, "api_token": "a token"}, {})
    assert len(by_token.identity) == 4
    assert by_token.identity not in "a token"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "api_url is missing"),
        ("datasentinel.example.com", "with scheme and host"),
        ("ftp://datasentinel.example.com", "with scheme and host"),
        ("https://", "with scheme and host"),
        ("http://datasentinel.example.com/ds-api", "would send credentials in clear"),
        ("http://127.0.0.1.example.com/ds-api", "would send credentials in clear"),
        ("https://user:word@datasentinel.example.com", "credentials do not belong into the URL"),
        ("https://datasentinel.example.com/?x=1", "without \\? or #"),
        ("https://[::1", "is not a URL"),
        ("https://host:port/", "is not a URL"),
        ("https://user:word@host:port/", "is not a URL"),
    ],
)
def test_a_bad_url_says_what_is_wrong(url: str, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        resolve(PLATFORM, {"api_url": url, "api_token": "t"}, {}).settings.check()


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1", "127.8.9.1:80", "[::1]:8080"])
def test_loopback_may_be_plain_http(host: str) -> None:
    Settings(api_url=f"http://{host}/x").check()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        *itertools.product(("api_timeout", "api_retries", "api_deadline", "api_rate_limit"), (-1, float("nan"))),
        ("api_timeout", 0),
        ("api_timeout", float("inf")),
        ("api_concurrency", 0),
        ("api_proxy", "proxy.example.com:3128"),
        ("api_proxy", "http://[::1"),
        ("api_proxy", "http://"),
        *itertools.product(("api_timeout", "api_retries", "api_deadline", "api_rate_limit"), (10**8, 1e300)),
        ("api_rate_limit", 5e-324),
        ("client_key", "key.pem"),
        ("ca_path", "/no/such/file.pem"),
    ],
)
def test_a_setting_out_of_range_is_named(setting: str, value: Any) -> None:
    settings: dict[str, Any] = {"api_url": "https://example.com", setting: value}
    with pytest.raises(ValidationError, match=setting):
        Settings(**settings).check()


def test_the_password_of_a_proxy_is_known_wherever_it_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    options = {**URL, "api_token": "a token", "api_proxy": "http://me:p%40ss-of-proxy@proxy.example.com:1"}
    redactor = resolve(PLATFORM, options, {}).redactor
    assert redactor.text("p@ss-of-proxy, p%40ss-of-proxy, bWU6cEBzcy1vZi1wcm94eQ==") == f"{HIDDEN}, {HIDDEN}, {HIDDEN}"

    monkeypatch.setenv("HTTPS_PROXY", "http://me:other-pass@proxy.example.com:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    connection = resolve(PLATFORM, {**URL, "api_token": "a token"}, {})
    Session(Shared(connection.settings, Stats(), Deadline(0), Watchdog(), connection.redactor))
    assert connection.redactor.text("other-pass") == HIDDEN


def test_what_a_person_may_print_shows_no_secret() -> None:
    options = {**URL, "api_token": "a token", "api_proxy": "http://me:pass@proxy.example.com:1"}
    shown = repr(resolve(PLATFORM, options, {}))
    assert "a token" not in shown
    assert "pass@" not in shown
