# SPDX-License-Identifier: GPL-3.0-or-later
"""Who gets what, as people read it."""

from __future__ import annotations

from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.grants import grant_lines, grants
from ansible_collections.dataops.access.plugins.module_utils.core.resource import (
    ABSENT,
    AS_SET,
    PRESENT,
    Declared,
    Field,
    Option,
    Resource,
)

SHELF = Resource(
    platform="shelf",
    noun="box",
    singular="box",
    plural="boxes",
    listed_as="boxes",
    identity=("name",),
    options=(
        Field("name", required=True),
        Field("secret", secret=True),
        Field("roles", type="list", elements="str", compare=AS_SET),
        Field("enabled", type="bool"),
        Field("comment"),
        Option("users", type="list", elements="str"),
        Option("email"),
        Option("secret_file", type="path"),
    ),
)


def declared(key: str, state: str = PRESENT, **options: Any) -> Declared:
    return Declared(key, key, state, {"name": key, **options})


def test_a_grant_shows_what_is_declared_and_no_secret() -> None:
    box = declared("a", email="Ana@example.com", secret="canary", roles=[], enabled=False, comment="", secret_file="/x")
    assert grants(SHELF, [box]) == [
        {
            "who": "ana@example.com",
            "kind": "box",
            "key": "a",
            "state": "present",
            "what": "roles none; enabled no; comment (empty)",
        }
    ]


def test_an_object_that_people_are_in_is_granted_to_each() -> None:
    found = grants(SHELF, [declared("a", users=["Ana@example.com", "bo@example.com"]), declared("b")])
    assert [(grant["who"], grant["key"]) for grant in found] == [
        ("ana@example.com", "a"),
        ("bo@example.com", "a"),
        ("(nobody by name)", "b"),
    ]


def test_lines_are_by_person() -> None:
    boxes = [
        declared("a", email="ana@example.com", roles=["x", "y"]),
        declared("ana@example.com", ABSENT, email="ana@example.com", roles=["x"]),
        declared("c"),
    ]
    tenants = [
        {"tenant": "t1", "platform": "shelf", "grants": grants(SHELF, boxes), "errors": []},
        {"tenant": "t2", "platform": "shelf", "grants": [], "errors": ["entry 1 of boxes: it is wrong"]},
    ]
    assert grant_lines(tenants) == [
        "Who gets what: people: 1, declared objects: 3, tenants: 2",
        "",
        "ana@example.com",
        "  t1 (shelf): box - declared absent",
        "  t1 (shelf): box a - roles x, y",
        "",
        "(nobody by name)",
        "  t1 (shelf): box c",
        "",
        "WRONG, to be corrected: 1",
        "  t2 (shelf): entry 1 of boxes: it is wrong",
    ]
