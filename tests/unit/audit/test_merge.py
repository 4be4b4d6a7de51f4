# SPDX-License-Identifier: GPL-3.0-or-later
"""The reports of slices as one report."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils.audit import (
    assembly,
    evidence,
    merge,
    report,
    rules,
    waivers,
)
from ansible_collections.dataops.access.plugins.plugin_utils.audit.renderers import RENDERERS, to_json
from ansible_collections.dataops.access.plugins.plugin_utils.audit.rules_accounts import holdings
from unit.audit.results import CONTEXT, RUN, account, change, judged, read, result, tenant

SCHEMA = json.loads((Path(__file__).resolve().parents[3] / "docs" / "report.schema.json").read_text())
MERGER = {**RUN, "at": "2026-02-01T06:00:00Z", "job_id": "9"}
RULES = rules.settings()


def waiver(**values: str) -> tuple[waivers.Waiver, ...]:
    entry = {"rule": "unmanaged", "reason": "r", "approved_by": "a", "expires": "2026-06-30", **values}
    return waivers.check([entry], dt.date(2026, 1, 31))


def strangers(host: str, *keys: str) -> dict[str, Any]:
    return tenant(result(unmanaged=tuple((key, "undeclared") for key in keys)), host=host)


def audited(
    *records: dict[str, Any],
    expected: tuple[str, ...] = (),
    asked: tuple[str, ...] = (),
    accepted: tuple[waivers.Waiver, ...] = (),
    previous: dict[str, Any] | None = None,
    rules_set: dict[str, Any] = RULES,
    **more: Any,
) -> dict[str, Any]:
    """The report of a slice."""
    hosts = [record["tenant"] for record in records]
    scope = report.scope(expected or hosts, asked or hosts, hosts, None)
    return assembly.whole_report({**RUN, **more}, records, scope, accepted, previous, rules_set)


def merged(*reports: dict[str, Any], **more: Any) -> dict[str, Any]:
    made = merge.merged(MERGER, reports, **more)
    jsonschema.validate(made, SCHEMA, jsonschema.Draft202012Validator)
    assert evidence.parse(to_json(made), evidence.REPORT) == made
    return made


def test_tenants_are_united_and_counted_anew() -> None:
    one = audited(strangers("a", "zoe"), job_id="1", expected=("a", "b", "c"))
    two = audited(tenant(result(change("x", "create")), host="b"), job_id="2", expected=("a", "b", "c"))
    made = merged(one, two)
    assert [record["tenant"] for record in made["tenants"]] == ["a", "b"]
    assert (made["verdict"], made["counts"]["findings"], made["counts"]["tenants"]) == ("drift", 2, 2)
    # Partial is only what still no slice speaks of.
    assert made["scope"] == {
        "expected": ["a", "b", "c"],
        "reported": ["a", "b"],
        "missing": [],
        "left_out": ["c"],
        "partial": True,
        "limit": None,
    }
    assert [(each["job_id"], each["sha256"]) for each in made["merged"]] == sorted(
        (("1", one["sha256"]), ("2", two["sha256"])), key=lambda each: each[1]
    )
    assert made["run"] == MERGER
    assert made["rules"] == RULES
    assert not merged(one, two, audited(strangers("c")))["scope"]["partial"]
    assert merged(one, expected=["d"])["scope"]["left_out"] == ["b", "c", "d"]
    for render in RENDERERS.values():
        assert render(made)


def test_what_a_slice_missed_and_another_asked_is_not_missing() -> None:
    one = audited(strangers("a"), asked=("a", "b"))
    assert merged(one, audited(strangers("c")))["scope"]["missing"] == ["b"]
    assert merged(one, audited(strangers("c")))["verdict"] == "error"
    assert merged(one, audited(strangers("b")))["scope"]["missing"] == []
    assert merged(one, audited(strangers("b")))["verdict"] == "clean"


def test_trends_are_kept_without_a_merged_report_before() -> None:
    before = audited(strangers("a", "leo", "zoe"))
    one = audited(strangers("a", "ana", "zoe"), previous=before, at="2026-01-31T07:00:00Z")
    made = merged(one, audited(strangers("b")))
    trends = {item["key"]: item["trend"] for item in made["tenants"][0]["findings"]}
    assert trends == {"ana": "new", "zoe": "persisting"}
    assert [item["key"] for item in made["fixed"]] == ["leo"]
    assert made["previous"] is None


def test_trends_are_made_anew_with_a_merged_report_before() -> None:
    before = merged(audited(strangers("a", "leo", "zoe")), audited(strangers("b")))
    made = merged(audited(strangers("a", "zoe")), audited(strangers("b", "bo")), previous=before)
    trends = {item["key"]: item["trend"] for one in made["tenants"] for item in one["findings"]}
    assert trends == {"bo": "new", "zoe": "persisting"}
    assert [item["key"] for item in made["fixed"]] == ["leo"]
    assert made["previous"]["sha256"] == before["sha256"]


def test_a_slice_that_lies_where_the_merged_report_goes_is_not_the_one_before() -> None:
    one = audited(strangers("a", "zoe"))
    assert merged(one, audited(strangers("b")), previous=one)["previous"] is None


def test_waivers_stay_as_the_slices_judged_them() -> None:
    accepted = waiver(key="zoe")
    made = merged(audited(strangers("a", "zoe"), accepted=accepted), audited(strangers("b"), accepted=accepted))
    # One slice had no use for it, the other had.
    assert (made["counts"]["waived"], made["findings"], made["verdict"]) == (1, [], "clean")
    idle = [audited(strangers(host), accepted=accepted) for host in ("a", "b")]
    assert [item["rule"] for item in merged(*idle)["findings"]] == ["waiver_unused"]


def test_an_unused_waiver_of_one_tenant_is_known_to_its_slice() -> None:
    accepted = waiver(key="zoe", tenant="a")
    slices = [audited(strangers(host), accepted=accepted, expected=("a", "b")) for host in ("a", "b")]
    assert [len(one["findings"]) for one in slices] == [1, 0]
    assert [item["rule"] for item in merged(*slices)["findings"]] == ["waiver_unused"]
    used = [audited(strangers("a", "zoe"), accepted=accepted), audited(strangers("b"), accepted=accepted)]
    assert [len(one["findings"]) for one in used] == [0, 1]
    assert merged(*used)["findings"] == []


def test_waivers_are_judged_over_all_tenants_where_they_are_given() -> None:
    accepted = waiver(pattern="svc-.*")
    keys = [f"svc-{number}" for number in range(6)]
    slices = [audited(strangers(host, *keys), accepted=accepted) for host in ("a", "b")]
    assert merged(*slices)["counts"]["waived"] == 12
    made = merged(*slices, given_waivers=accepted)
    assert (made["counts"]["waived"], made["counts"]["unmanaged"]) == (0, 12)
    assert [item["rule"] for item in made["findings"]] == ["waiver_too_broad"]


@pytest.mark.parametrize(
    ("reports", "message"),
    [
        ([], "name the report.json of each slice"),
        ([audited(strangers("a")), audited(strangers("a", "zoe"), strangers("b"))], "more than one report speaks of a"),
        ([audited(), audited()], "a report stands there twice"),
        (
            [audited(strangers("a")), evidence.sealed({**audited(strangers("b")), "rules": {}})],
            "made by different access_rules",
        ),
    ],
)
def test_what_cannot_be_one_report_is_refused(reports: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(ValidationError, match=f"access_reports: .*{message}"):
        merge.merged(MERGER, reports)


PAIRS = {"separation_of_duties": {"pairs": [["role billing", "role payments"]]}}


def holder(host: str, *rights: str, **more: Any) -> dict[str, Any]:
    """A slice with one tenant, where ana holds these rights."""
    there = account("ana", entitlements=[f"role {right}" for right in rights])
    found = judged(read(result(existing=[there]), host=host), **PAIRS)
    return audited(found, rules_set=rules.settings(PAIRS), **more)


def duties(made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = [item for tenant in made["tenants"] for item in tenant["findings"]]
    return {item["tenant"]: item for item in found if item["rule"] == "separation_of_duties"}


def test_rights_that_exclude_each_other_are_found_across_slices() -> None:
    eu, us = holder("eu", "billing"), holder("us", "payments", job_id="2")
    assert (duties(eu), duties(us)) == ({}, {})
    made = merged(eu, us)
    found = duties(made)
    assert {host: item["message"].partition(", and nobody")[0] for host, item in found.items()} == {
        "eu": "holds 'role billing' and 'role payments', one of them here and the other on us",
        "us": "holds 'role billing' and 'role payments', one of them here and the other on eu",
    }
    assert (made["verdict"], made["counts"]["findings"]) == ("findings", 2)
    # Nobody looked for them before; with a merged report before, they were known.
    assert {(item["trend"], item["since"]) for item in found.values()} == {(None, MERGER["at"])}
    later = merge.merged({**MERGER, "at": "2026-03-01T06:00:00Z"}, [eu, us], previous=made)
    assert {(item["trend"], item["since"]) for item in duties(later).values()} == {("persisting", MERGER["at"])}
    accepted = waiver(rule="separation_of_duties", key="ana: role billing + role payments")
    assert merged(eu, us, given_waivers=accepted)["verdict"] == "clean"


def test_what_a_slice_found_itself_stays_as_it_was_judged_there() -> None:
    accepted = waiver(rule="separation_of_duties", key="ana: role billing + role payments", tenant="eu")
    eu, us = holder("eu", "billing", "payments", accepted=accepted), holder("us", "billing", job_id="2")
    found = duties(merged(eu, us))
    assert found["eu"] == duties(eu)["eu"]
    assert found["eu"]["waiver"] is not None
    assert found["us"]["waiver"] is None


def test_one_platforms_rights_are_no_others() -> None:
    eu, us = holder("eu", "billing"), holder("us", "payments", job_id="2")
    (tenant_of_us,) = us["tenants"]
    other = evidence.sealed({**us, "tenants": [{**tenant_of_us, "platform": "devo"}]})
    assert duties(merged(eu, other)) == {}


def test_every_file_that_is_no_report_is_named(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(to_json(audited(strangers("a"))))
    bad.write_text(good.read_text().replace("clean", "drift"))
    places = [str(bad), str(good), str(tmp_path / "none.json")]
    with pytest.raises(ValidationError) as refused:
        evidence.all_of(places, evidence.REPORT, merge.OPTION, lambda place: evidence.text_of(Path(place)))
    assert refused.value.message == (
        f"access_reports: {bad} was changed after it was written: its content does not have the SHA-256 that it names; "
        f"{tmp_path / 'none.json'} cannot be read: No such file or directory"
    )


@given(st.lists(st.sampled_from("abcdef"), min_size=1, unique=True), st.data())
def test_slices_say_together_what_one_run_says(hosts: list[str], data: st.DataObject) -> None:
    numbers = data.draw(st.lists(st.integers(0, 2), min_size=len(hosts), max_size=len(hosts)))
    rights = st.sets(st.sampled_from(["role billing", "role payments"]))
    there = {host: [account("ana", entitlements=sorted(data.draw(rights)))] for host in hosts}
    strange = {host: data.draw(st.sets(st.sampled_from(["ana", "zoe"]))) for host in hosts}

    def audit(*some: str) -> dict[str, Any]:
        found = {
            host: read(
                result(unmanaged=tuple((key, "undeclared") for key in strange[host]), existing=there[host]), host=host
            )
            for host in sorted(some)
        }
        held = holdings(found.values(), chosen["separation_of_duties"], CONTEXT.now).get("datasentinel", {})
        records = [judged(record, replace(CONTEXT, held=held), **PAIRS) for record in found.values()]
        return audited(*records, rules_set=chosen)

    chosen = rules.settings(PAIRS)
    slices = [
        audit(*(host for host, slot in zip(hosts, numbers, strict=True) if slot == number))
        for number in sorted(set(numbers))
    ]
    made = merge.merged(RUN, slices)
    whole = audit(*hosts)
    assert {name: made[name] for name in ("tenants", "scope", "counts", "verdict", "findings", "fixed")} == {
        name: whole[name] for name in ("tenants", "scope", "counts", "verdict", "findings", "fixed")
    }
