# SPDX-License-Identifier: GPL-3.0-or-later
"""Tenants as people and profiles: who is one person, what several have alike, what is nobody's."""

from __future__ import annotations

import random
from typing import Any

import yaml

from ansible_collections.dataops.access.plugins.plugin_utils.export.people import People, people
from ansible_collections.dataops.access.plugins.plugin_utils.export.tenant import Tenant, tenant
from ansible_collections.dataops.access.plugins.plugin_utils.export.yaml_text import document


def ds(email: str, *roles: str, **more: Any) -> dict[str, Any]:
    usual = {"login": "", "privilege": "read", "profile": "developer", "live_360": True, "comment": ""}
    return {"email": email, "roles": list(roles), **usual, **more}


def license_user(company: str, username: str) -> dict[str, Any]:
    return {"company": company, "username": username, "active": True}


def subscription(name: str, *members: tuple[str, str]) -> dict[str, Any]:
    found = [{"id": f"66f-{email}", "name": called, "email": email} for email, called in members]
    return {"id": f"66b-{name}", "name": name, "can_share_schedules": False, "credential_id": "", "members": found}


def token(number: int, name: str, user: str) -> dict[str, Any]:
    usual = {"audience": ["apiv2"], "scopes": ["default"], "enabled": True, "expires_in": -1, "owner": ""}
    return {"id": number, "name": name, "user": user, **usual}


def tenants() -> list[Tenant]:
    """Ann, Bob and Cyd on several platforms."""
    eu = [ds("Ann@example.com", "billing"), ds("bob@example.com", "billing"), ds("cyd@example.com", privilege="admin")]
    us = [ds("ann@example.com", "billing", comment="Head of {{ all }}"), ds("bob@example.com", "billing")]
    licences = [
        license_user("Acme", "Ann@example.com"),
        license_user("Globex", "Ann@example.com"),
        license_user("Umbrella", "ann@example.com"),
        license_user("Acme", "bob@example.com"),
        license_user("Acme", "service-sync"),
        license_user("Acme", "dan@example.com"),
        license_user("Acme", "DAN@example.com"),
    ]
    subscriptions = [
        subscription("Finance", ("ann@example.com", "Ann Archer"), ("bob@example.com", "")),
        subscription("Private", ("cyd@example.com", "<Cyd>")),
        subscription("Empty"),
    ]
    users = [
        {"email": "ann@example.com", "username": "Ann A", "roles": ["analyst"], "owner": False, "enabled": True},
        {"email": "cyd@example.com", "username": "cyd", "roles": ["analyst"], "owner": False, "enabled": False},
    ]
    tokens = [token(1, "reports", "Ann@example.com"), token(2, "nobody's", ""), token(3, "{email}", "bob@example.com")]
    clients = {"clients": [{"id": "c1", "name": "Example", "status": "PROD"}]}
    expected = [{"user_id": "1234", "email": "ann@example.com", "clients": []}]
    return [
        tenant("ds-eu", "datasentinel", [{"kind": "user", "result": {"users": eu}}]),
        tenant("ds-us", "datasentinel", [{"kind": "user", "result": {"users": us}}]),
        tenant("partner", "dbsync", [{"kind": "license_user", "result": {"license_users": licences}}]),
        tenant(
            "server",
            "alteryx",
            [{"kind": "subscription", "result": {"subscriptions": subscriptions, "shared_emails": []}}],
        ),
        tenant(
            "devo-eu",
            "devo",
            [
                {"kind": "user", "variables": {"devo_domain": "d"}, "result": {"users": users}},
                {"kind": "token", "variables": {"devo_account": "a"}, "result": {"tokens": tokens}},
            ],
        ),
        tenant(
            "group",
            "dqm",
            [
                {"kind": "client", "variables": {}, "result": clients},
                {"kind": "user", "expected": expected, "result": [clients]},
            ],
        ),
    ]


ALONE = {"alteryx", "dbsync", "devo", "dqm"}


