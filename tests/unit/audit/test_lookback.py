# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that leaves tenants out, or cannot read one, takes nothing away from what was known of it before."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.plugin_utils.audit import assembly, evidence, folder, lookback, report
from ansible_collections.dataops.access.plugins.plugin_utils.audit.context import Context, disabled_before
from ansible_collections.dataops.access.plugins.plugin_utils.audit.findings import left_out
from ansible_collections.dataops.access.plugins.plugin_utils.audit.waivers import Waiver
from unit.audit.results import RUN, account, judged, read, result

ALL = ("eu", "us")
DAYS = [f"2026-01-{day:02}T06:00:00Z" for day in range(1, 31)]
UNUSED = Waiver("drift", "for this test", "security@example.com", dt.date(2027, 1, 1), key="nobody")


def unread(host: str, *strangers: str, disabled: Iterable[str] = (), complete: bool = True) -> dict[str, Any]:
    """A tenant as it was read: who is there and not declared, and who is disabled there."""
    existing = [account(key, enabled=False) for key in disabled] if complete else []
    unmanaged = tuple((key, "undeclared") for key in strangers)
    return read(result(unmanaged=unmanaged, existing=existing, complete=complete), host=host)


class Chain:
    """Audits that follow each other in one folder."""

    def __init__(self, place: Path) -> None:
        self.place = str(place)
        folder.prepare(self.place)
        self.days = iter(DAYS)
        self.warnings: list[str] = []

    def audit(self, *records: dict[str, Any], waivers: tuple[Waiver, ...] = (), expected: Any = ALL) -> dict[str, Any]:
        """One run, as the action plugin does it. A tenant that is not given is left out."""
        at = next(self.days)
        hosts = [record["tenant"] for record in records]
        scope = report.scope(expected, hosts, hosts, None)
        previous = folder.previous_report(self.place, None)
        before, self.warnings = folder.with_earlier(self.place, previous, records, left_out(scope))
        now = dt.datetime.fromisoformat(at)
        known = Context(now=now, disabled=disabled_before(before) if before else {})
        found = [judged(record, known, account_disabled=False) for record in records]
        made = assembly.whole_report({**RUN, "at": at}, found, scope, waivers, before)
        folder.write_whole(self.place, made)
        assert evidence.link(previous) == made["previous"]
        return made


@pytest.fixture
def chain(tmp_path: Path) -> Chain:
    return Chain(tmp_path)


def trends(made: dict[str, Any], host: str) -> dict[str, tuple[str | None, str]]:
    (tenant,) = (one for one in made["tenants"] if one["tenant"] == host)
    return {item["key"]: (item["trend"], item["since"][:10]) for item in tenant["findings"]}


def disabled_since(made: dict[str, Any], host: str) -> dict[str, str]:
    (tenant,) = (one for one in made["tenants"] if one["tenant"] == host)
    return {item["key"]: item["disabled_since"] for kind in tenant["kinds"] for item in kind["existing"]}


def test_a_limited_run_between_two_full_ones(chain: Chain) -> None:
    chain.audit(unread("eu", "zoe"), unread("us", "leo", "uma", disabled=["fay"]))
    limited = chain.audit(unread("eu", "zoe"))
    assert (trends(limited, "eu"), limited["fixed"]) == ({"zoe": ("persisting", "2026-01-01")}, [])
    full = chain.audit(unread("eu", "zoe"), unread("us", "ivo", "leo", disabled=["bob", "fay"]))
    assert trends(full, "eu") == {"zoe": ("persisting", "2026-01-01")}
    assert trends(full, "us") == {"ivo": ("new", "2026-01-03"), "leo": ("persisting", "2026-01-01")}
    assert [item["key"] for item in full["fixed"]] == ["uma"]
    assert disabled_since(full, "us") == {"bob": "2026-01-03", "fay": "2026-01-01"}
    assert full["previous"] == {"at": limited["run"]["at"], "sha256": limited["sha256"]}


def test_what_the_newest_report_says_of_a_tenant_holds(chain: Chain) -> None:
    """Each limited run is the newest that speaks of its tenant; an older one is not asked what it said."""
    chain.audit(unread("eu", "zoe"), unread("us", "leo"))
    chain.audit(unread("us", "uma"))
    chain.audit(unread("eu", "zoe"))
    chain.audit(unread("eu"))
    full = chain.audit(unread("eu", "zoe"), unread("us", "leo", "uma"))
    assert trends(full, "eu") == {"zoe": ("new", "2026-01-05")}
    assert trends(full, "us") == {"leo": ("new", "2026-01-05"), "uma": ("persisting", "2026-01-02")}
    assert full["fixed"] == []


