# SPDX-License-Identifier: GPL-3.0-or-later
"""Source: the platforms' declarations. Whatever names an environment variable names one of theirs, in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.dataops.access.plugins.module_utils import specs
from ansible_collections.dataops.access.plugins.module_utils.http.connection import Platform
from ansible_collections.dataops.access.plugins.plugin_utils.platforms import PLATFORMS
from documentation import modules
from unit.awx.configured import credential_types
from unit.parity.conftest import Same

ROOT = Path(__file__).resolve().parents[3]
MODULES = modules.modules()
TYPES = credential_types()
EVERY = pytest.mark.parametrize("platform", PLATFORMS.values(), ids=PLATFORMS)
# What a credential type calls the options that take a path: it holds what is in the file.
FILES = {"ca_bundle": "ca_path", "client_cert": "client_cert", "client_key": "client_key"}
TEXTS = ("README.md", "docs/*.md", "roles/*/README.md", "examples/**/*.md", "examples/**/*.yml", "awx/**/*")


def variables(platform: Platform) -> dict[str, str]:
    """Option -> variable, of all connection options."""
    credentials = {each.option: each.variable for each in platform.credentials}
    return {name: credentials.get(name) or platform.variable(name) for name in specs.connection_spec(platform)}


def documented_variables(platform: Platform) -> dict[str, str]:
    """Option -> variable, as the fragments' `Taken from` and `Required, here or in` have it."""
    module = next(each for each in MODULES.values() if each.service.platform.name == platform.name)
    found = {}
    for name, option in module.fragment_options.items():
        text = " ".join(option["description"]).replace("<PREFIX>", platform.prefix)
        told = re.search(r"(?:Taken from|here or in) [EC]\((\w+)\)", text)
        if told:
            found[name] = told[1]
    return found


@EVERY
def test_the_environment_is_asked_for_what_is_declared(platform: Platform, same: Same) -> None:
    asked = {
        name: option["fallback"][1][0]
        for name, option in specs.connection_spec(platform).items()
        if "fallback" in option
    }
    secret = {each.option for each in platform.credentials}
    own = {name: variable for name, variable in variables(platform).items() if name not in secret}
    same("variables: fallbacks of options, platforms", asked, own)


@EVERY
def test_the_documentation_of_an_option_names_its_variable(platform: Platform, same: Same) -> None:
    same("variables: documentation of options, platforms", documented_variables(platform), variables(platform))


@EVERY
def test_no_two_options_share_a_variable(platform: Platform) -> None:
    found = list(variables(platform).values())
    assert len(set(found)) == len(found)
    assert all(variable.startswith(f"{platform.prefix}_") for variable in found)


def rows() -> dict[str, list[str]]:
    """The first table of docs/authentication.md, by the platform's title."""
    text = (ROOT / "docs" / "authentication.md").read_text().partition("\n## ")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    return {row[0]: row[1:] for row in cells[2:]}


def test_the_guide_has_every_platform(same: Same) -> None:
    same("titles: docs/authentication.md, platforms", set(rows()), {each.title for each in PLATFORMS.values()})


@EVERY
def test_the_guide_names_options_and_variables_of_credentials(platform: Platform, same: Same) -> None:
    told, where = (re.findall(r"`(\w+)`", cell) for cell in rows()[platform.title])
    known = variables(platform)
    same("variables: docs/authentication.md, platforms", where, [known[name] for name in told])
    assert {each.option for each in platform.credentials} <= set(told)


@EVERY
def test_a_credential_type_injects_every_variable(platform: Platform, same: Same) -> None:
    """All of them: fields cannot be added once a credential of the type exists."""
    injected = set(TYPES[platform.name]["injectors"]["env"])
    same("variables: credential types, platforms", injected, set(variables(platform).values()))


@EVERY
def test_a_credential_type_has_the_options_as_fields(platform: Platform, same: Same) -> None:
    fields = TYPES[platform.name]["inputs"]["fields"]
    names = {FILES.get(each["id"], each["id"]) for each in fields} - {"skip_tls_verify"}
    same(
        "fields: credential types, connection options",
        names,
        set(specs.connection_spec(platform)) - {"validate_certs"},
    )
    secret = {each["id"] for each in fields if each.get("secret")}
    # A proxy's URL may hold a password.
    assert secret == {each.option for each in platform.credentials if each.secret} | {"api_proxy", "client_key"}
    needed_always = set.intersection(*(set(method) for method in platform.methods))
    assert set(TYPES[platform.name]["inputs"]["required"]) == needed_always


def test_each_platform_has_a_credential_type_and_all_have_two_more(same: Same) -> None:
    same("credential types, platforms", set(TYPES), {*PLATFORMS, "tenants", "sinks"})


def named_in_texts() -> Iterator[tuple[str, str]]:
    """Where a text names what looks like a variable of a platform, and its name."""
    start = "|".join(platform.prefix for platform in PLATFORMS.values())
    for pattern in TEXTS:
        for path in ROOT.glob(pattern):
            if path.is_file():
                for name in re.findall(rf"\b(?:{start})_[A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8")):
                    yield path.relative_to(ROOT).as_posix(), name


def test_no_text_names_a_variable_that_there_is_not(same: Same) -> None:
    known = {variable for platform in PLATFORMS.values() for variable in variables(platform).values()}
    # A page about a sixth platform, and the start of a name before what follows it.
    named = {(where, name) for where, name in named_in_texts() if where != "docs/adding-a-platform.md"}
    same("variables: texts, platforms", named, {(where, name) for where, name in named if name in known})