def variables(made: People | Tenant) -> dict[str, Any]:
    text = "\n".join(document(made.document())).replace("!unsafe ", "")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def test_accounts_of_one_e_mail_are_one_person() -> None:
    made = variables(people(tenants(), ALONE))
    billing = {"privilege": "read", "profile": "developer", "roles": ["billing"]}
    assert made["access_profiles"] == {
        "alteryx-finance": {"alteryx": {"name": "Finance"}},
        "datasentinel-read-developer-billing": {"datasentinel": {"tenant": ["ds-eu", "ds-us"], **billing}},
    }
    assert made["access_people"] == [
        {
            "email": "ann@example.com",
            "name": "Ann A",
            "accounts": {"dbsync": "Ann@example.com", "dqm": "1234"},
            "profiles": ["alteryx-finance", "datasentinel-read-developer-billing"],
            "access": [
                {"platform": "datasentinel", "tenant": "ds-us", "comment": "Head of {{ all }}"},
                {"platform": "dbsync", "company": "Acme"},
                {"platform": "dbsync", "company": "Globex"},
                {"platform": "devo_tokens", "name": "reports", "audience": ["apiv2"], "expires_in": -1},
                {"platform": "devo_users", "roles": ["analyst"]},
                {"platform": "dqm", "clients": ["Example"]},
            ],
        },
        {
            "email": "bob@example.com",
            "profiles": ["alteryx-finance", "datasentinel-read-developer-billing"],
            "access": [{"platform": "dbsync", "company": "Acme"}],
        },
        {
            "email": "cyd@example.com",
            "access": [
                {"platform": "alteryx", "name": "Private"},
                {
                    "platform": "datasentinel",
                    "tenant": "ds-eu",
                    "privilege": "admin",
                    "profile": "developer",
                    "roles": [],
                    "unrestricted": True,
                },
                {"platform": "devo_users", "roles": ["analyst"], "enabled": False},
            ],
        },
    ]


def test_what_is_nobodys_stays_in_the_file_of_its_tenant() -> None:
    all_tenants = tenants()
    people(all_tenants, ALONE)
    left = {each.host: variables(each) for each in all_tenants}
    assert left["ds-eu"] == left["ds-us"] == {"datasentinel_users": []}
    assert left["partner"]["dbsync_license_users"] == [
        # No expansion could tell these two apart, and Ann is called otherwise elsewhere.
        {"company": "Acme", "username": "DAN@example.com"},
        {"company": "Acme", "username": "dan@example.com"},
        {"company": "Acme", "username": "service-sync"},
        {"company": "Umbrella", "username": "ann@example.com"},
    ]
    assert left["partner"]["dbsync_companies"] == ["Acme", "Globex", "Umbrella"]
    assert left["server"] == {"alteryx_subscriptions": [{"name": "Empty"}, {"name": "Finance"}, {"name": "Private"}]}
    assert left["devo-eu"]["devo_users"] == []
    # An expansion would put an e-mail in the place of {email}.
    assert [entry["name"] for entry in left["devo-eu"]["devo_tokens"]] == ["nobody's", "{email}"]
    assert left["group"]["dqm_expected_clients"] == [{"name": "Example", "status": "PROD"}]
    assert left["group"]["dqm_expected_users"] == []


def test_a_proposal_does_not_depend_on_any_order() -> None:
    first = variables(people(tenants(), ALONE))
    for seed in range(10):
        shuffled = tenants()
        random.Random(seed).shuffle(shuffled)  # noqa: S311 - no secret
        assert variables(people(shuffled, ALONE)) == first


def test_profiles_that_grant_otherwise_have_other_names() -> None:
    def made(host: str, *roles: str) -> Tenant:
        users = [ds(f"{name}@{host}.example.com", *roles) for name in ("a", "b")]
        return tenant(host, "datasentinel", [{"kind": "user", "result": {"users": users}}])

    several = [made("eu", "Räte & more"), made("us", "rate", "more"), made("ap", "rate-more"), made("xx", "\u6f22")]
    names = list(variables(people(several, ()))["access_profiles"])
    assert names == [
        "datasentinel-read-developer",
        "datasentinel-read-developer-rate-more",
        "datasentinel-read-developer-rate-more-eu",
        "datasentinel-read-developer-rate-more-us",
    ]


def test_no_people_is_an_empty_declaration() -> None:
    assert variables(people([], ())) == {"access_profiles": {}, "access_people": []}
