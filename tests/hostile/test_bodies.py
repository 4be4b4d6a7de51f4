# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies that are no JSON, or JSON that no program should take: as the answer to each request of each module."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.module_utils.http.answers import Answer
from ansible_collections.dataops.access.plugins.module_utils.http.session import Request
from emulator.server import Emulator
from hostile.disturb import answering
from hostile.scenes import KINDS, Scene, Stage
from hostile.verdict import identities, look_at

# From the sound body to the hostile one: what is no JSON, or none that a program should take.
NO_JSON: dict[str, Callable[[bytes], bytes]] = {
    "HTML": lambda _body: b"<!DOCTYPE html><html><title>Log in</title><script>alert(1)</script></html>",
    "half of it": lambda body: body[: len(body) // 2],
    "a key twice": lambda _body: b'{"token": "a", "token": "b", "error": null}',
    "XML with entities": lambda _body: b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>',
    "UTF-16": lambda body: body.decode().encode("utf-16"),
    "UTF-32": lambda body: body.decode().encode("utf-32"),
    "Latin-1": lambda _body: '{"name": "Möbius"}'.encode("latin-1"),
    "a zero byte": lambda body: body + b"\x00",
    "two documents": lambda body: body + body,
    "lists in lists": lambda _body: b"[" * 100_000 + b"]" * 100_000,
    "objects in objects": lambda _body: b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "60 lists in lists": lambda _body: b"[" * 60 + b"]" * 60,
    "lists without an end": lambda _body: b"[" * 5_000_000,
    "two million lists": lambda _body: b"[" + b"[]," * 2_000_000 + b"[]]",
    "six million numbers": lambda _body: b"[" + b"1," * 6_000_000 + b"1]",
    "a number beyond floats": lambda _body: b"[1e999]",
    "a number of 5,000 digits": lambda _body: b"[" + b"9" * 5000 + b"]",
    "NaN": lambda _body: b"[NaN]",
    "Infinity": lambda _body: b'{"expires_in": -Infinity}',
    "surrogates in UTF-8": lambda _body: b'[{"email": "\xed\xa0\x80"}]',
    "too long sequences": lambda _body: b'[{"email": "\xc0\xaf"}]',
    "raw control characters": lambda _body: b'{"error": "\x1b[2J"}',
    "nothing but commas": lambda _body: b"," * 1_000_000,
}
STRANGE: dict[str, Callable[[bytes], bytes]] = {
    "control characters": lambda _body: b'{"error": "\\u001b[2J\\u001b]0;x\\u0007\\u202e\\u009b31m\\r\\nfake: line"}',
    "a text of many lines": lambda _body: json.dumps({"message": "no\nsuch user\n" * 100_000}).encode(),
    "objects in which nothing is said": lambda _body: json.dumps([{}, {}, {"a": None}]).encode(),
    "surrogates alone": lambda _body: b'[{"email": "\\ud800", "id": "\\udfff", "name": "\\ud83d"}]',
    "a text": lambda _body: b'"OK"',
    "a number": lambda _body: b"0",
}
# As answers to the requests of a run that writes, these come first; the others with --long.
FIRST = ("HTML", "half of it", "a key twice", *list(STRANGE)[:4])


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running


@pytest.mark.parametrize("kind", KINDS)
def test_a_hostile_body_is_told_or_harmless(
    kind: str, emulator: Emulator, tally: Callable[[str, str, int], None], pytestconfig: pytest.Config
) -> None:
    stage = Stage(emulator, kind)
    every = {**NO_JSON, **STRANGE}
    count = 0
    for scene in (stage.scenes[0], *stage.creations()):
        sound, requests = play(stage, scene)
        names = FIRST if scene.creates and not pytestconfig.getoption("long") else every
        for place, name in itertools.product(range(requests), names):
            result, _requests = play(stage, scene, place, every[name])
            count += 1
            told = f"{scene.name}, request {place + 1}, {name}: {json.dumps(result)[:2000]}"
            look_at(result, stage, told)
            assert identities(result) <= identities(sound), told
            if name in NO_JSON and not scene.creates:
                assert result.get("failed") or sizes(result) == sizes(sound), told
    tally("cases", f"{kind}: hostile bodies", count)


def sizes(result: dict[str, Any]) -> dict[str, int]:
    """How many objects each list of a result has."""
    return {name: len(value) for name, value in result.items() if isinstance(value, list)}


def play(
    stage: Stage, scene: Scene, disturbed: int | None = None, hostile: Callable[[bytes], bytes] | None = None
) -> tuple[dict[str, Any], int]:
    """The result with one answer replaced, and the number of requests."""

    def change(number: int, _request: Request, answer: Answer) -> bytes | None:
        if number != disturbed or hostile is None:
            return None
        return hostile(json.dumps(answer.data, ensure_ascii=False).encode())

    stage.set(scene)
    with answering(change) as seen:
        result = scene.play()
    return result, len(seen)


def test_a_byte_order_mark_is_harmless(emulator: Emulator) -> None:
    for kind in KINDS:
        stage = Stage(emulator, kind)
        scene = stage.scenes[0]
        sound, requests = play(stage, scene)
        for place in range(requests):
            result, _requests = play(stage, scene, place, lambda body: b"\xef\xbb\xbf" + body)
            assert not result.get("failed"), result["msg"]
            assert result.keys() == sound.keys()
