# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rotation does where handing over fails, where somebody may have the new secret, and where nothing is due."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, LostAnswer, Refused
from ansible_collections.dataops.access.plugins.plugin_utils.handover.proof import NotKept
from emulator.server import Emulator
from unit.handover.bench import HOUR, Bench, Killed

VAULT = {"kind": "hashicorp_vault", "url": "https://vault.example.com", "token": "t", "path": "devo"}
TASKS = {"kind": "tasks", "file": "tasks.yml"}


@pytest.fixture
def bench(vendors: Emulator, tmp_path: Path) -> Bench:
    """A token that is due, with a file, a place and tasks."""
    made = Bench(vendors, tmp_path, secret_file=str(tmp_path / "ci"), handover=[VAULT, TASKS])
    made.create()
    made.due()
    return made


def story(result: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(each["key"], each["action"], each["status"]) for each in result["changes"]]


def test_a_renewal_is_one_change(bench: Bench) -> None:
    start = len(bench.vendors.requests())
    planned = bench.rotate(check=True)
    assert bench.vendors.writes(since=start) == []
    done = bench.rotate()
    assert not done.get("failed"), done
    assert story(planned) == [("ci", "update", "planned")]
    assert story(done) == [("ci", "update", "applied")]
    assert planned["changes"][0]["fields"] == done["changes"][0]["fields"]
    assert done["changes"][0]["replaced"]
    assert planned["changed"]
    assert done["changed"]
    assert done["summary"]["update"] == 1
    assert done["target"]["platform"] == "devo"
    bench.check_done()
    assert bench.all()["ci"]["token"] not in str(done)
    assert bench.file.stat().st_mode & 0o777 == 0o600


def test_nothing_is_renewed_that_is_not_due(bench: Bench) -> None:
    bench.rotate()
    for check in (True, False):
        idle = bench.rotate(check=check)
        assert (idle["changed"], idle["changes"], idle.get("failed")) == (False, [], None)


@pytest.mark.parametrize("error", [AccessError("it said no"), Refused("it said no"), NotKept("it said no")])
def test_where_handing_over_fails_the_new_token_is_revoked(bench: Bench, error: AccessError) -> None:
    before, held = bench.all(), bench.held()
    bench.place.fails = [error]
    done = bench.rotate()
    assert done["failed"]
    assert "ci: its secret could not be handed over: it said no; the new token was revoked" in done["msg"]
    assert story(done) == [("ci", "update", "failed"), ("ci~next", "delete", "applied")]
    assert bench.all() == before
    assert bench.held() == held
    assert not bench.rotate().get("failed")
    bench.check_done()


def test_where_tasks_fail_the_other_places_get_the_old_secret_again(bench: Bench) -> None:
    before, held = bench.all(), bench.held()
    bench.tasks_fail = True
    done = bench.rotate()
    assert "the task 'push' failed; the new token was revoked, and the old one is as it was" in done["msg"]
    assert bench.all() == before
    assert bench.held() == held


def test_where_it_is_not_known_whether_it_arrived_both_stay(bench: Bench) -> None:
    bench.place.fails = [LostAnswer("it did not answer")]
    done = bench.rotate()
    assert "it did not answer; whether it has the secret is not known; both tokens stay" in done["msg"]
    assert sorted(bench.enabled()) == ["ci", "ci~next"]
    bench.check_works()
    assert not bench.rotate().get("failed")
    bench.check_done()


def test_where_the_old_secret_cannot_be_put_back_both_stay(bench: Bench) -> None:
    bench.tasks_fail = True
    bench.place.fails = [None, AccessError("it is down now")]
    done = bench.rotate()
    assert "the new token could not be taken back (it is down now); both tokens stay" in done["msg"]
    assert sorted(bench.enabled()) == ["ci", "ci~next"]
    bench.check_works()
    bench.tasks_fail = False
    assert not bench.rotate().get("failed")
    bench.check_done()


def test_what_an_earlier_run_may_have_handed_over_is_not_revoked(bench: Bench) -> None:
    with pytest.raises(Killed), bench.steps.counted(19, done_first=True):
        bench.rotate()
    assert sorted(bench.enabled()) == ["ci", "ci~next"]
    bench.place.fails = [AccessError("it said no")]
    done = bench.rotate()
    assert "an earlier run may have handed it over; both tokens stay" in done["msg"]
    assert sorted(bench.enabled()) == ["ci", "ci~next"]
    bench.check_works()
    assert not bench.rotate().get("failed")
    bench.check_done()


def test_a_place_that_cannot_be_reached_is_found_before_anything_is_made(bench: Bench) -> None:
    bench.place.unreachable = AccessError("Could not read devo: no route to it")
    start = len(bench.vendors.requests())
    for check in (True, False):
        done = bench.rotate(check=check)
        assert "ci: nothing was done, since Could not read devo: no route to it" in done["msg"]
    assert bench.vendors.writes(since=start) == []


