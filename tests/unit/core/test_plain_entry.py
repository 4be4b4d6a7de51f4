# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries that are taken without the argument spec's own check are what that check would have made of them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils import specs
from ansible_collections.dataops.access.plugins.module_utils.core.plain_entry import PlainEntries
from ansible_collections.dataops.access.plugins.plugin_utils import platforms

KINDS = sorted(platforms.SERVICES)
PLAIN: dict[str, Any] = {"str": "a", "bool": False, "int": 3, "path": "/srv/a", "list": ["a", "b"]}


def spec_of(module: str) -> dict[str, Any]:
    resource = platforms.SERVICES[module].resource
    return specs.many_spec(platforms.SERVICES[module])[resource.plural]


# What may stand in JSON and YAML: what an option takes, converts or refuses.
ODD: list[Any] = [
    None,
    True,
    0,
    1,
    1.5,
    "",
    "yes",
    "1",
    "é",
    "a,b",
    "~/a",
    "$HOME/a",
    "absent",
    [],
    ["b", "a"],
    ["a", 1],
]
ODD += [[None], [["a"]], {}, {"a": "b"}]


@st.composite
def entries(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A module, and an entry of its list: all options but few as they should be."""
    module = draw(st.sampled_from(KINDS))
    options = spec_of(module)["options"]
    names = st.sampled_from(sorted(options))
    left_out = draw(st.sets(names, max_size=4))
    entry: dict[str, Any] = {name: right(option) for name, option in options.items() if name not in left_out}
    for name in draw(st.lists(names, max_size=2)):
        entry[name] = draw(st.sampled_from(ODD))
    if draw(st.integers(0, 9)) == 0:
        entry[draw(st.sampled_from(["emial", "no_log", ""]))] = draw(st.sampled_from(ODD))
    return module, entry


def right(option: dict[str, Any]) -> Any:
    return (option.get("choices") or [PLAIN[option["type"]]])[0]


@given(entries())
def test_values_and_errors_are_those_of_the_argument_spec(drawn: tuple[str, dict[str, Any]]) -> None:
    compare(*drawn)


@pytest.mark.parametrize("module", KINDS)
def test_each_option_is_taken_converted_and_refused_alike(module: str) -> None:
    spec = spec_of(module)
    entry = {name: right(option) for name, option in spec["options"].items()}
    for name in entry:
        for value in ODD:
            compare(module, {**entry, name: value})
    for names in (*((name,) for name in entry), *spec.get("required_one_of", ())):
        compare(module, {name: value for name, value in entry.items() if name not in names})


def compare(module: str, entry: dict[str, Any]) -> None:
    """The check by itself, and the argument spec's, which takes the whole list."""
    resource = platforms.SERVICES[module].resource
    expected = ArgumentSpecValidator({resource.plural: spec_of(module)}).validate({resource.plural: [entry]})
    options, errors = specs.EntryCheck(resource)(entry)
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
    entry = {name: right(option) for name, option in spec["options"].items()}
    assert PlainEntries(spec).take(entry) == entry


@pytest.mark.parametrize(
    "unknown", [{"mutually_exclusive": [["email", "password"]]}, {"options": {"email": {"type": "str", "aliases": []}}}]
)
def test_a_spec_that_says_more_is_left_to_its_own_check(unknown: dict[str, Any]) -> None:
    spec = {**spec_of("ds_users"), **unknown}
    assert PlainEntries(spec).take({"email": "ana@example.com"}) is None