def test_an_outage_between_two_runs(chain: Chain) -> None:
    chain.audit(unread("us", "leo", "uma", disabled=["fay"]), expected=("us",))
    chain.audit(unread("us", complete=False), expected=("us",))
    chain.audit(read(error="it does not answer", host="us"), expected=("us",))
    after = chain.audit(unread("us", "leo", "ivo", disabled=["fay"]), expected=("us",))
    assert trends(after, "us") == {"ivo": ("new", "2026-01-04"), "leo": ("persisting", "2026-01-01")}
    assert {item["rule"]: item["key"] for item in after["fixed"]} == {"unreadable": "us", "unmanaged": "uma"}
    assert disabled_since(after, "us") == {"fay": "2026-01-01"}


def test_findings_of_the_run_as_a_whole_persist_too(chain: Chain) -> None:
    whole = (unread("eu"), unread("us"))
    chain.audit(*whole, waivers=(UNUSED,))
    # Nobody knows whether it is for what was left out.
    assert chain.audit(unread("eu"), waivers=(UNUSED,))["findings"] == []
    (item,) = chain.audit(*whole, waivers=(UNUSED,))["findings"]
    assert (item["trend"], item["since"]) == ("persisting", DAYS[0])
    chain.audit(unread("eu"))
    assert [item["rule"] for item in chain.audit(*whole)["fixed"]] == ["waiver_unused"]


def test_a_tenant_that_no_report_spoke_of_has_no_trend(chain: Chain) -> None:
    chain.audit(unread("eu", "zoe"))
    chain.audit(unread("eu", "zoe"))
    assert trends(chain.audit(unread("us", "leo")), "us") == {"leo": (None, "2026-01-03")}


@pytest.mark.parametrize(
    ("hosts", "known", "number"),
    [
        # The report before speaks of it; nobody knows of it; an earlier report does; none does.
        (["us"], ALL, 0),
        (["eu", "us"], ["us"], 0),
        (["eu", "us"], ALL, 1),
        (["eu", "us", "apac"], ["apac", *ALL], lookback.MOST),
    ],
)
def test_reports_are_read_only_as_far_as_they_are_needed(hosts: list[str], known: list[str], number: int) -> None:
    asked = []

    def earlier() -> Iterable[dict[str, Any]]:
        for place in itertools.count():
            asked.append(place)
            yield limited_to("eu")

    lookback.looked_back(limited_to("us"), earlier(), [unread(host) for host in hosts], True, known)
    assert len(asked) == number


def limited_to(host: str) -> dict[str, Any]:
    return report.run_record(RUN, [judged(unread(host))], report.scope(ALL, [host], [host], None))


def test_a_report_that_was_taken_away_ends_what_is_known(chain: Chain, tmp_path: Path) -> None:
    chain.audit(unread("us", "leo"))
    chain.audit(unread("eu"))
    (kept,) = (tmp_path / "history").glob("20260101*/report.json")
    text = kept.read_text()
    kept.unlink()
    assert trends(chain.audit(unread("us", "leo")), "us") == {"leo": (None, "2026-01-03")}
    assert chain.warnings == []
    # And one that was changed is no evidence of anything.
    kept.write_text(json.dumps({**json.loads(text), "verdict": "clean"}))
    (tmp_path / "report.json").write_text(next((tmp_path / "history").glob("20260102*/report.json")).read_text())
    assert trends(chain.audit(unread("us", "leo")), "us") == {"leo": (None, "2026-01-04")}
    assert [warning.partition(" was ")[0] for warning in chain.warnings] == [str(kept)]


def test_where_the_report_before_was_moved_away_all_begins_anew(chain: Chain, tmp_path: Path) -> None:
    chain.audit(unread("us", "leo"))
    chain.audit(unread("eu"))
    (tmp_path / "report.json").unlink()
    assert trends(chain.audit(unread("us", "leo")), "us") == {"leo": (None, "2026-01-03")}
    chain.audit(unread("eu"))
    # The chain that it began is followed, and not beyond its beginning.
    assert trends(chain.audit(unread("us", "leo")), "us") == {"leo": ("persisting", "2026-01-03")}
