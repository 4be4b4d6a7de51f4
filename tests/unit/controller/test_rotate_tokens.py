# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens that are renewed by the playbook: what it says and keeps, whom it leaves out, and what it refuses."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from ansible.parsing.vault import VaultLib, VaultSecret

from emulator.server import Emulator
from unit.controller.playbook import ROOT, Controller, elsewhere
from unit.handover.servers import Vault, running

DAY, HOUR = 86400, 3600
CHANGES_SCHEMA = json.loads((ROOT / "docs" / "changes.schema.json").read_text())
PUSH = """\
- name: Push it
  ansible.builtin.copy:
    content: "{{ access_token_name }} {{ access_token_id }} {{ access_token_account }} {{ access_token_secret }}"
    dest: "{{ inventory_dir }}/pushed"
    mode: "0600"
"""
FAIL = """\
- name: Push it elsewhere
  ansible.builtin.copy:
    content: "{{ access_token_secret }}"
    dest: "/missing/folder/of/{{ access_token_name }}"
    mode: "0600"
"""


@pytest.fixture
def controller(tmp_path_factory: pytest.TempPathFactory) -> Controller:
    controller = Controller(tmp_path_factory.mktemp("c"))
    (controller.folder / "push.yml").write_text(PUSH)
    (controller.folder / "fail.yml").write_text(FAIL)
    return controller


