# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulated Alteryx Server: tokens, subscriptions, users, credentials."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.server import Emulator
from unit.emulator.alteryx_client import ANN, BOB, CREDENTIAL, EMPTY, FINANCE, NEW, AlteryxClient


@pytest.fixture
def alteryx(emulator: Emulator) -> AlteryxClient:
    return AlteryxClient(emulator)


def test_a_token_by_header_or_by_form_but_not_by_both(alteryx: AlteryxClient) -> None:
    basic = (alteryx.options["client_id"], alteryx.options["client_secret"])
    assert alteryx.token().json().keys() == {"access_token", "token_type", "expires_in"}
    assert alteryx.token(auth=basic).status_code == 200
    form = {"grant_type": "client_credentials", "client_id": basic[0], "client_secret": basic[1]}
    assert alteryx.token(auth=basic, data=form).json()["error"] == "invalid_request"
    assert alteryx.token(auth=("who", "what")).json()["error"] == "invalid_client"


@pytest.mark.parametrize("data", ['{"grant_type": "client_credentials"}', {"grant_type": "password"}])
def test_a_token_request_must_be_as_oauth2_wants_it(alteryx: AlteryxClient, data: Any) -> None:
    assert alteryx.token(data=data).status_code == 400
    assert len(alteryx.emulator.complaints()) == 1


def test_a_token_ends(alteryx: AlteryxClient) -> None:
    alteryx.emulator.clock_advance(3599)
    assert alteryx("GET", "subscriptions").status_code == 200
    alteryx.emulator.clock_advance(2)
    assert alteryx("GET", "subscriptions").status_code == 401


def test_a_token_that_was_handed_out_before_works_until_sessions_are_forgotten(alteryx: AlteryxClient) -> None:
    alteryx.headers["Authorization"] = "Bearer fake-alteryx-api-token"
    assert alteryx("GET", "subscriptions").status_code == 200
    alteryx.emulator.faults([{"times": 1, "fault": {"kind": "expire"}}])
    assert alteryx("GET", "subscriptions").status_code == 401


def test_the_life_of_a_subscription(alteryx: AlteryxClient) -> None:
    made = alteryx("POST", "subscriptions", NEW)
    assert made.status_code == 201
    key = made.json()["id"]
    assert made.json()["canShareSchedules"] is True
    assert made.json()["apiKey"]
    assert made.json()["apiSecret"]
    one = alteryx("GET", f"subscriptions/{key}").json()
    view = {"id": key, "name": "New", "credentialId": "", "canShareSchedules": True}
    assert one == {**view, "users": [], "workflows": []}
    changed = {"name": "Newer", "credentialId": CREDENTIAL, "canShareSchedules": False}
    assert alteryx("PUT", f"subscriptions/{key}", changed).json() == {"id": key, **changed}
    assert alteryx("DELETE", "subscriptions", subscriptionId=key).status_code == 200
    assert alteryx("GET", f"subscriptions/{key}").status_code == 404
    assert alteryx("DELETE", "subscriptions", subscriptionId=key).status_code == 404
    assert not alteryx.emulator.complaints()


def test_the_list_counts_and_filters(alteryx: AlteryxClient) -> None:
    finance = {each["id"]: each for each in alteryx("GET", "subscriptions").json()}[FINANCE]
    assert (finance["userCount"], finance["workflowCount"]) == (2, 1)
    assert alteryx.names(userCountGreaterThanEquals=2) == ["Finance"]
    assert alteryx.names(userCountLessThanEquals=0) == ["Empty"]
    assert alteryx.names(workflowCountGreaterThanEquals=1) == ["Finance"]
    assert alteryx.names(workflowCountLessThanEquals=0) == ["Empty", "Cura Torres"]
    assert alteryx.names(defaultWorkflowCredentialId=CREDENTIAL) == ["Empty"]
    assert alteryx.names(canShareSchedule="true") == ["Finance"]


def test_users_are_moved_and_workflows_stay(alteryx: AlteryxClient) -> None:
    assert alteryx("PUT", f"subscriptions/{EMPTY}/users", {"userIds": [ANN, BOB]}).text == ""
    assert alteryx.members(EMPTY) == [ANN, BOB]
    assert alteryx.members(FINANCE) == []
    refused = alteryx("DELETE", "subscriptions", subscriptionId=FINANCE)
    assert (refused.status_code, "workflows" in refused.text) == (400, True)


