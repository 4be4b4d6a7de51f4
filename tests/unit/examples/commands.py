# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands as pages show them, and what is wrong with each: a file, an option or a name that is not there."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from ansible.cli.adhoc import AdHocCLI
from ansible.cli.galaxy import GalaxyCLI
from ansible.cli.playbook import PlaybookCLI

import matrix
from emulator.platforms import PLATFORMS

from . import known
from .collector import ROOT, Example

# Variables of the environment that other programs read.
OTHERS = {"CONTROLLER_HOST", "CONTROLLER_OAUTH_TOKEN", "PYTHONPATH", "TOKEN", "ACCESS_EDA_TOKEN"}
# What a page calls a file that its reader has made, or that is made by the commands before.
OWN_FILES = {
    "inventory.yml", "reports.yml", "sinks.yml", "artifacts-of-the-slices.json", "access-awx.yml", "variables.yml",
    "joiners_and_leavers.yml", "localhost,",
}  # fmt: skip
_INSTALLED = "~/.ansible/collections/ansible_collections/dataops/access/"
_PACKAGES = {"requests", "ansible-rulebook"}
_EMULATOR = re.compile(r"/_emulator/(\w+)$")
_CONTROLS = {"requests": False, "state": False, "faults": True, "clock": True}


@dataclass(frozen=True)
class Command:
    """`words` begin with the program; `environment` is what stands before it; `comment` what stands behind the line."""

    where: str
    text: str
    words: tuple[str, ...]
    environment: Mapping[str, str]
    comment: str


def taken_apart(example: Example) -> Iterator[Command]:
    """The commands of a block, in their order; those that `&&` joins are two."""
    text = example.text.replace("\\\n", " ")
    for line in (line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")):
        found = re.search(r"\s{2,}# (.*)$| # (.*)$", line)
        comment = (found[1] or found[2]) if found else ""
        written = line[: found.start()] if found else line
        for part in re.split(r"\s&&\s", written):
            words = shlex.split(part)
            environment = {}
            while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
                name, _equals, value = words.pop(0).partition("=")
                environment[name] = value
            yield Command(example.where, part.strip(), tuple(words), environment, comment)


def problems(command: Command) -> Iterator[str]:
    """What is wrong with a command; a program that nobody knows here is wrong, since nobody would check it."""
    for name in command.environment:
        yield from _variable(name)
    program, *arguments = command.words
    check = _PROGRAMS.get(program)
    if check is None and program.startswith("tools/"):
        check = _tool
    if check is None:
        yield f"{program}: no program that is known"
        return
    yield from check(program, arguments)


def extra_variables(given: str) -> dict[str, Any]:
    """What `-e` sets, files aside."""
    if given.startswith("@"):
        return {}
    if given.startswith("{"):
        read: dict[str, Any] = json.loads(given)
        return read
    return dict(part.split("=", 1) for part in shlex.split(given))


# --- programs --------------------------------------------------------------------------------------------------


@cache
def _parser(client: type) -> Any:
    """The parser of one of Ansible's programs."""
    made = client([client.name or "ansible"])
    made.init_parser()
    return made.parser


def _parsed(client: type, arguments: list[str]) -> Any:
    try:
        return _parser(client).parse_args(arguments)
    except SystemExit:
        return None


def _playbook(program: str, arguments: list[str]) -> Iterator[str]:
    options = _parsed(PlaybookCLI, arguments)
    if options is None:
        yield f"{program} does not take {shlex.join(arguments)}"
        return
    for path in options.args:
        if path.startswith(known.PREFIX):
            if not (ROOT / "playbooks" / f"{path.removeprefix(known.PREFIX)}.yml").is_file():
                yield f"there is no playbook {path}"
        else:
            yield from _file(path)
    for path in options.inventory or ():
        yield from _file(path)
    for given in options.extra_vars or ():
        if given.startswith("@"):
            # The parser has made a path of it.
            yield from _file(Path(given).name)
        yield from (f"no variable {name}" for name in extra_variables(given) if name not in known.variables())
    if options.subset:
        hosts = yaml.safe_load((ROOT / "examples" / "tenants" / "inventory.yml").read_text())["all"]["hosts"]
        yield from [] if options.subset in hosts else [f"--limit: no host {options.subset}"]


def _ad_hoc(program: str, arguments: list[str]) -> Iterator[str]:
    options = _parsed(AdHocCLI, arguments)
    if options is None:
        yield f"{program} does not take {shlex.join(arguments)}"
    elif known.spec(options.module_name.removeprefix(known.PREFIX)) is None:
        yield f"there is no module {options.module_name}"


def _galaxy(program: str, arguments: list[str]) -> Iterator[str]:
    options = _parsed(GalaxyCLI, arguments)
    if options is None:
        yield f"{program} does not take {shlex.join(arguments)}"
        return
    newest = yaml.safe_load((ROOT / "galaxy.yml").read_text())["version"]
    for wanted in options.args:
        if wanted == "." or fnmatch(f"dataops-access-{newest}.tar.gz", Path(wanted).name):
            continue  # the folder that is built, or what comes out of it
        name, _colon, version = wanted.partition(":")
        if name not in ("dataops.access", "awx.awx"):
            yield f"{wanted}: neither this collection nor what awx/ needs"
        if version and version != f"=={newest}":
            yield f"{wanted}: another version than galaxy.yml says"


def _make(_program: str, arguments: list[str]) -> Iterator[str]:
    text = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z][\w-]*):", text, re.MULTILINE))
    for name in arguments:
        variable, given, _value = name.partition("=")
        if f"$({variable})" not in text if given else name not in targets:
            yield f"make {name}: no such {'variable' if given else 'target'}"


