# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties of planning and applying, on any start state and any declared state."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.core import apply, plan, render
from ansible_collections.dataops.access.plugins.module_utils.core.errors import (
    AccessError,
    LostAnswer,
    ValidationError,
)
from ansible_collections.dataops.access.plugins.module_utils.core.policy import Policy
from ansible_collections.dataops.access.plugins.module_utils.core.service import check_unique
from unit.core.shelf import SHELF, Shelves

NAMES = st.sampled_from(["a", "B", "c d", "é", "x+%#?@", "n" * 200])
TAGS = st.lists(st.sampled_from(["red", "blue", "green"]), max_size=4)
SHELF_VALUES = st.fixed_dictionaries(
    {"label": st.sampled_from(["", "one", "two"]), "tags": TAGS, "size": st.integers(0, 3)}
)
STORES = st.dictionaries(NAMES, SHELF_VALUES, max_size=6).map(
    lambda store: {name: {"name": name, **values} for name, values in store.items()}
)
OMITTABLE = {
    "label": st.one_of(st.none(), st.sampled_from(["", "one", "two"])),
    "tags": st.one_of(st.none(), TAGS),
    "size": st.one_of(st.none(), st.integers(0, 3)),
    "state": st.sampled_from(["present", "absent"]),
}
DECLARED = st.lists(
    st.fixed_dictionaries(
        {"name": st.builds(lambda name, up: name.upper() if up else name, NAMES, st.booleans()), **OMITTABLE}
    ),
    max_size=6,
    unique_by=lambda entry: entry["name"].casefold(),
)


def planned(service: Shelves, entries: list[dict[str, Any]], policy: Policy | None = None) -> plan.Plan:
    declared = [service.declare(entry, place) for place, entry in enumerate(entries)]
    return plan.make_plan(service, declared, service.observe(declared), policy or Policy())


def carried_out(service: Shelves, made: plan.Plan) -> apply.Outcome:
    return apply.apply(made, service, 3, lambda attempt: None)


@given(STORES, DECLARED, st.booleans())
def test_what_is_planned_is_what_happens_and_then_there_is_nothing_left(
    store: dict[str, Any], entries: list[dict[str, Any]], purge: bool
) -> None:
    service = Shelves(copy.deepcopy(store))
    policy = Policy(purge=purge, allow_empty=True)
    made = planned(service, entries, policy)
    assert service.writes == []
    if made.refused:
        # The only refusal here: creating a shelf without its label.
        assert all("needs label" in reason for reason in made.refused)
        return
    outcome = carried_out(service, made)
    assert sorted(service.writes) == sorted(f"{change.action} {change.key}" for change in made.changes)
    assert render.failure(outcome, SHELF) is None
    assert planned(service, entries, policy).changes == []


@given(STORES, DECLARED)
def test_undeclared_objects_and_fields_are_untouched(store: dict[str, Any], entries: list[dict[str, Any]]) -> None:
    service = Shelves(copy.deepcopy(store))
    made = planned(service, entries)
    if made.refused:
        return
    carried_out(service, made)
    declared = {entry["name"].casefold(): entry for entry in entries}
    for name, values in store.items():
        entry = declared.get(name.casefold())
        if entry is None:
            assert service.store[name] == values
        elif entry["state"] == "present":
            for field in ("label", "tags", "size"):
                if entry[field] is None:
                    assert service.store[name][field] == values[field]


@given(STORES, DECLARED)
def test_unmanaged_is_what_exists_and_is_not_declared(store: dict[str, Any], entries: list[dict[str, Any]]) -> None:
    made = planned(Shelves(store), entries)
    declared = {entry["name"].casefold() for entry in entries}
    assert made.unmanaged == sorted(
        ({"key": name, "reason": "undeclared"} for name in store if name.casefold() not in declared),
        key=lambda item: item["key"],
    )


@given(STORES, st.permutations(["red", "blue", "green"]))
def test_a_set_compares_whatever_its_order(store: dict[str, Any], tags: list[str]) -> None:
    store = {**store, "a": {"name": "a", "label": "one", "tags": ["green", "red", "blue"], "size": 1}}
    assert planned(Shelves(store), [{"name": "a", "tags": [*tags, tags[0]]}]).changes == []


def test_purge_spares_what_is_excluded_or_protected() -> None:
    store = {name: {"name": name, "label": "", "tags": [], "size": 1} for name in ("a", "b", "keep-1", "root")}
    service = Shelves(store)
    service.protected = {"root"}
    made = planned(service, [{"name": "a"}], Policy(purge=True, exclude=("KEEP-.*", "nothing")))
    assert [(change.action, change.key) for change in made.changes] == [("delete", "b")]
    assert made.unmanaged == [
        {"key": "b", "reason": "undeclared"},
        {"key": "keep-1", "reason": "excluded"},
        {"key": "root", "reason": "protected"},
    ]
    assert made.warnings == ["purge_exclude: 'nothing' matches nothing that exists"]


def test_what_is_listed_and_counts_as_absent_is_made_anew_and_never_removed() -> None:
    service = Shelves({"a": {"name": "a", "label": "one", "tags": [], "size": 1}})
    service.gone = {"a"}
    assert planned(service, [{"name": "a", "state": "absent"}]).changes == []
    assert planned(service, [], Policy(purge=True, allow_empty=True)).changes == []
    assert [change.action for change in planned(service, [{"name": "a", "label": "one"}]).changes] == ["create"]


