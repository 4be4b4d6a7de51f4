# SPDX-License-Identifier: GPL-3.0-or-later
"""Every endpoint that the vendors' documents name has a test; that the test calls it, the fixture `vendors` checks."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from contract.check import document
from contract.named import NAMED, documented, endpoints_of
from endpoints import ENDPOINTS

ROOT = Path(__file__).parents[2]
ROWS = [(platform, *row) for platform, rows in ENDPOINTS.items() for row in rows]


@cache
def source(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


@cache
def functions(file: str) -> set[str]:
    return {node.name for node in ast.parse(source(file)).body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("platform", NAMED)
def test_every_endpoint_that_is_named_has_a_test(platform: str) -> None:
    listed = {(method, path) for method, path, _test in ENDPOINTS.get(platform, ())}
    assert set(NAMED[platform]) - listed == set()


@pytest.mark.parametrize(("platform", "method", "path", "test"), ROWS)
def test_what_is_listed_is_there(platform: str, method: str, path: str, test: str) -> None:
    file, _ignored, name = test.partition("::")
    function, _ignored, case = name.rstrip("]").partition("[")
    assert function in functions(file)
    assert not case or f'"{case}"' in source(file)
    found = documented(platform, path)
    assert found is not None
    assert method.lower() in document(platform)["paths"][found]


def test_what_is_listed_is_looked_at(request: pytest.FixtureRequest) -> None:
    """Of the tests of this run."""
    listed = [item for item in request.session.items if endpoints_of(item.nodeid)]
    assert [item.nodeid for item in listed if "vendors" not in getattr(item, "fixturenames", ())] == []
