# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that are valid JSON and not those of the API: each module ends with a result or a clear error.

Whatever one answer of a run is changed to: no bug comes to light, no secret, nothing that steers a terminal. Where the
change leaves no doubt that the answer is malformed, nothing is created or removed that a sound answer would not have
led to: a broken entry is no absent one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.http.answers import Answer
from ansible_collections.dataops.access.plugins.module_utils.http.session import Request
from emulator.server import Emulator
from hostile.disturb import answering, as_bytes
from hostile.mutations import MUTATIONS, Mutation
from hostile.scenes import KINDS, Scene, Stage
from hostile.verdict import identities, look_at


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running


class Undisturbed:
    """What a scene is without any disturbance, played once."""

    def __init__(self, stage: Stage, scene: Scene) -> None:
        stage.set(scene)
        with answering(lambda *_: None) as seen:
            self.result = scene.play()
        self.requests = len(seen)
        self.plan = identities(self.result)


class Kind:
    """All that is disturbed of one kind of object."""

    def __init__(self, emulator: Emulator, kind: str) -> None:
        self.kind = kind
        self.stage = Stage(emulator, kind)
        self.known: dict[int, Undisturbed] = {}
        self.count = 0

    def disturb(self, scene_number: int, answer_number: int, mutation: Mutation) -> None:
        """Play one scene with one answer changed."""
        place = scene_number % len(self.stage.scenes)
        scene = self.stage.scenes[place]
        if place not in self.known:
            self.known[place] = Undisturbed(self.stage, scene)
        sound = self.known[place]
        # A step that is refused before anything is asked has nothing to disturb.
        assume(sound.requests)
        self.count += 1
        disturbed = answer_number % sound.requests
        malformed = False
        answered = "nothing"

        def change(number: int, request: Request, answer: Answer) -> bytes | None:
            nonlocal malformed, answered
            if number != disturbed:
                return None
            data, malformed = mutation.applied(answer.data)
            answered = f"{request.method} {request.url} answered {json.dumps(data)[:2000]}"
            return as_bytes(data)

        self.stage.set(scene)
        before = self.stage.state()
        with answering(change):
            result = scene.play()
        told = f"{self.kind}, {scene.name}: {answered}\n{json.dumps(result)[:4000]}"
        look_at(result, self.stage, told)
        if scene.form == "info" or not result["changed"]:
            assert self.stage.state() == before, "it was changed, and the result does not say so: " + told
        if malformed:
            assert identities(result) <= sound.plan, "taken for absent or undeclared: " + told


@pytest.mark.parametrize("kind", KINDS)
def test_a_malformed_answer_is_told_or_harmless(
    kind: str, emulator: Emulator, tally: Callable[[str, str, int], None]
) -> None:
    cases = Kind(emulator, kind)
    # A case is a run of a module, and there are six kinds.
    few = settings(max_examples=settings.default.max_examples // 2)
    few(given(st.integers(0, 10**6), st.integers(0, 10**6), MUTATIONS)(cases.disturb))()
    tally("cases", f"{kind}: malformed answers", cases.count)
