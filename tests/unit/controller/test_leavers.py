# SPDX-License-Identifier: GPL-3.0-or-later
"""Who has left, by the declarations of all hosts, access_people, and receipts of offboarding."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleUndefinedVariable

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils import platforms
from ansible_collections.dataops.access.plugins.plugin_utils.audit.context import Context
from ansible_collections.dataops.access.plugins.plugin_utils.leavers import ACCOUNTS, MENTIONS, employed, leavers
from ansible_collections.dataops.access.plugins.plugin_utils.play import HostVariables
from unit.controller.playbook import ROOT

TODAY = dt.date(2026, 1, 31)
EU = {
    "access_platform": "datasentinel",
    "datasentinel_users": [{"email": "Leo@example.com", "state": "absent"}, {"email": "ann@example.com"}],
}


def host(variables: dict[str, Any], templated: Mapping[str, Any] | None = None) -> HostVariables:
    return HostVariables(variables, variables if templated is None else templated)


def told(hosts: dict[str, Any], report_dir: Path | None = None) -> dict[str, tuple[Any, ...]]:
    made = {name: host(variables) for name, variables in hosts.items()}
    found, warnings = leavers(made, TODAY, str(report_dir) if report_dir else None)
    assert warnings == []
    return {each.name: (each.certain, each.absent_on, dict(each.present_on)) for each in found}


def test_declared_absent_somewhere() -> None:
    assert told({"eu": EU}) == {"leo@example.com": (False, ("eu",), {})}


def test_declared_present_elsewhere() -> None:
    others = {
        "us": {**EU, "datasentinel_users": [{"email": "leo@example.com", "state": "present"}]},
        "devo": {"access_platform": "devo", "devo_tokens": [{"name": "t", "user": "leo@example.com"}]},
        "gallery": {
            "access_platform": "alteryx",
            "alteryx_subscriptions": [{"name": "s", "users": ["LEO@example.com"]}],
        },
        "partner": {
            "access_platform": "dbsync",
            "dbsync_license_users": [
                {"company": "Acme", "username": "leo@example.com"},
                {"company": "Globex", "username": "leo@example.com", "state": "absent"},
            ],
        },
    }
    assert told({"eu": EU, **others}) == {
        "leo@example.com": (
            False,
            ("eu", "partner"),
            {
                "us": ["datasentinel_users"],
                "devo": ["devo_tokens"],
                "gallery": ["alteryx_subscriptions"],
                "partner": ["dbsync_license_users"],
            },
        )
    }


def test_a_token_or_subscription_that_is_absent_says_nothing_of_people() -> None:
    tokens = [{"name": "t", "user": "leo@example.com", "state": "absent"}]
    assert told({"devo": {"access_platform": "devo", "devo_tokens": tokens}}) == {}


def test_only_the_variables_of_the_hosts_platform_count() -> None:
    assert told({"devo": {**EU, "access_platform": "devo"}}) == {}


@pytest.mark.parametrize(
    ("person", "left"),
    [
        ({"email": "Leo@example.com", "state": "absent"}, True),
        ({"email": "leo@example.com"}, False),
        ({"email": "leo@example.com", "state": "present", "end_date": ""}, False),
        # The last day with access.
        ({"email": "leo@example.com", "end_date": "2026-01-31"}, False),
        ({"email": "leo@example.com", "end_date": "2026-01-30"}, True),
        ({"email": "leo@example.com", "end_date": dt.date(2026, 1, 30)}, True),
        ({"email": "leo@example.com", "end_date": dt.datetime(2026, 1, 31, 23, tzinfo=dt.UTC)}, False),
    ],
)
def test_who_of_the_people_has_left(person: dict[str, Any], left: bool) -> None:
    assert list(told({"eu": {"access_people": [person]}})) == (["leo@example.com"] if left else [])


def test_other_names_are_names_of_their_platform() -> None:
    person = {"email": "leo@example.com", "end_date": "2026-01-01", "accounts": {"dbsync": "LEO", "devo": ""}}
    found, _warnings = leavers({"eu": host({"access_people": [person]})}, TODAY, None)
    context = Context(leavers=tuple(found))
    assert context.leaver("dbsync", "Leo") is not None
    assert context.leaver("alteryx", "leo") is None
    leaver = context.leaver("devo", "LEO@example.com")
    assert leaver is not None
    assert leaver.reason == "this person's last day was 2026-01-01, as access_people says"


def test_people_that_are_wrong_are_refused() -> None:
    with pytest.raises(ValidationError, match=r"entry 1 .* has no email"):
        leavers({"eu": host({"access_people": [{"name": "Leo"}]})}, TODAY, None)


def test_who_has_access_is_known_by_the_names_of_the_platform() -> None:
    people = [
        {"email": "Ann@example.com", "accounts": {"dbsync": "ANN01"}},
        {"email": "leo@example.com", "state": "absent"},
        {"email": "new@example.com", "start_date": "2026-02-01"},
    ]
    for platform, name in (("dbsync", "ann01"), ("devo", "ann@example.com")):
        variables = host({"access_platform": platform, "access_people": people})
        assert employed(variables, TODAY) == {name}


def test_who_is_granted_something_is_declared_there() -> None:
    person = {"email": "leo@example.com", "profiles": ["p"]}
    profiles = {"p": {"datasentinel": {"privilege": "read", "tenant": "us"}}}
    people = {"access_people": [person], "access_profiles": profiles}
    us = {"access_platform": "datasentinel", **people}
    assert told({"eu": {**EU, **people}, "us": us}) == {"leo@example.com": (False, ("eu",), {"us": ["access_people"]})}


def test_access_people_and_receipts_are_certain(tmp_path: Path) -> None:
    (tmp_path / "receipt-zoe@example.com.json").write_text(json.dumps({"person": "Zoe@example.com"}))
    (tmp_path / "receipt-new@example.com.json").write_text(
        json.dumps({"person": "new@example.com", "action": "onboard"})
    )
    (tmp_path / "receipt-zoe@example.com.md").write_text("# not read")
    people = [{"email": "leo@example.com", "state": "absent"}, {"email": "ann@example.com"}]
    found = told({"eu": {**EU, "access_people": people}, "us": {**EU, "access_people": people}}, tmp_path)
    assert found == {"leo@example.com": (True, (), {}), "zoe@example.com": (True, (), {})}


@pytest.mark.parametrize("content", ["", "[]", "{}", '"person"', "\udcff"])
def test_a_receipt_that_cannot_be_read_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "receipt-zoe.json"
    path.write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(ValidationError, match="is no receipt of an offboarding"):
        leavers({}, TODAY, str(tmp_path))


@pytest.mark.parametrize("wrong", [None, "everybody", [None, "leo", 7], [{"email": None}, {"state": "absent"}]])
def test_what_is_wrong_with_a_declaration_is_left_to_the_module(wrong: Any) -> None:
    assert told({"eu": {**EU, "datasentinel_users": wrong}}) == {}


class Templated(Mapping[str, Any]):
    """Variables that cannot be templated, or that nobody has to."""

    def __getitem__(self, name: str) -> Any:
        raise AnsibleUndefinedVariable(f"'{name}' is undefined")

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def test_a_host_whose_variables_cannot_be_read_is_warned_of() -> None:
    broken = {"access_platform": "datasentinel", "datasentinel_users": "{{ vaulted }}"}
    found, warnings = leavers({"us": host(broken, Templated()), "eu": host(EU)}, TODAY, None)
    assert [each.name for each in found] == ["leo@example.com"]
    assert len(warnings) == 1
    assert warnings[0].startswith("us: who is declared there is not known")


def test_what_nobody_looks_at_is_not_templated() -> None:
    users = [{**entry, "password": "{{ lookup('vault') }}"} for entry in EU["datasentinel_users"]]
    found, warnings = leavers({"eu": host({**EU, "datasentinel_users": users}, Templated())}, TODAY, None)
    assert (len(found), warnings) == (1, [])


@pytest.mark.parametrize(
    "users",
    [
        "{{ everybody }}",
        [{"email": "{{ leo }}", "state": "absent"}],
        [{"email": "leo@example.com", "state": "{% if left %}absent{% endif %}"}],
        ["{{ leo }}"],
        [{"email": object(), "state": "absent"}],
    ],
)
def test_what_is_looked_at_is_templated(users: Any) -> None:
    variables = {**EU, "datasentinel_users": users}
    found, warnings = leavers({"eu": host(variables, EU)}, TODAY, None)
    assert ([each.name for each in found], warnings) == (["leo@example.com"], [])


def test_the_variables_are_those_of_the_roles() -> None:
    for variable in (*ACCOUNTS, *MENTIONS):
        role = variable.partition("_")[0]
        options = yaml.safe_load((ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text())
        taken = options["argument_specs"]["main"]["options"][variable]["options"]
        assert {**ACCOUNTS, **MENTIONS}[variable] in taken
    declared = {variable for variable, _service in platforms.VARIABLES.values()}
    assert declared <= {*ACCOUNTS, *MENTIONS}


def test_every_platform_says_what_an_audit_cannot_tell() -> None:
    for platform in platforms.PLATFORMS.values():
        assert platform.not_covered, platform.name
        assert not any(text.endswith(".") for text in platform.not_covered)
