# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists in files, wherever the controller itself looks at what is declared."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.dataops.access.plugins.module_utils.core.declared_file import Source, read_list
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.services.datasentinel import DatasentinelUsers
from ansible_collections.dataops.access.plugins.plugin_utils import declared, declared_lists, platforms, secret_paths
from ansible_collections.dataops.access.plugins.plugin_utils.leavers import leavers
from ansible_collections.dataops.access.plugins.plugin_utils.people import subject, variables
from ansible_collections.dataops.access.plugins.plugin_utils.play import HostVariables
from unit.controller.playbook import ROOT
from unit.road import run_many

ANA = {"email": "ana@example.com", "privilege": "read", "profile": "developer"}
LISTS = sorted(declared_lists.FILES.items())
CONNECTION = {"api_url": "https://ds.example.com/ds-api", "api_username": "a", "api_password": "canary password"}
Write = Callable[..., str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(*entries: Any, name: str = "list.json") -> str:
        (tmp_path / name).write_text(json.dumps(list(entries)))
        return str(tmp_path / name)

    return written


def host(**given: Any) -> HostVariables:
    return HostVariables(given, given)


def users(file: Any, **more: Any) -> HostVariables:
    return host(access_platform="datasentinel", datasentinel_users_file=file, **more)


def test_the_list_is_that_of_the_file(write: Write, tmp_path: Path) -> None:
    assert users(write(ANA)).get("datasentinel_users") == [ANA]
    assert users(write(ANA)).entries("datasentinel_users", ("email",)) == [{"email": ANA["email"]}]
    assert users("list.json", playbook_dir=str(tmp_path)).get("datasentinel_users") == [ANA]


@pytest.mark.parametrize("blank", [None, ""])
def test_a_blank_file_is_none(blank: str | None) -> None:
    assert users(blank, datasentinel_users=[ANA]).get("datasentinel_users") == [ANA]
    assert users(blank).get("datasentinel_users") is None


@pytest.mark.parametrize(
    ("file", "more", "says"),
    [
        ("/nowhere/users.json", {"datasentinel_users": []}, "datasentinel_users and datasentinel_users_file are both"),
        ("/nowhere/users.json", {}, "datasentinel_users_file: /nowhere/users.json cannot be read"),
        (["/nowhere/users.json"], {}, "datasentinel_users_file has to be the path of a file, and is ['/nowhere"),
        ("  ", {}, "datasentinel_users_file has to be the path of a file"),
    ],
)
def test_what_is_no_file_is_refused_and_never_empty(file: Any, more: dict[str, Any], says: str) -> None:
    for read in (lambda: users(file, **more).get("datasentinel_users"), lambda: leaving(users(file, **more))):
        with pytest.raises(ValidationError) as refused:
            read()
        assert refused.value.message.startswith(says)


def leaving(variables_of_host: HostVariables) -> None:
    """As the rules of the audit ask: what they do not know is a warning."""
    found, warnings = leavers({"ds": variables_of_host}, dt.date(2026, 1, 31), None)
    assert found == []
    (warning,) = warnings
    head, _mark, text = warning.partition("rules about leavers: ")
    assert head == "ds: who is declared there is not known to the "
    raise ValidationError(text)


def test_every_wrong_entry_is_named_with_the_file_and_no_password(write: Write) -> None:
    wrong = {**ANA, "password": "canary password", "privilege": "canary password"}
    path = write(ANA, wrong, *({"email": f"{number}@example.com", "rolls": 1} for number in range(12)))
    with pytest.raises(ValidationError) as refused:
        users(path).get("datasentinel_users")
    message = refused.value.message
    assert message.startswith(f"datasentinel_users_file: entry 2 of {path}: value of privilege must be one of: read")
    assert f"datasentinel_users_file: entry 3 of {path}: rolls is no option" in message
    assert message.endswith("; and 3 more")
    assert "canary" not in message


@pytest.mark.parametrize(
    "password", ["0123456", "yes", "1_000", "1.10", "2024-01-01", "{canary}", "[canary, canary]", "!!binary Y2FuYXJ5"]
)
def test_a_password_that_yaml_makes_something_else_of_is_refused(tmp_path: Path, password: str) -> None:
    path = tmp_path / "users.yml"
    path.write_text(f"- {{email: ada@example.com, privilege: read, profile: developer, password: {password}}}\n")
    with pytest.raises(ValidationError) as refused:
        users(str(path)).get("datasentinel_users")
    said = "password is no text as it stands there; write it in quotes"
    assert refused.value.message.startswith(f"datasentinel_users_file: entry 1 of {path}: {said}")
    # The same of what the playbook validate and the module are given.
    listed = read_list(str(path), "users_file")
    checked = declared.check(DatasentinelUsers, {"users": listed}, Source("users_file", str(path)))
    assert checked.errors[0] == f"users_file: entry 1 of {path}: {said}"
    result = run_many(DatasentinelUsers, {"users_file": str(path)}, CONNECTION, check=True)
    assert result["msg"] == checked.errors[0]


@pytest.mark.parametrize("password", ["'0123456'", "12:30:45", "canary", "null", "''"])
def test_a_password_that_is_a_text_is_taken(tmp_path: Path, password: str) -> None:
    path = tmp_path / "users.yml"
    path.write_text(f"- {{email: ada@example.com, privilege: read, profile: developer, password: {password}}}\n")
    assert len(users(str(path)).get("datasentinel_users")) == 1


def test_a_token_may_say_where_its_secret_goes(write: Write) -> None:
    token = {"name": "ci", "audience": ["http"], "handover": [{"kind": "secret_file"}]}
    assert host(devo_tokens_file=write(token)).get("devo_tokens") == [token]


def test_leavers_are_found_in_files(write: Write) -> None:
    absent = users(write({"email": "Leo@example.com", "state": "absent"}))
    found, warnings = leavers({"ds": absent}, dt.date(2026, 1, 31), None)
    assert ([each.name for each in found], warnings) == (["leo@example.com"], [])


def test_secrets_with_a_relative_path_are_found_in_files() -> None:
    listed = {"datasentinel_users": [{**ANA, "password_file": "{{ inventory_dir }}/ana"}]}
    with pytest.raises(ValidationError, match=r"^datasentinel_users_file: password_file '\{\{ inventory_dir"):
        # Nothing in a file is templated.
        secret_paths.check({}, "datasentinel", lambda value: f"/srv/{value}", listed)


PEOPLE = {
    "access_people": [{"email": "ana@example.com", "profiles": ["finance"]}],
    "access_profiles": {"finance": {"datasentinel": {"privilege": "admin"}}},
}


def test_a_contradiction_names_the_file(write: Write) -> None:
    with pytest.raises(ValidationError, match=r"datasentinel_users_file says privilege 'read', and profile finance"):
        variables.check(users(write(ANA), **PEOPLE).get, "datasentinel", "ds", lambda word: "")
    # The role says it of its tenant alone.
    variables.check(users("/nowhere/users.json", **PEOPLE).get, "datasentinel", "ds", lambda word: "")


def test_whoever_leaves_has_to_be_taken_out_of_the_file(write: Write) -> None:
    known = subject.Hosts({"ds": users(write(ANA)), "lost": users("/nowhere/users.json")})
    person = subject.leaving(ANA["email"], known, [ANA["email"]]).person
    patch = str(known.leaving_patch(person))
    first, second = patch.split("# lost: ")
    assert first.startswith("# ds, in the file that datasentinel_users_file names: /")
    assert yaml.safe_load(first) == {"datasentinel_users": [{"email": ANA["email"], "state": "absent"}]}
    assert second.startswith("look for ana@example.com there by hand: datasentinel_users_file: /nowhere/users.json")


def test_all_errors_of_a_file_are_found_at_once_and_name_it() -> None:
    service = platforms.service_of("ds_users")
    entries = [ANA, {"email": "bo"}, {"privilege": "read"}, ANA]
    errors = declared.check(service, {"users": entries}, Source("users_file", "/srv/users.json")).errors
    assert [message.partition(": ")[2].partition(": ")[0] for message in errors] == [
        "entry 2 of /srv/users.json",
        "entry 3 of /srv/users.json",
        "/srv/users.json",
    ]


@pytest.mark.parametrize(("variable", "file"), LISTS)
def test_every_role_takes_its_lists_from_files_unless_it_is_told_about_some_objects_alone(
    variable: str, file: str
) -> None:
    role = variable.partition("_")[0]
    specs = yaml.safe_load((ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text())
    assert specs["argument_specs"]["main"]["options"][file]["type"] == "path"
    internal = yaml.safe_load((ROOT / "roles" / role / "vars" / "main.yml").read_text())
    assert f"{file} | default('', true) | length > 0" in internal[f"__{variable}_given"]
    # So that nothing is purged where a playbook tells a role about some objects alone.
    assert "__access_only is not defined and (" in internal[f"__{variable}_given"]
    for playbook in ("apply_review.yml", "tasks/person_read.yml", "tasks/person_write.yml"):
        assert "__access_only:" in (ROOT / "playbooks" / playbook).read_text()
    if variable != "devo_tokens":
        for tasks in ("main", "validate"):
            text = (ROOT / "roles" / role / "tasks" / f"{tasks}.yml").read_text()
            assert f'_file: "{{{{ __{file} | default(omit, true) }}}}"' in text
