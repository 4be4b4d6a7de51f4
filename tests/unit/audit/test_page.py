# SPDX-License-Identifier: GPL-3.0-or-later
"""``report.html`` as text: what it says, that it says everything, and that nothing in it is more than text."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.core.render import printable
from ansible_collections.dataops.access.plugins.plugin_utils.audit import (
    page,
    page_findings,
    page_people,
    report,
)
from unit.audit import large, sample
from unit.audit.results import RUN, change, result

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text())
TEMPLATES = ROOT / "roles" / "access_report" / "templates"
RICH = sample.rich()
TAGS = set(re.findall(r"<([a-z0-9]+)", "".join(path.read_text() for path in TEMPLATES.rglob("*.j2"))))
# Words that the collection itself chooses out of a few, and that no server says.
CHOSEN = {"severity", "verdict", "nature", "declared", "trend", "status", "action", "schema_version"}


class Parsed(HTMLParser):
    """Tags, attributes, and the text outside of scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.inside = ""
        self.code: dict[str, list[str]] = {"script": [], "style": []}
        self.texts: list[str] = []
        self.odd: list[str] = []
        self.feed(html)
        self.close()
        self.text = " ".join("".join(self.texts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self.inside = tag

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        self.code.get(self.inside, self.texts).append(data)

    def handle_comment(self, data: str) -> None:
        self.odd.append(data)

    handle_decl = unknown_decl = handle_pi = handle_comment

    def values(self, name: str) -> set[str]:
        return {value for _tag, attribute, value in self.attributes if attribute == name}


def words(text: str) -> str:
    """A text as `Parsed.text` has it."""
    return " ".join(printable(text).split())


def lines(text: str) -> str:
    """The same for a text whose line breaks stay."""
    return " ".join(word for line in text.split("\n") for word in printable(line).split())


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where a record holds a text that is not one of a few chosen words: paths of values; of keys with None last."""
    if isinstance(value, dict):
        for key in sorted(value):
            if key not in CHOSEN:
                yield from places(value[key], (*path, key))
            if path and path[-1] in ("fields", "rules"):
                yield (*path, key, None)
    elif isinstance(value, list):
        for number, entry in enumerate(value):
            yield from places(entry, (*path, number))
    elif isinstance(value, str):
        yield path


def put(record: dict[str, Any], path: tuple[Any, ...], text: str) -> dict[str, Any]:
    """A copy of the record with the text in that place."""
    changed = copy.deepcopy(record)
    value: Any = changed
    is_key = path[-1] is None
    *way, last = path[:-1] if is_key else path
    for step in way:
        value = value[step]
    if is_key:
        value[text] = value.pop(last)
    else:
        value[last] = text
    return changed


PLACES = sorted(places(RICH), key=repr)
ATTACKS = [sample.HOSTILE, "</script><script>x()</script>", "\"' onload=x() '\"", "<!--", "]]>", "{{ 1 }}", "\u2066"]
CODE = Parsed(page.render(RICH)).code


def only_text(html: str) -> Parsed:
    """Asserts that the page is made of nothing but what its templates hold."""
    parsed = Parsed(html)
    assert set(parsed.tags) <= TAGS
    assert (parsed.tags.count("script"), parsed.tags.count("style")) == (1, 1)
    assert parsed.odd == ["DOCTYPE html"]
    assert not {name for _tag, name, _value in parsed.attributes if name.startswith("on") or name in ("style", "src")}
    assert all(value.startswith("#") for value in parsed.values("href"))
    return parsed


# A case is a whole page.
@settings(max_examples=settings.default.max_examples // 4)
@given(
    st.sampled_from(PLACES),
    st.text(st.characters(), max_size=40) | st.sampled_from(ATTACKS),
)
def test_any_text_in_any_place_stays_text(path: tuple[Any, ...], text: str) -> None:
    marked = f"q\ue000q{text}"
    html = page.render(put(RICH, path, marked))
    html.encode()
    parsed = only_text(html)
    shown = printable(marked[:3])
    assert all(shown not in value and marked not in value for _tag, _name, value in parsed.attributes)
    assert parsed.code == CODE
    assert not [character for character in html if not character.isprintable() and character != "\n"]
    # The page leaves out only what something beside it says, and nothing of a finding.
    if path[0] in ("fixed", "run") or "findings" in path:
        assert (lines(marked) if path[-1] == "remedy" else words(marked)) in parsed.text


def test_every_finding_is_told_whole() -> None:
    text = Parsed(page.render(RICH)).text
    found = [*page_findings.every(RICH), *RICH["fixed"]]
    assert len(found) > 15
    for item in found:
        for name in ("id", "key", "message", "tenant", "rule", "status"):
            assert words(item[name]) in text
        assert lines(item["remedy"]) in text
        for field, sides in item["fields"].items():
            assert field in text
            assert words(page_findings.shown(sides["before"])) in text
            assert words(page_findings.shown(sides["after"])) in text
        for side in ("approved_by", "owner", "ticket", "reason", "expires") if item["waiver"] else ():
            assert item["waiver"][side] in text


def test_everything_that_exists_is_told() -> None:
    text = Parsed(page.render(RICH)).text
    for _tenant, _kind, existing in page_people.objects(RICH):
        for name in (*existing["people"], *existing["entitlements"], *existing["wide"]):
            assert words(name) in text or words(name.lower()) in text
        if not existing["people"]:
            assert words(existing["key"]) in text


def test_five_thousand_findings_are_all_there() -> None:
    record = large.large()
    html = page.render(record)
    assert html.count("<li data-tags=") == record["counts"]["findings"] == 5_000
    assert set(re.findall(r'class="id">([0-9a-f]{16})<', html)) == {item["id"] for item in page_findings.every(record)}
    assert html.count('<th scope="row" role="rowheader">person-') == 1_000


def test_nothing_waits_for_the_script() -> None:
    html = page.render(RICH)
    parsed = Parsed(html)
    hidden = re.findall(r"<(\w+)[^>]* id=\"(\w+)\"[^>]* hidden>", html)
    assert hidden == [("button", "theme"), ("form", "filter"), ("form", "find"), ("p", "persons")]
    assert not {"template", "noscript", "details"} & set(parsed.tags)


def test_the_policy_allows_the_pages_own_style_and_script_alone() -> None:
    html = page.render(RICH)
    parsed = Parsed(html)
    policy = next(value for value in parsed.values("content") if value.startswith("default-src"))
    for tag in ("script", "style"):
        digest = base64.b64encode(hashlib.sha256("".join(parsed.code[tag]).encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert re.findall(r"url\((?!\"#)|@import|https?:", "".join(parsed.code["style"] + parsed.code["script"])) == []


def test_anchors_lead_somewhere() -> None:
    for record in (RICH, sample.clean()):
        parsed = Parsed(page.render(record))
        assert {value[1:] for value in parsed.values("href")} <= parsed.values("id")
        ids = [value for _tag, name, value in parsed.attributes if name == "id"]
        assert len(ids) == len(set(ids))
        assert parsed.values("for") <= set(ids)
        assert {part for value in parsed.values("aria-labelledby") for part in value.split()} <= set(ids)


def test_the_page_follows_from_the_record_alone() -> None:
    record = copy.deepcopy(RICH)
    assert page.render(record) == page.render(copy.deepcopy(RICH))
    assert record == RICH


@pytest.mark.parametrize("make", [sample.rich, sample.clean])
def test_the_samples_are_reports(make: Any) -> None:
    jsonschema.validate(make(), SCHEMA)


def test_the_head_says_what_is_partial_and_missing() -> None:
    text = Parsed(page.render(RICH)).text
    assert (
        "PARTIAL: this report speaks of 5 of 7 tenants, limited to *-eu:dqm. Nothing is known here of devo-us." in text
    )
    assert "MISSING: the run should have asked ds-us, and did not." in text
    assert "PARTIAL" not in Parsed(page.render(sample.clean())).text


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_wrong_clock_does_not_stop_the_report(at: str) -> None:
    record = {**RICH, "run": {**RUN, "at": at}}
    assert at in page.render(record)


def test_a_masked_secret_stays_masked() -> None:
    told = sample.tenant("ds", "datasentinel", result(change("ana", "update", password=("********", "********"))))
    record = sample.finished([told], [], report.scope(["ds"], ["ds"], ["ds"], None))
    assert "password******** ********" in Parsed(page.render(record).replace("</td><td>", "</td> <td>")).text
