# SPDX-License-Identifier: GPL-3.0-or-later
"""Where nothing may be changed a write is impossible, not merely absent: every way to one is tried, and refused.

Kinds of objects, platforms and info modules are found by what the collection has, so that a new one is tried too.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from ansible_collections.dataops.access.plugins.module_utils import runner
from ansible_collections.dataops.access.plugins.module_utils.core import plan
from ansible_collections.dataops.access.plugins.module_utils.core.errors import WriteRefused
from ansible_collections.dataops.access.plugins.module_utils.core.files import SecretFiles
from ansible_collections.dataops.access.plugins.module_utils.core.service import Reader, Service
from ansible_collections.dataops.access.plugins.module_utils.http.client import Client
from ansible_collections.dataops.access.plugins.module_utils.http.connection import resolve
from ansible_collections.dataops.access.plugins.plugin_utils.platforms import PLATFORMS, SERVICES
from emulator.server import Emulator
from unit.every_life import LIVES
from unit.life import Life
from unit.road import run_info, run_many, run_one

MODULE_UTILS = Path(runner.__file__).parent
MODULES = MODULE_UTILS.parent / "modules"


# --- every change of every kind of object ---------------------------------------------------------------------------


def captured(run: Callable[[], dict[str, Any]]) -> tuple[dict[str, Any], Service, plan.Plan]:
    """What a task in check mode returns, and its service and plan, to be forced later."""
    seen: list[tuple[Service, plan.Plan]] = []

    def make_plan(service: Service, *rest: Any) -> plan.Plan:
        made = real(service, *rest)
        seen.append((service, made))
        return made

    real = plan.make_plan
    with mock.patch.object(plan, "make_plan", make_plan):
        result = run()
    return (result, *seen[-1])


def force(life: Life, options: Mapping[str, Any], vendors: Emulator) -> int:
    """Carry a plan of check mode out, against all rules; returns how many changes were refused."""
    connection = life.connection(vendors.connections)
    forced = 0
    for run in (
        lambda: run_one(life.service, options, connection, check=True),
        lambda: run_many(life.service, {**life.as_many(options), "return_objects": True}, connection, check=True),
    ):
        _result, service, made = captured(run)
        before = vendors.state(life.tenant)
        for change in made.changes:
            forced += 1
            with pytest.raises(WriteRefused):
                service.write(change)
        assert vendors.state(life.tenant) == before
    return forced


@pytest.mark.parametrize("name", LIVES)
def test_no_change_of_a_plan_can_be_forced_in_check_mode(name: str, vendors: Emulator) -> None:
    life = LIVES[name]
    actions = set()
    for step in life.steps:
        if step.expect in ("create", "update", "delete"):
            start = len(vendors.requests())
            assert force(life, step.options, vendors) == 2
            assert vendors.writes(since=start) == []
            actions.add(step.expect)
            assert not run_one(life.service, step.options, life.connection(vendors.connections)).get("failed"), step
    # A DBSync user has nothing to update but a licence that has ended.
    assert actions >= ({"create", "delete"} if name == "dbsync_license_user" else {"create", "update", "delete"})


def test_every_kind_of_object_was_tried() -> None:
    assert {life.service for life in LIVES.values()} == set(SERVICES.values())


def with_files() -> Iterator[Any]:
    for name, life in LIVES.items():
        for option in life.service.resource.options:
            if option.type == "path":
                yield pytest.param(name, option.name, id=f"{name}-{option.name}")


@pytest.mark.parametrize("there", [False, True])
@pytest.mark.parametrize(("name", "option"), list(with_files()))
def test_no_file_with_a_secret_is_written_or_removed_in_check_mode(
    name: str, option: str, there: bool, vendors: Emulator, tmp_path: Path
) -> None:
    life = LIVES[name]
    create = next(step.options for step in life.steps if step.expect == "create")
    # The server makes the secret, so none is declared.
    secret = {each.name for each in life.service.resource.options if each.secret}
    options = {key: value for key, value in create.items() if key not in secret} | {option: str(tmp_path / "file")}
    if there:
        (tmp_path / "file").write_text("as it was")
    content = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert force(life, options, vendors) == 2
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == content
    assert vendors.writes() == []


# Of a token that exists, what is done with files and by renewing: after creating it with the first options, the second.
_TOKEN = {"name": "ci", "audience": ["apiv2"], "scopes": ["table://my.app"], "expires_in": 7200}
RENEWALS = {
    "a missing file is written again": ({}, {"secret_file": "ci"}),
    "renewed": ({"secret_file": "ci"}, {"secret_file": "ci", "renew_before": 7000}),
    "renewed, for the result": ({}, {"return_secret": True, "renew_before": 7000}),
    "renewed, keeping the old one": (
        {"secret_file": "ci"},
        {"secret_file": "ci", "renew_before": 7000} | {"retire_old": False},
    ),
    "replaced": ({"secret_file": "ci"}, {"secret_file": "ci", "audience": ["http"], "replace": True}),
    "replaced and disabled": ({}, {"audience": ["http"], "replace": True, "enabled": False}),
}


@pytest.mark.parametrize("case", RENEWALS)
def test_no_renewal_can_be_forced_in_check_mode(case: str, vendors: Emulator, tmp_path: Path) -> None:
    life = LIVES["devo_token"]
    first, then = (
        {**_TOKEN, **more, **({"secret_file": str(tmp_path / "ci")} if "secret_file" in more else {})}
        for more in RENEWALS[case]
    )
    assert not run_one(life.service, first, life.connection(vendors.connections)).get("failed")
    content = {path.name: path.read_text() for path in tmp_path.iterdir()}
    vendors.clock_advance(600)
    start = len(vendors.requests())
    assert force(life, then, vendors) == 2
    assert vendors.writes(since=start) == []
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == content


@pytest.mark.parametrize("ending", ["~next", "~old-"])
def test_no_renewal_that_an_earlier_run_began_can_be_finished_in_check_mode(
    ending: str, vendors: Emulator, tmp_path: Path
) -> None:
    life = LIVES["devo_token"]
    connection = life.connection(vendors.connections)
    options = {**_TOKEN, "secret_file": str(tmp_path / "ci"), "renew_before": 7000}
    run_one(life.service, {**options, "renew_before": None}, connection)
    vendors.clock_advance(600)
    kept = {"retire_old": False} if ending == "~next" else {"grace": 3600}
    assert not run_one(life.service, {**options, **kept}, connection).get("failed")
    assert ending in str(vendors.state("devo"))
    vendors.clock_advance(30)
    start, content = len(vendors.requests()), (tmp_path / "ci").read_text()
    assert force(life, {**options, "renew_before": None, "grace": 0}, vendors) == 2
    assert vendors.writes(since=start) == []
    assert (tmp_path / "ci").read_text() == content


# --- before a plan is accepted, and in info modules -----------------------------------------------------------------


def meddling(reader: type[Reader], method: str) -> type[Reader]:
    """The same reader, but it tries to write before it does what ``method`` does."""

    def meddle(self: Reader, *arguments: Any, **more: Any) -> Any:
        self.client.write("meddle", "DELETE", "/")
        raise AssertionError("the write went through")

    return type(f"Meddling{reader.__name__}", (reader,), {method: meddle})


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize("name", LIVES)
def test_nothing_can_be_written_while_a_task_reads(name: str, check: bool, vendors: Emulator) -> None:
    life = LIVES[name]
    for method in ("observe", "compare", "refine"):
        result = run_one(
            meddling(life.service, method), life.steps[0].options, life.connection(vendors.connections), check
        )
        assert "was refused; nothing was sent" in result["msg"], method
    assert vendors.writes() == []


def info_modules() -> dict[str, type[Reader]]:
    """What each info module runs, by its name."""
    found = {}
    for path in sorted(MODULES.glob("*_info.py")):
        module = importlib.import_module(f"ansible_collections.dataops.access.plugins.modules.{path.stem}")
        with mock.patch.object(runner, "run_info") as run:
            module.main()
        found[path.stem] = run.call_args.args[0]
    return found


@pytest.mark.parametrize("name", info_modules())
def test_an_info_module_cannot_write(name: str, vendors: Emulator) -> None:
    reader = info_modules()[name]
    connection = {
        **vendors.connections[reader.platform.name],
        **{key: "example" for key in ("domain", "account") if key in {option.name for option in reader.info_options}},
    }
    known = {"api_url"} | {option.name for option in (*reader.info_options, *reader.platform.options)}
    known |= {credential.option for credential in reader.platform.credentials}
    connection = {key: value for key, value in connection.items() if key in known}
    result = run_info(meddling(reader, "info"), {}, connection)
    assert "was refused; nothing was sent" in result["msg"]
    assert vendors.requests() == []


# --- the client -----------------------------------------------------------------------------------------------------


@pytest.fixture(params=PLATFORMS)
def closed(request: pytest.FixtureRequest, vendors: Emulator) -> Client:
    """A client of each platform, as every task has it until its plan is carried out."""
    platform = PLATFORMS[request.param]
    options = {option.name: option.default for option in platform.options}
    credentials = platform.methods[0]
    given = {name: vendors.connections[platform.name].get(name, "x") for name in ("api_url", *credentials)}
    connection = resolve(platform, {**options, **given}, {})
    return connection.platform.connect(connection)


METHODS = ("POST", "PUT", "PATCH", "DELETE", "post", "MERGE", "HEAD", "OPTIONS", "get")


@pytest.mark.parametrize("method", METHODS)
def test_the_client_refuses_every_write(closed: Client, method: str, vendors: Emulator) -> None:
    for call in (closed.write, closed.read, closed.log_in):
        with pytest.raises(WriteRefused):
            call("try", method, "/users/x@example.com", json={})
    # Below its own checks, where every request goes out.
    request = closed._request("try", method, "/users/x@example.com", None, {})
    for safe in (False, True):
        with pytest.raises(WriteRefused):
            closed._repeat(request, safe=safe)
    with pytest.raises(WriteRefused):
        closed._send(request)
    assert vendors.requests() == []


def test_a_query_makes_no_read_of_a_write(closed: Client, vendors: Emulator) -> None:
    for address in closed._read_posts:
        with pytest.raises(WriteRefused):
            closed.read("try", "POST", address, params={"method": "registerUser"}, json={})
        with pytest.raises(WriteRefused):
            closed.read("try", "POST", f"{address}/../registerUser", json={})
    assert vendors.requests() == []


def test_what_may_be_written_may_not_be_called_a_read(closed: Client, vendors: Emulator) -> None:
    closed.allow_writes()
    for call in (closed.read, closed.log_in):
        with pytest.raises(WriteRefused):
            call("try", "DELETE", "/users/x@example.com")
    with pytest.raises(WriteRefused, match="is a read"):
        closed.write("try", "GET", "/users")
    assert vendors.requests() == []


def test_files_of_secrets_are_closed_as_long_as_the_client(closed: Client, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    files = SecretFiles(closed)
    with pytest.raises(WriteRefused):
        files.save(str(file), "canary")
    assert list(tmp_path.iterdir()) == []
    closed.allow_writes()
    files.save(str(file), "canary")
    closed._writes_allowed = False
    with pytest.raises(WriteRefused):
        files.discard(str(file))
    assert file.read_text() == "canary"


# --- no other way out -----------------------------------------------------------------------------------------------

# Modules that reach a network, a process or a file, and the one file below module_utils that may import each.
HOMES = {"requests": "http/session.py", "socket": "http/session.py", "tempfile": "core/files.py"}
NEVER = (
    "http.client",
    "http.server",
    "urllib.request",
    "urllib3.PoolManager",
    "subprocess",
    "ftplib",
    "smtplib",
    "asyncio",
    "shutil",
    "ctypes",
)
# Of pathlib, os and io, but for names that are methods of ours as well.
WRITERS = (
    "open",
    "fdopen",
    "write_text",
    "write_bytes",
    "unlink",
    "mkdir",
    "rmdir",
    "remove",
    "system",
    "popen",
)


def syntax_trees() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(MODULE_UTILS.rglob("*.py")):
        yield path.relative_to(MODULE_UTILS).as_posix(), ast.parse(path.read_text())


def test_the_client_is_the_only_way_to_a_network() -> None:
    for place, tree in syntax_trees():
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            for name in names:
                assert HOMES.get(name.split(".")[0], place) == place, f"{place} imports {name}"
                assert not any(name == never or name.startswith(f"{never}.") for never in NEVER), f"{place}: {name}"


def test_only_the_guarded_files_write_files() -> None:
    # The report is written in check mode too.
    homes = ("core/files.py", "core/report_files.py")
    for place, tree in syntax_trees():
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            assert name not in WRITERS or place in homes, f"{place}:{call.lineno} {name}()"
            through = ast.unparse(call.func)
            if place.startswith("services/"):
                assert through not in ("files.save", "files.discard", "save", "discard"), f"{place}:{call.lineno}"


def test_a_task_opens_its_client_in_one_place() -> None:
    opened = [
        f"{place}:{node.lineno}"
        for place, tree in syntax_trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("allow_writes", "_writes_allowed") and place[:5] != "http/"
    ]
    assert [place.partition(":")[0] for place in opened] == ["runner.py"]
