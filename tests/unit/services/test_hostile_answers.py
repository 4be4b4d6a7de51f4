# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server may answer and no vendor's does: a clear error or a harmless result, and check mode says which."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError
from ansible_collections.dataops.access.plugins.module_utils.services import dbsync_fields, devo_token_api
from ansible_collections.dataops.access.plugins.module_utils.services.datasentinel import DatasentinelUsers
from ansible_collections.dataops.access.plugins.module_utils.services.devo_users import DevoUsers
from emulator.server import Emulator
from unit.road import run_many

TOKEN = {"id": 1, "name": "t", "active": True, "audience": "a", "scope": "s"}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=3,
)
TIMES = ANYTHING | st.sampled_from(
    [10**30, -(10**20), 1e18, -1e18, "0001-01-01T00:00:00.000+1400", "9999-12-31T23:59:59.000-1400", "1/1/0001"]
)
ESCAPES = "esc\x1b[2J\u202e@example.com"


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("created", "updated", "expiration"), TIMES)), ANYTHING)
def test_a_token_with_any_times_is_shown_or_refused(times: dict[str, Any], seconds: Any) -> None:
    try:
        token = devo_token_api.parse({**TOKEN, **times, "expires_in_seconds": seconds}, "tokens[0]", "account")
    except AccessError as error:
        assert "tokens[0]." in error.message  # noqa: PT017 - any other exception fails the test as it should
    else:
        assert token.values()["name"] == "t"


@given(TIMES)
def test_a_moment_of_any_kind_is_one_or_none(value: Any) -> None:
    moment = dbsync_fields.moment(value)
    assert moment is None or moment.endswith("Z")


@pytest.mark.parametrize("name", [ESCAPES, "a/b@example.com", ".."])
def test_a_name_that_no_address_can_carry_is_never_removed(vendors: Emulator, name: str) -> None:
    connection = vendors.connections["datasentinel"]
    stranger = {"email": name, "login": "", "privilege": "read", "profile": "developer", "roles": []}
    listed = [vendors.state("datasentinel")["users"][0], stranger]
    vendors.faults([{"method": "GET", "path": "/users$", "fault": {"kind": "wrong_type", "to": listed}}])
    options = {
        "users": [],
        "purge": True,
        "allow_empty": True,
        "purge_exclude": [".*automation.*", "ada.*", "datasentinel"],
    }
    checked = run_many(DatasentinelUsers, options, connection, check=True)
    shown = name.lower().replace("\u202e", "\\u202e")
    assert {"key": shown, "reason": "protected"} in checked["unmanaged"]
    done = run_many(DatasentinelUsers, options, connection)
    assert (done["changed"], done["changes"]) == (checked["changed"], checked["changes"])


def test_a_message_does_not_steer_the_terminal(vendors: Emulator) -> None:
    connection = dict(vendors.connections["devo"])
    domain = connection.pop("domain")
    del connection["account"]
    users = [
        {"email": email, "status": "active", "userName": "u", "role": "ADMIN", "owner": email == ESCAPES}
        for email in (ESCAPES, "other@example.com")
    ]
    vendors.faults([{"method": "GET", "path": "/user/domain/", "fault": {"kind": "wrong_type", "to": users}}])
    wanted = {"domain": domain, "users": [{"email": "other@example.com", "roles": ["OWNER"]}]}
    result = run_many(DevoUsers, wanted, connection)
    assert "\\x1b[2j\\u202e@example.com" in result["msg"]
    assert result["msg"].isprintable()
