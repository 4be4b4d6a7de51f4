# SPDX-License-Identifier: GPL-3.0-or-later
"""Each value of each of Alteryx Server's switches does what it says."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.alteryx import Alteryx
from emulator.server import Emulator
from unit.emulator.alteryx_client import ANN, BOB, CREDENTIAL, CURATOR, EMPTY, FINANCE, NEW, AlteryxClient
from unit.emulator.switch_cases import SwitchCases

cases = SwitchCases(Alteryx)


@pytest.fixture
def switches() -> dict[str, str]:
    return {}


@pytest.fixture
def alteryx(emulator: Emulator, switches: dict[str, str]) -> AlteryxClient:
    client = AlteryxClient(emulator)
    emulator.set_switches(switches)
    return client


@cases("version", {"current": (200, 200), "old": (404, 200)})
def test_version(alteryx: AlteryxClient, expected: tuple[int, int]) -> None:
    assert (alteryx("GET", "subscriptions").status_code, alteryx("GET", "users").status_code) == expected


@cases("non_curator", {"401": 401, "403": 403})
def test_non_curator(alteryx: AlteryxClient, switches: dict[str, str], expected: int) -> None:
    client = {"client_id": "c", "client_secret": "s", "user": "u"}
    users = [{"id": "u", "role": "Artisan"}]
    state = {"clients": [client], "users": users, "subscriptions": [], "workflows": []}
    alteryx.emulator.reset(switches, {"alteryx": state})
    alteryx.options = {**alteryx.options, "client_id": "c", "client_secret": "s"}
    alteryx.log_in()
    assert alteryx("GET", "subscriptions").status_code == expected
    assert alteryx("GET", "users").status_code == expected


SAME, FOLDED, PART, FOLDED_PART = "Finance", "FINANCE", "nanc", "NANC"
FILTERS = {
    "exact": [SAME],
    "case_insensitive": [SAME, FOLDED],
    "contains": [SAME, PART],
    "contains_case_insensitive": [SAME, FOLDED, PART, FOLDED_PART],
    "ignored": [SAME, FOLDED, PART, FOLDED_PART],
}


@cases("name_filter", FILTERS)
def test_name_filter(alteryx: AlteryxClient, expected: list[str]) -> None:
    assert [name for name in (SAME, FOLDED, PART, FOLDED_PART) if "Finance" in alteryx.names(name=name)] == expected


@cases("email_filter", FILTERS)
def test_email_filter(alteryx: AlteryxClient, switches: dict[str, str], expected: list[str]) -> None:
    asked = {SAME: "ann@example.com", FOLDED: "ANN@example.com", PART: "nn@ex", FOLDED_PART: "NN@EX"}
    found = [
        name
        for name, email in asked.items()
        if ANN in [user["id"] for user in alteryx("GET", "users", email=email).json()]
    ]
    assert found == expected
    everybody = len(alteryx("GET", "users", email="nobody").json()) == 3
    assert everybody == ("ignored" in switches.values())


@cases("user_view", {"reduced": False, "full": True})
def test_user_view(alteryx: AlteryxClient, expected: bool) -> None:
    assert ("defaultWorkerTag" in alteryx("GET", "users").json()[0]) == expected


@cases("filter", {"honoured": ["Finance"], "ignored": ["Finance", "Empty", "Cura Torres"]})
def test_filter(alteryx: AlteryxClient, expected: list[str]) -> None:
    assert alteryx.names(name="Finance") == expected
    assert alteryx.names(userCountGreaterThanEquals=2) == expected
    assert alteryx.names(canShareSchedule="true") == expected


@cases("filter_key", {"canShareSchedule": (1, 3), "canShareSchedules": (3, 1)})
def test_filter_key(alteryx: AlteryxClient, expected: tuple[int, int]) -> None:
    found = alteryx.names(canShareSchedule="true"), alteryx.names(canShareSchedules="true")
    assert tuple(map(len, found)) == expected
    assert not alteryx.emulator.complaints()


@cases("user_count_less", {"honoured": ["Empty"], "ignored": ["Finance", "Empty", "Cura Torres"]})
def test_user_count_less(alteryx: AlteryxClient, expected: list[str]) -> None:
    assert alteryx.names(userCountLessThanEquals=0) == expected


@cases("workflow_count_less", {"at_most": ["Finance", "Empty", "Cura Torres"], "at_least": ["Finance"]})
def test_workflow_count_less(alteryx: AlteryxClient, expected: list[str]) -> None:
    assert alteryx.names(workflowCountLessThanEquals=1) == expected
    assert len(alteryx.names()) == 3


@cases("create_requires", {"all": 400, "name": 201})
def test_create_requires(alteryx: AlteryxClient, expected: int) -> None:
    assert alteryx("POST", "subscriptions", {"name": "Bare"}).status_code == expected


@cases("put_path", {"plural": (200, 404), "singular": (404, 200), "both": (200, 200)})
def test_put_path(alteryx: AlteryxClient, expected: tuple[int, int]) -> None:
    body = {"name": "Empty", "credentialId": "", "canShareSchedules": False}
    answers = (alteryx("PUT", f"{path}/{EMPTY}", body) for path in ("subscriptions", "subscription"))
    assert tuple(answer.status_code for answer in answers) == expected


@cases("duplicate_names", {"allowed": (201, 200), "refused": (400, 400)})
def test_duplicate_names(alteryx: AlteryxClient, expected: tuple[int, int]) -> None:
    made = alteryx("POST", "subscriptions", {**NEW, "name": "Finance"})
    body = {"name": "Finance", "credentialId": "", "canShareSchedules": False}
    assert (made.status_code, alteryx("PUT", f"subscriptions/{EMPTY}", body).status_code) == expected
    assert alteryx("PUT", f"subscriptions/{FINANCE}", body).status_code == 200  # its own name


@cases("unknown_credential", {"400": 400, "accepted": 201})
def test_unknown_credential(alteryx: AlteryxClient, expected: int) -> None:
    assert alteryx("POST", "subscriptions", {**NEW, "credentialId": "none"}).status_code == expected
    assert alteryx("POST", "subscriptions", {**NEW, "credentialId": CREDENTIAL}).status_code == 201


@cases("move_unknown", {"400": (400, []), "404": (404, []), "partial": (200, [BOB]), "partial_400": (400, [BOB])})
def test_move_unknown(alteryx: AlteryxClient, expected: tuple[int, list[str]]) -> None:
    answer = alteryx("PUT", f"subscriptions/{EMPTY}/users", {"userIds": [BOB, "nobody"]})
    assert (answer.status_code, alteryx.members(EMPTY)) == expected


@cases("default_subscription", {"deletable": 200, "protected": 400})
def test_default_subscription(alteryx: AlteryxClient, switches: dict[str, str], expected: int) -> None:
    users = [{"id": CURATOR, "role": "Curator"}]
    state = {"users": users, "workflows": [], "subscriptions": [{"id": "s", "name": "Default", "default": True}]}
    alteryx.emulator.reset(switches, {"alteryx": state})
    alteryx.log_in()
    assert alteryx("DELETE", "subscriptions", subscriptionId="s").status_code == expected


@cases("create", {"201": 201, "200": 200})
def test_create(alteryx: AlteryxClient, expected: int) -> None:
    assert alteryx("POST", "subscriptions", NEW).status_code == expected


@cases("create_body", {"full": True, "id_only": {"id"}, "id_string": str, "empty": None})
def test_create_body(alteryx: AlteryxClient, expected: Any) -> None:
    answer = alteryx("POST", "subscriptions", NEW)
    made = answer.json() if answer.text else None
    if expected is True:
        assert {"id", "apiKey", "apiSecret", "canShareSchedules", "credentials"} <= made.keys()
    elif expected == {"id"}:
        assert made.keys() == expected
    else:
        assert isinstance(made, expected) if expected else made is None
    assert "New" in alteryx.names()


@cases("credential", {"empty": "", "null": None, "missing": ...})
def test_credential(alteryx: AlteryxClient, expected: Any) -> None:
    assert alteryx("GET", f"subscriptions/{FINANCE}").json().get("credentialId", ...) == expected
    assert alteryx("GET", f"subscriptions/{EMPTY}").json()["credentialId"] == CREDENTIAL


REFUSAL = "Subscriptions can only be deleted if no workflows or users are in the studio."


@cases(
    "error_body",
    {
        "message": {"message": REFUSAL},
        "modelState": {"message": "The request is invalid.", "modelState": {"contract": [REFUSAL]}},
        "string": REFUSAL,
        "empty": None,
        "html": "text/html",
    },
)
def test_error_body(alteryx: AlteryxClient, expected: Any) -> None:
    answer = alteryx("DELETE", "subscriptions", subscriptionId=FINANCE)
    assert answer.status_code == 400
    if expected == "text/html":
        assert answer.headers["content-type"].startswith(expected)
    else:
        assert (answer.json() if answer.text else None) == expected


@cases("void_body", {"empty": "", "null": "null", "object": "{}"})
def test_void_body(alteryx: AlteryxClient, expected: str) -> None:
    assert alteryx("PUT", f"subscriptions/{FINANCE}/users", {"userIds": [ANN]}).text == expected
    assert alteryx("DELETE", "subscriptions", subscriptionId=EMPTY).text == expected


@cases("without_accept", {"json": "application/json", "xml": "application/xml"})
def test_without_accept(alteryx: AlteryxClient, expected: str) -> None:
    alteryx.headers["Accept"] = "*/*"
    assert alteryx("GET", "subscriptions").headers["content-type"].partition(";")[0] == expected
    assert len(alteryx.emulator.complaints()) == 1


@cases("client_auth", {"both": (200, 200), "basic": (200, 400), "form": (400, 200)})
def test_client_auth(alteryx: AlteryxClient, expected: tuple[int, int]) -> None:
    basic = alteryx.token(auth=(alteryx.options["client_id"], alteryx.options["client_secret"]))
    assert (basic.status_code, alteryx.token().status_code) == expected


@cases("token_life", {"3600": 3600, "300": 300, "60": 60})
def test_token_life(alteryx: AlteryxClient, expected: int) -> None:
    assert alteryx.token().json()["expires_in"] == expected
    alteryx.log_in()
    alteryx.emulator.clock_advance(expected + 1)
    assert alteryx("GET", "users").status_code == 401


@cases("token_type", {"bearer": "bearer", "Bearer": "Bearer"})
def test_token_type(alteryx: AlteryxClient, expected: str) -> None:
    assert alteryx.token().json()["token_type"] == expected


@cases("expires_in", {"number": 3600, "string": "3600", "missing": None})
def test_expires_in(alteryx: AlteryxClient, expected: Any) -> None:
    assert alteryx.token().json().get("expires_in") == expected


@cases("token_error", {"400": (400, True), "401": (401, True), "401_empty": (401, False)})
def test_token_error(alteryx: AlteryxClient, expected: tuple[int, bool]) -> None:
    refused = alteryx.token(auth=("who", "what"))
    assert (refused.status_code, "error_description" in refused.text) == expected


def test_every_switch_is_tested() -> None:
    assert cases.untested() == set()