def _nox(_program: str, arguments: list[str]) -> Iterator[str]:
    session, _dash, version = arguments[-1].rpartition("-")
    if session not in matrix.SESSIONS or version not in matrix.PYTHONS:
        yield f"nox {shlex.join(arguments)}: no such session"


def _tool(program: str, arguments: list[str]) -> Iterator[str]:
    path = ROOT / program
    if not (path.is_file() and path.stat().st_mode & 0o100):
        yield f"{program}: no program of the repository"
    if program == "tools/stages/units":
        yield from (problem for name in arguments if "/" in name for problem in _file(name))
    elif program == "tools/stages/integration":
        targets = {entry.name for entry in (ROOT / "tests" / "integration" / "targets").iterdir()}
        # What a reader of docs/adding-a-platform.md has made.
        targets |= {"--long", "ledger_account"}
        yield from (f"{program}: no target {name}" for name in arguments if name not in targets)
    elif program == "tools/emulator":
        yield from _emulator(arguments)


def _emulator(arguments: list[str]) -> Iterator[str]:
    for option, value in zip(arguments[::2], arguments[1::2], strict=True):
        if option == "--state":
            yield from _file(value)
        elif option == "--set":
            name, chosen = value.split("=")
            platform, switch = name.split(".")
            choices = {each.name: each.choices for each in PLATFORMS[platform].switches}
            yield from [] if chosen in choices.get(switch, ()) else [f"--set {value}: there is no such switch"]
        else:
            yield f"tools/emulator has no option {option}"


def _curl(program: str, arguments: list[str]) -> Iterator[str]:
    body = arguments[arguments.index("-d") + 1] if "-d" in arguments else None
    if body is not None:
        json.loads(body)
    control = _EMULATOR.search(arguments[-1])
    if control and _CONTROLS.get(control[1]) != (body is not None):
        yield f"{program} {arguments[-1]}: no endpoint of the emulator"


def _rulebook(program: str, arguments: list[str]) -> Iterator[str]:
    book = arguments[arguments.index("--rulebook") + 1]
    if not (ROOT / "extensions" / "eda" / "rulebooks" / book).is_file():
        yield f"{program}: there is no rulebook {book}"


def _export(_program: str, arguments: list[str]) -> Iterator[str]:
    for argument in arguments:
        yield from _variable(argument.partition("=")[0])


def _clone(_program: str, arguments: list[str]) -> Iterator[str]:
    url = yaml.safe_load((ROOT / "galaxy.yml").read_text())["repository"]
    yield from [] if arguments == ["clone", f"{url}.git"] else [f"git {shlex.join(arguments)}: not {url}"]


def _pip(program: str, arguments: list[str]) -> Iterator[str]:
    wanted = [word for word in arguments if word not in ("-m", "pip", "install")]
    yield from (f"{program}: why {name}?" for name in wanted if name not in _PACKAGES)


def _anything(_program: str, _arguments: list[str]) -> Iterator[str]:
    """Files and folders of the reader's own: the journeys go that way."""
    yield from ()


def _python(program: str, arguments: list[str]) -> Iterator[str]:
    yield from [] if (ROOT / arguments[0]).is_file() else [f"{program}: there is no {arguments[0]}"]


_PROGRAMS: dict[str, Callable[[str, list[str]], Iterator[str]]] = {
    "ansible-playbook": _playbook,
    "ansible": _ad_hoc,
    "ansible-galaxy": _galaxy,
    "ansible-rulebook": _rulebook,
    "make": _make,
    "nox": _nox,
    "curl": _curl,
    "export": _export,
    "read": lambda _program, arguments: _variable(arguments[-1]),
    "git": _clone,
    "pip": _pip,
    "python": _pip,
    ".work/environments/test-*/bin/python": _python,
    **dict.fromkeys(("cd", "cp", "mkdir", "mv"), _anything),
}


def _variable(name: str) -> Iterator[str]:
    if name not in known.environment_variables() | OTHERS:
        yield f"nothing reads the variable {name}"


def _file(path: str) -> Iterator[str]:
    below = path.removeprefix(_INSTALLED)
    if path not in OWN_FILES and not (ROOT / Path(below)).exists():
        yield f"there is no file {path}"
