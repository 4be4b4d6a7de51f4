# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody joins, moves and leaves, on every tenant of the example."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from emulator.server import Emulator
from unit.controller.playbook import ROOT, Controller, Run

EXAMPLE = ROOT / "examples" / "tenants"
INVENTORY = yaml.safe_load((EXAMPLE / "inventory.yml").read_text())
STATE = yaml.safe_load((EXAMPLE / "emulator-state.yml").read_text())
NIA = "nia@example.com"
TENANTS = sorted(INVENTORY["all"]["hosts"])


class Story:
    """The example's tenants, and an inventory that changes."""

    def __init__(self, folder: Path, emulator: Emulator) -> None:
        self.controller = Controller(folder)
        self.emulator = emulator
        self.inventory = copy.deepcopy(INVENTORY)
        # A purge would remove the private subscription that somebody was moved out of.
        self.inventory["all"]["hosts"]["alteryx-server"]["alteryx_purge"] = False
        (folder / "secrets").mkdir()
        self.controller.environment.update(ACCESS_TENANTS_FILE="tenants.json", PWD=str(folder))
        self.reach()

    def reach(self, *without: str) -> None:
        """Which tenants can be logged in to: all but these."""
        entries = {host: dict(self.emulator.connections[host]) for host in TENANTS}
        for host, entry in entries.items():
            entry.pop("domain", None)
            entry.pop("account", None)
            if host in without:
                entry["api_url"] = "http://127.0.0.1:9/nobody-listens"
                entry["api_retries"] = "0"
        (self.controller.folder / "tenants.json").write_text(json.dumps(entries))

    def commit(self, patch: dict[str, Any]) -> None:
        """Declare people as a patch has them."""
        people = self.inventory["all"]["vars"]["access_people"]
        for entry in patch["access_people"]:
            people[:] = [person for person in people if person["email"] != entry["email"]] + [entry]

    def play(self, playbook: str, *arguments: str) -> Run:
        (self.controller.folder / "inventory.yml").write_text(yaml.safe_dump(self.inventory))
        return self.controller.play(playbook, *arguments)

    def writes(self) -> int:
        return len(self.emulator.writes())

    def receipt(self, email: str = NIA) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.controller.reports / f"receipt-{email}.json").read_text())
        return found

    def statuses(self, email: str = NIA) -> dict[str, str]:
        return {row["tenant"]: row["status"] for row in self.receipt(email)["tenants"]}

    def has(self, email: str = NIA) -> dict[str, Any]:
        """What the platforms have of a person."""
        partner = self.emulator.state("dbsync-partner")["partners"][0]["users"]
        server = self.emulator.state("alteryx-server")
        (own,) = [user for user in server["users"] if user["email"] == email]
        names = {each["id"]: each["name"] for each in server["subscriptions"]}
        (domain,) = self.emulator.state("devo-eu")["domains"]
        sentinel = self.emulator.state("datasentinel-eu")["users"]
        return {
            "dbsync": [user["company"] for user in partner if user["name"] == email and user.get("active", True)],
            "alteryx": names[own["subscription"]],
            "datasentinel": [user["roles"] for user in sentinel if user["email"] == email],
            "devo": [user["roles"] for user in domain["users"] if user["email"] == email],
            "tokens": [token["name"] for token in domain["tokens"] if token["user"] == email],
        }


NOTHING: dict[str, Any] = {"dbsync": [], "datasentinel": [], "devo": [], "tokens": []}
JOINED = {
    "dbsync": ["Acme"],
    "alteryx": "Finance",
    "datasentinel": [["payments"]],
    "devo": [["analyst"]],
    "tokens": [f"notebook-{NIA}"],
}


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    with Emulator(STATE) as emulator:
        yield Story(tmp_path, emulator)


def test_somebody_joins_moves_and_leaves(story: Story) -> None:
    run = story.play("apply")
    assert run.code == 0, run.output
    a_survey_alone_is_enough_and_says_what_to_commit(story)
    a_second_run_changes_nothing(story)
    another_profile_is_just_the_difference(story)
    a_platform_that_is_down_is_open_and_the_next_run_finishes_it(story)
    nothing_of_a_leaver_is_left_for_the_audit(story)


