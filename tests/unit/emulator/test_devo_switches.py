# SPDX-License-Identifier: GPL-3.0-or-later
"""Each value of each of Devo's switches does what it says."""

from __future__ import annotations

import time
from typing import Any

import pytest

from emulator.devo import Devo
from emulator.devo_roles import BODIES
from emulator.server import Emulator
from unit.emulator.devo_client import ANN, BOB, OWNER, DevoClient
from unit.emulator.switch_cases import SwitchCases

PENDING = "pending@example.com"
cases = SwitchCases(Devo)


@pytest.fixture
def switches() -> dict[str, str]:
    return {}


@pytest.fixture
def devo(emulator: Emulator, switches: dict[str, str]) -> DevoClient:
    emulator.set_switches(switches)
    return DevoClient(emulator)


# --- who may ask, and failures ---------------------------------------------------------------------------------


@cases(
    "error_body",
    {
        "error": {"error": {"code": 112, "message": "Domain owner can not be deleted"}},
        "cid": {"error": "Bad request", "cid": ..., "object": ["Domain owner can not be deleted"]},
        "text": "Domain owner can not be deleted",
        "empty": "",
    },
)
def test_error_body(devo: DevoClient, expected: Any) -> None:
    answer = devo.user("DELETE", OWNER)
    assert answer.status_code == 400
    if isinstance(expected, dict):
        assert answer.json() == {
            key: answer.headers["x-devo-cid"] if value is ... else value for key, value in expected.items()
        }
    else:
        assert answer.text == expected


@cases("bad_token", {"401": 401, "403": 403})
def test_bad_token(devo: DevoClient, expected: int) -> None:
    devo.options["api_token"] = "unknown"
    assert devo.tokens("GET").status_code == expected
    assert devo.user("GET").status_code == expected


@cases("bad_signature", {"401": 401, "404": 404, "400": 400})
def test_bad_signature(devo: DevoClient, expected: int) -> None:
    headers = devo.signed("domain", secret="wrong")
    assert devo.call("GET", f"/probio/user/domain/{devo.domain}", headers).status_code == expected


@cases("old_timestamp", {"accepted": (200, 200), "refused": (401, 200)})
def test_old_timestamp(devo: DevoClient, expected: tuple[int, int]) -> None:
    now = devo.call("GET", "/probio/domain", devo.signed("domain", timestamp=now_ms()))
    old = devo.call("GET", "/probio/domain", devo.signed("domain"))
    assert (old.status_code, now.status_code) == expected


def now_ms() -> str:
    return str(int(time.time() * 1000))


@cases("domain_key", {"any": (200, 200), "common": (401, 200)})
def test_domain_key(devo: DevoClient, switches: dict[str, str], expected: tuple[int, int]) -> None:
    names = ("d@r", "common")
    domains = [{"name": name, "api_key": f"key of {name}", "api_secret": "s"} for name in names]
    devo.emulator.reset(switches, {"devo": {"domains": domains}})
    statuses = []
    for name in names:
        devo.options |= {"api_key": f"key of {name}", "api_secret": "s"}
        statuses.append(devo.call("GET", f"/probio/user/domain/{name}", devo.signed("domain")).status_code)
    assert tuple(statuses) == expected


@cases("bearer_on_probio", {"yes": 200, "no": 401})
def test_bearer_on_probio(devo: DevoClient, expected: int) -> None:
    headers = {"Authorization": "Bearer " + devo.options["api_token"]}
    assert devo.call("GET", "/probio/domain", headers).status_code == expected


@cases("token_api_audience", {"any": 200, "apiv2-admin": 403})
def test_token_api_audience(devo: DevoClient, expected: int) -> None:
    assert devo.tokens("GET").status_code == 200
    devo.options["api_token"] = devo.create(audience="http").json()["token"]
    assert devo.tokens("GET").status_code == expected


@cases("wrong_domain", {"404": 404, "403": 403, "400": 400})
def test_wrong_domain(devo: DevoClient, expected: int) -> None:
    devo.options["account"] = devo.domain = "other"
    assert devo.tokens("GET").status_code == expected
    assert devo.probio("GET", "/user/domain/other").status_code == expected


# --- tokens ----------------------------------------------------------------------------------------------------


@cases("layout", {"v2": (200, 404), "ws": (404, 200), "both": (200, 200)})
def test_layout(devo: DevoClient, expected: tuple[int, int]) -> None:
    assert (devo.tokens("GET").status_code, devo.tokens("GET", layout="ws").status_code) == expected
    assert not devo.emulator.complaints()


