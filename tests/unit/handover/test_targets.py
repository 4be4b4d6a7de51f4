# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets that are handed over to an automation controller, to HashiCorp Vault, and to files of ansible-vault."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, LostAnswer
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import Redactor
from ansible_collections.dataops.access.plugins.plugin_utils import caller
from ansible_collections.dataops.access.plugins.plugin_utils.handover.declaration import Surroundings, read
from ansible_collections.dataops.access.plugins.plugin_utils.handover.proof import NotKept
from ansible_collections.dataops.access.plugins.plugin_utils.handover.targets import Target, Targets
from unit.handover.servers import Awx, Vault, running

NEW = "canary-of-the-new-token"
KEY, OTHER = VaultSecret(b"a password"), VaultSecret(b"another password")


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caller, "PAUSE", 0.0)


@pytest.fixture
def awx() -> Iterator[Awx]:
    inputs = {"url": "https://devo.example.com", "api_token": "old", "other": "kept"}
    server = Awx(credentials={12: {"name": "Devo", "inputs": inputs}, 13: {"name": "Devo 2", "inputs": {}}})
    with running(server):
        yield server


@pytest.fixture
def vault() -> Iterator[Vault]:
    server = Vault(versions={"devo": [{"token": "old", "note": "kept"}]})
    with running(server):
        yield server


def target(handover: dict[str, Any], folder: Path, *secrets: tuple[str, VaultSecret]) -> Target:
    """The target of a token with this handover."""
    entry = {"name": "ci", "renew_before": 3600, "handover": handover}
    renewals, errors = read([entry], None, Surroundings("devo", "example", folder))
    assert errors == []
    loader = DataLoader()
    loader.set_vault_secrets(list(secrets))
    (made,) = Targets(loader, Redactor([NEW])).of(renewals[0])
    return made


def of_awx(awx: Awx, folder: Path, **more: Any) -> Target:
    options = {"url": awx.url, "token": awx.token, "credential": 12, "field": "api_token", **more}
    return target({"kind": "awx_credential", **options}, folder)


def of_vault(vault: Vault, folder: Path, **more: Any) -> Target:
    return target({"kind": "hashicorp_vault", "url": vault.url, "token": vault.token, "path": "devo", **more}, folder)


def failure(made: Target, error: type[AccessError] = AccessError) -> AccessError:
    """What handing over fails with, which never says the secret."""
    with pytest.raises(error) as raised:
        made.hand_over(NEW)
    assert NEW not in raised.value.message
    assert "let-me-in" not in raised.value.message
    return raised.value


# --- AWX --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("credential", [12, "12", "Devo"])
def test_awx_gets_one_input_and_keeps_the_others(awx: Awx, tmp_path: Path, credential: Any) -> None:
    made = of_awx(awx, tmp_path, credential=credential)
    made.probe()
    assert [method for method, _path in awx.asked if method != "GET"] == []
    made.hand_over(NEW)
    assert awx.credentials[12]["inputs"] == {"url": "https://devo.example.com", "api_token": NEW, "other": "kept"}
    assert awx.credentials[13]["inputs"] == {}
    assert made.where == f"input api_token of the credential '{credential}'"


def test_an_input_that_is_not_there_yet(awx: Awx, tmp_path: Path) -> None:
    of_awx(awx, tmp_path, credential="Devo 2").hand_over(NEW)
    assert awx.credentials[13]["inputs"] == {"api_token": NEW}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"field": "url"}, "no secret one, so that everybody who may see the credential could read the token"),
        ({"field": "tokn"}, "has no input 'tokn'; its type has api_token, other, url"),
        ({"credential": 99}, 'it answered 404: "Not found."'),
        ({"credential": "Nobody"}, "there is none of that name"),
        ({"token": "wrong"}, "it answered 403"),
        ({"api_path": "/api"}, "it answered 404"),
    ],
)
def test_awx_says_beforehand_what_it_would_not_take(
    awx: Awx, tmp_path: Path, options: dict[str, Any], says: str
) -> None:
    made = of_awx(awx, tmp_path, **options)
    with pytest.raises(AccessError) as raised:
        made.probe()
    assert says in raised.value.message
    assert says in failure(made).message
    assert {method for method, _path in awx.asked} <= {"GET"}


def test_two_credentials_of_one_name_are_not_told_apart(awx: Awx, tmp_path: Path) -> None:
    awx.credentials[13]["name"] = "Devo"
    assert "several have that name" in failure(of_awx(awx, tmp_path, credential="Devo")).message


