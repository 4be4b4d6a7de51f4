# SPDX-License-Identifier: GPL-3.0-or-later
"""The YAML of an export: read by people, and read back byte for byte."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.plugin_utils.export.yaml_text import (
    WIDTH,
    Noted,
    OneLine,
    comment,
    document,
    scalar,
)

HOSTILE = (
    *(
        "yes",
        "No",
        "on",
        "y",
        "null",
        "~",
        "",
        " ",
        " blank before",
        "blank after ",
        "1e3",
        "0x1f",
        "012",
        "0o7",
        "1_000",
    ),
    *(
        "2026-01-01",
        "1:30",
        ".inf",
        "=",
        "<<",
        "- a",
        "a: b",
        "a #b",
        "#a",
        "!a",
        "&a",
        "*a",
        "%a",
        "@a",
        "`a",
        "{a",
        "[a",
    ),
    *(
        "back\\slash",
        'quo"tation',
        "quo'tation",
        "tab\tin",
        "new\nline",
        "carriage\rreturn",
        "\x00",
        "\x1b[31m",
        "\x7f",
        "\x85",
    ),
    *("a\u00a0b", "a\u200bb", "\u2028", "\ufeffmark", "\ufffe", "Mo\u0308bius", "\u6f22\u5b57 \u2603", "\U0001f600"),
    *(
        "{{ 7 * 7 }}",
        "{% if x %}",
        "{# no comment #}",
        "...",
        "---",
        "a,b",
        "a]b",
        "a}b",
        "true",
        "TRUE",
        "nan",
        "x" * 300,
    ),
)
texts = st.sampled_from(HOSTILE) | st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
scalars = texts | st.none() | st.booleans() | st.integers()
trees = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(texts, inner, max_size=3)
        | st.dictionaries(texts, scalars, max_size=3).map(OneLine)
    ),
    max_leaves=12,
)


class Loader(yaml.SafeLoader):
    """Reads ``!unsafe`` as what it holds."""


Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))


def read(lines: list[str]) -> Any:
    return yaml.load("\n".join(lines) + "\n", Loader)  # noqa: S506 - a SafeLoader


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_reads_back(text: str) -> None:
    assert read(["---", f"- {scalar(text)}", f"- {{a: {scalar(text)}}}"]) == [text, {"a": text}]


def test_what_a_person_would_not_quote_is_not_quoted() -> None:
    for text in (
        "read write",
        "ann@example.com",
        "1st@example.com",
        "Data scientist-2",
        "Möbius",
        "a/b",
        "apiv2-admin",
    ):
        assert scalar(text) == text
    for text in ("yes", "1e3", "2026-01-01", "66f0000000000000000000c1", "level://admin"):
        assert scalar(text) == f'"{text}"'


def test_what_ansible_would_take_for_a_template_is_unsafe() -> None:
    assert scalar("{{ 7 * 7 }}") == '!unsafe "{{ 7 * 7 }}"'
    assert scalar("{ 7 }") == '"{ 7 }"'


@given(trees, texts.filter(bool), texts.filter(bool))
@example({"x" * 130: []}, "above", "below")
def test_whatever_it_holds_it_reads_back(tree: Any, above: str, below: str) -> None:
    noted = [Noted(tree, [above], [below])]
    lines = document(
        [("before", 1), ("list", Noted(noted, [above])), ("mapping", {"inner": Noted(tree, [above], [below])})]
    )
    assert read(lines) == {"before": 1, "list": [tree], "mapping": {"inner": tree}}


@given(texts)
def test_nothing_ends_a_comment(text: str) -> None:
    lines = comment(f"about {text}")
    assert read(["a: 1", *lines, "b: 2"]) == {"a": 1, "b": 2}
    assert all(line.startswith("# ") and line == line.rstrip() for line in lines)
    assert all(len(line) <= WIDTH or " " not in line[2:] for line in lines)


def test_a_document_looks_as_a_person_would_write_it() -> None:
    entry = {"email": "ann@example.com", "roles": ["billing", "read only"], "names": {"a": OneLine(b=1)}}
    lines = document(
        [
            ("devo_domain", "example@reseller"),
            ("devo_users", Noted([Noted(entry, ["who is known"], ["password: left out"])], ["All of them."])),
            ("few", [OneLine(company="Acme", username="ann")]),
            ("empty", Noted([])),
        ]
    )
    assert lines == [
        "---",
        "devo_domain: example@reseller",
        "# All of them.",
        "devo_users:",
        "  # who is known",
        "  - email: ann@example.com",
        "    roles: [billing, read only]",
        "    names:",
        "      a: {b: 1}",
        "    # password: left out",
        "",
        "few:",
        "  - {company: Acme, username: ann}",
        "",
        "empty: []",
    ]
