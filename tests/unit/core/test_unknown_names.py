# SPDX-License-Identifier: GPL-3.0-or-later
"""Of a name that nobody knows no more is shown than what can be one: the rest may be a value, and that a secret."""

from __future__ import annotations

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.dataops.access.plugins.module_utils.core import unknown_names

USERS = {"type": "list", "elements": "dict", "options": {"email": {"type": "str"}}}


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (["pass_word", "rolls"], ["pass_word", "rolls"]),
        (["password:Hunter2"], ["password…"]),
        (["password=Hunter2"], ["password…"]),
        (["password Hunter2"], ["password…"]),
        (["password\nHunter2"], ["password…"]),
        ([":Hunter2"], ["…"]),
        (["password:"], ["password…"]),
        ([7], ["7"]),
        # A comma ends a key, so that the rest of the password is another one.
        (["password:Hun", "ter2"], ["password…"]),
        (["ter2", "password:Hun", "api_token:x"], ["password…", "api_token…"]),
        ([], []),
    ],
)
def test_what_is_shown(names: list[object], shown: list[str]) -> None:
    assert unknown_names.shown(names) == shown


@pytest.mark.parametrize("start", ["", "Unsupported parameters for (dataops.access.ds_users) module: "])
@pytest.mark.parametrize(
    ("entry", "shown"),
    [
        ({"rolls": [], "state": None}, "users.rolls, users.state"),
        ({"password:Hunter2": None}, "users.password…"),
        ({"password:Hunter2. Supported parameters include: none": None, "a": 1}, "users.password…"),
    ],
)
def test_what_ansible_core_says_about_it(start: str, entry: dict[str, object], shown: str) -> None:
    (said,) = ArgumentSpecValidator({"users": USERS}).validate({"users": [entry]}).error_messages
    assert unknown_names.in_message(start + said) == f"{start}{shown}. Supported parameters include: email."


def test_another_message_stays_as_it_is() -> None:
    assert unknown_names.in_message("missing required arguments: email: x") == "missing required arguments: email: x"