@pytest.mark.parametrize("status", [500, -500])
def test_a_lost_answer_of_awx_is_asked_for_once_more(awx: Awx, tmp_path: Path, status: int) -> None:
    awx.faults = {"PATCH": [status]}
    of_awx(awx, tmp_path).hand_over(NEW)
    assert awx.credentials[12]["inputs"]["api_token"] == NEW
    awx.faults = {"PATCH": [status, status]}
    assert failure(of_awx(awx, tmp_path), LostAnswer).kind == "unknown_outcome"


def test_what_awx_refuses_is_known_not_to_have_arrived(awx: Awx, tmp_path: Path) -> None:
    awx.faults = {"PATCH": [403]}
    error = failure(of_awx(awx, tmp_path))
    assert (error.kind, isinstance(error, LostAnswer)) == ("permission", False)
    assert awx.credentials[12]["inputs"]["api_token"] == "old"


def test_what_awx_forgets_is_noticed_as_far_as_it_can_be(awx: Awx, tmp_path: Path) -> None:
    awx.forgets = True
    failure(of_awx(awx, tmp_path, credential=13), NotKept)


def test_a_read_back_that_fails_leaves_it_open(awx: Awx, tmp_path: Path) -> None:
    awx.faults = {"GET": [None, None, 403]}
    assert "it was written, and reading it back failed" in failure(of_awx(awx, tmp_path), LostAnswer).message.lower()


# --- HashiCorp Vault --------------------------------------------------------------------------------------------


def test_vault_gets_a_new_version_with_the_other_fields(vault: Vault, tmp_path: Path) -> None:
    made = of_vault(vault, tmp_path, namespace="team")
    made.probe()
    assert len(vault.versions["devo"]) == 1
    made.hand_over(NEW)
    assert vault.versions["devo"][1:] == [{"token": NEW, "note": "kept"}]
    made.hand_over(NEW)
    assert len(vault.versions["devo"]) == 2  # it is there already
    assert set(vault.namespaces) == {"team"}
    assert made.where == "field token of secret/devo in HashiCorp Vault"


@pytest.mark.parametrize("before", [None, [], [{"token": "old"}, None]], ids=["never", "destroyed", "deleted"])
def test_a_secret_that_is_not_there_is_made(vault: Vault, tmp_path: Path, before: Any) -> None:
    vault.versions = {} if before is None else {"devo": before}
    of_vault(vault, tmp_path, field="value").hand_over(NEW)
    assert vault.versions["devo"][-1] == {"value": NEW}


def test_what_others_write_in_between_is_kept(vault: Vault, tmp_path: Path) -> None:
    others = iter([{"token": "old", "note": "changed"}])

    def between(path: str) -> None:
        for data in others:
            vault.versions[path].append(data)

    vault.between = between
    of_vault(vault, tmp_path).hand_over(NEW)
    assert vault.versions["devo"][-1] == {"token": NEW, "note": "changed"}


def test_who_always_comes_too_late_gives_up(vault: Vault, tmp_path: Path) -> None:
    vault.between = lambda path: vault.versions[path].append({"token": "theirs"})
    assert failure(of_vault(vault, tmp_path)).kind == "conflict"


def test_a_lost_answer_of_vault_is_settled_by_reading(vault: Vault, tmp_path: Path) -> None:
    vault.faults = {"POST": [-502]}
    of_vault(vault, tmp_path).hand_over(NEW)
    assert vault.versions["devo"][-1] == {"token": NEW, "note": "kept"}
    vault.versions["devo"] = [{"token": "old"}]
    vault.faults = {"POST": [502]}
    failure(of_vault(vault, tmp_path), LostAnswer)
    # A write that is done while it cannot be read whether it is.
    vault.faults = {"POST": [-502], "GET": [None, 403]}
    failure(of_vault(vault, tmp_path), LostAnswer)


def test_what_vault_does_not_keep_is_noticed(vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = of_vault(vault, tmp_path)
    vault.versions["devo"] = Forgetful([{"token": "old"}])
    failure(made, NotKept)


class Forgetful(list[Any]):
    """Keeps what was there first, in as many versions as were written."""

    def append(self, data: Any) -> None:
        super().append({**self[0], "note": "rewritten"})


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"token": "wrong"}, "permission denied"),
        ({"mount": "kv"}, None),
        ({"url": "http://127.0.0.1:9"}, "refused"),
    ],
)
def test_vault_says_beforehand_what_it_would_not_take(
    vault: Vault, tmp_path: Path, options: dict[str, Any], says: str | None
) -> None:
    made = of_vault(vault, tmp_path, **options)
    if says is None:
        made.probe()  # a path that there is not reads like one that is made by writing
        assert failure(made).status == 404
        return
    with pytest.raises(AccessError) as raised:
        made.probe()
    assert says in raised.value.message


