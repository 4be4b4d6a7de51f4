# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries that are taken without the argument spec's own check are what that check would have made of them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils import runner
from ansible_collections.dataops.access.plugins.module_utils.core.plain_entry import PlainEntries
from ansible_collections.dataops.access.plugins.plugin_utils import platforms

KINDS = sorted(platforms.SERVICES)
PLAIN: dict[str, Any] = {"str": "a", "bool": False, "int": 3, "path": "/srv/a", "list": ["a", "b"]}


def spec_of(module: str) -> dict[str, Any]:
    resource = platforms.SERVICES[module].resource
    return runner.many_spec(platforms.SERVICES[module])[resource.plural]


# What may stand in JSON and YAML, and what an option would take or convert among it.
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 2),
    st.floats(allow_nan=False),
    st.sampled_from(["", "yes", "True", "1", "a,b", "$HOME/a", "~/a", "/srv/a", "present", "absent", "é"]),
)
ODD = st.one_of(SCALARS, st.lists(SCALARS, max_size=3), st.dictionaries(st.sampled_from(["a", "b"]), SCALARS))


@st.composite
def entries(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A module, and an entry of its list: most options as they should be, some as they should not."""
    module = draw(st.sampled_from(KINDS))
    options = spec_of(module)["options"]
    entry = {}
    for name in draw(st.lists(st.sampled_from(sorted(options)), unique=True)):
        option = options[name]
        right = st.sampled_from(option.get("choices") or [PLAIN[option["type"]]])
        entry[name] = draw(st.one_of(right, right, right, ODD, *([st.just(None)] if draw(st.booleans()) else [])))
    if draw(st.integers(0, 9)) == 0:
        entry[draw(st.sampled_from(["emial", "no_log", ""]))] = draw(SCALARS)
    return module, entry


@given(entries())
def test_values_and_errors_are_those_of_the_argument_spec(drawn: tuple[str, dict[str, Any]]) -> None:
    module, entry = drawn
    resource = platforms.SERVICES[module].resource
    expected = ArgumentSpecValidator({resource.plural: spec_of(module)}).validate({resource.plural: [entry]})
    options, errors = runner.EntryCheck(resource)(entry)
    assert [str(error) for error in errors] == expected.error_messages
    # Unlike equality, this tells True from 1.
    made, wanted = ({name: repr(value) for name, value in each.items()} for each in (options, _only(expected)))
    assert made == wanted


def _only(checked: Any) -> dict[str, Any]:
    ((only,),) = checked.validated_parameters.values()
    return only


@pytest.mark.parametrize("module", KINDS)
def test_every_option_can_be_given_plainly(module: str) -> None:
    spec = spec_of(module)
    entry = {name: (option.get("choices") or [PLAIN[option["type"]]])[0] for name, option in spec["options"].items()}
    assert PlainEntries(spec).take(entry) == entry


@pytest.mark.parametrize(
    "unknown", [{"mutually_exclusive": [["email", "password"]]}, {"options": {"email": {"type": "str", "aliases": []}}}]
)
def test_a_spec_that_says_more_is_left_to_its_own_check(unknown: dict[str, Any]) -> None:
    spec = {**spec_of("ds_users"), **unknown}
    assert PlainEntries(spec).take({"email": "ana@example.com"}) is None
