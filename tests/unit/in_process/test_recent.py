# SPDX-License-Identifier: GPL-3.0-or-later
"""What verified one item of a loop is what the next one starts from, where that cannot do harm."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.core.secrets import HIDDEN, HIDDEN_CHANGED
from ansible_collections.dataops.access.plugins.module_utils.http import recent
from ansible_collections.dataops.access.plugins.module_utils.http.recent import Recent
from ansible_collections.dataops.access.plugins.plugin_utils.in_process import module_run
from unit.in_process.here import Here

GRACE = {"email": "grace@example.com"}
ADA = {"email": "ada.byron@example.com"}
SECRET = "the first password of ana"
ANA = {"email": "ana@example.com", "password": SECRET, "privilege": "read", "profile": "developer", "roles": []}
USERS = "/datasentinel/ds-api/users"


def listings(here: Here) -> int:
    """How often the users were listed."""
    return [request["path"] for request in here.emulator.requests() if request["method"] == "GET"].count(USERS)


def test_an_item_without_a_change_leaves_its_listing(here: Here) -> None:
    stats = [here.run(item)["stats"] for item in (GRACE, ADA, GRACE)]
    assert [(each["requests"], each["reads"]) for each in stats] == [(2, 1), (0, 0), (0, 0)]


def test_an_item_with_a_change_leaves_its_closing_listing(here: Here) -> None:
    here.run(ANA)
    assert listings(here) == 2
    assert here.run({**GRACE, "comment": "of grace"})["changed"]
    assert listings(here) == 3
    assert not here.run({"email": ANA["email"], "comment": ""})["changed"]
    assert listings(here) == 3


def test_a_task_that_is_repeated_for_one_object_reads_anew(here: Here) -> None:
    for _until in range(3):
        here.run(GRACE)
    assert listings(here) == 3


@pytest.mark.parametrize(("name", "options"), [("ds_users", {"users": [ADA]}), ("ds_user_info", ADA)])
def test_other_modules_read_anew_and_leave_nothing(here: Here, name: str, options: dict[str, Any]) -> None:
    here.run(GRACE)
    here.run(options, name)
    assert listings(here) == 2
    here.run(ADA)
    assert listings(here) == 3


def test_a_listing_is_too_old_after_a_while(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    here.run(GRACE)
    monkeypatch.setattr(recent, "LONGEST_S", -1.0)
    here.run(ADA)
    assert listings(here) == 2


def test_after_a_failure_the_next_item_reads_anew(here: Here) -> None:
    here.run(GRACE)
    assert here.run({**ADA, "roles": ["no such role"]})["failed"]
    here.run(GRACE)
    assert listings(here) == 2


def test_a_password_is_tried_on_the_users_as_they_are_now(here: Here) -> None:
    here.run(ANA)
    here.run(GRACE)
    here.run({**ANA, "update_password": "always"})
    assert listings(here) == 3


def test_what_came_of_trying_a_password_is_not_left(here: Here) -> None:
    tried = here.run({**GRACE, "password": "another one", "update_password": "always"}, check=True)
    assert tried["changes"][0]["fields"] == {"password": {"before": HIDDEN, "after": HIDDEN_CHANGED}}
    here.run(ADA, check=True)
    assert not here.run(GRACE)["changed"]
    assert here.emulator.writes() == []


def test_the_roles_are_listed_once(here: Here) -> None:
    asked = {"privilege": "read", "roles": ["no such role"]}
    assert here.run({**GRACE, "roles": ["billing", "reporting"]})["stats"]["reads"] == 1
    results = [here.run({**item, **asked}, check=True) for item in (GRACE, ADA)]
    assert ["no role 'no such role'" in str(result["changes"]) for result in results] == [True, True]


def test_domain_users_too(here: Here, tmp_path: Path) -> None:
    users = Here(here.emulator, tmp_path, "devo")
    users.connection = {name: users.connection[name] for name in ("api_url", "api_token", "domain")}
    stats = [
        users.run({"email": f"{name}@example.com"}, "devo_domain_user", check=True)["stats"] for name in ("ann", "bob")
    ]
    assert [each["reads"] for each in stats] == [1, 0]


@pytest.mark.parametrize(
    ("platform", "connection", "name", "options"),
    [
        ("dbsync", ("partner_app_key", "partner_app_token"), "dbsync_license_user", {"company": "Acme"}),
        ("devo", ("api_token", "account"), "devo_token", {"state": "absent"}),
        ("alteryx", ("client_id", "client_secret"), "subscription", {"state": "absent"}),
    ],
)
def test_what_may_exist_twice_or_is_paid_for_is_read_anew(
    here: Here, tmp_path: Path, platform: str, connection: tuple[str, ...], name: str, options: dict[str, str]
) -> None:
    loop = Here(here.emulator, tmp_path, platform)
    loop.connection = {option: loop.connection[option] for option in ("api_url", *connection)}
    identity = "username" if platform == "dbsync" else "name"
    found = [loop.run({**options, identity: f"{who}@example.com"}, name, check=True) for who in ("ann", "bob")]
    assert all(each["stats"]["reads"] >= 1 for each in found)


_KEEP = Recent.keep
ITEMS = st.fixed_dictionaries(
    {"email": st.sampled_from(["ana@example.com", "grace@example.com", "Ada.Byron@example.com"])},
    optional={
        "state": st.sampled_from(["present", "absent"]),
        "comment": st.sampled_from(["", "one", "two"]),
        "roles": st.lists(st.sampled_from(["billing", "reporting", "unknown"]), unique=True, min_size=1),
        "append_roles": st.booleans(),
        "privilege": st.sampled_from(["read", "admin"]),
        "profile": st.just("developer"),
        "password": st.sampled_from(["first password", "other password"]),
        "update_password": st.sampled_from(["on_create", "always"]),
    },
)


@contextmanager
def _nobody_changes_a_listing() -> Iterator[None]:
    kept: list[tuple[Any, str]] = []

    def keep(known: Recent, address: str, found: Any, asked: recent.Asked) -> None:
        kept.append((found, repr(found)))
        _KEEP(known, address, found, asked)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Recent, "keep", keep)
        yield
    assert [repr(found) for found, _then in kept] == [then for _found, then in kept]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(ITEMS, st.booleans()), min_size=2, max_size=6))
def test_a_loop_does_what_as_many_tasks_would_do(here: Here, items: list[tuple[dict[str, Any], bool]]) -> None:
    def all_of_them(apart: bool) -> list[Any]:
        here.emulator.reset()
        module_run._KEEPER.close()
        found: list[Any] = []
        for item, check in items:
            if apart:
                module_run._KEEPER.close()
            with _nobody_changes_a_listing():
                found.append({**here.run(item, check=check), "stats": None})
        # The built-in account gets another password with each reset.
        users = [user for user in here.emulator.state("datasentinel")["users"] if user["login"] != "datasentinel"]
        return [*found, [(request["method"], request["path"]) for request in here.emulator.writes()], users]

    assert all_of_them(apart=False) == all_of_them(apart=True)


# --- by itself --------------------------------------------------------------------------------------------------------


def test_what_was_under_way_while_something_was_written_is_not_kept() -> None:
    for before, during in itertools.product((False, True), repeat=2):
        known = Recent()
        with known.writing():
            asked = known.ask() if during else None
        if before:
            asked = known.ask()
            with known.writing():
                pass
        known.keep("/users", ["ana"], asked or known.ask())
        assert known.get("/users") == (["ana"] if not (before or during) else None)


def test_a_write_that_fails_is_a_write_all_the_same() -> None:
    known = Recent()
    known.keep("/users", ["ana"], known.ask())
    with suppress(OSError), known.writing():
        raise OSError
    assert known.get("/users") is None
