# SPDX-License-Identifier: GPL-3.0-or-later
"""Emulated tenants whose every credential is a canary, and the ways to log in to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from emulator.platforms import PLATFORMS as EMULATED
from emulator.server import Emulator
from leaks.search import Canaries

# Log-in names are no secrets.
OPEN = {"client_id": "leaks-client", "api_username": "leaks@example.com"}
# What the emulator's states call their secrets, and which of these no header has to carry.
IN_BODIES = {"api_password", "password", "app_key", "app_token"}
SECRET = {*IN_BODIES, "client_secret", "api_token", "api_key", "api_secret", "token"}


def planted(specs: Any, canaries: Canaries) -> Any:
    """A state of the emulator with a canary in the place of every secret; the same secret becomes the same canary."""
    if isinstance(specs, Mapping):
        return {
            key: canaries.chosen(f"{key} {value}", ascii_only=key not in IN_BODIES)
            if key in SECRET and isinstance(value, str)
            else planted(value, canaries)
            for key, value in specs.items()
        }
    return [planted(each, canaries) for each in specs] if isinstance(specs, list) else specs


def state(canaries: Canaries) -> dict[str, Any]:
    """The emulator's start state with canaries for every credential that it holds."""
    specs: dict[str, Any] = planted({name: EMULATED[name].start_state for name in EMULATED}, canaries)
    specs["alteryx"]["clients"][0]["client_id"] = OPEN["client_id"]
    for name in ("datasentinel", "dqm"):
        specs[name]["api_username"] = OPEN["api_username"]
    for user in specs["datasentinel"]["users"]:
        user["password"] = canaries.chosen(f"password of {user['email']}", ascii_only=False)
    for token in specs["devo"]["domains"][0]["tokens"]:
        token["token"] = canaries.chosen(f"devo token {token['name']}")
    return specs


def connections(emulator: Emulator, canaries: Canaries) -> dict[str, dict[str, dict[str, str]]]:
    """Connection options by platform and way to log in; the default way is called ``default``."""
    given = emulator.connections
    found: dict[str, dict[str, dict[str, str]]] = {name: {"default": dict(options)} for name, options in given.items()}
    token = emulator.state("alteryx")["clients"][0]["api_token"]
    found["alteryx"]["api_token"] = {"api_url": given["alteryx"]["api_url"], "api_token": token}
    for name in ("datasentinel", "dqm"):
        # Nobody handed it out, so that the server refuses it.
        token = canaries.chosen(f"{name} api_token")
        found[name]["api_token"] = {"api_url": given[name]["api_url"], "api_token": token}
    # The emulator serves as a proxy to itself.
    address = emulator.base_url.removeprefix("http://")
    password = quote(canaries.chosen("password of the proxy"), safe="")
    for ways in found.values():
        ways["proxy"] = {**ways["default"], "api_proxy": f"http://proxy-user:{password}@{address}"}
    devo = given["devo"]
    found["devo"]["api_token"] = {name: value for name, value in devo.items() if name not in ("api_key", "api_secret")}
    found["devo"]["bearer"] = {**found["devo"]["api_token"], "api_token_header": "bearer"}
    found["devo"]["key"] = {name: value for name, value in devo.items() if name != "api_token"}
    return found


def made_by(emulator: Emulator, canaries: Canaries) -> None:
    """Take down what the servers have made."""
    for name in emulator.connections:
        for place, secret in enumerate(emulator.secrets(name)):
            if secret and not canaries.found(secret):
                canaries.made(f"secret {place} made by {name}", secret)
