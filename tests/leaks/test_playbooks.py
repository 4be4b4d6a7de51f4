# SPDX-License-Identifier: GPL-3.0-or-later
"""What real runs leave behind, with -vvv and --diff: output, logs, files, reports, events, arguments of processes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import yaml

from ansible_collections.dataops.access.plugins.plugin_utils.audit.changes import CHANGES
from ansible_collections.dataops.access.plugins.plugin_utils.audit.renderers import RENDERERS
from emulation import write_tenants_file
from emulator.platforms import PLATFORMS as EMULATED
from emulator.server import Emulator
from leaks import tenants
from leaks.modules import MODULES, ROOT
from leaks.outside import Output, Yard
from leaks.play import Play, mistakes
from leaks.scenes import scenes
from leaks.search import Canaries

Tally = Callable[[str, str, int], None]
# Every answer but that to a log-in quotes what it was sent.
QUOTING = [
    {"path": "user-token|oauth2/token|dqm-security", "times": 0, "fault": {"kind": "empty"}},
    {"method": "GET", "path": r"^(?!.*(user-token|oauth2/token|dqm-security))", "fault": {"kind": "echo"}},
    {
        "path": r"^(?!.*(user-token|oauth2/token|dqm-security))",
        "fault": {"kind": "echo", "part": "body", "form": "nested"},
    },
]
# ansible-core quotes the entry.
WORST = "a list in a list"
EXAMPLE = ROOT / "examples" / "tenants"


@pytest.fixture
def yard(tmp_path_factory: pytest.TempPathFactory) -> Yard:
    """In a folder with a short name: ansible-core keeps a socket in it, whose path may have 107 bytes."""
    return Yard(tmp_path_factory.mktemp("y"))


def search(yard: Yard, canaries: Canaries, *outputs: Output) -> dict[str, list[str]]:
    """What gives something away, by where it was found."""
    places = {f"output {number}": output.text for number, output in enumerate(outputs)}
    places["arguments"] = yard.arguments()
    places.update(yard.left())
    found = {place: canaries.found(text) for place, text in places.items()}
    return {place: what for place, what in found.items() if what}


# Each module in a process of its own.
APART = ["-e", "access_in_process=false"]


@pytest.fixture
def two() -> Iterator[tuple[Emulator, Emulator]]:
    """One emulator that works, and one that quotes what it is sent."""
    with Emulator() as works, Emulator() as quotes:
        yield works, quotes


def every_module(works: Emulator, quotes: Emulator, canaries: Canaries, long: bool) -> Play:
    """Tasks for every module: with success, against the server that quotes, and (several objects) a wrong argument."""
    start = tenants.state(canaries)
    works.reset(state=start)
    found = list(scenes(works, canaries, start))
    play = Play()
    works.reset(state=start)
    quotes.reset(state=start)
    good = tenants.connections(works, canaries)
    bad = tenants.connections(quotes, canaries)
    quotes.faults(QUOTING)
    # What the plural module has made is in line for the singular one, which then changes it.
    for name, module in sorted(MODULES.items(), key=lambda item: item[1].kind != "many"):
        own = [scene for scene in found if scene.module is module]
        platform = module.platform.name
        for scene in own:
            if long or scene.name.endswith((": create", ": read")) or (module.kind == "one" and scene.changes_secret):
                play.add(scene.name, module, {**good[platform]["default"], **scene.options})
        play.add(f"{name}: quoted", module, {**bad[platform]["default"], "api_retries": 0, **own[0].options})
        wrong = dict(mistakes(module, own[0], canaries))
        for mistake, options in wrong.items():
            if not long and (mistake != WORST or not any(option.secret for option in module.service.resource.options)):
                continue
            play.add(f"{name}: {mistake}", module, {**good[platform]["default"], **options})
    return play


@pytest.mark.long
def test_every_module_through_ansible_runner(
    yard: Yard, two: tuple[Emulator, Emulator], tally: Tally, pytestconfig: pytest.Config
) -> None:
    """What an automation controller stores are the artifacts: each event with its result, and the output."""
    canaries = Canaries()
    play = every_module(*two, canaries, pytestconfig.getoption("long"))
    name = play.write(yard.inputs)
    output = yard.runner(name)
    assert output.code == 0, output.text[-3000:]
    tenants.made_by(two[0], canaries)
    tenants.made_by(two[1], canaries)

    events = [json.loads(path.read_text()) for path in yard.artifacts.glob("*/job_events/*.json")]
    ended = [event for event in events if event["event"] in ("runner_on_ok", "runner_on_failed")]
    assert len(ended) == len(play.tasks)
    for module in MODULES:
        of_module = {event["event"] for event in ended if event["event_data"]["task"].startswith(f"{module}: ")}
        assert of_module == {"runner_on_ok", "runner_on_failed"}, module
    assert search(yard, canaries, output) == {}
    tally("canaries", "events of ansible-runner searched", len(events))
    tally("canaries", "tasks of real playbooks", len(play.tasks))


@pytest.mark.long
@pytest.mark.parametrize("arguments", [APART, ["--check"]])
def test_every_module_through_ansible_playbook(
    yard: Yard, two: tuple[Emulator, Emulator], tally: Tally, pytestconfig: pytest.Config, arguments: list[str]
) -> None:
    canaries = Canaries()
    play = every_module(*two, canaries, pytestconfig.getoption("long"))
    name = play.write(yard.inputs)
    output = yard.playbook("-i", str(yard.inputs / "inventory"), str(yard.inputs / "project" / name), *arguments)
    assert output.code == 0, output.text[-3000:]
    tenants.made_by(two[0], canaries)
    tenants.made_by(two[1], canaries)
    assert search(yard, canaries, output) == {}
    tally("canaries", "tasks of real playbooks", len(play.tasks))


# --- roles and playbooks ---------------------------------------------------------------------------------------------


@pytest.fixture
def example() -> Iterator[tuple[Emulator, Canaries]]:
    """The tenants of examples/tenants with canaries; two of them fail."""
    canaries = Canaries()
    state: dict[str, Any] = yaml.safe_load((EXAMPLE / "emulator-state.yml").read_text())
    with Emulator(tenants.planted(state, canaries)) as emulator:
        emulator.faults([{**fault, "path": "/datasentinel-us/ds-api/users"} for fault in QUOTING[1:]])
        yield emulator, canaries


def given(yard: Yard, emulator: Emulator, canaries: Canaries) -> dict[str, str]:
    """The environment of the example: where credentials and new secrets are."""
    file = yard.inputs / "tenants.json"
    write_tenants_file(file, {name: options for name, options in emulator.connections.items() if "-" in name})
    return {
        "ACCESS_TENANTS_FILE": str(file),
        "EXAMPLE_SECRETS": str(yard.handed_over),
        "EXAMPLE_FIRST_PASSWORD": canaries.chosen("first password", ascii_only=False),
    }


def test_apply_and_audit_of_the_example(
    yard: Yard, example: tuple[Emulator, Canaries], tally: Tally, pytestconfig: pytest.Config
) -> None:
    emulator, canaries = example
    environment = given(yard, emulator, canaries)
    inventory = ["-i", str(EXAMPLE / "inventory.yml")]
    if not pytestconfig.getoption("long"):
        # Those with passwords and tokens to make.
        inventory += ["--limit", "datasentinel-eu,datasentinel-us,devo-eu"]
    # Both ways, since processes have arguments and leave files.
    apart = ["-e", "access_in_process={{ access_platform != 'datasentinel' }}"]
    applied = yard.playbook(*inventory, *apart, "dataops.access.apply", **environment)
    assert applied.code == 2  # one tenant answers with failures
    audited = yard.playbook(*inventory, "dataops.access.audit", **environment)
    assert audited.code == 2
    tenants.made_by(emulator, canaries)
    for file in yard.handed_over.iterdir():
        # What was handed over: tokens and generated passwords, which nothing else may show.
        canaries.made(file.name, file.read_text().strip())
    assert len(list(yard.handed_over.iterdir())) >= 3

    # The search is of every file there is, of states that hold canaries, on tenants that were read.
    told = json.loads((yard.reports / "report.json").read_text())
    assert [tenant["tenant"] for tenant in told["tenants"] if tenant["verdict"] == "error"] == ["datasentinel-us"]
    hosts = {tenant["tenant"] for tenant in told["tenants"]}
    assert {host for host in hosts if canaries.found(json.dumps(emulator.state(host)))} == hosts
    reports = report_files(yard)
    assert reports >= {*RENDERERS, CHANGES, *(f"tenants/{host}.json" for host in hosts)}
    assert len(reports) == len(RENDERERS) + 1 + len(hosts) + len(RENDERERS) + 1
    assert "AnsiballZ" in yard.arguments()
    assert search(yard, canaries, applied, audited) == {}
    tally("canaries", "report files searched", len(reports))


def report_files(yard: Yard) -> set[str]:
    """The files in the folder of reports, those under ``history/`` included."""
    return {str(path.relative_to(yard.reports)) for path in yard.reports.rglob("*") if path.is_file()}


@pytest.mark.long
def test_an_audit_of_tenants_that_all_quote_what_they_are_sent(
    yard: Yard, example: tuple[Emulator, Canaries], tally: Tally
) -> None:
    """Session tokens and credentials in every answer that becomes a finding of the report."""
    emulator, canaries = example
    emulator.faults(QUOTING)
    audited = yard.playbook(
        "-i", str(EXAMPLE / "inventory.yml"), "dataops.access.audit", **given(yard, emulator, canaries)
    )
    assert audited.code == 2
    tenants.made_by(emulator, canaries)
    told = json.loads((yard.reports / "report.json").read_text())
    assert {tenant["verdict"] for tenant in told["tenants"]} == {"error"}
    assert {tenant["platform"] for tenant in told["tenants"]} == set(EMULATED)
    # Each was asked with its secrets before it failed.
    assert {request["platform"] for request in emulator.requests()} >= {tenant["tenant"] for tenant in told["tenants"]}
    reports = report_files(yard)
    assert reports >= set(RENDERERS)
    assert search(yard, canaries, audited) == {}
    tally("canaries", "report files searched", len(reports))


WRONG: dict[str, Callable[[str], Any]] = {
    "a list in a list": lambda secret: [[{"email": "ana@example.com", "password": secret}]],
    "a text for an entry": lambda secret: [f"email: ana@example.com, password: {secret}"],
    "a list for a password": lambda secret: [{"email": "ana@example.com", "password": [secret]}],
    "a mapping for a list": lambda secret: {"email": "ana@example.com", "password": secret},
    "an unknown option": lambda secret: [{"email": "ana@example.com", "password": secret, "unheard_of": secret}],
    "a wrong state": lambda secret: [{"email": "ana@example.com", "password": secret, "state": f"is {secret}"}],
    "no e-mail": lambda secret: [{"email": "ana", "password": secret, "comment": f"it is {secret}"}],
}


def test_wrong_declarations_in_an_inventory(yard: Yard, tally: Tally, pytestconfig: pytest.Config) -> None:
    """The roles' own check of their variables, and that of the playbook ``validate``."""
    canaries = Canaries()
    hosts: dict[str, Mapping[str, Any]] = {}
    for number, (mistake, users) in enumerate(list(WRONG.items())[: None if pytestconfig.getoption("long") else 3]):
        hosts[f"host{number}"] = {
            "access_platform": "datasentinel",
            "datasentinel_api_url": "http://127.0.0.1:1/ds-api",
            "datasentinel_api_token": canaries.chosen(f"token, {mistake}"),
            "datasentinel_users": users(canaries.chosen(f"password, {mistake}", ascii_only=False)),
        }
    (yard.inputs / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}, allow_unicode=True))
    outputs = []
    for playbook in ("validate", "apply") if pytestconfig.getoption("long") else ("apply",):
        output = yard.playbook("-i", str(yard.inputs / "hosts.yml"), f"dataops.access.{playbook}")
        assert output.code == 2, output.text
        outputs.append(output)
    assert search(yard, canaries, *outputs) == {}
    tally("canaries", "wrong declarations", len(hosts))
