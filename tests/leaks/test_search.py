# SPDX-License-Identifier: GPL-3.0-or-later
"""The search itself: it finds a canary in every form, and nothing where there is none."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import shlex
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
import yaml

from ansible_collections.dataops.access.plugins.module_utils import runner
from ansible_collections.dataops.access.plugins.module_utils.core.masking import Masking
from ansible_collections.dataops.access.plugins.module_utils.core.resource import Field, FieldChange
from ansible_collections.dataops.access.plugins.module_utils.services.datasentinel import DatasentinelUsers
from emulator.server import Emulator
from leaks.inside import Said, run
from leaks.search import Canaries, canary

FORMS: dict[str, Callable[[str], str]] = {
    "raw": str,
    "small": str.lower,
    "JSON": json.dumps,
    "JSON, Unicode": lambda text: json.dumps(text, ensure_ascii=False),
    "JSON in JSON": lambda text: json.dumps(json.dumps({"a": [json.dumps(text)]})),
    "URL": lambda text: quote(text, safe=""),
    "form": quote_plus,
    "URL in URL": lambda text: quote(quote(text, safe=""), safe=""),
    "HTML": html.escape,
    "repr": repr,
    "YAML": yaml.safe_dump,
    "shell": shlex.quote,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 behind one": lambda text: base64.b64encode(f"u:{text}".encode()).decode(),
    "base64 behind two": lambda text: base64.b64encode(f"user:{text}, and more".encode()).decode(),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(f"??>{text}".encode()).decode(),
    "JSON in base64": lambda text: base64.b64encode(json.dumps({"password": text}).encode()).decode(),
    "form in base64": lambda text: base64.b64encode(f"client_secret={quote_plus(text)}&".encode()).decode(),
    "base64 in JSON in a URL": lambda text: quote(json.dumps(base64.b64encode(text.encode()).decode())),
    "hexadecimals": lambda text: text.encode().hex(),
    "input of a signature": lambda text: f'{text}{{"name":"ci"}}1700000000000',
    "digest": lambda text: hashlib.sha256(text.encode()).hexdigest(),
    "first half": lambda text: f"{text[: len(text) // 2]} …",
    "second half": lambda text: f"… {text[len(text) // 2 - 4 :]}",
}
# No code knows these, so that nothing takes them out: they must not be made.
PARTS = ("digest", "first half", "second half")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_canary_is_found_in_every_form(form: str, ascii_only: bool) -> None:
    canaries = Canaries()
    secret = canaries.chosen("password", ascii_only)
    assert canaries.found(f"before {FORMS[form](secret)} after") != []


def test_what_a_server_made_is_found() -> None:
    canaries = Canaries()
    canaries.made("token", "eyJhbGciOiJIUzI1NiJ9.eyJ1aWQiOjF9.c2lnbmF0dXJlIG9mIHRoaXM")
    assert canaries.found("x=eyJhbGciOiJIUzI1NiJ9.eyJ1aWQiOjF9.c2lnbmF0dXJlIG9mIHRoaXM") != []
    assert canaries.found("… OjF9.c2lnbmF0dXJlIG9mIHRoaXM") != []
    assert canaries.found("eyJhbGciOiJIUzI1NiJ9.") == []  # every token begins so
    with pytest.raises(ValueError, match="too short"):
        canaries.made("token", "a,b,c")


def test_nothing_is_found_where_nothing_is() -> None:
    canaries = Canaries()
    canaries.chosen("password")
    assert canaries.found(json.dumps({"password": "********", "other": canary("another")})) == []


# --- a module that leaks ---------------------------------------------------------------------------------------------


@pytest.fixture
def new_user() -> dict[str, Any]:
    return {"email": "new@example.com", "privilege": "read", "profile": "developer", "roles": ["billing"]}


def leaks(vendors: Emulator, new_user: dict[str, Any]) -> list[str]:
    canaries = Canaries()
    options = {**vendors.connections["datasentinel"], **new_user, "password": canaries.chosen("password")}
    said: Said = run(lambda: runner.run_one(DatasentinelUsers), options)
    assert said.result["changed"], said.result
    return canaries.found(said.text)


def without_masking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Masking, "result", lambda _self, result, *_as_json: dict(result))


def test_the_module_as_it_is_leaks_nothing(vendors: Emulator, new_user: dict[str, Any]) -> None:
    assert leaks(vendors, new_user) == []


def test_a_diff_that_shows_values_is_caught(
    vendors: Emulator, new_user: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Field, "change", lambda _self, before, after: FieldChange(before, after))
    without_masking(monkeypatch)
    assert leaks(vendors, new_user) == ["password as it is"]


@pytest.mark.parametrize("form", [form for form in FORMS if form not in PARTS])
def test_a_result_that_holds_it_is_masked_and_would_be_caught(
    vendors: Emulator, new_user: dict[str, Any], monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    def leaking(_self: Any, declared: Any, _snapshot: Any, _one: bool) -> dict[str, Any]:
        return {"debug": FORMS[form](str(declared[0]["password"]))}

    monkeypatch.setattr(DatasentinelUsers, "further_results", leaking)
    assert leaks(vendors, new_user) == []
    without_masking(monkeypatch)
    vendors.reset()
    assert leaks(vendors, new_user) != []


@pytest.mark.parametrize("way", ["log", "warn"])
def test_a_log_or_a_warning_that_holds_it_is_caught(
    vendors: Emulator, new_user: dict[str, Any], monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    finish = runner._Run.finish

    def leaking(self: Any, error: Any) -> Any:
        getattr(self.module, way)(f"created with {self.params['password']}")
        return finish(self, error)

    monkeypatch.setattr(runner._Run, "finish", leaking)
    assert leaks(vendors, new_user) == ["password as it is"]


def test_an_output_that_holds_it_is_caught(
    vendors: Emulator, new_user: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DatasentinelUsers, "check_options", lambda _self, options: print(options) or options)
    assert leaks(vendors, new_user) == ["password as it is"]
