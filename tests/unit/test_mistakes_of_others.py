# SPDX-License-Identifier: GPL-3.0-or-later
"""Mistakes that well-known collections make, one test each that shows that this collection cannot make it.

Every test goes over all kinds of objects, platforms, modules or roles, as they are found.
"""

from __future__ import annotations

import ast
import base64
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml

from ansible_collections.dataops.access.plugins.module_utils import runner, specs
from ansible_collections.dataops.access.plugins.plugin_utils import declared
from documentation import modules
from emulator.server import Emulator
from unit.every_life import LIVES
from unit.kinds import KINDS, Kind
from unit.road import run_info, run_many, run_one

ROOT = Path(runner.__file__).parents[2]
MODULES = modules.modules()
every_kind = pytest.mark.parametrize("name", KINDS)


def connection_of(kind: Kind, vendors: Emulator) -> dict[str, Any]:
    """The kind's start state put in place, and how to reach it."""
    vendors.reset(state={kind.life.tenant: kind.state} if kind.state else None)
    given = {**kind.life.connection(vendors.connections), **kind.credentials}
    return {name: value for name, value in given.items() if value is not None}


def many(
    kind: Kind, entries: list[Any], connection: Mapping[str, Any], check: bool = False, **more: Any
) -> dict[str, Any]:
    return run_many(kind.service, {**kind.options, kind.service.resource.plural: entries, **more}, connection, check)


def identity(kind: Kind, number: int = 1) -> dict[str, Any]:
    return {name: value for name, value in kind.make(number).items() if name in kind.service.resource.identity}


