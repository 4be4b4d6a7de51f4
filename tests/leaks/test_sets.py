# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials belong together: in no combination of sources does one tenant's credential go to another's server.

Every source gives values that name it, so that what a module would send tells where it comes from.
"""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from unittest import mock

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.dataops.access.plugins.action import access_preflight
from ansible_collections.dataops.access.plugins.module_utils import specs
from ansible_collections.dataops.access.plugins.module_utils.core import tenants
from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError
from ansible_collections.dataops.access.plugins.module_utils.http.connection import Platform, resolve
from ansible_collections.dataops.access.plugins.module_utils.services import devo
from ansible_collections.dataops.access.plugins.plugin_utils import platforms

Tally = Callable[[str, str, int], None]
Options = Mapping[str, str]
WAYS = {**platforms.PLATFORMS, "devo, tokens": devo.TOKENS}
BLANK = ("", "  ")


def value(source: str, option: str) -> str:
    return f"https://{source}.example.com" if option == "api_url" else f"{source}-{option}"


def subsets(source: str, options: Sequence[str]) -> Iterator[dict[str, str]]:
    """Every choice of the options that the source may give."""
    for size in range(len(options) + 1):
        for chosen in itertools.combinations(options, size):
            yield {option: value(source, option) for option in chosen}


def all_of(source: str, options: Sequence[str]) -> dict[str, str]:
    return {option: value(source, option) for option in options}


def options_of(platform: Platform) -> list[str]:
    return ["api_url", *(credential.option for credential in platform.credentials)]


def variables(platform: Platform, given: Options) -> dict[str, str]:
    """What the environment would hold for these options."""
    names = {credential.option: credential.variable for credential in platform.credentials}
    return {names.get(option, f"{platform.prefix}_API_URL"): text for option, text in given.items()}


def sent(platform: Platform, host: Options, environment: Options, file: str = "") -> dict[str, str] | None:
    """The source of the URL and of each credential that a module of this host would use; None: it is refused."""
    known = specs.connection_spec(platform)
    with mock.patch.dict(os.environ, variables(platform, environment)):
        try:
            given = platforms.connection({**dict.fromkeys(known, ""), **host}, platform, "own", file)
            checked = ArgumentSpecValidator(known).validate(given)
            assert not checked.error_messages
            connection = resolve(platform, checked.validated_parameters, os.environ)
        except AccessError:
            return None
    used = {**connection.credentials, "api_url": connection.settings.api_url}
    return {option: _source(text) for option, text in used.items()}


def _source(text: str) -> str:
    source = text.removeprefix("https://").partition("-")[0].partition(".example.com")[0]
    return source if source in ("host", "entry", "other", "environment") else "default"


def credentials(used: Mapping[str, str]) -> set[str]:
    return {source for option, source in used.items() if option != "api_url"}


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith((*(f"{platform.prefix}_" for platform in WAYS.values()), "ACCESS_")):
            monkeypatch.delenv(name)


@pytest.mark.parametrize("name", WAYS)
def test_without_a_tenants_file(name: str, tally: Tally) -> None:
    platform = WAYS[name]
    options = options_of(platform)
    cases = accepted = 0
    for host in subsets("host", options):
        for environment in subsets("environment", options):
            cases += 1
            used = sent(platform, host, environment)
            if used is None:
                continue
            accepted += 1
            assert len(credentials(used)) == 1, (host, environment, used)
            own = any(option in host for option in options[1:])
            assert credentials(used) == {"host" if own else "environment"}, (host, environment, used)
            assert used["api_url"] == _first("api_url", host, environment), (host, environment, used)
    assert 0 < accepted < cases
    tally("canaries", f"{name}: combinations of options and variables", cases)


def _first(option: str, *sources: Options) -> str:
    return next((_source(source[option]) for source in sources if option in source), "default")


@pytest.mark.parametrize("name", WAYS)
def test_with_a_tenants_file_nothing_comes_from_elsewhere(name: str, tmp_path: Path, tally: Tally) -> None:
    platform = WAYS[name]
    options = options_of(platform)
    file = tmp_path / "tenants.json"
    everything = all_of("environment", options)
    cases = accepted = 0
    for entry in [None, *subsets("entry", options)]:
        other = all_of("other", options)
        file.write_text(json.dumps({"other": other, **({} if entry is None else {"own": entry})}))
        for host in subsets("host", options):
            for environment in ({}, everything):
                cases += 1
                used = sent(platform, host, environment, str(file))
                if used is None:
                    continue
                accepted += 1
                assert entry is not None, "a host without an entry is refused"
                in_entry = any(option in entry for option in options[1:])
                assert credentials(used) == {"entry" if in_entry else "host"}, (entry, host, used)
                assert used["api_url"] == _first("api_url", entry, host), (entry, host, environment, used)
    assert 0 < accepted < cases
    tally("canaries", f"{name}: combinations with a tenants file", cases)


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize("blank", BLANK)
def test_what_is_blank_is_not_given(name: str, blank: str, tmp_path: Path) -> None:
    platform = WAYS[name]
    options = options_of(platform)
    file = tmp_path / "tenants.json"
    for given in subsets("host", options):
        filled = {**dict.fromkeys(options, blank), **given}
        for environment in ({}, all_of("environment", options)):
            blanks = {**dict.fromkeys(options, blank), **environment}
            assert sent(platform, filled, blanks) == sent(platform, given, environment)
        entry = {option: value("entry", option) for option in given}
        file.write_text(json.dumps({"own": entry}))
        without = sent(platform, {}, {}, str(file))
        file.write_text(json.dumps({"own": {**dict.fromkeys(options, blank), **entry}}))
        assert sent(platform, {}, {}, str(file)) == without


@pytest.mark.parametrize("name", platforms.PLATFORMS)
def test_a_play_takes_no_credential_from_the_environment_to_two_servers(name: str, tally: Tally) -> None:
    """What access_preflight lets pass, for two hosts of one platform and every combination of sources."""
    platform = platforms.PLATFORMS[name]
    options = options_of(platform)
    cases = passed = 0
    for environment in subsets("environment", options):
        used = [(host, sent(platform, host, environment)) for host in subsets("host", options)]
        with mock.patch.dict(os.environ, variables(platform, environment)):
            for one, two in itertools.combinations_with_replacement(used, 2):
                cases += 1
                second = {option: text.replace("host", "other") for option, text in two[0].items()}
                if not passes(name, {"one": one[0], "two": second}):
                    continue
                passed += 1
                places = set()
                for host, (_options, took) in (("one", one), ("two", two)):
                    if took is not None and "environment" in credentials(took):
                        # The hosts' own URLs are two.
                        places.add(host if took["api_url"] == "host" else took["api_url"])
                assert len(places) <= 1, (environment, one, two)
    assert 0 < passed < cases
    tally("canaries", f"{name}: combinations of two hosts", cases)


def passes(name: str, hosts: Mapping[str, Options]) -> bool:
    of_hosts = {
        host: {"access_platform": name, **{f"{name}_{option}": text for option, text in options.items()}}
        for host, options in hosts.items()
    }
    try:
        tenants.check_environment(access_preflight._tenant(host, {"hostvars": of_hosts}) for host in hosts)
    except AccessError:
        return False
    return True


def test_two_hosts_may_share_one_server() -> None:
    url = {"api_url": "https://host.example.com"}
    hosts = {"one": url, "two": {"api_url": "https://host.example.com/ "}}
    assert passes("devo", hosts)
    hosts["two"] = {"api_url": "https://host.example.com/v2"}
    assert not passes("devo", hosts)
