# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables that declare people: what is wrong with them as a whole."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils.people import variables

HOSTS = {"ds-eu": "datasentinel", "ds-us": "datasentinel", "devo": "devo", "bastion": ""}


def misplaced(*tenants: str) -> list[str]:
    granted = {"privilege": "read", "tenant": list(tenants)}
    given: dict[str, Any] = {
        "access_people": [{"email": "ann@example.com", "profiles": ["p"]}],
        "access_profiles": {"p": {"datasentinel": granted}},
    }
    return variables.misplaced(given.get, HOSTS)


@pytest.mark.parametrize(
    ("tenants", "said"),
    [
        (("ds-eu", "ds-us"), []),
        (
            ("ds-eux",),
            ["'ds-eux' is no tenant of the inventory, so that it grants nothing there; did you mean 'ds-eu'?"],
        ),
        (("bastion",), ["'bastion' is no tenant of the inventory, so that it grants nothing there"]),
        (("ds-eu", "devo"), ["'devo' is a tenant of devo, so that it grants nothing there"]),
    ],
)
def test_what_is_granted_nowhere_is_told(tenants: tuple[str, ...], said: list[str]) -> None:
    assert misplaced(*tenants) == [f"profile p: datasentinel: {text}" for text in said]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"access_retention_days": "soon"}, "access_retention_days is 'soon', and has to be a number of days"),
        ({"access_retention_days": True}, "access_retention_days is 'True'"),
        ({"access_unentitled": "keep"}, "access_unentitled is 'keep', and has to be report or remove"),
        ({"access_protected_people": "ann@example.com"}, "access_protected_people must be a list"),
        ({"access_timezone": "Mars/Olympus"}, "'Mars/Olympus' is no time zone"),
    ],
)
def test_terms_that_are_wrong_are_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        variables.of_play(given.get)
    assert said in refused.value.message


def test_blank_variables_are_unset() -> None:
    blank = dict.fromkeys(variables.DEFAULTS, "")
    people, terms = variables.of_play(blank.get)
    assert people is None
    assert (terms.retention_days, terms.unentitled, terms.protected) == (0, "report", frozenset())
