# SPDX-License-Identifier: GPL-3.0-or-later
"""Source: galaxy.yml and meta/runtime.yml. What else says a version, an address or what it is about agrees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from ansible_collections.dataops.access.plugins.plugin_utils.platforms import PLATFORMS
from documentation.modules import documented
from unit.parity.conftest import Same

ROOT = Path(__file__).resolve().parents[3]
GALAXY = yaml.safe_load((ROOT / "galaxy.yml").read_text())
README = (ROOT / "README.md").read_text()


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def test_the_newest_release_of_the_changelog_is_this_version(same: Same) -> None:
    releases = yaml.safe_load((ROOT / "changelogs" / "changelog.yaml").read_text())["releases"]
    same("version: changelog, galaxy.yml", [max(releases, key=numbers)], [GALAXY["version"]])
    titles = re.findall(r"^## v([\d\\.]+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    same("version: CHANGELOG.md, changelog", {title.replace("\\", "") for title in titles}, set(releases))


def added() -> Iterator[tuple[str, str]]:
    """Every plugin, module and role, and the version that it says it came with."""
    for folder in ("modules", "filter", "lookup"):
        for path in (ROOT / "plugins" / folder).glob("*.py"):
            yield f"{folder}/{path.stem}", str(documented(path, "DOCUMENTATION")["version_added"])
    for path in (ROOT / "roles").glob("*/meta/argument_specs.yml"):
        for entry, spec in yaml.safe_load(path.read_text())["argument_specs"].items():
            yield f"{path.parts[-3]}/{entry}", str(spec["version_added"])


def test_nothing_came_with_a_version_that_there_is_not(same: Same) -> None:
    releases = set(yaml.safe_load((ROOT / "changelogs" / "changelog.yaml").read_text())["releases"])
    found = set(added())
    same(
        "version_added: plugins and roles, changelog",
        found,
        {(name, version) for name, version in found if version in releases},
    )


def test_the_tags_name_every_platform(same: Same) -> None:
    words = {platform.title: set(platform.title.lower().split()) for platform in PLATFORMS.values()}
    tagged = {title for title, own in words.items() if own & set(GALAXY["tags"])}
    same("galaxy.yml: tags, platforms", tagged, set(words))
    same("galaxy.yml: description, platforms", {title for title in words if title in GALAXY["description"]}, set(words))


def test_the_oldest_ansible_core_is_the_same_everywhere(same: Same) -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())
    oldest = runtime["requires_ansible"].removeprefix(">=").removesuffix(".0")
    same("ansible-core: README, meta/runtime.yml", re.findall(r"ansible-core ([\d.]+) or newer", README), [oldest])


def test_addresses_are_those_of_the_repository(same: Same) -> None:
    named = re.findall(r"https://github\.com/dataops-collections/\w+", README)
    same("addresses: README, galaxy.yml", named, [GALAXY["repository"]] * len(named))
    own = [GALAXY[key] for key in ("documentation", "homepage", "issues")]
    assert [url for url in own if not url.startswith(GALAXY["repository"])] == []
    assert re.findall(rf"{GALAXY['name']}:==([\d.]+)", README) == [GALAXY["version"]]