def employ(story: Story) -> None:
    """Bring all tenants in line, then with Nia."""
    for people in ([], [{"email": NIA, "name": "Nia Novak", "profiles": ["finance", "notebooks", "quality"]}]):
        story.commit({"access_people": people})
        run = story.play("apply")
        assert run.code == 0, run.output


ASKED = ("-e", f"access_person={NIA}")
SURVEY = json.dumps(
    {
        "access_person": NIA,
        "access_person_name": "Nia Novak",
        "access_person_profiles": ["finance", "notebooks", "quality"],
        "access_person_end_date": "",
    }
)


def a_survey_alone_is_enough_and_says_what_to_commit(story: Story) -> None:
    run = story.play("onboard", "-e", SURVEY)
    assert run.code == 2, run.output
    assert story.has() == JOINED
    assert story.statuses() == {
        "alteryx-server": "granted",
        "datasentinel-eu": "granted",
        "datasentinel-us": "absent",
        "dbsync-partner": "granted",
        "devo-eu": "granted",
        "dqm-group": "manual",
    }
    patch = yaml.safe_load(run.stats()["access_person_patch"])
    assert patch == {
        "access_people": [{"email": NIA, "name": "Nia Novak", "profiles": ["finance", "notebooks", "quality"]}]
    }
    assert "the next apply would take away what was changed" in run.output
    secrets = story.controller.folder / "secrets"
    for name in (f"datasentinel-eu-{NIA}", f"devo-notebook-{NIA}"):
        assert (secrets / name).stat().st_mode & 0o777 == 0o600
        assert (secrets / name).read_text().strip() not in run.output

    story.commit(patch)
    before = story.writes()
    run = story.play("apply")
    assert run.code == 0, run.output
    assert story.writes() == before


def a_second_run_changes_nothing(story: Story) -> None:
    before = story.writes()
    run = story.play("onboard", *ASKED)
    assert run.code == 0, run.output
    assert story.writes() == before
    assert story.receipt()["complete"]
    assert story.receipt()["patch"] is None


def another_profile_is_just_the_difference(story: Story) -> None:
    before = story.writes()
    (nia,) = [person for person in story.inventory["all"]["vars"]["access_people"] if person["email"] == NIA]
    nia["profiles"] = ["finance", "reviews", "quality"]
    nia["end_date"] = None
    run = story.play("onboard", *ASKED)
    assert run.code == 0, run.output
    assert story.has() == {**JOINED, "devo": [["analyst", "reviewer"]]}
    assert story.writes() == before + 1


def a_platform_that_is_down_is_open_and_the_next_run_finishes_it(story: Story) -> None:
    story.reach("datasentinel-eu")
    run = story.play("offboard", *ASKED)
    assert run.code == 2
    assert story.statuses() == {
        "alteryx-server": "moved",
        "datasentinel-eu": "open",
        "datasentinel-us": "absent",
        "dbsync-partner": "removed",
        "devo-eu": "removed",
        "dqm-group": "manual",
    }
    assert not story.receipt()["complete"]
    assert story.has() == {**NOTHING, "alteryx": "Leavers", "datasentinel": [["payments"]]}
    assert f"{NIA} is open on datasentinel-eu" in run.output

    story.reach()
    run = story.play("offboard", *ASKED)
    assert run.code == 2
    assert story.has() == {**NOTHING, "alteryx": "Leavers"}
    receipt = story.receipt()
    assert receipt["complete"]
    assert story.statuses()["datasentinel-eu"] == "removed"
    patch = yaml.safe_load(run.stats()["access_person_patch"])
    assert patch["access_people"][0]["state"] == "absent"
    text = (story.controller.reports / f"receipt-{NIA}.md").read_text()
    assert [line.split(" | ")[1:3] for line in text.splitlines() if "datasentinel" in line and "eu" in line] == [
        ["datasentinel", "removed"]
    ]

    story.commit(patch)
    before = story.writes()
    run = story.play("apply")
    assert run.code == 0, run.output
    assert story.writes() == before


