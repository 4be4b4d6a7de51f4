# SPDX-License-Identifier: GPL-3.0-or-later
"""Applying an export changes nothing, whatever there is: for every kind of object, from any state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.core import expected_clients
from ansible_collections.dataops.access.plugins.module_utils.http import retry
from ansible_collections.dataops.access.plugins.module_utils.services.alteryx_info import SubscriptionInfo
from ansible_collections.dataops.access.plugins.module_utils.services.dqm import DqmClients
from ansible_collections.dataops.access.plugins.plugin_utils import platforms
from ansible_collections.dataops.access.plugins.plugin_utils.export import files
from ansible_collections.dataops.access.plugins.plugin_utils.export.entry import Declaration
from ansible_collections.dataops.access.plugins.plugin_utils.export.tenant import Tenant, tenant
from emulator.server import Emulator
from properties import names
from properties.kind import Case, Kind
from properties.test_check_equals_run import KINDS
from unit.road import run_info, run_many

# Of each kind; many of DBSync hold nobody whose licence is active.
STATES = 40
MORE = {"dbsync_license_user": 90}
READERS = {"alteryx": SubscriptionInfo}
VARIABLES = {service: (platform, kind) for (platform, kind), (_variable, service) in platforms.VARIABLES.items()}


class Loader(yaml.SafeLoader):
    """What Ansible reads variables with, as far as it matters here."""


Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running


class Round:
    """One state, exported and applied."""

    def __init__(self, kind: Kind, case: Case, emulator: Emulator) -> None:
        self.kind = kind
        self.emulator = emulator
        emulator.reset(
            switches={f"{kind.tenant}.{name}": value for name, value in case.switches.items()},
            state={kind.tenant: case.state},
        )
        self.platform, self.name = VARIABLES[kind.service]
        resource = kind.service.resource
        self.top = {option.name for option in resource.options if option.top}
        platform = kind.service.platform
        known = {"api_url", *(credential.option for credential in platform.credentials), *self.top}
        known |= {option.name for option in platform.options}
        given = {**emulator.connections[kind.tenant], **kind.common}
        self.connection = {name: value for name, value in given.items() if name in known}

    def export(self) -> Tenant | None:
        """The exported tenant; None where it cannot be read."""
        options = {"details": True} if self.platform == "alteryx" else {}
        result = run_info(READERS.get(self.platform, self.kind.service), options, self.connection)
        if result.get("failed"):
            return None
        variables = {f"{self.platform}_{name}": self.connection[name] for name in self.top}
        return tenant("a-tenant", self.platform, [{"kind": self.name, "variables": variables, "result": result}])

    def apply(self, entries: list[dict[str, Any]], check: bool = False, **options: Any) -> dict[str, Any]:
        """What the plural module returns for these entries."""
        return run_many(
            self.kind.service, {self.kind.service.resource.plural: entries, **options}, self.connection, check
        )

    def purge(self, declaration: Declaration, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """What a purge would change."""
        options: dict[str, Any] = {"purge": True, "allow_empty": True, "max_deletions": "-1"}
        if self.platform == "dbsync":
            options["companies"] = declaration.scope.get("dbsync_companies") or ["Nobody's"]
        found: list[dict[str, Any]] = self.apply(entries, check=True, **options).get("changes", [])
        return found


@pytest.mark.parametrize("name", KINDS)
def test_applying_an_export_changes_nothing(
    name: str,
    emulator: Emulator,
    tally: Callable[[str, str, int], None],
    monkeypatch: pytest.MonkeyPatch,
    pytestconfig: pytest.Config,
) -> None:
    monkeypatch.setattr(retry, "backoff", lambda attempt: 0.0)
    kind = KINDS[name]
    counts: Counter[str] = Counter()

    @settings(max_examples=1_000 if pytestconfig.getoption("long") else MORE.get(name, STATES))
    @given(kind.cases())
    def check(case: Case) -> None:
        one = Round(kind, case, emulator)
        exported = one.export()
        if exported is None:
            counts["not readable"] += 1
            return
        text = files.text(["What it is."], exported.document())
        variables = yaml.load(text, Loader)  # noqa: S506 - a SafeLoader
        (declaration,) = exported.declarations
        entries = variables[declaration.variable]
        # Whatever it holds, it reads back as it is.
        assert entries == [entry.options for entry in declaration.entries]
        before = emulator.state(kind.tenant)

        done = one.apply(entries)
        assert not done.get("failed"), done["msg"]
        assert (done["changed"], done["changes"]) == (False, [])
        purged = one.purge(declaration, entries)
        assert {change["action"] for change in purged} <= {"delete"}
        # It is complete: what a purge would remove is what it says that it could not declare.
        left_out = {what.lower() for what, _why in declaration.left_out}
        assert {change["key"].lower() for change in purged} <= left_out
        assert emulator.writes() == []
        assert emulator.state(kind.tenant) == before
        counts["objects"] += len(entries)
        counts["states"] += 1
        counts["states with objects"] += bool(entries)
        counts["objects left out"] += len(declaration.left_out)

    check()
    assert counts["states with objects"] >= 20
    for what, number in counts.items():
        tally("exports", f"{name}: {what}", number)


# Ids are what stands in an address; a client may have any name, and several may have one.
dqm_clients = st.lists(
    st.fixed_dictionaries({"name": names.names | st.just(""), "status": st.sampled_from(("PROD", "TEST", ""))}),
    min_size=1,
    max_size=5,
).flatmap(lambda found: st.permutations([{**one, "id": f"id{number}"} for number, one in enumerate(found)]))


def test_what_is_expected_of_dqm_is_what_there_is(
    emulator: Emulator,
    tally: Callable[[str, str, int], None],
    monkeypatch: pytest.MonkeyPatch,
    pytestconfig: pytest.Config,
) -> None:
    monkeypatch.setattr(retry, "backoff", lambda attempt: 0.0)
    counts: Counter[str] = Counter()

    @settings(max_examples=1_000 if pytestconfig.getoption("long") else STATES)
    @given(dqm_clients, st.lists(st.sets(st.integers(0, 4)), min_size=1, max_size=3))
    def check(clients: list[dict[str, str]], seen: list[set[int]]) -> None:
        ids = [client["id"] for client in clients]
        users = [
            {
                "uid": 1234 + number,
                "email": f"user{number}@example.com",
                "clients": [ids[one % len(ids)] for one in some],
            }
            for number, some in enumerate(seen)
        ]
        for user in users:
            user["clients"] = list(dict.fromkeys(user["clients"]))
        account = {"api_username": "user0@example.com", "api_password": "emulated-dqm-password"}
        emulator.reset(state={"dqm": {**account, "users": users, "clients": clients}})
        connection = emulator.connections["dqm"]

        own = run_info(DqmClients, {}, connection)
        expected = [{"user_id": str(user["uid"]), "email": user["email"], "clients": ["old"]} for user in users]
        read = [run_info(DqmClients, {"user_id": one["user_id"]}, connection) for one in expected]
        made = tenant(
            "a-tenant",
            "dqm",
            [{"kind": "client", "result": own}, {"kind": "user", "expected": expected, "result": read}],
        )
        variables = yaml.load(files.text(["What it is."], made.document()), Loader)  # noqa: S506 - a SafeLoader
        for found, check_expected in (
            ("dqm_expected_clients", expected_clients.check_clients),
            ("dqm_expected_users", expected_clients.check_users),
        ):
            assert check_expected(variables[found]) == []
        compared = expected_clients.compare_clients(variables["dqm_expected_clients"], own)
        assert (compared["failed"], compared["changes"], compared["unmanaged"]) == (False, [], [])
        declared_users = variables["dqm_expected_users"]
        compared = expected_clients.compare_users(declared_users, read)
        assert (compared["changes"], compared["unknown"], len(declared_users)) == ([], [], len(users))
        assert emulator.writes() == []
        counts["states"] += 1
        counts["objects"] += len(clients)

    check()
    assert counts["states"] >= 20
    for what, number in counts.items():
        tally("exports", f"dqm_client: {what}", number)
