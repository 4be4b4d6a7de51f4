# SPDX-License-Identifier: GPL-3.0-or-later
"""What the credential types inject, and what the modules make of it: empty means unset, a boolean is what was meant."""

from __future__ import annotations

import dataclasses
import json
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import trustme

from ansible_collections.dataops.access.plugins.filter.connection import FilterModule
from ansible_collections.dataops.access.plugins.module_utils import runner, specs
from ansible_collections.dataops.access.plugins.module_utils.http.connection import Connection, Platform, resolve
from ansible_collections.dataops.access.plugins.module_utils.http.settings import Settings
from ansible_collections.dataops.access.plugins.plugin_utils.platforms import PLATFORMS
from documentation import modules
from emulator.server import Emulator
from unit.awx import engine
from unit.awx.configured import AWX, credential_types
from unit.kinds import KINDS
from unit.road import run_info, run_many, run_one

TYPES = credential_types()
MODULES = modules.modules()
# One info module for each platform.
READERS = {each.service.platform.name: each.service for each in MODULES.values() if each.kind == modules.INFO}
EVERY = pytest.mark.parametrize("platform", PLATFORMS.values(), ids=PLATFORMS)
FLAGS = {"api_allow_http", "skip_tls_verify"}
FILES = {"ca_bundle": "ca_path", "client_cert": "client_cert", "client_key": "client_key"}
# What stands in a field, and what the modules are to make of it.
SET: dict[str, tuple[str, Any]] = {
    "api_timeout": ("7.5", 7.5),
    "api_retries": ("2", 2),
    "api_deadline": ("600", 600.0),
    "api_rate_limit": ("0.5", 0.5),
    "api_concurrency": ("3", 3),
    "api_proxy": ("http://user:canary@proxy.example.com:3128", "http://user:canary@proxy.example.com:3128"),
}
OWN = {
    "api_method_url": "{api_url}?method={method}",
    "api_key_type": "multitenant",
    "api_token_header": "bearer",
    "tokens_path": "/ws/accounts/{account}/credentials/tokens",
    "provisioning_path": "/probio2",
}
URL = "https://tenant.example.com/api"


@pytest.fixture(autouse=True)
def nothing_else_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    prefixes = tuple(f"{platform.prefix}_" for platform in PLATFORMS.values())
    for each in TYPES.values():
        for name in each["injectors"]["env"]:
            assert name.startswith((*prefixes, "ACCESS_"))
            monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def pem() -> dict[str, str]:
    authority = trustme.CA()
    client = authority.issue_cert("robot@example.com")
    return {
        "ca_bundle": authority.cert_pem.bytes().decode(),
        "client_cert": "".join(blob.bytes().decode() for blob in client.cert_chain_pems),
        "client_key": client.private_key_pem.bytes().decode(),
    }


def fields(platform: Platform) -> list[str]:
    return [each["id"] for each in TYPES[platform.name]["inputs"]["fields"]]


def log_in(platform: Platform, method: tuple[str, ...] | None = None) -> dict[str, Any]:
    """The inputs of one way to log in."""
    return {"api_url": URL, **{name: f"the {name}" for name in method or platform.methods[0]}}


