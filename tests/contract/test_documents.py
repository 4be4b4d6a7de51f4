# SPDX-License-Identifier: GPL-3.0-or-later
"""The documents are OpenAPI, say where each fact comes from, and have exactly the calls that the emulator serves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from contract.check import APIS, METHODS, document
from contract.named import NAMED, documented, shape
from emulator.platform import Clock
from emulator.platforms import PLATFORMS

LEVELS = ("given", "doc", "code", "assumed")


def operations(api: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document(api)["paths"].items():
        for method in METHODS:
            if method in item:
                yield method.upper(), path, item[method]


def test_there_is_one_for_each_platform() -> None:
    assert sorted(APIS) == sorted(PLATFORMS) == sorted(NAMED)


@pytest.mark.parametrize("api", APIS)
def test_it_is_openapi(api: str) -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(document(api)).iter_errors()] == []


@pytest.mark.parametrize("api", APIS)
def test_each_operation_says_where_it_comes_from(api: str) -> None:
    for method, path, operation in operations(api):
        sources = operation.get("x-source", [])
        assert sources, f"{method} {path}"
        assert [source for source in sources if not re.match(rf"({'|'.join(LEVELS)}): \S", source)] == []


@pytest.mark.parametrize("api", APIS)
def test_what_the_vendor_names_is_given(api: str) -> None:
    beside = {"/user-token", "/dqm-security/v1/authenticate"}  # named, but described on other pages
    for method, path in NAMED[api]:
        found = documented(api, path)
        assert found is not None, f"{method} {path}"
        sources = document(api)["paths"][found][method.lower()]["x-source"]
        assert path in beside or any(source.startswith("given:") for source in sources), f"{method} {path}"


@pytest.mark.parametrize("api", APIS)
def test_it_has_what_the_emulator_serves(api: str) -> None:
    platform = PLATFORMS[api]
    # the emulator's mount point, as it is in the second server: what the server lacks, the paths begin with
    below = platform.prefix.removeprefix(f"/{api}").removeprefix(served_below(api))
    served = {(route.method, shape(below + route.path)) for route in platform(Clock()).routes()}
    described = {(method, shape(path)) for method, path, _operation in operations(api)}
    assert described == {(method, path.rstrip("/") or "/") for method, path in served}


def served_below(api: str) -> str:
    """The path of the document's server below the tenant's name."""
    return str(document(api)["servers"][1]["url"].partition("{tenant}")[2])
