# SPDX-License-Identifier: GPL-3.0-or-later
"""How requests to Devo prove who is asking, where they go, and what failures mean."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.http import answers
from ansible_collections.dataops.access.plugins.module_utils.http.auth import Signature
from ansible_collections.dataops.access.plugins.module_utils.http.connection import Connection, Platform, resolve
from ansible_collections.dataops.access.plugins.module_utils.services import devo

OPTIONS = {
    "api_url": "https://api-eu.devo.example.com",
    "api_key_type": "domain",
    "api_token_header": "standAloneToken",
    "tokens_path": "/v2/accounts/{account}/tokens",
    "provisioning_path": "/probio",
}
TOKEN = {"api_token": "example-token-value"}
KEY = {"api_key": "test-api-key", "api_secret": "test-api-secret"}
BODY = b'{"domain":"domainName@resellerName","userName":"Frank","email":"user@devo.com","role":"OWNER"}'


def connection(platform: Platform = devo.PROVISIONING, env: dict[str, str] | None = None, **options: Any) -> Connection:
    return resolve(platform, {**OPTIONS, **options}, env or {})


def headers(platform: Platform = devo.PROVISIONING, **options: Any) -> dict[str, str]:
    resolved = connection(platform, **options)
    return resolved.platform.connect(resolved).auth.headers(b"")


@pytest.mark.parametrize(
    ("body", "sign"),
    [
        (BODY, "f303f0cf42ace7631dc08b435b90de6c5e1c8ea4b39cb68f402c6cf1bddfafff"),
        (b"", "7daef97415cc76692ebacd0ae51a24d05d191a918108c2383cdbfa7b0efff718"),
    ],
)
def test_signature_of_known_bytes(body: bytes, sign: str) -> None:
    auth = Signature("x-logtrust-domain-apikey", "test-api-key", "test-api-secret", now_ms=lambda: 1700000000000)
    assert auth.headers(body) == {
        "x-logtrust-domain-apikey": "test-api-key",
        "x-logtrust-timestamp": "1700000000000",
        "x-logtrust-sign": sign,
    }


def test_provisioning_takes_the_token_in_the_header_that_is_asked_for() -> None:
    assert headers(**TOKEN) == {"standAloneToken": "example-token-value"}
    assert headers(**TOKEN, api_token_header="bearer") == {"Authorization": "Bearer example-token-value"}


@pytest.mark.parametrize(
    ("kind", "header"), [("domain", "x-logtrust-domain-apikey"), ("multitenant", "x-logtrust-reseller-apikey")]
)
def test_provisioning_prefers_the_key_pair(kind: str, header: str) -> None:
    sent = headers(**TOKEN, **KEY, api_key_type=kind)
    assert set(sent) == {header, "x-logtrust-timestamp", "x-logtrust-sign"}
    assert sent[header] == "test-api-key"


def test_token_api_takes_the_bearer_alone() -> None:
    assert headers(devo.TOKENS, **TOKEN, **KEY) == {"Authorization": "Bearer example-token-value"}
    with pytest.raises(ValidationError, match="give api_token"):
        headers(devo.TOKENS, **KEY)


def test_identity_is_that_of_the_credential_in_use() -> None:
    of_key, of_token = connection(**KEY).identity, connection(**TOKEN).identity
    assert of_key != of_token
    assert connection(**TOKEN, **KEY).identity == of_key
    assert connection(devo.TOKENS, **TOKEN, **KEY).identity == of_token


def test_credentials_are_one_set() -> None:
    env = {"DEVO_API_TOKEN": "of-the-environment", "DEVO_API_KEY": "k", "DEVO_API_SECRET": "s"}
    assert connection(env=env, **KEY).credentials == KEY
    assert set(connection(env=env).credentials) == {"api_token", "api_key", "api_secret"}
    with pytest.raises(ValidationError, match="api_key was given without api_secret"):
        connection(env=env, api_key="k")


def test_paths() -> None:
    resolved = connection(**TOKEN)
    assert (
        devo.provisioning_path(resolved, "user", "email", "a+b@example.com") == "/probio/user/email/a%2Bb@example.com"
    )
    assert devo.tokens_path(resolved, "example") == "/v2/accounts/example/tokens"
    assert devo.tokens_path(resolved, "a@b", "7", "enable") == "/v2/accounts/a@b/tokens/7/enable"
    published = connection(**TOKEN, tokens_path="/ws/accounts/{account}/credentials/tokens/", provisioning_path="/")
    assert devo.tokens_path(published, "example", "7") == "/ws/accounts/example/credentials/tokens/7"
    assert devo.provisioning_path(published, "user") == "/user"


@pytest.mark.parametrize(
    ("option", "value"),
    [("tokens_path", "/v2/tokens"), ("tokens_path", "v2/{account}"), ("provisioning_path", "/probio?x=1")],
)
def test_wrong_paths_name_their_option(option: str, value: str) -> None:
    resolved = connection(**TOKEN, **{option: value})
    call = devo.tokens_path if option == "tokens_path" else devo.provisioning_path
    with pytest.raises(ValidationError, match=f"^{option}: "):
        call(resolved, "example")


@pytest.mark.parametrize(
    ("body", "message", "kind"),
    [
        ({"error": {"code": 100, "message": "User already exists"}}, "User already exists", "conflict"),
        ({"error": {"code": 100, "message": "Something else"}}, "Something else", None),
        ({"error": {"code": 112, "message": "Owner stays"}}, "Owner stays", "conflict"),
        ({"error": {"code": 116, "message": "Not inactive"}}, "Not inactive", "conflict"),
        ({"error": "Bad request", "cid": "c1", "object": ["first", "second"]}, "first; second", None),
        ({"error": "Bad request", "cid": "c1", "object": ["it already exists"]}, "it already exists", "conflict"),
    ],
)
def test_every_shape_of_error(body: dict[str, Any], message: str, kind: str | None) -> None:
    answer = answers.parse(400, {"x-devo-cid": "fa4e01"}, json.dumps(body).encode())
    assert (answer.message(), devo.classify(answer)) == (message, kind)
    assert answers.error(answer, "do it", "GET", "https://x", "conflict").request_id == "fa4e01"