def test_a_user_without_a_subscription_has_a_private_one(alteryx: AlteryxClient) -> None:
    assert "Cura Torres" in alteryx.names()
    twins = [{"id": str(n), "firstName": "Jo", "lastName": "Doe", "role": "Curator"} for n in range(2)]
    start = {"users": twins, "subscriptions": [], "workflows": []}
    alteryx.emulator.reset(state={"alteryx": start})
    alteryx.log_in()
    assert alteryx.names(name="Jo Doe") == ["Jo Doe", "Jo Doe"]


def test_users_have_no_subscription_in_any_view(alteryx: AlteryxClient) -> None:
    reduced = alteryx("GET", "users", email="ann@example.com").json()
    assert [user["id"] for user in reduced] == [ANN]
    full = alteryx("GET", f"users/{ANN}").json()
    assert {"defaultWorkerTag", "isAccountLocked"} <= full.keys()
    assert alteryx("GET", "users", email="ann@example.com", view="Full").json() == [full]
    assert not {"subscription", "subscriptionId"}.intersection(full, reduced[0])
    assert alteryx("GET", "users/nobody").status_code == 404


def test_assets_and_credentials(alteryx: AlteryxClient) -> None:
    workflow = {"name": "Monthly figures", "id": "66f0000000000000000000d1"}
    assert alteryx("GET", f"users/{ANN}/assets").json()["workflows"] == [workflow]
    assert alteryx("GET", f"users/{ANN}/assets", assetType="Schedules").json()["workflows"] == []
    assert alteryx("GET", f"credentials/{CREDENTIAL}").json()["userName"] == "EXAMPLE\\runner"
    assert alteryx("GET", "credentials/none").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "subscriptions", {**NEW, "canShareSchedules": True}),
        ("POST", "subscriptions", {"name": "New"}),
        ("POST", "subscriptions", {**NEW, "name": ""}),
        ("PUT", f"subscriptions/{FINANCE}", {"name": "Finance", "credentialId": "", "canShareSchedule": True}),
        ("PUT", f"subscriptions/{FINANCE}", {"name": "Finance", "credentialId": None, "canShareSchedules": True}),
        ("PUT", f"subscriptions/{EMPTY}/users", {"userIds": ANN}),
        ("PUT", f"subscriptions/{EMPTY}/users", {"userIds": [7]}),
        ("DELETE", "subscriptions", None),
        ("GET", "subscriptions?canShareSchedule=maybe", None),
        ("GET", "subscriptions?userCountLessThanEquals=few", None),
        ("GET", "users?view=Half", None),
    ],
)
def test_what_no_document_allows_is_refused_and_complained_about(
    alteryx: AlteryxClient, method: str, path: str, body: Any
) -> None:
    before = alteryx.emulator.state("alteryx")
    assert alteryx(method, path, body).status_code == 400
    assert len(alteryx.emulator.complaints()) == 1
    assert alteryx.emulator.state("alteryx") == before


def test_unknown_routes_methods_and_query_keys_are_complained_about(alteryx: AlteryxClient) -> None:
    assert alteryx("DELETE", f"subscriptions/{EMPTY}").status_code == 405
    assert alteryx("GET", "subscription").status_code == 404
    assert alteryx("GET", "subscriptions", page=2).status_code == 200
    assert [note["message"] for note in alteryx.emulator.complaints()] == [
        "wrong method",
        "unknown route",
        "unknown query keys ['page']",
    ]


def test_the_state_that_is_shown_can_be_loaded_again_and_ids_go_on(alteryx: AlteryxClient) -> None:
    first = alteryx("POST", "subscriptions", NEW).json()["id"]
    alteryx("PUT", f"subscriptions/{first}/users", {"userIds": [BOB]})
    shown = alteryx.emulator.state("alteryx")
    alteryx.emulator.reset(state={"alteryx": shown})
    assert alteryx.emulator.state("alteryx") == shown
    alteryx.log_in()
    assert alteryx("POST", "subscriptions", NEW).json()["id"] not in (first, EMPTY, FINANCE)


def test_the_record_shows_no_secret(alteryx: AlteryxClient) -> None:
    alteryx("POST", "subscriptions", NEW)
    shown = str(alteryx.emulator.requests(full=True))
    for secret in (alteryx.options["client_secret"], alteryx.headers["Authorization"].partition(" ")[2]):
        assert secret not in shown