def connected(
    platform: Platform, inputs: Mapping[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Connection:
    """The connection of a module in a job with a credential of these inputs."""
    for name, value in engine.injected(TYPES[platform.name], inputs, folder).env.items():
        monkeypatch.setenv(name, value)
    found: list[Connection] = []

    def keep(*arguments: Any) -> Connection:
        found.append(resolve(*arguments))
        found[-1].settings.check()
        raise runner._MissingRequests  # leaves before anything is sent

    service = READERS[platform.name]
    needed = {name: "example" for name, option in specs.info_spec(service).items() if option.get("required")}
    with mock.patch.object(runner, "resolve", keep), mock.patch.object(runner, "missing_required_lib", str):
        result = run_info(service, needed, {})
    assert found, result["msg"]
    return found[0]


# --- what the controller has against them ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", TYPES)
def test_the_controller_takes_the_type(name: str) -> None:
    engine.check(TYPES[name])


def test_each_platform_has_a_type_and_all_have_two_more() -> None:
    assert set(TYPES) == {*PLATFORMS, "tenants", "sinks"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "ssh"}, "kind"),
        ({"inputs": {"fields": [{"id": "a", "label": "A", "ask_at_runtime": True}]}}, "ask_at_runtime"),
        ({"inputs": {"fields": [{"id": "tower", "label": "A"}]}}, "tower"),
        ({"inputs": {"fields": [{"id": "a", "label": "A"}, {"id": "a", "label": "B"}]}}, "unique"),
        ({"inputs": {"fields": [{"id": "a", "label": "A", "type": "boolean", "secret": True}]}}, "only a string"),
        ({"inputs": {"fields": [{"id": "a", "label": "A", "type": "boolean", "default": "true"}]}}, "no boolean"),
        ({"inputs": {"fields": [], "required": ["a"]}}, "required, but no fields"),
        ({"injectors": {"env": {"ANSIBLE_CALLBACKS_ENABLED": "a"}}}, "not allowed"),
        ({"injectors": {"env": {"PATH": "a"}}}, "not allowed"),
        ({"injectors": {"env": {"A": "{{ nobody }}"}}}, "nobody"),
        ({"injectors": {"env": {"A": "ü"}}}, "does not match"),
        ({"injectors": {"env": {"A": "{{ tower.filename.cert }}"}, "file": {"template.key": "a"}}}, "cert"),
        ({"injectors": {"file": {"template": "a", "template.key": "b"}}}, "a name each"),
    ],
)
def test_what_a_controller_refuses_is_refused_here(change: dict[str, Any], says: str) -> None:
    with pytest.raises(engine.Refused, match=says):
        engine.check({**TYPES["dqm"], "injectors": {}, **change})


@EVERY
def test_the_variables_are_those_of_the_modules(platform: Platform) -> None:
    """All of them: fields cannot be added once a credential of the type exists."""
    credentials = {each.option: each.variable for each in platform.credentials}
    settings = {name: platform.variable(name) for name in specs.connection_spec(platform) if name not in credentials}
    assert set(TYPES[platform.name]["injectors"]["env"]) == {*credentials.values(), *settings.values()}


@EVERY
def test_the_fields_are_the_options(platform: Platform) -> None:
    names = {FILES.get(name, name) for name in fields(platform)} - {"skip_tls_verify"}
    assert names == set(specs.connection_spec(platform)) - {"validate_certs"}
    secret = {each["id"] for each in TYPES[platform.name]["inputs"]["fields"] if each.get("secret")}
    # A proxy's URL may hold a password.
    assert secret == {each.option for each in platform.credentials if each.secret} | {"api_proxy", "client_key"}
    needed_always = set.intersection(*(set(method) for method in platform.methods))
    assert set(TYPES[platform.name]["inputs"]["required"]) == needed_always


# --- what the modules make of them ----------------------------------------------------------------------------------


