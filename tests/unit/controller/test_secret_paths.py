# SPDX-License-Identifier: GPL-3.0-or-later
"""Files for secrets, as declared state names them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleUndefinedVariable

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils import play, secret_paths
from emulator.server import Emulator
from unit.controller.playbook import Controller, Run


def check(platform: str = "devo", filled: Any = lambda value: value, **variables: Any) -> str | None:
    try:
        secret_paths.check(variables, platform, filled)
    except ValidationError as problem:
        return problem.message
    return None


def test_they_are_the_options_of_that_type() -> None:
    assert {"secret_file", "password_file"} == secret_paths.OPTIONS


@pytest.mark.parametrize("path", ["/srv/token", "~/token", "$HOME/token", "", "  ", None, 1])
def test_what_is_absolute_is_taken(path: Any) -> None:
    assert check(devo_tokens=[{"name": "ci", "secret_file": path}, {"name": "other"}]) is None


@pytest.mark.parametrize("path", ["token", "secrets/token", "./token", "../token", "{email}/token"])
@pytest.mark.parametrize(
    "variable",
    [
        {"devo_tokens": [{"secret_file": "PATH"}]},
        {"devo_tokens": "[{'secret_file': 'PATH'}]"},
        {"access_profiles": {"finance": {"devo_tokens": {"secret_file": "PATH"}}}},
        {"access_people": [{"email": "a@example.com", "access": [{"platform": "devo_tokens", "secret_file": "PATH"}]}]},
    ],
)
def test_what_is_relative_is_refused_wherever_it_is_declared(variable: dict[str, Any], path: str) -> None:
    def filled(value: Any) -> Any:
        if value == "PATH":
            return path
        return variable["devo_tokens"] and [{"secret_file": "PATH"}] if value == variable.get("devo_tokens") else value

    message = check(filled=filled, **variable)
    assert message is not None
    assert message.startswith(f"{next(iter(variable))}: secret_file '{path}': give an absolute path")


def test_each_is_named_once_and_those_of_other_platforms_are_not_looked_at() -> None:
    message = check(
        devo_tokens=[{"secret_file": "a"}, {"secret_file": "a"}, {"secret_file": "b"}],
        datasentinel_users=[{"password_file": "c"}],
    )
    assert (message or "").startswith("devo_tokens: secret_file 'a'; devo_tokens: secret_file 'b': ")
    assert check("dqm", devo_tokens=[{"secret_file": "a"}]) is None


@pytest.mark.parametrize("odd", [None, 1, "text", [1, [2]], {"name": {"secret_file": ["a"]}}])
def test_what_is_no_declaration_is_left_to_the_role(odd: Any) -> None:
    assert check(devo_tokens=odd) is None


# --- hosts --------------------------------------------------------------------------------------------------------


def shared(**hosts: list[dict[str, Any]]) -> str | None:
    """What is said of hosts that declare these tokens."""
    try:
        secret_paths.check_hosts(
            each for host, tokens in hosts.items() for each in secret_paths.saved(host, "devo_tokens", tokens)
        )
    except ValidationError as problem:
        return problem.message
    return None


def test_two_hosts_do_not_save_secrets_in_one_file(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    one, other = {"name": "ci", "secret_file": f"{tmp_path}/x"}, {"token_id": "7", "secret_file": f"{tmp_path}/link/x"}
    assert shared(a=[one], b=[other]) == (
        f"secret_file '{tmp_path}/link/x' of b (devo_tokens: '7') is the file of a (devo_tokens: 'ci') too: the secret "
        "that is saved first would be lost. Put {{ inventory_hostname }} into the path"
    )
    # What one host declares twice is said by its module; what goes saves nothing.
    assert shared(a=[one, other], b=[{**one, "state": "absent"}, {"name": "none", "secret_file": " "}]) is None
    assert shared(a=[one], b=[{**one, "secret_file": f"{tmp_path}/y"}]) is None


def test_home_and_environment_are_filled_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for path in ("~/x", "$HOME/x", f"{tmp_path}/./x"):
        assert shared(a=[{"name": "ci", "secret_file": f"{tmp_path}/x"}], b=[{"name": "ci", "secret_file": path}])


def test_many_shared_files_make_one_message() -> None:
    tokens = [{"name": f"t{number}", "secret_file": f"/srv/{number}"} for number in range(9)]
    message = shared(a=tokens, b=tokens, c=tokens) or ""
    assert message.count(" too") == 5
    assert "; and 4 more files: " in message


@pytest.mark.parametrize(
    ("connection", "local"),
    [({}, True), ({"ansible_connection": "local"}, True), ({"ansible_connection": "ssh"}, False)],
)
def test_files_of_other_machines_are_theirs(connection: dict[str, Any], local: bool) -> None:
    assert play.is_local(play.HostVariables(connection, connection)) is local


def test_a_connection_that_cannot_be_told_is_another_machine() -> None:
    class Broken(dict[str, Any]):
        def get(self, name: str, default: Any = None) -> Any:
            raise AnsibleUndefinedVariable(name)

    assert not play.is_local(play.HostVariables({"ansible_connection": "{{ nothing }}"}, Broken()))


def test_a_profile_for_several_hosts_names_a_file_for_each(tmp_path: Path, vendors: Emulator) -> None:
    controller = Controller(tmp_path)
    connection = {f"devo_{name}": vendors.connections["devo"][name] for name in ("api_url", "api_token")}

    def inventory(file: str, *profiles: str) -> None:
        granted = {"name": "nb-{email}", "audience": ["apiv2"], "secret_file": f"{tmp_path}/{file}"}
        devo = {
            "access_platform": "devo",
            **connection,
            "access_people": [{"email": "ann@example.com", "profiles": list(profiles)}],
            "access_profiles": {"notebooks": {"devo_tokens": granted}},
        }
        controller.inventory(
            eu={**devo, "devo_account": "example"},
            us={**devo, "devo_account": "other"},
            far={**devo, "devo_account": "third", "ansible_connection": "ssh", "ansible_host": "192.0.2.1"},
        )

    def said(run: Run, email: str) -> bool:
        return (
            f"secret_file '{tmp_path}/nb-{email}' of us (devo_tokens: 'nb-{email}') is the file of eu (devo_tokens: "
            f"'nb-{email}') too"
        ) in run.output

    inventory("nb-{email}", "notebooks")
    run = controller.play("validate")
    assert run.code == 2
    assert said(run, "ann@example.com")
    assert "far (" not in run.output
    inventory("{{ inventory_hostname }}-{email}", "notebooks")
    run = controller.play("validate")
    assert run.code == 0, run.output
    # Who joins is granted by the same profiles.
    inventory("nb-{email}")
    asked = {"access_person": "bo@example.com", "access_person_profiles": ["notebooks"]}
    run = controller.play("onboard", "-e", json.dumps(asked))
    assert run.code == 2
    assert said(run, "bo@example.com")
    assert vendors.requests() == []