def plan_of(result: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    return [(change["key"], change["action"], change["fields"]) for change in result["changes"]]


# --- "a second code path for check mode": it reports something else than the run does -------------------------------


@pytest.mark.parametrize("name", LIVES)
def test_check_mode_has_no_code_path_of_its_own(name: str, vendors: Emulator) -> None:
    life = LIVES[name]
    connection = life.connection(vendors.connections)
    for step in life.steps:
        checked, done = (run_one(life.service, step.options, connection, check=check) for check in (True, False))
        assert (plan_of(checked), checked["changed"]) == (plan_of(done), done["changed"]), step.name
        assert checked.get("msg") == done.get("msg"), step.name


def test_check_mode_is_asked_for_in_one_place() -> None:
    asked = [
        path.name
        for path in sorted((ROOT / "plugins" / "module_utils").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "check_mode"
    ]
    assert asked == ["runner.py"]


# --- "omitted list read as empty": proxmox_user then revokes every API token ----------------------------------------


def lists_of(kind: Kind) -> list[str]:
    """Its list fields that a test's object has."""
    return [field.name for field in kind.service.resource.fields if field.type == "list" and field.name in kind.make(1)]


@every_kind
def test_an_omitted_list_is_left_alone_and_an_empty_one_is_not_taken_for_it(name: str, vendors: Emulator) -> None:
    kind = KINDS[name]
    connection = connection_of(kind, vendors)
    assert not run_one(kind.service, kind.make(1), connection).get("failed")
    start, state = len(vendors.requests()), vendors.state(kind.life.tenant)
    omitted = run_one(kind.service, identity(kind), connection)
    assert (omitted["changed"], omitted["changes"]) == (False, [])
    for field in lists_of(kind):
        emptied = run_one(kind.service, {**identity(kind), field: []}, connection, check=True)
        # It is planned, or refused; never the same as saying nothing.
        assert emptied.get("failed") or field in emptied["changes"][0]["fields"], field
    assert vendors.writes(since=start) == []
    assert vendors.state(kind.life.tenant) == state


# --- "subset comparison that can never take a permission away": vultr user ------------------------------------------

# Two of each list field, and how to declare one: only a new token can have other words. Nobody is ever moved out of an
# Alteryx subscription, for no call does that: who is too many is told.
TAKEN_AWAY: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "devo_domain_user": ({"roles": ["analyst", "reviewer"]}, {"roles": ["reviewer"]}),
    "devo_token": ({"audience": ["apiv2", "http"]}, {"audience": ["http"], "replace": True}),
    "ds_user": ({"roles": ["billing", "reporting"]}, {"roles": ["reporting"]}),
}


@pytest.mark.parametrize("name", TAKEN_AWAY)
def test_what_is_no_longer_declared_is_taken_away(name: str, vendors: Emulator) -> None:
    kind = KINDS[name]
    both, one = TAKEN_AWAY[name]
    (field,) = both
    connection = connection_of(kind, vendors)
    assert not run_one(kind.service, {**kind.make(1), **both}, connection).get("failed")
    done = run_one(kind.service, {**identity(kind), **one}, connection)
    assert done["changes"][0]["fields"][field] == {"before": both[field], "after": one[field]}
    assert done[kind.service.resource.singular][field] == one[field]
    assert run_one(kind.service, {**identity(kind), **one}, connection)["changed"] is False


def test_every_list_of_permissions_was_tried() -> None:
    with_lists = {name for name, kind in KINDS.items() if lists_of(kind)}
    assert with_lists == set(TAKEN_AWAY)
    members = {field.name for field in KINDS["subscription"].service.resource.fields if field.type == "list"}
    assert members == {"users"}


def test_who_cannot_be_taken_away_is_told(vendors: Emulator) -> None:
    kind = KINDS["subscription"]
    connection = connection_of(kind, vendors)
    both = {"name": "Two", "users": ["ann@example.com", "bob@example.com"]}
    assert not run_one(kind.service, both, connection).get("failed")
    one = run_one(kind.service, {"name": "Two", "users": ["ann@example.com"]}, connection)
    assert [member["email"] for member in one["unmanaged_members"]] == ["bob@example.com"]


# --- "retrying POST on 500": creates twice --------------------------------------------------------------------------


@pytest.mark.parametrize("after", [True, False], ids=["done", "not done"])
@every_kind
def test_a_creation_that_is_answered_500_makes_no_second_object(
    name: str, after: bool, vendors: Emulator, no_backoff: None
) -> None:
    kind = KINDS[name]
    connection = connection_of(kind, vendors)
    known = {item["key"] for item in many(kind, [], connection, check=True)["unmanaged"]}
    start = len(vendors.requests())
    assert not run_one(kind.service, kind.make(1), connection).get("failed")
    create = vendors.writes(since=start)[0]
    connection = connection_of(kind, vendors)
    fault = {"kind": "status", "status": 500, "after": after}
    vendors.faults([{"method": create["method"], "path": re.escape(create["path"]), "fault": fault}])
    result = run_one(kind.service, kind.make(1), connection)
    vendors.faults([])
    found = [item["key"] for item in many(kind, [], connection, check=True)["unmanaged"] if item["key"] not in known]
    assert len(found) == (1 if after else 0), found
    # What was done is a success wherever reading again shows it, and never a second try.
    sent = [
        write for write in vendors.writes() if write["path"] == create["path"] and write["method"] == create["method"]
    ]
    if after:
        assert not result.get("failed"), result["msg"]
        assert len(sent) == 1
    else:
        assert result["failed"]
        assert len(sent) == 1 or kind.service.unique_on_create


# --- "every 404 read as absent": a wrong base path then means "would create" -----------------------------------------


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@every_kind
def test_a_wrong_base_path_is_an_error_and_nothing_is_absent(
    name: str, check: bool, misled_vendors: Emulator, no_backoff: None
) -> None:
    kind = KINDS[name]
    connection = connection_of(kind, misled_vendors)
    state = misled_vendors.state(kind.life.tenant)
    for wrong in ("/wrong", "/v9"):
        there = {**connection, "api_url": connection["api_url"] + wrong}
        for result in (
            run_one(kind.service, kind.make(1), there, check),
            run_one(kind.service, {**identity(kind), "state": "absent"}, there, check),
            many(kind, [kind.make(1)], there, check, purge=True),
        ):
            assert result["failed"], wrong
            assert result["changed"] is False
            assert "changes" not in result
            assert "Next: " in result["msg"]
    assert misled_vendors.state(kind.life.tenant) == state


@pytest.mark.parametrize(
    "body", ['{"error": {"code": 404, "message": "Not Found"}}', "[]", "", "<html>Not Found</html>"]
)
@every_kind
def test_a_listing_that_is_answered_404_is_no_empty_listing(
    name: str, body: str, vendors: Emulator, no_backoff: None
) -> None:
    kind = KINDS[name]
    connection = connection_of(kind, vendors)
    vendors.faults([{"path": "(?<!token)$", "fault": {"kind": "status", "status": 404, "body": body}}])
    result = many(kind, [kind.make(1)], connection)
    assert result["failed"]
    assert "changes" not in result or not [each for each in result["changes"] if each["status"] == "applied"]
    assert vendors.writes() == []


# --- "pruning on whole objects instead of keys": what differs in a field is deleted and made again -------------------


@pytest.mark.parametrize("name", LIVES)
def test_a_purge_goes_by_keys_and_updates_what_differs(name: str, vendors: Emulator) -> None:
    life = LIVES[name]
    kind = KINDS[name]
    connection = life.connection(vendors.connections)
    updates = 0
    for step in life.steps:
        if step.expect == "update":
            given = {**life.as_many(step.options), **kind.options, "purge": True, "purge_exclude": [".*"]}
            checked = run_many(life.service, given, connection, check=True)
            assert [change["action"] for change in checked["changes"]] == ["update"], step.name
            spared = run_many(life.service, {**given, "purge_exclude": []}, connection, check=True)
            own = checked["changes"][0]["key"]
            assert [change["action"] for change in spared["changes"] if change["key"] == own] == ["update"], step.name
            updates += 1
        run_one(life.service, step.options, connection)
    # Registered or not: there is nothing else to a DBSync user.
    assert updates > 0 or name == "dbsync_license_user"


# --- "secrets in error messages as base64": grafana_user -------------------------------------------------------------


@every_kind
def test_an_error_that_echoes_credentials_in_any_form_does_not_show_them(
    name: str, vendors: Emulator, no_backoff: None
) -> None:
    kind = KINDS[name]
    connection = connection_of(kind, vendors)
    secrets = [
        connection[each.option]
        for each in kind.service.platform.credentials
        if each.secret and each.option in connection
    ]
    names = [
        connection[each.option]
        for each in kind.service.platform.credentials
        if not each.secret and each.option in connection
    ]
    forms = {form for secret in secrets for form in (secret, quote(secret, safe=""), encoded(secret))}
    forms |= {encoded(f"{user}:{secret}") for user in names for secret in secrets}
    assert forms
    echo = f"refused: {' '.join(sorted(forms))}"
    for status in (401, 400, 500):
        vendors.faults([{"fault": {"kind": "status", "status": status, "body": echo, "content_type": "text/plain"}}])
        for result in (
            run_one(kind.service, kind.make(1), {**connection, "api_retries": 0}),
            run_info(
                kind.service, {key: connection[key] for key in ("domain", "account") if key in connection}, connection
            ),
        ):
            assert result["failed"]
            shown = repr(result)
            assert [form for form in forms if form in shown] == []


def encoded(secret: str) -> str:
    return base64.b64encode(secret.encode()).decode()


# --- "fail_json inside the transport" -------------------------------------------------------------------------------


def test_only_the_runner_ends_a_module() -> None:
    for path in sorted((ROOT / "plugins").rglob("*.py")):
        names = {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}
        ends = names & {"fail_json", "exit_json", "fail_json_aws", "_exit", "exit"}
        assert not ends or path.name in ("runner.py", "masked_module.py"), path


@every_kind
def test_a_request_that_fails_ends_its_object_and_not_the_module(
    name: str, vendors: Emulator, no_backoff: None
) -> None:
    kind = KINDS[name]
    connection = connection_of(kind, vendors)
    vendors.faults(
        [
            {
                "method": "POST",
                "path": CREATIONS[name],
                "call": 1,
                "fault": {"kind": "status", "status": 403},
            }
        ]
    )
    result = many(kind, [kind.make(n) for n in (1, 2, 3)], {**connection, "api_concurrency": 1})
    assert sorted(change["status"] for change in result["changes"]) == ["applied", "applied", "failed"]
    assert "1 of 3 changes" in result["msg"]


CREATIONS = {
    "dbsync_license_user": "registerUser",
    "devo_domain_user": "/user/internal",
    "devo_token": "/tokens",
    "ds_user": "/users/",
    "subscription": "/v3/subscriptions",
}


# --- "examples in the documentation that do not run": 11 of 17 collections ------------------------------------------


def examples(name: str) -> list[dict[str, Any]]:
    """The tasks of a module's EXAMPLES."""
    tree = ast.parse(MODULES[name].path.read_text())
    texts = [
        node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and getattr(node.targets[0], "id", "") == "EXAMPLES"
    ]
    return [task for text in texts for task in yaml.safe_load(text)]


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_what_the_modules_take(name: str) -> None:
    module = MODULES[name]
    tasks = [task for task in examples(name) if f"dataops.access.{name}" in task]
    assert tasks, "every module shows how it is used"
    spec = {modules.ONE: specs.one_spec, modules.MANY: specs.many_spec, modules.INFO: specs.info_spec}[module.kind](
        module.service
    )
    for task in tasks:
        options = task[f"dataops.access.{name}"] or {}
        assert set(options) <= set(spec), task["name"]
        if module.kind == modules.INFO:
            continue
        resource = module.service.resource
        connection = specs.connection_spec(module.service.platform)
        own = {key: value for key, value in options.items() if key not in connection}
        if module.kind == modules.ONE:
            above = {option.name for option in resource.options if option.top}
            entry = {key: value for key, value in own.items() if key not in above}
            own = {**{key: value for key, value in own.items() if key in above}, resource.plural: [entry]}
            if entry.get("return_secret"):
                own["return_objects"] = True
        if isinstance(own.get(resource.plural), str):
            own[resource.plural] = []  # a variable
            own["allow_empty"] = True
        own.pop(f"{resource.plural}_file", None)
        assert declared.check(module.service, own).errors == [], task["name"]


# --- "role argument specs that drift from the modules" ---------------------------------------------------------------


def test_roles_take_what_the_modules_take() -> None:
    compared = set()
    for role in sorted(path for path in (ROOT / "roles").glob("*") if (path / "meta" / "argument_specs.yml").exists()):
        text = (role / "meta" / "argument_specs.yml").read_text()
        options = yaml.safe_load(text)["argument_specs"]["main"]["options"]
        for plural, variable in re.findall(r"BEGIN suboptions of (\w+) as (\w+)", text):
            resource = MODULES[plural].service.resource
            taken = {key: value["type"] for key, value in resource.spec(top=False).items()}
            # Where the secret of a renewed token goes is no matter of the module.
            taken.update({"handover": "raw"} if variable == "devo_tokens" else {})
            assert {key: value["type"] for key, value in options[variable]["options"].items()} == taken, variable
            compared.add(plural)
    assert compared == {name for name, module in MODULES.items() if module.kind == modules.MANY}


# --- "a loop of modules for many objects": 50 s for 100 objects -----------------------------------------------------


@every_kind
def test_many_objects_are_one_task_with_one_listing(name: str, vendors: Emulator) -> None:
    kind = KINDS[name]
    connection = connection_of(kind, vendors)
    entries = [kind.make(n) for n in range(40)]
    start = len(vendors.requests())
    done = many(
        kind,
        entries,
        connection,
        max_deletions="-1",
        **({"max_registrations": -1} if kind.service.resource.spends_quota else {}),
    )
    assert not done.get("failed"), done["msg"]
    writes = vendors.writes(since=start)
    assert len(writes) == done["stats"]["writes"] == 40
    # A registration is paid for, so each is asked for by name before; nothing else needs a request of its own.
    asked = done["stats"]["reads"] - (40 if kind.service.resource.spends_quota else 0)
    assert asked <= 5
    again = many(kind, entries, connection)
    assert again["changed"] is False
    assert again["stats"]["reads"] <= 2
    assert again["stats"]["writes"] == 0


def test_no_role_or_playbook_loops_over_a_platform_module() -> None:
    for path in sorted([*(ROOT / "roles").glob("*/tasks/*.yml"), *(ROOT / "playbooks").glob("*.yml")]):
        for task in tasks_of(yaml.safe_load(path.read_text())):
            looping = [key for key in task if key == "loop" or key.startswith("with_")]
            # What can only be read has no module for many: a user's clients are asked for one user at a time.
            named = (MODULES.get(key.removeprefix("dataops.access.")) for key in task)
            platform = [module.name for module in named if module is not None and module.kind != modules.INFO]
            assert not (looping and platform), f"{path.name}: {task.get('name')}"


def tasks_of(node: Any) -> list[dict[str, Any]]:
    """Every mapping of a YAML document that may be a task, at any depth."""
    if isinstance(node, list):
        return [task for each in node for task in tasks_of(each)]
    if not isinstance(node, dict):
        return []
    return [node, *(task for each in node.values() for task in tasks_of(each))]