def test_what_cannot_be_read_makes_no_difference() -> None:
    service = Shelves({"a": {"name": "a", "label": "one", "tags": [], "size": 1}})
    assert planned(service, [{"name": "a", "code": "canary"}]).changes == []
    (change,) = planned(service, [{"name": "a", "label": "two", "code": "canary"}]).changes
    assert list(change.fields) == ["label"]


def test_a_protected_object_that_is_declared_absent_stops_everything() -> None:
    service = Shelves({"root": {"name": "root", "label": "", "tags": [], "size": 1}})
    service.protected = {"root"}
    made = planned(service, [{"name": "root", "state": "absent"}, {"name": "n", "label": "new"}])
    outcome = apply.only_plan(made)
    error = render.failure(outcome, SHELF)
    assert error is not None
    assert error.message == "Nothing was written. shelf 'root' is never removed: it is the catalogue"
    assert not render.changed(outcome)
    assert [entry["status"] for entry in render.changes(outcome)] == ["planned", "failed"]


def test_all_reasons_stand_in_one_message() -> None:
    store = {name: {"name": name, "label": "", "tags": [], "size": 1} for name in "abcd"}
    made = planned(Shelves(store), [{"name": "new"}], Policy(purge=True, max_deletions="2"))
    error = render.failure(apply.only_plan(made), SHELF)
    assert error is not None
    assert "4 deletions are planned, more than max_deletions: 2 allows" in error.message
    assert "shelf 'new' does not exist, and creating it needs label" in error.message
    assert len(render.changes(apply.only_plan(made))) == 5


def test_two_entries_of_one_identity_are_an_error() -> None:
    service = Shelves({})
    declared = [service.declare({"name": name}, place) for place, name in enumerate(("a", "b", "A"))]
    with pytest.raises(ValidationError, match="shelf 'A' is declared twice: entries 1 and 3"):
        check_unique(declared, "shelf")


def test_two_listed_objects_of_one_identity_are_ambiguous() -> None:
    store = {name: {"name": name, "label": "", "tags": [], "size": 1} for name in ("a", "A")}
    made = planned(Shelves(store), [{"name": "a", "label": "x"}])
    assert "ambiguous: the platform lists 2 of that identity (A, a)" in made.refused[0]


@pytest.mark.parametrize("arrived", [True, False])
def test_a_lost_answer_is_settled_by_reading(arrived: bool) -> None:
    def lose(service: Shelves, change: Any) -> None:
        service.fault = lambda _service, _change: None
        if arrived:
            service.store["n"] = {"name": "n", "tags": [], **change.target}
        raise LostAnswer("lost")

    service = Shelves({})
    service.fault = lose
    outcome = carried_out(service, planned(service, [{"name": "n", "label": "x"}]))
    assert [done.status for done in outcome.done] == ["applied"]
    assert len(service.writes) == (1 if arrived else 2)


def test_what_must_not_be_sent_twice_is_unknown_when_lost() -> None:
    def lose(service: Shelves, change: Any) -> None:
        raise LostAnswer("lost")

    service = Shelves({})
    service.fault = lose
    service.unique_on_create = False  # type: ignore[misc]  # another platform's rule, for this test
    outcome = carried_out(service, planned(service, [{"name": "n", "label": "x"}]))
    error = render.failure(outcome, SHELF)
    assert error is not None
    assert error.kind == "unknown_outcome"
    assert service.writes == ["create n"]


def test_what_the_server_accepts_and_does_not_keep_is_a_failure() -> None:
    service = Shelves({"a": {"name": "a", "label": "x", "tags": [], "size": 1}})
    made = planned(service, [{"name": "a", "label": "y"}])
    service.write = lambda change: None  # type: ignore[method-assign]  # a server that accepts and forgets
    outcome = carried_out(service, made)
    error = render.failure(outcome, SHELF)
    assert error is not None
    assert "not kept: label" in error.message
    assert render.changed(outcome)


def test_a_closing_listing_that_fails_leaves_an_unknown_outcome() -> None:
    service = Shelves({})
    made = planned(service, [{"name": "a", "label": "y"}])

    def fail(declared: Any, again: bool = False) -> Any:
        raise AccessError("no answer", kind="timeout")

    service.observe = fail  # type: ignore[method-assign]  # a server that goes away
    outcome = carried_out(service, made)
    assert [done.status for done in outcome.done] == ["unknown"]
    assert outcome.done[0].error is not None
    assert "it was written, but reading it back failed: no answer" in outcome.done[0].error.message


def test_after_a_refused_log_in_nothing_more_is_tried() -> None:
    def refuse(service: Shelves, change: Any) -> None:
        raise AccessError("wrong key", kind="auth")

    service = Shelves({})
    service.fault = refuse
    made = planned(service, [{"name": f"n{n}", "label": "x"} for n in range(50)])
    outcome = apply.apply(made, service, 1, lambda attempt: None)
    assert service.writes == ["create n0"]
    assert {done.status for done in outcome.done} == {"failed"}


def test_a_secret_shows_as_changed_and_never_as_a_value() -> None:
    service = Shelves({})
    outcome = apply.only_plan(planned(service, [{"name": "a", "label": "x", "code": "canary"}]))
    objects = [values for _entry, values in apply.objects(outcome, service)]
    shown = repr([render.changes(outcome), render.diff(outcome), objects])
    assert "'label': 'x'" in shown
    assert "canary" not in shown
    assert "'code': {'before': None, 'after': '********'}" in shown