@cases("token_secret_key", {key: key for key in cases.choices["token_secret_key"]})
def test_token_secret_key(devo: DevoClient, expected: str) -> None:
    value = devo.create().json()[expected]
    listed = devo.listed()
    assert listed is not None
    assert devo.tokens("GET", f"/{listed['id']}").json() == {**listed, expected: value}


@cases("create_status", {"200": 200, "201": 201})
def test_create_status(devo: DevoClient, expected: int) -> None:
    assert devo.create().status_code == expected


@cases(
    "create_answer",
    {
        "full": {"id", "name", "token"},
        "no_secret": {"id", "name"},
        "id_only": {"id"},
        "secret_only": {"token"},
        "string": str,
        "empty": None,
    },
)
def test_create_answer(devo: DevoClient, expected: Any) -> None:
    answer = devo.create()
    made = answer.json() if answer.text else None
    if isinstance(expected, set):
        assert {"id", "name", "token"}.intersection(made) == expected
        assert len(made) == len(expected) or "name" in expected
    else:
        assert made is None if expected is None else isinstance(made, expected)
    assert devo.listed() is not None


@cases("toggle_same", {"ok": 200, "400": 400})
def test_toggle_same(devo: DevoClient, expected: int) -> None:
    assert devo.tokens("PUT", "/2/enable").status_code == expected
    assert devo.tokens("PUT", "/2/disable").status_code == 200
    assert devo.tokens("PUT", "/2/disable").status_code == expected


@cases(
    "change_answer",
    {"token": (200, True), "empty": (200, None), "message": (200, False), "204": (204, None)},
)
def test_change_answer(devo: DevoClient, expected: tuple[int, bool | None]) -> None:
    for path, body in (("/2/disable", None), ("/2/enable", None), ("/2/rename", {"name": "x"})):
        answer = devo.tokens("PUT", path, body)
        has_name = "name" in answer.json() if answer.text else None
        assert (answer.status_code, has_name) == expected
    assert devo.listed("x") is not None


@cases("rename_key", {key: key for key in cases.choices["rename_key"]})
def test_rename_key(devo: DevoClient, expected: str) -> None:
    taken = [key for key in cases.choices["rename_key"] if devo.tokens("PUT", "/2/rename", {key: key}).ok]
    assert taken == [expected]
    assert devo.listed(expected) is not None
    assert not devo.emulator.complaints()


@cases("delete_status", {"200": 200, "202": 202, "204": 204})
def test_delete_status(devo: DevoClient, expected: int) -> None:
    assert devo.tokens("DELETE", "/2").status_code == expected
    assert devo.listed("reports") is None


@cases("permanent", {"null": (None, None), "-1": (-1, None), "-1_both": (-1, -1), "absent": (..., ...)})
def test_permanent(devo: DevoClient, expected: tuple[Any, Any]) -> None:
    made = devo.create(expiresInSeconds=-1).json()
    assert (made.get("expires_in_seconds", ...), made.get("expiration", ...)) == expected


@cases("expired", {"kept": True, "inactive": False, "gone": None})
def test_expired(devo: DevoClient, expected: bool | None) -> None:
    key = devo.create(expiresInSeconds=60).json()["id"]
    devo.emulator.clock_advance(61)
    listed = devo.listed()
    assert (listed and listed["active"]) == expected
    assert (devo.tokens("GET", f"/{key}").status_code == 404) == (expected is None)


@cases("expires_in", {"total": 1000, "remaining": 899})
def test_expires_in(devo: DevoClient, expected: int) -> None:
    devo.create(expiresInSeconds=1000)
    devo.emulator.clock_advance(100)
    listed = devo.listed()
    assert listed is not None
    assert abs(listed["expires_in_seconds"] - expected) <= 2


@cases(
    "default_scopes",
    {"default": "default", "empty": "", "expanded": "table://*.** level://admin", "absent": None},
)
def test_default_scopes(devo: DevoClient, expected: str | None) -> None:
    assert devo.create().json().get("scope") == expected
    assert devo.create(scopes="table://a").json()["scope"] == "table://a"


@cases("word_order", {"as_given": "http apiv2 x", "sorted": "apiv2 http x", "reversed": "x apiv2 http"})
def test_word_order(devo: DevoClient, expected: str) -> None:
    made = devo.create(audience="http apiv2 x", scopes="http apiv2 x").json()
    assert (made["audience"], made["scope"]) == (expected, expected)


@cases("owner_key", {"accepted": ANN, "ignored": OWNER})
def test_owner_key(devo: DevoClient, expected: str) -> None:
    made = devo.create(owner=ANN).json()
    assert (made["owner"], made["user"]) == (expected, expected)