def devo(vendors: Emulator, *tokens: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A tenant whose variables hold everything."""
    given = vendors.connections["devo"]
    connection = {f"devo_{name}": given[name] for name in ("api_url", "api_token", "account")}
    return {"access_platform": "devo", **connection, "devo_tokens": list(tokens), **more}


def token(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "audience": ["apiv2"], "user": "ann@example.com", "renew_before": HOUR, **more}


def tokens(vendors: Emulator) -> dict[str, dict[str, Any]]:
    """Those that are not there from the start."""
    found = vendors.state("devo")["domains"][0]["tokens"]
    return {each["name"]: each for each in found if each["name"] not in ("automation", "reports")}


def due(controller: Controller, vendors: Emulator) -> dict[str, dict[str, Any]]:
    """The tokens as ``apply`` makes them, and so much later that they have to be renewed."""
    run = controller.play("apply", "--limit", "devo")
    assert run.code == 0, run.output
    vendors.clock_advance(DAY - HOUR + 60)
    return tokens(vendors)


def left(controller: Controller) -> str:
    """Everything that runs have left, but for what they were asked to write."""
    paths = [*controller.reports.rglob("*"), *(controller.folder / "ansible").rglob("*")]
    return "".join(path.read_text(errors="replace") for path in paths if path.is_file())


def test_tokens_are_renewed_and_handed_over(controller: Controller, vendors: Emulator) -> None:
    ours = controller.folder / "ci"
    sealed = {"kind": "vault_file", "path": "sealed/{name}"}
    (controller.folder / "sealed").mkdir()
    (controller.folder / "key").write_text("a password\n")
    with running(vault := Vault()):
        kept = {"kind": "hashicorp_vault", "url": vault.url, "token": vault.token, "path": "{host}/{account}/{name}"}
        controller.inventory(
            devo=devo(
                vendors,
                token("ci", secret_file=str(ours), handover="secret_file"),
                token("pushed", handover=[sealed, {"kind": "tasks", "file": "push.yml"}]),
                token("kept"),
                token("later", expires_in=30 * DAY),
                token("other", renew_before=None),
                access_token_handover=kept,
            ),
            devo_users={**devo(vendors), "devo_account": None},
            dqm={"access_platform": "dqm", "dqm_api_token": "nobody asks it"},
        )
        hosts = controller.folder / "inventory.yml"
        hosts.write_text(hosts.read_text().replace("      devo_account: null\n", ""))
        old = due(controller, vendors)
        start = len(vendors.requests())
        planned = controller.play("rotate_tokens", "--check", "--diff", "--vault-password-file", "key")
        assert planned.code == 0, planned.output
        assert vendors.writes(since=start) == []
        assert "Would change: 3 changed, on 1 tenant" in planned.output
        for name in ("ci", "pushed", "kept"):
            assert f"~ token {name} replaced (secret ******** -> ******** (changed))" in planned.output
        assert '+        "secret": "******** (changed)",' in planned.output
        assert not (controller.folder / "pushed").exists()
        assert vault.versions == {}

        done = controller.play("rotate_tokens", "-vvv", "--diff", "--vault-password-file", "key")
        assert done.code == 0, done.output
        new = tokens(vendors)
        assert new.keys() == old.keys()
        for name in ("ci", "pushed", "kept"):
            assert new[name]["active"]
            assert new[name]["token"] != old[name]["token"]
        assert {name: new[name] for name in ("later", "other")} == {name: old[name] for name in ("later", "other")}
        assert vault.versions == {"devo/example/kept": [{"token": new["kept"]["token"]}]}
    secret = new["pushed"]["token"]
    assert ours.read_text() == new["ci"]["token"] + "\n"
    assert (controller.folder / "pushed").read_text() == f"pushed {new['pushed']['id']} example {secret}"
    opened = VaultLib([("default", VaultSecret(b"a password"))]).decrypt(
        (controller.folder / "sealed" / "pushed").read_bytes()
    )
    assert opened.decode() == secret + "\n"

    record = controller.changes()
    jsonschema.validate(record, CHANGES_SCHEMA, jsonschema.Draft202012Validator)
    assert (record["operation"], record["counts"]["applied"], record["counts"]["failed"]) == ("rotate_tokens", 3, 0)
    assert record["scope"]["partial"] is False
    assert record["previous"] is not None
    told = planned.output + done.output + left(controller)
    for each in (*old.values(), *new.values()):
        assert each["token"] not in told
    assert "let-me-in" not in told


@pytest.mark.long
def test_what_fails_is_taken_back_and_stops_nobody_else(controller: Controller, vendors: Emulator) -> None:
    controller.inventory(
        devo_a=devo(
            vendors,
            token("bad"),
            token("good", handover={"kind": "tasks", "file": "push.yml"}),
            access_token_handover={"kind": "tasks", "file": "fail.yml"},
        ),
        devo_b=elsewhere(devo(vendors, token("fine", secret_file=str(controller.folder / "fine")))),
        devo_c=elsewhere(devo(vendors, token("missing", secret_file=str(controller.folder / "missing"))), 2),
    )
    run = controller.play("apply", "--limit", "devo-a,devo-b")
    assert run.code == 0, run.output
    vendors.clock_advance(DAY - HOUR + 60)
    old = tokens(vendors)
    done = controller.play("rotate_tokens", "-vvv", "-e", '{"devo_api_retries": 0}')
    assert done.code == 2
    assert (done.recap("devo-a")["failed"], done.recap("devo-b")["failed"], done.recap("devo-c")["failed"]) == (1, 0, 1)
    reason = "bad: its secret could not be handed over: the task 'Push it elsewhere' failed"
    assert reason in done.output
    assert "missing: it does not exist, so that there is nothing to renew" in done.output
    new = tokens(vendors)
    assert new["bad"] == old["bad"]
    assert new.keys() == old.keys()
    assert new["good"]["token"] in (controller.folder / "pushed").read_text()
    assert (controller.folder / "fine").read_text() == new["fine"]["token"] + "\n" != old["fine"]["token"] + "\n"
    record = controller.changes()
    assert record["counts"] == {"tenants": 3, "applied": 3, "failed": 2, "unknown": 0, "planned": 0}
    assert reason in record["tenants"][0]["error"]
    # Neither secret, not even the one that was revoked.
    made = [each for each in vendors.secrets("devo") if len(each) == 32]
    assert not [each for each in made if each in done.output or each in left(controller)]

    controller.inventory(devo_a=devo(vendors, token("bad", handover={"kind": "tasks", "file": "push.yml"})))
    # One that is due gets a new secret; where nothing is due, a new place gets what there is.
    for changed in (True, False):
        before = tokens(vendors)["bad"]
        again = controller.play("rotate_tokens", "-e", "access_token_handover_all=yes")
        assert again.code == 0, again.output
        assert (tokens(vendors)["bad"] != before) is changed
        assert tokens(vendors)["bad"]["token"] in (controller.folder / "pushed").read_text()
        (controller.folder / "pushed").unlink()


def test_what_is_declared_wrong_is_said_before_any_platform_is_asked(controller: Controller, vendors: Emulator) -> None:
    controller.inventory(
        devo_a=devo(
            vendors,
            token("nowhere"),
            token("keepass", handover={"kind": "keepass"}),
            token("tasks", handover={"kind": "tasks", "file": "missing.yml"}),
            token("fields", handover={"kind": "awx_credential", "url": "https://awx.example.com", "token": "canary"}),
        ),
        devo_b=elsewhere(devo(vendors, token("fine", secret_file=str(controller.folder / "fine")))),
    )
    for playbook in ("validate", "rotate_tokens"):
        run = controller.play(playbook)
        assert run.code == 2
        (said,) = {line for line in run.output.splitlines() if line.startswith("fatal: [devo-a]")}
        assert "token 'keepass': devo_tokens: handover: 'keepass' is no kind; known are " in said
        assert "devo-a: token 'nowhere': renew_before is set, and nothing says where its new secret goes" in said
        assert f"token 'tasks': devo_tokens: handover: tasks: there is no file {controller.folder}/missing.yml" in said
        assert (
            "token 'fields': devo_tokens: handover: awx_credential: missing required arguments: credential, field"
            in said
        )
        assert "canary" not in run.output
    assert vendors.requests() == []
