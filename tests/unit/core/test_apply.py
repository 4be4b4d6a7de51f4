# SPDX-License-Identifier: GPL-3.0-or-later
"""How a plan is carried out: in which order, how many writes at a time, how often one is sent, and what proves it."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.core import apply, plan
from ansible_collections.dataops.access.plugins.module_utils.core.errors import LostAnswer
from ansible_collections.dataops.access.plugins.module_utils.core.policy import Policy
from ansible_collections.dataops.access.plugins.module_utils.core.resource import Declared, Observed
from ansible_collections.dataops.access.plugins.module_utils.core.service import Snapshot
from unit.core.shelf import Shelves


def shelf(name: str) -> dict[str, Any]:
    return {"name": name, "label": "", "tags": [], "size": 1}


def planned(service: Shelves, *entries: dict[str, Any], purge: bool = False) -> plan.Plan:
    declared = [service.declare(entry, place) for place, entry in enumerate(entries)]
    return plan.make_plan(service, declared, service.observe(declared), Policy(purge=purge, allow_empty=True))


def carried_out(service: Shelves, made: plan.Plan, workers: int = 1) -> list[apply.Done]:
    return apply.apply(made, service, workers, lambda attempt: None).done


def test_a_plan_is_in_the_order_in_which_it_is_written() -> None:
    service = Shelves({"a": shelf("a")})
    made = planned(service, {"name": "a", "state": "absent"}, {"name": "n", "label": "new"})
    assert [change.action for change in made.changes] == ["create", "delete"]
    carried_out(service, made)
    assert service.writes == ["create n", "delete a"]


def test_removals_wait_for_the_rest_whatever_the_order_of_the_plan() -> None:
    service = Shelves({"a": shelf("a")})
    made = planned(service, {"name": "a", "state": "absent"}, {"name": "n", "label": "new"})
    made.changes.reverse()
    carried_out(service, made)
    assert service.writes == ["create n", "delete a"]


def test_so_many_writes_at_a_time_as_were_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    meeting, lock = threading.Barrier(3), threading.Lock()
    under_way, most = 0, 0

    def write(change: Any) -> None:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        meeting.wait(10)  # passes only when three are under way at once
        with lock:
            under_way -= 1
        real(change)

    service = Shelves({})
    real = service.write
    monkeypatch.setattr(service, "write", write)
    done = carried_out(service, planned(service, *({"name": f"n{n}", "label": "x"} for n in range(30))), workers=3)
    assert {one.status for one in done} == {"applied"}
    assert most == 3


@pytest.mark.parametrize(("repeat", "sent"), [(True, 3), (False, 1)], ids=["no answer", "an answer of the server"])
def test_a_write_that_never_happens_is_not_sent_for_ever(repeat: bool, sent: int) -> None:
    def lose(_service: Shelves, _change: Any) -> None:
        raise LostAnswer("lost", cause_kind="server", repeat=repeat)

    service = Shelves({})
    service.fault = lose
    (done,) = carried_out(service, planned(service, {"name": "n", "label": "x"}))
    assert service.writes == ["create n"] * sent
    assert done.status == "failed"
    assert done.error is not None
    assert done.error.kind == "server"


def test_a_bug_in_one_write_does_not_lose_what_became_of_the_others() -> None:
    def break_down(_service: Shelves, change: Any) -> None:
        if change.key == "b":
            raise RuntimeError("a bug")

    service = Shelves({})
    service.fault = break_down
    done = carried_out(service, planned(service, *({"name": name, "label": "x"} for name in "abc")))
    assert [(one.change.key, one.status) for one in done] == [("a", "applied"), ("b", "unknown"), ("c", "applied")]
    assert done[1].error is not None
    assert "internal error while writing 'b': RuntimeError" in done[1].error.message


def test_a_namesake_that_stays_is_not_what_was_removed() -> None:
    service = Shelves({name: shelf(name) for name in ("a", "A")})
    service.protected = {"A"}
    (done,) = carried_out(service, planned(service, purge=True))
    assert (done.change.key, done.status) == ("a", "applied")
    assert list(service.store) == ["A"]


class Adding(Shelves):
    """Declared tags are added to those that there are."""

    def wanted(self, declared: Declared, observed: Observed | None, snapshot: Snapshot) -> dict[str, Any]:
        there = observed.values["tags"] if observed is not None else []
        return {**super().wanted(declared, observed, snapshot), "tags": sorted({*declared["tags"], *there})}


def test_what_was_lost_beside_what_is_declared_was_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Adding({"a": {**shelf("a"), "tags": ["blue", "red"]}})
    made = planned(service, {"name": "a", "tags": ["green"]})
    # A server that takes what is declared for all that there is to be.
    monkeypatch.setattr(service, "write", lambda change: service.store["a"].update(tags=change.entry["tags"]))
    (done,) = carried_out(service, made)
    assert done.status == "failed"
    assert done.error is not None
    assert "not kept: tags" in done.error.message