@cases("token_policies", {"unchecked": (201, 201), "checked": (400, 400)})
def test_token_policies(devo: DevoClient, expected: tuple[int, int]) -> None:
    answers = devo.create(audience="unknown"), devo.create(user="nobody@example.com")
    assert tuple(answer.status_code for answer in answers) == expected
    assert devo.create(audience="http apiv2", user=ANN).status_code == 201


@cases("token_names", {"repeatable": (201, 200), "unique": (400, 400)})
def test_token_names(devo: DevoClient, expected: tuple[int, int]) -> None:
    made = devo.create(name="reports")
    renamed = devo.tokens("PUT", "/1/rename", {"name": "reports"})
    assert (made.status_code, renamed.status_code) == expected


@cases("unknown_token", {"404": 404, "400": 400})
def test_unknown_token(devo: DevoClient, expected: int) -> None:
    assert [devo.tokens("GET", path).status_code for path in ("/99", "/x")] == [expected, expected]


# --- users -----------------------------------------------------------------------------------------------------


@cases("disabled", {value: value for value in cases.choices["disabled"]})
def test_disabled(devo: DevoClient, expected: str) -> None:
    assert devo.user("GET", BOB).json()["status"] == expected


@cases(
    "skip_key",
    {
        "skipValidation": ("active", "pending"),
        "skipMailValidation": ("pending", "active"),
        "both": ("active", "active"),
    },
)
def test_skip_key(devo: DevoClient, expected: tuple[str, str]) -> None:
    keys = ("skipValidation", "skipMailValidation")
    made = [devo.add(f"{key}@example.com", f"?{key}=true").json() for key in keys]
    assert tuple(user["status"] for user in made) == expected
    assert devo.add("x@example.com", "?skipValidation=false&skipMailValidation=false").json()["status"] == "pending"
    assert not devo.emulator.complaints()


@cases("created_status", {"pending": "pending", "active": "active"})
def test_created_status(devo: DevoClient, expected: str) -> None:
    assert devo.add().json()["status"] == expected


@cases("unknown_user", {"404": 404, "400": 400})
def test_unknown_user(devo: DevoClient, expected: int) -> None:
    assert devo.user("GET", "nobody@example.com").status_code == expected
    assert devo.user("DELETE", "nobody@example.com").status_code == expected
    assert devo.probio("GET", "/user/email/nobody@example.com").status_code == expected


@cases("email_lookup", {"folded": 200, "exact": 404})
def test_email_lookup(devo: DevoClient, expected: int) -> None:
    assert devo.user("GET", ANN.upper()).status_code == expected
    assert devo.user("GET", ANN).status_code == 200


@cases("email_case", {"kept": "New@Example.com", "lower": "new@example.com"})
def test_email_case(devo: DevoClient, expected: str) -> None:
    devo.set(email_lookup="exact")
    assert devo.add("New@Example.com").json()["email"] == expected
    assert devo.user("GET", expected).json()["email"] == expected


@cases("enable_pending", {"400": 400, "ok": 200})
def test_enable_pending(devo: DevoClient, expected: int) -> None:
    devo.add(PENDING)
    assert devo.user("POST", PENDING, "/enable").status_code == expected
    assert devo.user("GET", PENDING).json()["status"] == "pending"  # that takes the person's own activation


@cases("disable_owner", {"400": 400, "ok": 200})
def test_disable_owner(devo: DevoClient, expected: int) -> None:
    devo.options["api_token"] = devo.create(user=ANN).json()["token"]
    assert devo.user("POST", OWNER, "/disable").status_code == expected


@cases("user_answer", {"user": True, "empty": False})
def test_user_answer(devo: DevoClient, expected: bool) -> None:
    answers = [
        devo.user("POST", ANN, "/disable"),
        devo.user("POST", ANN, "/enable"),
        devo.user("PUT", ANN, "/role/reviewer"),
        devo.user("PUT", ANN, "/role", {"roles": ["analyst", "reviewer"]}),
        devo.user("DELETE", ANN, "/role", {"roles": ["analyst"]}),
    ]
    assert [answer.status_code for answer in answers] == [200] * 5
    assert [bool(answer.text) for answer in answers] == [expected] * 5


@cases("user_deleted", {"empty": (200, ""), "object": (200, "{}"), "user": (200, ANN), "204": (204, "")})
def test_user_deleted(devo: DevoClient, expected: tuple[int, str]) -> None:
    answer = devo.user("DELETE", ANN)
    assert answer.status_code == expected[0]
    assert answer.text == expected[1] or answer.json()["email"] == expected[1]
    assert devo.user("GET", ANN).status_code == 404


# --- roles -----------------------------------------------------------------------------------------------------


