# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One export: what was read of each tenant, the files that come of it, and what is to be said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.plugin_utils.export import files, people
from ansible_collections.dataops.access.plugins.plugin_utils.export.tenant import Tenant, tenant

TENANTS = "tenants"
PEOPLE = "people"
FORMS = (TENANTS, PEOPLE)


def names(hosts: Sequence[str], form: str) -> list[str]:
    """What the files of an export are called. Raises ValidationError where two would have one name."""
    if form == PEOPLE and files.PEOPLE in hosts:
        raise ValidationError(
            f"a host of this play is called {files.PEOPLE}, and so is the file of the people; rename it"
        )
    return [*hosts, *([files.PEOPLE] if form == PEOPLE else [])]


@dataclass(frozen=True)
class Written:
    """One file."""

    name: str
    path: str
    changed: bool


@dataclass
class Export:
    """``numbers``: how many tenants the inventory has of each platform."""

    form: str
    numbers: Mapping[str, int]
    tenants: list[Tenant] = field(default_factory=list)
    # Why a tenant is not exported, by host.
    failing: dict[str, str] = field(default_factory=dict)
    people: people.People | None = None
    written: list[Written] = field(default_factory=list)

    def take(self, host: str, platform: str, read: Sequence[Mapping[str, Any]], failure: str) -> None:
        """Take what was read of one tenant, or why it was not."""
        if failure:
            self.failing[host] = f"it could not be read, and is not exported: {failure}"
            return
        try:
            self.tenants.append(tenant(host, platform, read))
        except ValidationError as problem:
            self.failing[host] = f"it is not exported: {problem.message}"

    def write(self, directory: str) -> None:
        """Write every file that can be. Raises AccessError.

        People go with all tenants or not at all: without what they have on one of them they would lose it, by a purge.
        """
        if self.form == PEOPLE and self.failing:
            return
        texts = {}
        if self.form == PEOPLE:
            alone = {each.platform for each in self.tenants if self.numbers.get(each.platform) == 1}
            self.people = people.people(self.tenants, alone)
            hosts = ", ".join(sorted(each.host for each in self.tenants))
            about = [f"Who has access to {hosts}, and profiles of what several people have alike, as exported."]
            texts[files.PEOPLE] = files.text(about, self.people.document())
        for each in self.tenants:
            about = [f"What {each.host} ({each.platform}) held when it was exported, as declared state."]
            texts[each.host] = files.text(about, each.document())
        self.written = [Written(name, *files.save(directory, name, text)) for name, text in sorted(texts.items())]

    def left_out(self) -> dict[str, list[str]]:
        """What exists and could not be declared, by host."""
        return {each.host: each.left_out() for each in self.tenants if each.left_out()}

    def stat(self) -> dict[str, Any]:
        """For the stat of the run."""
        return {
            "form": self.form,
            "tenants": len(self.tenants) if self.written else 0,
            "left_out": sum(map(len, self.left_out().values())),
            "failed": sorted(self.failing),
        }

    def lines(self) -> list[str]:
        """What to print."""
        paths = {each.name: each.path for each in self.written}
        lines = []
        for each in self.tenants if paths else ():
            counts = ", ".join(f"{number} {variable}" for variable, number in each.counts().items())
            lines.append(f"{each.host}: {counts} -> {paths[each.host]}")
            lines += [f"  not declared: {text}" for text in each.left_out()]
        if self.people is not None:
            lines.append(f"{self.people.summary()} -> {paths[files.PEOPLE]}")
        lines += [f"{host}: {why}" for host, why in sorted(self.failing.items())]
        if self.form == PEOPLE and self.failing:
            lines.append(
                "Nothing was written, since people go with all of their tenants. Next: mend it, leave these tenants "
                "out by --limit, or export in the form of tenants"
            )
        return lines
