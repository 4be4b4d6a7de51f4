# SPDX-License-Identifier: GPL-3.0-or-later
"""Files for secrets, as declared state names them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils import secret_paths


def check(platform: str = "devo", filled: Any = lambda value: value, **variables: Any) -> str | None:
    try:
        secret_paths.check(variables, platform, filled)
    except ValidationError as problem:
        return problem.message
    return None


def test_they_are_the_options_of_that_type() -> None:
    assert {"secret_file", "password_file"} == secret_paths.OPTIONS


@pytest.mark.parametrize("path", ["/srv/token", "~/token", "$HOME/token", "", "  ", None, 1])
def test_what_is_absolute_is_taken(path: Any) -> None:
    assert check(devo_tokens=[{"name": "ci", "secret_file": path}, {"name": "other"}]) is None


@pytest.mark.parametrize("path", ["token", "secrets/token", "./token", "../token", "{email}/token"])
@pytest.mark.parametrize(
    "variable",
    [
        {"devo_tokens": [{"secret_file": "PATH"}]},
        {"devo_tokens": "[{'secret_file': 'PATH'}]"},
        {"access_profiles": {"finance": {"devo_tokens": {"secret_file": "PATH"}}}},
        {"access_people": [{"email": "a@example.com", "access": [{"platform": "devo_tokens", "secret_file": "PATH"}]}]},
    ],
)
def test_what_is_relative_is_refused_wherever_it_is_declared(variable: dict[str, Any], path: str) -> None:
    def filled(value: Any) -> Any:
        if value == "PATH":
            return path
        return variable["devo_tokens"] and [{"secret_file": "PATH"}] if value == variable.get("devo_tokens") else value

    message = check(filled=filled, **variable)
    assert message is not None
    assert message.startswith(f"{next(iter(variable))}: secret_file '{path}': give an absolute path")


def test_each_is_named_once_and_those_of_other_platforms_are_not_looked_at() -> None:
    message = check(
        devo_tokens=[{"secret_file": "a"}, {"secret_file": "a"}, {"secret_file": "b"}],
        datasentinel_users=[{"password_file": "c"}],
    )
    assert (message or "").startswith("devo_tokens: secret_file 'a'; devo_tokens: secret_file 'b': ")
    assert check("dqm", devo_tokens=[{"secret_file": "a"}]) is None


@pytest.mark.parametrize("odd", [None, 1, "text", [1, [2]], {"name": {"secret_file": ["a"]}}])
def test_what_is_no_declaration_is_left_to_the_role(odd: Any) -> None:
    assert check(devo_tokens=odd) is None