@cases("role_format", {"both": {"role", "roleList"}, "string": {"role"}, "list": {"roleList"}})
def test_role_format(devo: DevoClient, expected: set[str]) -> None:
    user = devo.user("GET").json()
    assert {"role", "roleList"}.intersection(user) == expected
    assert user.get("role", "analyst") == "analyst"
    assert user.get("roleList", ["analyst"]) == ["analyst"]


@cases("role_separator", {"comma": "analyst,reviewer", "comma_blank": "analyst, reviewer"})
def test_role_separator(devo: DevoClient, expected: str) -> None:
    assert devo.user("PUT", ANN, "/role", {"roles": ["analyst", "reviewer"]}).json()["role"] == expected


@cases("no_privileges", {"alone": ["analyst"], "beside": ["analyst", "NO_PRIVILEGES"]})
def test_no_privileges(devo: DevoClient, expected: list[str]) -> None:
    assert devo.user("GET", ANN).json()["roleList"] == expected
    assert devo.user("GET", BOB).json()["roleList"] == ["NO_PRIVILEGES"]
    assert devo.user("GET", OWNER).json()["roleList"] == ["ADMIN"]


@cases("role_literals", {"exact": (400, 400), "folded": (200, 400)})
def test_role_literals(devo: DevoClient, expected: tuple[int, int]) -> None:
    assert (devo.add(role="admin").status_code, devo.user("PUT", ANN, "/role/ANALYST").status_code) == expected


@cases("post_roles", {"one": None, "several": ["analyst", "reviewer"]})
def test_post_roles(devo: DevoClient, expected: list[str] | None) -> None:
    assert devo.add(role="analyst,reviewer").json().get("roleList") == expected


@cases("post_without_role", {"400": None, "no_privileges": ["NO_PRIVILEGES"]})
def test_post_without_role(devo: DevoClient, expected: list[str] | None) -> None:
    assert devo.add(role=None).json().get("roleList") == expected


# each body that some reading knows, saying `reviewer`
SAID: dict[str, Any] = {
    "roles": {"roles": ["reviewer"]},
    "names": {"names": ["reviewer"]},
    "roleNames": {"roleNames": ["reviewer"]},
    "role_list": {"role": ["reviewer"]},
    "role": {"role": "reviewer"},
    "array": ["reviewer"],
}


@cases("role_put_key", {body: body for body in BODIES})
def test_role_put_key(devo: DevoClient, expected: str) -> None:
    taken = [name for name, body in SAID.items() if devo.user("PUT", ANN, "/role", body).ok]
    assert taken == [expected]
    assert devo.role_list() == ["reviewer"]
    assert not devo.emulator.complaints()


@cases("role_delete_key", {body: body for body in BODIES})
def test_role_delete_key(devo: DevoClient, expected: str) -> None:
    devo.user("PUT", ANN, "/role", {"roles": ["analyst", "reviewer"]})
    taken = [name for name, body in SAID.items() if devo.user("DELETE", ANN, "/role", body).ok]
    assert taken == [expected]
    assert devo.role_list() == ["analyst"]
    assert not devo.emulator.complaints()


@cases("role_wrong_key", {"400": 400, "ignored": 200})
def test_role_wrong_key(devo: DevoClient, expected: int) -> None:
    assert devo.user("PUT", ANN, "/role", {"names": ["reviewer"]}).status_code == expected
    assert devo.user("DELETE", ANN, "/role", {"names": ["analyst"]}).status_code == expected
    assert devo.role_list() == ["analyst"]


@cases("put_role_name", {"replaces": (200, 200), "single_only": (200, 400), "absent": (404, 404)})
def test_put_role_name(devo: DevoClient, expected: tuple[int, int]) -> None:
    one = devo.user("PUT", ANN, "/role/reviewer")
    devo.user("PUT", ANN, "/role", {"roles": ["analyst", "reviewer"]})
    assert (one.status_code, devo.user("PUT", ANN, "/role/reviewer").status_code) == expected


@cases("last_role", {"refused": (400, ["analyst"]), "no_privileges": (200, ["NO_PRIVILEGES"])})
def test_last_role(devo: DevoClient, expected: tuple[int, list[str]]) -> None:
    assert devo.user("DELETE", ANN, "/role", {"roles": ["analyst"]}).status_code == expected[0]
    assert devo.role_list() == expected[1]
    devo.user("PUT", ANN, "/role/analyst")
    assert devo.user("PUT", ANN, "/role", {"roles": []}).status_code == expected[0]


@cases("role_not_held", {"ok": 200, "400": 400})
def test_role_not_held(devo: DevoClient, expected: int) -> None:
    assert devo.user("DELETE", ANN, "/role", {"roles": ["reviewer"]}).status_code == expected
    assert devo.role_list() == ["analyst"]


def test_every_switch_is_tested() -> None:
    assert cases.untested() == set()