def nothing_of_a_leaver_is_left_for_the_audit(story: Story) -> None:
    run = story.play("audit")
    assert run.code == 0, run.output
    assert not [
        item for tenant in story.controller.report()["tenants"] for item in tenant["findings"] if NIA in item["people"]
    ]


@pytest.mark.long
def test_check_mode_says_what_would_be_and_writes_no_receipt(story: Story) -> None:
    employ(story)
    before = story.writes()
    for playbook, status in (("onboard", "granted"), ("offboard", "removed")):
        run = story.play(playbook, *ASKED, "--check", "--limit", "devo-eu")
        assert run.code == 0, run.output
        told = run.output.split("Nothing was written. As it would be:")[1]
        assert told.split("devo-eu")[1].split()[0] == status
    assert story.writes() == before
    assert list(story.controller.reports.glob("receipt-*")) == []


@pytest.mark.long
def test_a_limit_leaves_tenants_that_were_not_asked(story: Story) -> None:
    employ(story)
    run = story.play("offboard", *ASKED, "--limit", "devo-eu,dqm-group")
    assert run.code == 2
    assert story.statuses()["dbsync-partner"] == "not_asked"
    assert not story.receipt()["complete"]
    assert "is open on dbsync-partner: it was not asked" in run.output


def test_extra_variables_reach_nobody_else(story: Story) -> None:
    users = story.emulator.state("datasentinel-eu")["users"]
    others = [user["email"] for user in users]
    more = {
        "access_person": NIA,
        "access_people": [
            {"email": NIA, "profiles": ["finance"]},
            {"email": "another@example.com", "profiles": ["finance"]},
            {"email": others[-1], "state": "absent"},
        ],
        "datasentinel_users": [{"email": others[-2], "state": "absent"}],
        "datasentinel_purge": True,
    }
    run = story.play("onboard", "-e", json.dumps(more), "--limit", "datasentinel-eu")
    assert [user["email"] for user in story.emulator.state("datasentinel-eu")["users"]] == [*others, NIA], run.output
    assert story.statuses()["datasentinel-eu"] == "granted"


@pytest.mark.long
def test_what_a_role_was_not_told_is_not_granted(story: Story) -> None:
    (entry,) = story.emulator.state("datasentinel-eu")["users"][-1:]
    more = {
        "access_person": NIA,
        "access_person_profiles": ["finance"],
        "access_person_told": {"datasentinel_users": [{"email": entry["email"]}]},
    }
    run = story.play("onboard", "-e", json.dumps(more), "--limit", "datasentinel-eu")
    assert run.code == 2
    assert story.statuses()["datasentinel-eu"] == "open"
    assert f"{NIA} is open on datasentinel-eu: the role's result does not show it" in run.output


@pytest.mark.parametrize(
    ("playbook", "variables", "said"),
    [
        ("onboard", {"access_person": "bop@example.com"}, "is not declared in access_people; did you mean"),
        (
            "offboard",
            {"access_person": "bob@example.com", "access_person_confirm": "rob@example.com"},
            "access_person (bob@example.com) and access_person_confirm (rob@example.com) differ",
        ),
        (
            "apply",
            {"access_people": [{"email": "a@example.com", "profiles": ["x"]}]},
            "host alteryx-server: access_people: entry 1 (a@example.com): there is no profile 'x'",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_done(
    story: Story, playbook: str, variables: dict[str, Any], said: str
) -> None:
    before = story.writes()
    run = story.play(playbook, "-e", json.dumps(variables))
    assert run.code == 2
    assert said in run.output
    assert story.writes() == before


def test_a_mistake_is_told_with_its_file_and_line(story: Story) -> None:
    people = story.inventory["all"]["vars"]["access_people"]
    people.append({"email": "typo@example.com", "profiles": ["finanze"]})
    run = story.play("validate")
    people.pop()
    assert run.code == 2
    lines = (story.controller.folder / "inventory.yml").read_text().splitlines()
    (line,) = [number for number, text in enumerate(lines, start=1) if "typo@example.com" in text]
    assert (
        f"there is no profile 'finanze' in access_profiles; did you mean 'finance'? (inventory.yml, line {line})"
        in (run.output)
    )
