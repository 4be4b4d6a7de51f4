# SPDX-License-Identifier: GPL-3.0-or-later
"""Who joins and who leaves: what is refused, and what the next apply would undo."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils.people import subject

ANN = {"email": "ann@example.com", "name": "Ann", "profiles": ["finance"]}
PEOPLE: dict[str, Any] = {
    "access_people": [
        ANN,
        {"email": "leo@example.com", "state": "absent"},
        {"email": "new@example.com", "start_date": "2999-01-01"},
    ],
    "access_profiles": {"finance": {"datasentinel": {"privilege": "read"}, "devo_users": {"roles": ["a"]}}},
}
HOSTS = {"ds": {"access_platform": "datasentinel", **PEOPLE}, "devo": {"access_platform": "devo", **PEOPLE}}


def hosts(**changes: dict[str, Any]) -> subject.Hosts:
    return subject.Hosts({host: {**variables, **changes.get(host, {})} for host, variables in HOSTS.items()})


def asked(email: str, *profiles: str, **more: Any) -> subject.Asked:
    return subject.Asked(email, profiles=profiles, **more)


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (asked("anm@example.com"), "is not declared in access_people; did you mean 'ann@example.com'?"),
        (asked("ann@example.com", "finance"), "is declared in access_people, which says what this person gets"),
        (asked("leo@example.com"), "is declared to have left"),
        (asked("new@example.com"), "begins on 2999-01-01"),
        (asked("bob@example.com", "finanze"), "no profile 'finanze' in access_profiles; did you mean 'finance'?"),
        (asked("bob@example.com", "finance", allowed=("quality",)), "(access_onboard_profiles has quality)"),
        (asked("bob@example.com", "finance", end_date="2020-02-29"), "2020-02-29 is over"),
        (asked("bob@example.com", "finance", end_date="soon"), "end_date is 'soon'"),
    ],
)
def test_who_cannot_join(who: subject.Asked, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        hosts().joining(who)
    assert said in refused.value.message


def test_who_joins_gets_what_the_profiles_grant_on_each_tenant() -> None:
    for email, profiles in (("ann@example.com", ()), ("bob@example.com", ("finance",))):
        known = hosts()
        who = known.joining(asked(email, *profiles))
        assert known.granted(who, "ds") == {"datasentinel_users": [{"privilege": "read", "email": email}]}
        (user,) = known.granted(who, "devo")["devo_users"]
        assert (user["email"], user["roles"]) == (email, ["a"])
        assert (known.joining_patch(who) is None) == (email == "ann@example.com")


def test_two_declarations_of_one_person_are_refused() -> None:
    other = {"access_people": [{**ANN, "name": "Anna"}]}
    with pytest.raises(ValidationError, match=re.escape("ds and devo declare ann@example.com differently")):
        hosts(devo=other).find("ann@example.com")


def test_what_is_granted_may_hold_the_name_of_the_host() -> None:
    def own(host: str) -> dict[str, Any]:
        # As `"{{ inventory_hostname }}-{email}"` in one file for all hosts reads on each of them.
        token = {"name": f"{host}-{{email}}", "audience": ["apiv2"]}
        return {"access_profiles": {"finance": {"dbsync": {"company": f"Company of {host}"}, "devo_tokens": token}}}

    known = hosts(ds=own("ds"), devo=own("devo"))
    who = known.joining(asked("ann@example.com"))
    (token,) = known.granted(who, "devo")["devo_tokens"]
    assert token["name"] == "devo-ann@example.com"
    for host in ("ds", "devo"):
        (company,) = (grant for grant in known.declared_on(host, who.person).grants if grant.kind == "dbsync")
        assert company.options == {"company": f"Company of {host}"}


def test_who_is_protected_does_not_leave() -> None:
    with pytest.raises(ValidationError, match=re.escape("ann@example.com is in access_protected_people of devo")):
        subject.check_leaving("ann@example.com", hosts(devo={"access_protected_people": ["Ann@example.com"]}))


CEO = {"email": "ceo@example.com", "profiles": ["finance"], "accounts": {"datasentinel": "Root-CEO@example.com"}}
ROOT = "root-ceo@example.com"


@pytest.mark.parametrize("protected", [[], ["ceo@example.com"]])
def test_another_name_of_a_declared_person_is_nobody_to_ask_for(protected: list[str]) -> None:
    # One host is enough to know it.
    known = hosts(devo={"access_people": [CEO], "access_protected_people": protected})
    tried: list[Callable[[], Any]] = [
        lambda: subject.check_leaving(ROOT, known),
        lambda: subject.leaving(ROOT, known, [ROOT]),
        lambda: known.joining(asked(ROOT, "finance")),
    ]
    for attempt in tried:
        with pytest.raises(ValidationError) as refused:
            attempt()
        assert f"{ROOT} is what ceo@example.com is called on datasentinel" in refused.value.message
        assert "Next: give ceo@example.com as access_person" in refused.value.message


def test_whose_other_name_is_protected_does_not_leave() -> None:
    known = hosts(devo={"access_people": [CEO], "access_protected_people": [ROOT]})
    with pytest.raises(ValidationError, match=re.escape(f"{ROOT} is in access_protected_people of devo")):
        subject.check_leaving("ceo@example.com", known)


def test_whose_other_name_is_their_own_email_joins_and_leaves() -> None:
    own = {"access_people": [{**CEO, "accounts": {"datasentinel": "CEO@example.com"}}]}
    known = hosts(ds=own, devo=own)
    subject.check_leaving("ceo@example.com", known)
    assert known.joining(asked("ceo@example.com")).host == "ds"


def test_who_is_nobody_does_not_leave() -> None:
    with pytest.raises(ValidationError, match=re.escape("did you mean 'zoe@example.com'")):
        subject.leaving("zeo@example.com", hosts(), ["Zoe@example.com"])
    assert subject.leaving("zoe@example.com", hosts(), ["Zoe@example.com"]).host is None
    assert subject.leaving("ann@example.com", hosts(), []).host == "ds"


def test_what_is_declared_for_a_leaver_has_to_go() -> None:
    known = hosts(
        ds={"datasentinel_users": [{"email": "Ann@example.com", "roles": ["b"]}, {"email": "bob@example.com"}]},
        devo={"devo_tokens": [{"name": "t", "user": "ann@example.com"}, {"name": "u", "user": "bob@example.com"}]},
    )
    found = known.find("ann@example.com")
    assert found is not None
    first, *others = re.split(r"^# (.+)$", str(known.leaving_patch(found.person)), flags=re.MULTILINE)
    assert yaml.safe_load(first) == {"access_people": [{**ANN, "state": "absent"}]}
    assert {host: yaml.safe_load(text) for host, text in zip(others[::2], others[1::2], strict=True)} == {
        "devo": {"devo_tokens": [{"name": "t", "state": "absent"}]},
        "ds": {"datasentinel_users": [{"email": "Ann@example.com", "state": "absent"}]},
    }


def test_who_stays_disabled_for_a_while_has_had_a_last_day() -> None:
    kept = {"access_retention_days": 30}
    known = hosts(ds=kept, devo=kept)
    found = known.find("ann@example.com")
    assert found is not None
    (entry,) = yaml.safe_load(str(known.leaving_patch(found.person)))["access_people"]
    assert "state" not in entry
    last = known.terms["ds"].day - dt.timedelta(days=1)
    assert entry["end_date"] == last.isoformat()


def test_a_patch_is_written_whatever_the_dates_and_holds_no_entitlement() -> None:
    access = [{"platform": "devo_users", "roles": ["b"], "until": dt.date(2999, 3, 31)}]
    entry = {**ANN, "start_date": dt.date(2026, 1, 1), "access": access}
    people = {"access_people": [entry]}
    known = hosts(ds=people, devo=people)
    found = known.find("ann@example.com")
    assert found is not None
    (told,) = yaml.safe_load(str(known.leaving_patch(found.person)))["access_people"]
    assert told == {**ANN, "start_date": "2026-01-01", "state": "absent"}


def test_who_never_began_is_absent_though_others_stay_disabled_for_a_while() -> None:
    kept = {"access_retention_days": 30}
    known = hosts(ds=kept, devo=kept)
    found = known.find("new@example.com")
    assert found is not None
    (told,) = yaml.safe_load(str(known.leaving_patch(found.person)))["access_people"]
    assert told["state"] == "absent"


def test_who_joins_keeps_what_the_own_list_gives() -> None:
    own = {"devo_users": [{"email": "Ann@example.com", "roles": ["z"]}, {"email": "bob@example.com", "roles": ["z"]}]}
    known = hosts(devo=own)
    (user,) = known.granted(known.joining(asked("ann@example.com")), "devo")["devo_users"]
    assert user["roles"] == ["a", "z"]
    wrong = {"datasentinel_users": [{"email": "bob@example.com", "privilege": "admin"}]}
    known = hosts(ds=wrong)
    with pytest.raises(ValidationError, match="says privilege 'admin', and profile finance"):
        known.granted(known.joining(asked("bob@example.com", "finance")), "ds")


def test_whoever_has_left_by_declaration_needs_nothing() -> None:
    known = hosts()
    found = known.find("leo@example.com")
    assert found is not None
    assert known.leaving_patch(found.person) is None