@EVERY
@pytest.mark.parametrize("empty", ["left out", "empty", "null", "blank"])
def test_what_is_empty_is_unset(
    platform: Platform, empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = log_in(platform)
    values: dict[str, Any] = {"empty": "", "null": None, "blank": " \n"}
    kinds = {each["id"]: each for each in TYPES[platform.name]["inputs"]["fields"]}
    if empty in values:
        others = [name for name in kinds if name not in given]
        # Nobody types blanks where there is a choice.
        given |= {name: "" if "choices" in kinds[name] else values[empty] for name in others if name not in FLAGS}
        given |= dict.fromkeys(FLAGS, None if empty == "null" else False)
    connection = connected(platform, given, tmp_path, monkeypatch)
    assert connection.settings == Settings(api_url=URL)
    assert connection.options == {option.name: option.default for option in platform.options}
    assert connection.credentials == {name: given[name] for name in platform.methods[0]}


@EVERY
def test_each_way_to_log_in_does(platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for method in platform.methods:
        connection = connected(platform, log_in(platform, method), tmp_path, monkeypatch)
        assert connection.credentials == {name: f"the {name}" for name in method}


@EVERY
def test_what_is_set_is_what_was_meant(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pem: dict[str, str]
) -> None:
    own = {option.name: OWN[option.name] for option in platform.options}
    inputs = {**log_in(platform), **{name: typed for name, (typed, _meant) in SET.items()}, **own, **pem}
    assert set(inputs) | FLAGS | {item.option for item in platform.credentials} == set(fields(platform))
    connection = connected(platform, {**inputs, "api_allow_http": True}, tmp_path, monkeypatch)
    settings = dataclasses.asdict(connection.settings)
    for name, option in FILES.items():
        path = Path(settings.pop(option))
        assert path.read_text() == pem[name]
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    meant = {name: value for name, (_typed, value) in SET.items()}
    assert settings == {**meant, "api_url": URL, "api_allow_http": True, "validate_certs": True}
    assert connection.options == own


@EVERY
def test_each_field_by_itself(platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, (typed, meant) in SET.items():
        connection = connected(platform, {**log_in(platform), name: typed}, tmp_path, monkeypatch)
        assert connection.settings == Settings(api_url=URL, **{name: meant})


@EVERY
@pytest.mark.parametrize("skips", [True, False, None])
def test_certificates_are_verified_unless_that_is_switched_off(
    platform: Platform, skips: bool | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {} if skips is None else {"skip_tls_verify": skips}
    connection = connected(platform, {**log_in(platform), **given}, tmp_path, monkeypatch)
    assert connection.settings.validate_certs is (skips is not True)
    assert connection.settings.api_allow_http is False


# --- the modules ----------------------------------------------------------------------------------------------------


def asked(module: modules.Module, tenant: Mapping[str, str]) -> dict[str, Any]:
    """Runs the module in check mode, with nothing for a connection but the environment."""
    top = {name: tenant[name] for name in ("account", "domain") if name in module.options and name in tenant}
    if module.kind == modules.INFO:
        return run_info(module.service, top, {})
    if module.kind == modules.MANY:
        return run_many(module.service, {module.service.resource.plural: [], **top}, {}, check=True)
    return run_one(module.service, {**KINDS[module.name].make(1), **top}, {}, check=True)


def reached(platform: Platform, tenant: Mapping[str, str]) -> dict[str, Any]:
    """The inputs of a credential for an emulated tenant."""
    names = {"api_url", *(credential.option for credential in platform.credentials)}
    return {name: value for name, value in tenant.items() if name in names}


@pytest.mark.parametrize("name", MODULES)
def test_every_module_runs_with_a_credential_alone(
    vendors: Emulator, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = MODULES[name]
    platform = PLATFORMS[module.service.platform.name]
    tenant = vendors.connections[platform.name]
    inputs = reached(platform, tenant)
    for name_, value in engine.injected(TYPES[platform.name], inputs, tmp_path).env.items():
        monkeypatch.setenv(name_, value)
    result = asked(module, tenant)
    assert not result.get("failed"), result["msg"]
    assert result["target"]["api_url"] == tenant["api_url"]


def test_the_tenant_map_is_a_file_for_this_user_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = {
        "devo-eu": {"api_url": "https://api-eu.devo.com", "api_token": "a {{ token }}"},
        "devo-us": {"api_url": "https://api-us.devo.com", "api_token": "another"},
    }
    given = engine.injected(TYPES["tenants"], {"tenants": json.dumps(entries)}, tmp_path)
    assert set(given.env) == {"ACCESS_TENANTS_FILE"}
    assert stat.S_IMODE(Path(given.env["ACCESS_TENANTS_FILE"]).stat().st_mode) == 0o600
    monkeypatch.setenv("ACCESS_TENANTS_FILE", given.env["ACCESS_TENANTS_FILE"])
    connection = FilterModule().filters()["connection"]
    for host, entry in entries.items():
        assert connection({"api_url": "", "api_token": ""}, "devo", host) == entry


def test_a_tenant_map_needs_its_tenants(tmp_path: Path) -> None:
    with pytest.raises(engine.Refused, match="missing"):
        engine.injected(TYPES["tenants"], {"tenants": ""}, tmp_path)


def test_the_variables_of_sinks_are_those_of_the_guide() -> None:
    guide = (AWX.parent / "docs" / "report-sinks.md").read_text()
    assert set(re.findall(r"ACCESS_[A-Z_]+", guide)) == set(TYPES["sinks"]["injectors"]["env"])
    assert all(each["secret"] for each in TYPES["sinks"]["inputs"]["fields"])


def test_nothing_is_injected_that_goes_before_the_inventory() -> None:
    assert [name for name, each in TYPES.items() if "extra_vars" in each["injectors"]] == []
