# SPDX-License-Identifier: GPL-3.0-or-later
"""Every example is of a sort that is checked, and names nothing that there is not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from . import collector, commands, kinds, known

EXAMPLES = collector.collected()


def test_every_example_is_of_a_known_sort(tally: Callable[..., None]) -> None:
    sorts: Counter[str] = Counter()
    unknown = []
    for example in EXAMPLES:
        try:
            sorts[kinds.kind(example)] += 1
        except kinds.Unknown as problem:
            unknown.append(str(problem))
    assert unknown == [], "\n".join(unknown)
    for sort, number in sorts.items():
        tally("examples, found", sort, number)


@pytest.mark.parametrize("table", [kinds.NOT_RUN, kinds.NOT_INSTALLED], ids=["not run", "not installed"])
def test_no_exception_is_left_over(table: dict[tuple[str, str], str]) -> None:
    used = {kinds.named(table, example) for example in EXAMPLES}
    assert set(table) - used == set()


def test_every_plugin_has_examples() -> None:
    without = {str(path.relative_to(collector.ROOT)) for path in collector.plugins()} - {each.file for each in EXAMPLES}
    assert without == set()
    # Documentation may also stand beside a plugin, where nobody would look for examples here.
    assert [*(collector.ROOT / "plugins").rglob("*.y*ml")] == []


def test_every_module_is_asked_for_what_it_takes() -> None:
    wrong = []
    for example in EXAMPLES:
        if kinds.kind(example) in (kinds.TASKS, kinds.PLAYBOOK):
            for task in (task for each in kinds.read_yaml(example) for task in known.tasks_of(each)):
                wrong += [f"{example.where}: {task.get('name')}: {problem}" for problem in known.problems(task)]
    assert wrong == []


def test_every_play_sets_variables_that_there_are() -> None:
    wrong = []
    for example in (each for each in EXAMPLES if kinds.kind(each) == kinds.PLAYBOOK):
        for play in kinds.read_yaml(example):
            given = {name for name in play.get("vars", {}) if not name.startswith("ansible_")}
            wrong += [f"{example.where}: {name}" for name in given - known.variables()]
            roles = {name for name in play.get("roles", []) if name.startswith(known.PREFIX)}
            wrong += [
                f"{example.where}: {name}" for name in roles if name.removeprefix(known.PREFIX) not in known.names()
            ]
    assert wrong == []


def shown() -> list[commands.Command]:
    """The commands of all pages, those in crontabs too."""
    found: list[commands.Command] = []
    for example in EXAMPLES:
        sort = kinds.kind(example)
        if sort == kinds.CRON:
            found += commands.taken_apart(replace(example, text=kinds.CRON_TIMES.sub("", example.text)))
        elif sort == kinds.COMMANDS:
            found += commands.taken_apart(example)
    return found


def test_every_command_names_what_there_is(tally: Callable[..., None]) -> None:
    found = shown()
    assert [f"{each.where}: {problem}" for each in found for problem in commands.problems(each)] == []
    for program, number in Counter(each.words[0].rpartition("/")[2] for each in found).items():
        tally("examples, commands checked", program, number)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ansible-playbook dataops.access.bring_in_line", "there is no playbook dataops.access.bring_in_line"),
        ("ansible-playbook dataops.access.apply -e access_hots=a", "no variable access_hots"),
        ("ansible-playbook dataops.access.apply -e '{\"access_person_nam\": 1}'", "no variable access_person_nam"),
        ("ansible-playbook dataops.access.apply --chek", "ansible-playbook does not take dataops.access.apply --chek"),
        ("ansible-playbook dataops.access.apply --limit devo-us", "--limit: no host devo-us"),
        ("ansible-playbook -i examples/inventory.yml x.yml", "there is no file x.yml"),
        ("ansible-galaxy collection install dataops.access:==0.9.0", "dataops.access:==0.9.0: another version"),
        ("ansible -i localhost, all -m dataops.access.ds_usr", "there is no module dataops.access.ds_usr"),
        ("make tests", "make tests: no such target"),
        ("tools/emulate", "tools/emulate: no program of the repository"),
        ("tools/emulator --set devo.layout=v3", "--set devo.layout=v3: there is no such switch"),
        ("tools/emulator --state nowhere.yml", "there is no file nowhere.yml"),
        ('curl "${DEVO_API_URL%/devo}/_emulator/clock"', "no endpoint of the emulator"),
        ("export DEVO_TOKEN=x", "nothing reads the variable DEVO_TOKEN"),
        ("rm -rf x", "rm: no program that is known"),
    ],
)
def test_a_wrong_command_is_seen(text: str, message: str) -> None:
    (command,) = commands.taken_apart(collector.Example("page.md", 1, "bash", text))
    assert message in " | ".join(commands.problems(command))


@pytest.mark.parametrize("page", collector.pages(), ids=lambda path: str(path.relative_to(collector.ROOT)))
def test_what_a_page_names_is_there(page: collector.Path) -> None:
    named = set(re.findall(r"(?<![\w/.-])dataops\.access\.(\w+)", page.read_text()))
    assert named - known.names() == set()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("```yaml\na: 1\n", "does not end"),
        ("~~~yaml\n", "no fence that is known"),
        ("```yaml linenos\n```\n", "no fence that is known"),
        ("```yaml\n```yaml\n", "does not end the block"),
    ],
)
def test_a_fence_that_cannot_be_read_is_an_error(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        [*collector.blocks("page.md", text)]


@pytest.mark.parametrize(
    ("language", "text", "message"),
    [
        ("", "x = 1\n", "say in which language"),
        ("toml", "x = 1\n", "say in which language"),
        ("text", "whatever\n", "gives no reason"),
        ("yaml", "made_up_variable: 1\n", "is called made_up_variable"),
        ("yaml", "- just text\n", "of no known sort"),
        ("yaml", "a: [\n", "no YAML"),
        ("json", "{,}\n", "no JSON"),
        ("json", "[1]\n", "of no known sort"),
    ],
)
def test_an_example_of_no_sort_is_an_error(language: str, text: str, message: str) -> None:
    with pytest.raises(kinds.Unknown, match=message):
        kinds.kind(collector.Example("page.md", 1, language, text))


def test_a_wrong_argument_is_seen() -> None:
    task = {
        "dataops.access.ds_users": {"users": [{"email": "a@example.com", "privilege": "root", "rolls": []}], "x": 1}
    }
    assert [*known.problems(task)] == [
        "dataops.access.ds_users.users.privilege: 'root' is none of ['read', 'read write', 'admin']",
        "dataops.access.ds_users.users.rolls: there is no such option",
        "dataops.access.ds_users.x: there is no such option",
    ]
    assert [*known.problems({"dataops.access.made_up": {}})] == ["there is no module dataops.access.made_up"]
    assert [*known.problems({"dataops.access.ds_user": {}})] == ["dataops.access.ds_user: email is required"]
