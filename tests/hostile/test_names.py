# SPDX-License-Identifier: GPL-3.0-or-later
"""Every text that a server lists may hold anything: it is shown escaped, and a result is not lost for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from ansible_collections.dataops.access.plugins.module_utils.http.answers import Answer
from ansible_collections.dataops.access.plugins.module_utils.http.session import Request
from emulator.server import Emulator
from hostile.disturb import answering, as_bytes
from hostile.mutations import Mutation, at, places
from hostile.scenes import KINDS, Stage
from hostile.verdict import identities, look_at

# A colour, a title, a control sequence in one character, another direction of writing, half a character, new lines.
NASTY = "\x1b[31m\x1b]0;x\x07\x9b2J\u202e\u2066\ud800\u2028\r\n\x00\x7f"


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running


@pytest.mark.parametrize("kind", KINDS)
def test_every_text_of_a_listing_may_hold_anything(
    kind: str, emulator: Emulator, tally: Callable[[str, str, int], None]
) -> None:
    stage = Stage(emulator, kind)
    scene = stage.scenes[0]
    stage.set(scene)
    with answering(lambda *_: None) as seen:
        assert not scene.play().get("failed")
    listing = len(seen) - 1
    texts = [n for n, place in enumerate(places(seen[-1][1].data)) if isinstance(at(seen[-1][1].data, place), str)]
    for place in texts:

        def change(number: int, _request: Request, answer: Answer, place: int = place) -> bytes | None:
            if number != listing:
                return None
            return as_bytes(Mutation("replace", place, 0, NASTY).applied(answer.data)[0])

        stage.set(scene)
        with answering(change):
            result = scene.play()
        look_at(result, stage, str(result))
        assert not result.get("failed") or result["failure"]["kind"] == "protocol", result["msg"]
    assert texts
    tally("cases", f"{kind}: nasty names", len(texts))


def test_half_a_character_in_another_object_does_not_cost_the_result_of_a_write(emulator: Emulator) -> None:
    for kind in KINDS:
        stage = Stage(emulator, kind)
        for scene in stage.creations():

            def change(_number: int, request: Request, answer: Answer) -> bytes | None:
                data = answer.data
                if request.method != "GET" or not isinstance(data, list) or not data or not isinstance(data[0], dict):
                    return None
                return as_bytes([{**data[0], "comment": NASTY, "userName": NASTY}, *data[1:]])

            stage.set(scene)
            with answering(change):
                result = scene.play()
            look_at(result, stage, str(result))
            assert [status for status in (one["status"] for one in result["changes"]) if status != "applied"] == []
            assert identities(result)