def test_a_read_is_tried_again(vault: Vault, tmp_path: Path) -> None:
    vault.faults = {"GET": [503, 429, None]}
    of_vault(vault, tmp_path).probe()
    vault.faults = {"GET": [503, 503, 503]}
    with pytest.raises(AccessError, match="it answered 503"):
        of_vault(vault, tmp_path).probe()


def test_nobody_is_sent_elsewhere(vault: Vault, tmp_path: Path) -> None:
    vault.faults = {"GET": [302]}
    with pytest.raises(AccessError, match="it answered 307"):
        of_vault(vault, tmp_path).probe()
    assert [path for _method, path in vault.asked] == ["/v1/secret/data/devo"]


def test_a_server_that_does_not_answer(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        made = target({"kind": "hashicorp_vault", "url": url, "token": "t", "path": "devo", "timeout": 0.1}, tmp_path)
        with pytest.raises(AccessError) as raised:
            made.probe()
    assert raised.value.kind == "connection"


# --- files ------------------------------------------------------------------------------------------------------


def opened(path: Path, secret: VaultSecret = KEY) -> str:
    text: bytes = VaultLib([("default", secret)]).decrypt(path.read_bytes())
    return text.decode()


def test_a_file_that_ansible_vault_opens(tmp_path: Path) -> None:
    made = target({"kind": "vault_file", "path": "{name}.vault"}, tmp_path, ("default", KEY))
    file = tmp_path / "ci.vault"
    made.probe()
    assert not file.exists()
    for secret in (NEW, NEW + "2"):
        made.hand_over(secret)
        assert opened(file) == secret + "\n"
    assert file.stat().st_mode & 0o777 == 0o600
    made.probe()
    assert file.read_text().startswith("$ANSIBLE_VAULT;1.1;AES256\n")
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_of_variables(tmp_path: Path) -> None:
    made = target({"kind": "vault_file", "path": "vars.yml", "variable": "devo_token"}, tmp_path, ("default", KEY))
    for secret in (NEW, "yes: #"):
        made.hand_over(secret)
        made.probe()
        loader = DataLoader()
        loader.set_vault_secrets([("default", KEY)])
        assert loader.load_from_file(str(tmp_path / "vars.yml")) == {"devo_token": secret}


def test_a_vault_id_chooses_the_password(tmp_path: Path) -> None:
    known = (("dev", OTHER), ("prod", KEY))
    made = target({"kind": "vault_file", "path": "x", "vault_id": "prod"}, tmp_path, *known)
    made.hand_over(NEW)
    assert opened(tmp_path / "x") == NEW + "\n"
    assert (tmp_path / "x").read_text().startswith("$ANSIBLE_VAULT;1.2;AES256;prod\n")
    made.probe()


def test_a_password_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("a password\n")
    made = target({"kind": "vault_file", "path": "x", "vault_password_file": "key"}, tmp_path, ("default", OTHER))
    made.hand_over(NEW)
    assert opened(tmp_path / "x") == NEW + "\n"


@pytest.mark.parametrize(
    ("handover", "says"),
    [
        ({"path": "missing/x"}, "does not exist"),
        ({"path": "x", "vault_id": "prod"}, "Did not find a match for --encrypt-vault-id=prod"),
        ({"path": "x", "vault_password_file": "missing"}, "missing was not found"),
        ({"path": "plain"}, "plain is there, and cannot be opened"),
        ({"path": "theirs"}, "theirs is there, and cannot be opened"),
        ({"path": "many"}, "holds more than one secret, which would be lost"),
        ({"path": "many", "variable": "devo_token"}, "holds something else than the variable devo_token"),
    ],
)
def test_what_a_file_would_not_take_is_said_beforehand(tmp_path: Path, handover: dict[str, Any], says: str) -> None:
    (tmp_path / "plain").write_text("something\n")
    for name, key, text in (("theirs", OTHER, "x"), ("many", KEY, "a: 1\nb: 2\n")):
        (tmp_path / name).write_bytes(VaultLib().encrypt(text, key))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    made = target({"kind": "vault_file", **handover}, tmp_path, ("default", KEY))
    with pytest.raises(AccessError) as raised:
        made.probe()
    assert says in raised.value.message
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_without_a_vault_password_nothing_is_encrypted(tmp_path: Path) -> None:
    with pytest.raises(AccessError, match="the play has no vault password"):
        target({"kind": "vault_file", "path": "x"}, tmp_path).probe()
