# SPDX-License-Identifier: GPL-3.0-or-later
"""Source: the files that there are. Tables and lists in README, guides and changelog have these and no others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from ansible_collections.dataops.access.plugins.module_utils.core.errors import KINDS
from ansible_collections.dataops.access.plugins.plugin_utils.platforms import PLATFORMS, VARIABLES
from documentation import modules
from unit.parity.conftest import Same

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text()
PLAYBOOKS = {path.stem for path in (ROOT / "playbooks").glob("*.yml")}
ROLES = {path.name for path in (ROOT / "roles").iterdir()}


def names(folder: str) -> set[str]:
    """The plugins of a folder."""
    return {path.stem for path in (ROOT / "plugins" / folder).glob("[a-z]*.py")}


def rows(title: str) -> list[list[str]]:
    """The cells of the table below a title of the README."""
    part = README.partition(f"\n### {title}\n")[2].partition("\n#")[0]
    assert part, title
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line[:3] == "| `"]


def first_cells(title: str) -> list[str]:
    """What these tables are about, the collection's name left out; a cell may name two."""
    return [name for row in rows(title) for name in re.findall(r"`dataops\.access\.(\w+)`", row[0])]


def test_the_readme_has_every_module(same: Same) -> None:
    same("README: table of modules, modules", sorted(first_cells("Modules")), sorted(modules.modules()))


def test_the_readme_has_every_role_and_its_variables(same: Same) -> None:
    same("README: table of roles, roles", sorted(first_cells("Roles")), sorted(ROLES))
    told = {name for row in rows("Roles") for name in re.findall(r"`(\w+)`", row[1])}
    for variable, _service in VARIABLES.values():
        assert variable in told


def test_the_readme_has_every_playbook(same: Same) -> None:
    same("README: table of playbooks, playbooks", sorted(first_cells("Playbooks")), sorted(PLAYBOOKS))


def test_the_readme_has_every_group(same: Same) -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())
    sentence = re.search(r"`module_defaults` reaches .*?\.\n\n", README, re.DOTALL)
    assert sentence
    named = set(re.findall(r"`(?:group/dataops\.access)?\.(\w+)`", sentence[0]))
    same("README: groups, action groups", named, set(runtime["action_groups"]))


def test_the_guide_to_playbooks_has_every_playbook(same: Same) -> None:
    text = (ROOT / "docs" / "playbooks.md").read_text()
    titled = {
        name for line in re.findall(r"^## .*$", text, re.MULTILINE) for name in re.findall(r"access\.(\w+)`", line)
    }
    same("docs/playbooks.md: titles, playbooks", titled, PLAYBOOKS)


def test_every_variable_of_a_playbook_is_documented(same: Same) -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "playbooks").rglob("*.yml"))
    read = set(re.findall(r"(?<![.\w^])(?:access_[a-z_]+|alteryx_overflow_subscription)\b(?!_)", code))
    made = set(re.findall(r"(?:register: |loop_var: |^ +)(access_[a-z_]+)(?::|$)", code, re.MULTILINE))
    told = set(re.findall(r"`(\w+)`", (ROOT / "docs" / "playbooks.md").read_text()))
    same("docs/playbooks.md: variables, playbooks", (read - made) & told, read - made)


def test_the_list_of_guides_has_every_guide(same: Same) -> None:
    linked = set(re.findall(r"\]\(([\w-]+\.md)\)", (ROOT / "docs" / "README.md").read_text()))
    there = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    same("docs/README.md: guides, files", linked, there)


def test_the_kinds_of_failures_are_documented(same: Same) -> None:
    results = yaml.safe_load((Path(modules.__file__).parent / "results.yml").read_text())
    (text,) = results["failure"]["contains"]["kind"]["description"]
    same("kinds of failures: documentation of results, code", re.findall(r"V\((\w+)\)", text), list(KINDS))


@pytest.mark.parametrize("guide", ["playbooks.md"])
def test_a_guide_that_lists_the_platforms_lists_all(guide: str, same: Same) -> None:
    line = next(
        line for line in (ROOT / "docs" / guide).read_text().splitlines() if line[:20] == "| `access_platform` "
    )
    same("docs: platforms, platforms", set(re.findall(r"`(\w+)`", line)) - {"access_platform"}, set(PLATFORMS))


def named_in_texts() -> Iterator[tuple[str, str]]:
    """Where something of the collection is named in full, and its name."""
    for pattern in (
        "*.md",
        "awx/**/*",
        "docs/*.md",
        "examples/**/*",
        "extensions/**/*",
        "playbooks/**/*",
        "roles/**/*",
    ):
        for path in ROOT.glob(pattern):
            # A page about a sixth platform is told by tests/unit/test_adding_a_platform.py.
            if path.suffix in (".md", ".yml", ".json") and path.name != "adding-a-platform.md":
                for name in re.findall(r"\bdataops\.access\.(\w+)", path.read_text(encoding="utf-8")):
                    yield path.relative_to(ROOT).as_posix(), name


def test_what_texts_and_playbooks_name_is_there(same: Same) -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())
    plugins = names("modules") | names("filter") | names("lookup") | set(runtime["plugin_routing"]["modules"])
    known = plugins | ROLES | PLAYBOOKS | set(runtime["action_groups"])
    named = set(named_in_texts())
    same("names: texts and playbooks, files", named, {(where, name) for where, name in named if name in known})


def test_the_changelog_has_everything_that_is_new_once(same: Same) -> None:
    releases = yaml.safe_load((ROOT / "changelogs" / "changelog.yaml").read_text())["releases"].values()
    listed: dict[str, list[str]] = {}
    for release in releases:
        parts = {"modules": release.get("modules", ()), **release.get("plugins", {}), **release.get("objects", {})}
        for kind, entries in parts.items():
            listed.setdefault(kind, []).extend(entry["name"] for entry in entries)
    there = {"modules": names("modules"), "filter": names("filter"), "lookup": names("lookup"), "role": ROLES}
    same(
        "changelog: new plugins and roles, files",
        sorted((kind, name) for kind, found in listed.items() for name in found),
        sorted((kind, name) for kind, found in there.items() for name in found),
    )
