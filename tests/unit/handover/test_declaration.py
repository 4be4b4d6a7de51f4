# SPDX-License-Identifier: GPL-3.0-or-later
"""Where secrets go, as declared: what is chosen, what is filled in, and what is refused in one sentence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.dataops.access.plugins.plugin_utils.handover.declaration import (
    KINDS,
    Surroundings,
    read,
    without_choice,
)

VAULT = {"kind": "hashicorp_vault", "url": "https://vault.example.com/", "token": "canary", "path": "devo/{name}"}
AWX = {
    "kind": "awx_credential",
    "url": "https://awx.example.com",
    "token": "canary",
    "credential": "Devo {account} {host}",
    "field": "api_token",
}


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    (tmp_path / "push.yml").write_text("[]\n")
    return Surroundings("devo-eu", "example", tmp_path)


def token(**more: Any) -> dict[str, Any]:
    return {"name": "ci", "renew_before": 3600, **more}


def chosen(around: Surroundings, entry: Any, declared: Any = None) -> list[tuple[str, dict[str, Any]]]:
    renewals, errors = read([entry], declared, around)
    assert errors == []
    return [(each.kind, dict(each.options)) for renewal in renewals for each in renewal.handovers]


def errors(around: Surroundings, *entries: Any, declared: Any = None) -> list[str]:
    return read(list(entries), declared, around)[1]


def test_the_file_of_a_token_is_the_default(around: Surroundings) -> None:
    renewals, wrong = read([token(secret_file="/run/ci")], None, around)
    assert wrong == []
    assert [renewal.only_file for renewal in renewals] == [True]
    assert chosen(around, token(secret_file="/run/ci"), {"kind": "secret_file"}) == [
        ("secret_file", {"path": "/run/ci"})
    ]


@pytest.mark.parametrize("declared", [VAULT, [VAULT]], ids=["a mapping", "a list"])
def test_a_host_declares_for_its_tokens(around: Surroundings, declared: Any) -> None:
    assert [kind for kind, _options in chosen(around, token(), declared)] == ["hashicorp_vault"]
    # The file that apply writes does not keep an old secret.
    kinds = [kind for kind, _options in chosen(around, token(secret_file="/run/ci"), declared)]
    assert kinds == ["secret_file", "hashicorp_vault"]


def test_a_token_chooses_for_itself(around: Surroundings) -> None:
    entry = token(handover=[AWX, {"kind": "tasks", "file": "push.yml"}])
    assert [kind for kind, _options in chosen(around, entry, VAULT)] == ["awx_credential", "tasks"]
    assert chosen(around, token(handover="secret_file", secret_file="/run/ci"), VAULT) == [
        ("secret_file", {"path": "/run/ci"})
    ]
    assert without_choice(entry) == token()


def test_what_is_left_out_and_what_stands_for_the_token(around: Surroundings) -> None:
    ((_kind, vault),) = chosen(around, token(handover=VAULT))
    assert vault == {
        "url": "https://vault.example.com",
        "token": "canary",
        "path": "devo/ci",
        "field": "token",
        "mount": "secret",
        "namespace": None,
        "allow_http": False,
        "ca_path": None,
        "timeout": 30.0,
        "validate_certs": True,
    }
    ((_kind, awx),) = chosen(around, token(handover=AWX))
    assert (awx["credential"], awx["api_path"]) == ("Devo example devo-eu", "/api/v2")


def test_relative_paths_begin_at_the_inventory(around: Surroundings) -> None:
    ((_kind, options),) = chosen(around, token(handover={"kind": "vault_file", "path": "secrets/{name}.yml"}))
    assert options["path"] == str(around.folder / "secrets" / "ci.yml")
    ((_kind, options),) = chosen(around, token(handover={"kind": "vault_file", "path": "/etc/ci.yml"}))
    assert options["path"] == "/etc/ci.yml"


@pytest.mark.parametrize(
    "entry",
    [
        {"name": "ci"},
        token(state="absent"),
        token(enabled=False),
        token(renew_before=None),
        {"token_id": "5", "renew_before": 3600},
        "ci",
    ],
)
def test_tokens_that_are_not_renewed_need_no_place(around: Surroundings, entry: Any) -> None:
    assert read([entry], None, around) == ([], [])


@pytest.mark.parametrize(
    ("handover", "says"),
    [
        (
            {"kind": "keepass"},
            "'keepass' is no kind; known are awx_credential, hashicorp_vault, secret_file, tasks, vault",
        ),
        ({}, "kind is missing"),
        ({"kind": ["tasks"]}, "is no kind"),
        (5, "it is no mapping with a kind"),
        ([VAULT, "keepass"], "entry 2: 'keepass' is no kind"),
        ({"kind": "tasks"}, "tasks: missing required arguments: file"),
        ({"kind": "tasks", "file": "missing.yml"}, "tasks: there is no file "),
        ({"kind": "tasks", "file": "."}, "tasks: there is no file "),
        ({"kind": "vault_file"}, "vault_file: missing required arguments: path"),
        ({"kind": "vault_file", "path": "x", "variable": "a-b"}, "'a-b' cannot be the name of a variable"),
        ({**VAULT, "route": "x"}, "route is no option; known are "),
        ({**VAULT, "token:canary": ""}, "token… is no option; known are "),
        ({"kind": "token:canary"}, "'token…' is no kind"),
        ({**VAULT, "path": " "}, "hashicorp_vault: path is empty"),
        ({**VAULT, "token": ""}, "hashicorp_vault: token is empty"),
        ({**VAULT, "url": "vault.example.com"}, "url: 'vault.example.com' is not a URL"),
        ({**VAULT, "url": "http://vault.example.com"}, "use https, or set allow_http: true"),
        ({**VAULT, "timeout": "canary"}, "timeout"),
        ({**AWX, "field": None}, "awx_credential: missing required arguments: field"),
        ({"kind": "secret_file"}, "renew_before is set, and nothing says where its new secret goes"),
        ([], "renew_before is set, and nothing says where its new secret goes"),
        (None, "renew_before is set, and nothing says where its new secret goes"),
        ("", "renew_before is set, and nothing says where its new secret goes"),
    ],
)
def test_what_is_wrong_is_one_sentence_with_token_and_variable(around: Surroundings, handover: Any, says: str) -> None:
    for entry, declared, variable in (
        (token(handover=handover), None, "devo_tokens: handover"),
        (token(), handover, "access_token_handover"),
    ):
        (error,) = errors(around, entry, declared=declared)
        assert error.startswith("token 'ci': ")
        assert says in error
        assert variable in error or "nothing says where" in error
        assert "canary" not in error


def test_without_credentials_a_merge_request_can_be_checked(around: Surroundings) -> None:
    offline = replace(around, credentials=False)
    assert errors(offline, token(handover={**VAULT, "token": "", "url": ""})) == [
        "token 'ci': devo_tokens: handover: hashicorp_vault: url is empty"
    ]
    assert errors(offline, token(handover={**VAULT, "token": ""})) == []


def test_two_tokens_do_not_share_a_place(around: Surroundings) -> None:
    other = token(name="other")
    assert errors(around, token(), other, declared=VAULT) == []
    (error,) = errors(around, token(), other, declared={**VAULT, "path": "devo"})
    assert "token 'other': hashicorp_vault: token 'ci' has the same place" in error
    assert errors(around, token(), other, declared={**VAULT, "path": "devo", "namespace": "{name}"}) == []
    assert errors(around, token(), other, declared={"kind": "tasks", "file": "push.yml"}) == []
    both = [token(handover={**AWX, "field": field}, name=field) for field in ("one", "two")]
    assert errors(around, *both) == []


def test_every_kind_documents_what_it_takes() -> None:
    guide = (Path(__file__).parents[3] / "docs" / "rotate-tokens.md").read_text()
    for kind, options in KINDS.items():
        assert f"kind: {kind}" in guide
        for option in options:
            assert f"`{option}`" in guide, option
