# SPDX-License-Identifier: GPL-3.0-or-later
"""Emulated tenants whose every credential is a canary, and the ways to log in to them."""

from __future__ import annotations

import copy
from typing import Any

from emulator.platforms import PLATFORMS as EMULATED
from emulator.server import Emulator
from leaks.search import Canaries

# Log-in names are no secrets.
OPEN = {"client_id": "leaks-client", "api_username": "leaks@example.com"}
WORKER = "leaks@example.com"


def state(canaries: Canaries) -> dict[str, Any]:
    """The emulator's start state with canaries for every credential that it holds."""
    specs = {name: copy.deepcopy(dict(EMULATED[name].start_state)) for name in EMULATED}
    client = specs["alteryx"]["clients"][0]
    client.update(
        client_id=OPEN["client_id"],
        client_secret=canaries.chosen("alteryx client_secret"),
        api_token=canaries.chosen("alteryx api_token"),
    )
    for name in ("datasentinel", "dqm"):
        specs[name].update(api_username=WORKER, api_password=canaries.chosen(f"{name} api_password", ascii_only=False))
    for user in specs["datasentinel"]["users"]:
        user["password"] = canaries.chosen(f"password of {user['email']}", ascii_only=False)
    partner = specs["dbsync"]["partners"][0]
    partner.update(
        app_key=canaries.chosen("dbsync partner_app_key", ascii_only=False),
        app_token=canaries.chosen("dbsync partner_app_token", ascii_only=False),
    )
    domain = specs["devo"]["domains"][0]
    pair = {"api_key": canaries.chosen("devo api_key"), "api_secret": canaries.chosen("devo api_secret")}
    domain.update(pair)
    specs["devo"]["resellers"][0].update(pair)
    for token in domain["tokens"]:
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
    devo = given["devo"]
    found["devo"]["api_token"] = {name: value for name, value in devo.items() if name not in ("api_key", "api_secret")}
    found["devo"]["bearer"] = {**found["devo"]["api_token"], "api_token_header": "bearer"}
    found["devo"]["key"] = {name: value for name, value in devo.items() if name != "api_token"}
    return found