def test_a_revocation_that_fails_is_said(bench: Bench) -> None:
    bench.place.fails = [AccessError("it said no")]
    bench.vendors.faults([{"method": "DELETE", "fault": {"kind": "status", "status": 403}}])
    done = bench.rotate()
    assert "it said no; the new token could not be taken back" in done["msg"]
    assert sorted(bench.enabled()) == ["ci", "ci~next"]


def test_a_new_token_that_does_not_prove_itself_leaves_the_old_secret_everywhere(bench: Bench) -> None:
    """Between handing it over and retiring the old one it was disabled by somebody."""
    held = bench.held()
    inactive = {"id": 4, "name": "ci~next", "audience": "apiv2", "active": False, "token": "x" * 32}
    calls = [{"method": "GET", "path": "/tokens/4$", "call": [4, 5], "fault": {"kind": "wrong_type", "to": inactive}}]
    bench.vendors.faults(calls)
    done = bench.rotate()
    assert "it is not active" in done["msg"]
    assert bench.enabled() == ["ci"]
    # What tasks have done nobody can undo for them.
    assert bench.held() == {**held, "tasks": bench.by_tasks}
    assert bench.by_tasks != held["tasks"]


def test_a_token_that_does_not_exist_is_named(bench: Bench) -> None:
    bench.declared["name"] = "other"
    done = bench.rotate()
    assert done["failed"]
    assert "other: it does not exist, so that there is nothing to renew" in done["msg"]
    assert bench.enabled() == ["ci"]


def test_drift_is_left_to_apply(bench: Bench) -> None:
    """A token that differs from its declaration is renewed as it is, since it expires all the same."""
    bench.declared.update(audience=["http"], scopes=["table://x"])
    done = bench.rotate()
    assert not done.get("failed"), done
    assert bench.all()["ci"]["audience"] == "apiv2"
    bench.check_done()


def test_a_disabled_token_is_not_renewed(bench: Bench) -> None:
    bench.declared["enabled"] = False
    done = bench.rotate()
    assert (done["changed"], done["changes"], done.get("failed")) == (False, [], None)
    assert len(bench.all()) == 1


def test_the_old_one_may_stay_until_somebody_says_so(bench: Bench) -> None:
    bench.declared["retire_old"] = False
    assert not bench.rotate().get("failed")
    assert sorted(bench.enabled()) == ["ci", "ci~next"]
    assert set(bench.held().values()) == {bench.all()["ci~next"]["token"]}
    # As long as it may be that it never arrived, it is handed over again.
    bench.place.held = "lost"
    assert bench.rotate(check=True)["changed"] is False
    assert bench.rotate()["changed"] is False
    assert set(bench.held().values()) == {bench.all()["ci~next"]["token"]}
    bench.declared["retire_old"] = True
    assert not bench.rotate().get("failed")
    bench.check_done()


def test_an_old_one_goes_when_its_grace_is_over(bench: Bench) -> None:
    bench.declared["grace"] = HOUR
    bench.rotate()
    assert len(bench.all()) == 2
    for everything in (False, True):
        assert bench.rotate(everything=everything)["changed"] is False
        assert len(bench.all()) == 2
    bench.vendors.clock_advance(HOUR)
    done = bench.rotate()
    assert story(done) == [("ci", "update", "applied")]
    assert list(bench.all()) == ["ci"]


def test_secrets_can_be_handed_over_without_renewing(bench: Bench) -> None:
    bench.rotate()
    before = bench.all()
    bench.place.held = bench.by_tasks = "nothing yet"
    bench.file.unlink()
    assert bench.rotate()["changes"] == []
    done = bench.rotate(everything=True)
    assert not done.get("failed"), done
    assert bench.all() == before
    bench.check_done()
    bench.place.fails = [AccessError("it said no")]
    assert bench.rotate(everything=True)["msg"].endswith("it said no; the token is as it was")
    assert bench.all() == before


def test_a_successor_that_is_about_to_expire_itself_is_handed_over_first(bench: Bench) -> None:
    with pytest.raises(Killed), bench.steps.counted(19, done_first=True):
        bench.rotate()
    bench.due()
    done = bench.rotate()
    assert not done.get("failed"), done
    bench.check_done()
    assert story(bench.rotate()) == [("ci", "update", "applied")]
    bench.check_done()


def test_an_account_that_cannot_be_asked(bench: Bench) -> None:
    bench.vendors.faults([{"method": "GET", "fault": {"kind": "status", "status": 403}}])
    done = bench.rotate()
    assert done["failed"]
    assert done["failure"]["kind"] == "permission"
    assert "changes" not in done
