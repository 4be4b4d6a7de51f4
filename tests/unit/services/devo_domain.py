# SPDX-License-Identifier: GPL-3.0-or-later
"""Domains of Devo and who is in them, and how the tests of domain users look at them."""

from __future__ import annotations

from typing import Any

from emulator.server import Emulator

DOMAIN, EMPTY, OTHER = "example@reseller", "empty@reseller", "other@reseller"
ROBOT_TOKEN = "fa4e0000000000000000000000000002"
KEYS = {"api_key": "fake-devo-api-key", "api_secret": "fake-devo-api-secret"}
EMPTY_KEYS = {"api_key": "fake-key-of-the-empty-one", "api_secret": "fake-secret-of-the-empty-one"}
STATE = {
    "people": [
        {"email": "owner@example.com", "user_name": "Olga Owner"},
        {"email": "Robot@example.com", "user_name": "Robot"},
        {"email": "elsa@example.com", "user_name": "Elsa Else", "phone": "+34600000009"},
        {"email": "sso@example.com", "user_name": "Sasha", "external_id": "sso-1"},
        {"email": "pia@example.com", "user_name": "Pia", "activated": False},
    ],
    "domains": [
        {
            "name": DOMAIN,
            **KEYS,
            "roles": ["analyst", "reviewer", "on call"],
            "users": [
                {"email": "owner@example.com", "roles": ["ADMIN"], "owner": True},
                {"email": "Robot@example.com", "roles": ["ADMIN"]},
                {"email": "sso@example.com", "roles": ["analyst"]},
                {"email": "pia@example.com", "roles": ["analyst"], "status": "pending"},
                {"email": "bob@example.com", "roles": ["analyst", "reviewer"]},
            ],
            "tokens": [
                {"name": "of the owner", "user": "owner@example.com"},
                {"name": "of bob", "user": "bob@example.com"},
                {"name": "of the robot", "user": "robot@example.com", "token": ROBOT_TOKEN, "expires_in_seconds": -1},
            ],
        },
        {"name": EMPTY, **EMPTY_KEYS, "roles": ["analyst"], "users": [], "tokens": []},
        {
            "name": OTHER,
            **KEYS,
            "users": [
                {"email": "boss@example.com", "roles": ["ADMIN"], "owner": True},
                {"email": "elsa@example.com", "roles": ["NO_PRIVILEGES"]},
            ],
            "tokens": [],
        },
    ],
}


def with_token(connection: dict[str, Any], **more: Any) -> dict[str, Any]:
    rest = {name: value for name, value in connection.items() if name not in KEYS}
    return {**rest, "api_token": ROBOT_TOKEN, **more}


def users(devo: Emulator, domain: str = DOMAIN) -> dict[str, dict[str, Any]]:
    held = next(each for each in devo.state("devo")["domains"] if each["name"] == domain)
    return {user["email"]: user for user in held["users"]}


def calls(devo: Emulator, since: int = 0) -> list[str]:
    """The writes as method and what follows the domain's name."""
    paths = [(each["method"], each["path"].partition("/probio")[2]) for each in devo.writes(since=since)]
    return [f"{method} {path.partition(DOMAIN)[2] or path}" for method, path in paths]
