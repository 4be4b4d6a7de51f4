# SPDX-License-Identifier: GPL-3.0-or-later
"""`return_existing`: every object of a tenant, declared or not, in the terms that audits use."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.core.account import NATURES
from ansible_collections.dataops.access.plugins.plugin_utils.platforms import SERVICES
from emulator.server import Emulator
from unit.road import run_info, run_many

# What the modules need beside the connection, and a platform's terms for its objects.
TOP = {"devo_domain_users": "domain", "devo_tokens": "account"}


def read(vendors: Emulator, module: str, **options: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The plural module's result in check mode, and the info module's objects."""
    service = SERVICES[module]
    given = vendors.connections[service.platform.name]
    names = {"api_url", *(credential.option for credential in service.platform.credentials), TOP.get(module)}
    connection = {name: value for name, value in given.items() if name in names}
    top = {TOP[module]: connection.pop(TOP[module])} if module in TOP else {}
    plural = {service.resource.plural: [], "return_existing": True, **top, **options}
    result = run_many(service, plural, connection, check=True)
    # A plan that is refused (a protected account) tells everything all the same.
    assert ("existing" in result) == plural["return_existing"], result
    return result, run_info(service, top, connection)[service.resource.listed_as]


@pytest.mark.parametrize("module", sorted(SERVICES))
def test_everything_that_exists_is_told(vendors: Emulator, module: str) -> None:
    result, listed = read(vendors, module)
    existing = result["existing"]
    assert len(existing) == len(listed) > 0
    assert [entry["key"] for entry in existing] == sorted(entry["key"] for entry in existing)
    assert {entry["nature"] for entry in existing} <= set(NATURES)
    assert {entry["declared"] for entry in existing} == {None}
    unmanaged = {entry["key"] for entry in result["unmanaged"]}
    assert unmanaged <= {entry["key"] for entry in existing}


@pytest.mark.parametrize("module", sorted(SERVICES))
def test_it_is_told_only_where_it_was_asked_for(vendors: Emulator, module: str) -> None:
    result, _listed = read(vendors, module, return_existing=False)
    assert "existing" not in result


def user(vendors: Emulator, module: str, key: str, **options: Any) -> dict[str, Any]:
    result, _listed = read(vendors, module, **options)
    return next(entry for entry in result["existing"] if entry["key"] == key)


def test_a_datasentinel_user_without_a_role_is_unrestricted(vendors: Emulator) -> None:
    state = {"datasentinel": {"users": [{"email": "Free@example.com", "privilege": "read", "profile": "developer"}]}}
    vendors.reset(state=state)
    found = user(vendors, "ds_users", "free@example.com")
    assert found["unrestricted"]
    assert not found["administrator"]
    assert found["entitlements"] == ["privilege read", "profile developer"]


def test_the_state_that_it_is_declared_in(vendors: Emulator) -> None:
    vendors.reset(state={"datasentinel": {"users": [{"email": "a@example.com"}, {"email": "b@example.com"}]}})
    declared = [{"email": "A@example.com"}, {"email": "b@example.com", "state": "absent"}]
    result, _listed = read(vendors, "ds_users", users=declared)
    states = {entry["key"]: entry["declared"] for entry in result["existing"]}
    assert (states["a@example.com"], states["b@example.com"]) == ("present", "absent")


def test_a_devo_token_that_may_do_everything(vendors: Emulator) -> None:
    tokens = [
        {"name": "all", "audience": "apiv2", "scopes": "table://*.** table://my.app", "expires_in_seconds": -1},
        {"name": "some", "audience": "apiv2", "scopes": "table://my.**", "expires_in_seconds": 3600},
    ]
    domain = {"name": "example@reseller", "account": "example", "api_key": "k-fake", "api_secret": "s-fake"}
    own = {"name": "own", "audience": "apiv2-admin", "token": "fa4e0000000000000000000000000001"}
    vendors.reset(state={"devo": {"domains": [{**domain, "tokens": [own, *tokens]}]}})
    existing = {entry["key"]: entry for entry in read(vendors, "devo_tokens")[0]["existing"]}
    assert existing["all"]["wide"] == ["scope table://*.**"]
    assert existing["all"]["permanent"] is True
    assert existing["some"]["wide"] == []
    assert existing["some"]["permanent"] is False
    assert "fa4e" not in json.dumps(existing)


@pytest.mark.parametrize("module", sorted(SERVICES))
def test_the_identity_names_this_very_object(vendors: Emulator, module: str) -> None:
    result, _listed = read(vendors, module)
    for entry in result["existing"]:
        declared = [{**entry["identity"], "state": "absent"}]
        told, _listed = read(vendors, module, **{SERVICES[module].resource.plural: declared, "max_deletions": "-1"})
        states = [one["declared"] for one in told["existing"] if one["identity"] == entry["identity"]]
        assert states == ["absent"], entry
