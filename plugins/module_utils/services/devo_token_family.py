# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tokens that stand for one declared name while it is renewed or replaced, and which of them counts.

A renewal makes ``<name>~next``, hands its secret over, renames the old token to ``<name>~old-<id>``, disables it, lets
the new one take the name, and deletes the old one. It may be interrupted after each request, so whoever finds such
tokens decides by them alone what is left to do. Knows no HTTP and writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ansible_collections.dataops.access.plugins.module_utils.core.errors import Refused
from ansible_collections.dataops.access.plugins.module_utils.core.resource import Declared, Observed
from ansible_collections.dataops.access.plugins.module_utils.services.devo_token import (
    PREDECESSOR,
    SUCCESSOR,
    differing,
)
from ansible_collections.dataops.access.plugins.module_utils.services.devo_token_api import Token


def successor_name(name: str) -> str:
    """What the new token of that name is called until it takes the name."""
    return name + SUCCESSOR


def predecessor_name(name: str, token_id: str) -> str:
    """What the old token of that name is called once it has lost the name."""
    return f"{name}{PREDECESSOR}{token_id}"


def root(token: Token) -> str | None:
    """The name that a token's own name was made from; None for an ordinary one.

    Only the token's own id after ``~old-`` counts: other names like that were made by somebody else.
    """
    if token.name.endswith(SUCCESSOR):
        return token.name[: -len(SUCCESSOR)] or None
    ending = f"{PREDECESSOR}{token.id}"
    if token.name.endswith(ending):
        return token.name[: -len(ending)] or None
    return None


def token_of(observed: Observed) -> Token:
    """The token behind an observed object."""
    token: Token = observed.extra
    return token


def _age(token: Token) -> tuple[float, int, str]:
    """By creation, and by id where that is the same second."""
    return token.created or 0.0, len(token.id), token.id


def newest(tokens: Iterable[Token]) -> Token:
    """The one that was made last."""
    return max(tokens, key=_age)


@dataclass
class Family:
    """All tokens of one declared name."""

    main: Observed | None = None
    # Newest first; several only after something went wrong.
    successors: list[Observed] = field(default_factory=list)
    predecessors: list[Observed] = field(default_factory=list)

    @property
    def members(self) -> list[Observed]:
        """Every token of the name."""
        return [*([self.main] if self.main else []), *self.successors, *self.predecessors]


def families(observed: Iterable[Observed]) -> dict[str, Family]:
    """All tokens by the name that they stand for."""
    found: dict[str, Family] = {}
    for one in sorted(observed, key=lambda one: _age(token_of(one)), reverse=True):
        token = token_of(one)
        name = root(token)
        if name is None:
            found.setdefault(token.name, Family()).main = one
        elif token.name == successor_name(name):
            found.setdefault(name, Family()).successors.append(one)
        else:
            found.setdefault(name, Family()).predecessors.append(one)
    return found


@dataclass
class Succession:
    """What is to become of the successors that were found."""

    # The one that has the name next.
    heir: Observed | None = None
    # Whether it takes the name now; else it goes on waiting beside the one that has it.
    takes_over: bool = False
    # Those that nobody can be using.
    discard: list[Observed] = field(default_factory=list)
    remark: str = ""


@dataclass(frozen=True)
class Judge:
    """What decides about the successors of one declared token."""

    declared: Declared
    # The server's time.
    now: float
    # What the secret_file holds, without its newline; None: no file.
    saved: str | None
    secret: Callable[[Token], str | None]

    @property
    def hands_over(self) -> bool:
        """Whether this run gives the secret to somebody."""
        return bool(self.declared["secret_file"] or self.declared["return_secret"])

    def handed_over(self, token: Token) -> bool:
        """Whether the file holds this token's secret."""
        return self.saved is not None and self.saved == self.secret(token)

    def succession(self, family: Family) -> Succession:
        """Raises Refused where a decision could take away a token that somebody uses."""
        if not family.successors:
            return Succession()
        if family.main is None:
            return self._without_main(family)
        return self._beside_main(family, token_of(family.main))

    def _without_main(self, family: Family) -> Succession:
        """The old one has lost the name already, so one of the successors has to take it."""

        def rank(one: Observed) -> tuple[bool, bool, bool]:
            token = token_of(one)
            return self.handed_over(token), not token.expires_before(self.now), token.enabled

        # max() takes the first of equals, which is the newest.
        heir = max(family.successors, key=rank)
        return Succession(heir, True, [one for one in family.successors if one is not heir])

    def _beside_main(self, family: Family, main: Token) -> Succession:
        usable = [one for one in family.successors if self._usable(token_of(one), main)]
        fitting = [one for one in usable if not differing(self.declared.options, token_of(one))]
        handed = [one for one in usable if self.handed_over(token_of(one))]
        heir = next(iter(handed or fitting), None)
        discard = [one for one in family.successors if one is not heir]
        if not self.declared["secret_file"]:
            self._check_nobody_uses([one for one in discard if one in usable])
        if heir is None:
            return Succession(discard=discard)
        replacing = bool(self.declared["replace"] and differing(self.declared.options, main)) and heir in fitting
        takes_over = replacing or (self.declared["retire_old"] is not False and self.hands_over)
        remark = "" if takes_over or self.hands_over else self._remark(heir)
        return Succession(heir, takes_over, discard, remark)

    def _usable(self, token: Token, main: Token) -> bool:
        if token.expires_before(self.now):
            return False
        enabled = self.declared["enabled"]
        if enabled is None:
            # A server may show an expired token as disabled, which then says nothing about its successor.
            enabled = main.enabled or main.expires_before(self.now)
        return token.enabled or not enabled

    def _check_nobody_uses(self, tokens: list[Observed]) -> None:
        """Without a file to compare with, a token may have been handed over by an earlier run's result."""
        if tokens:
            names = ", ".join(f"'{one.key}' (id {one.handle})" for one in tokens)
            raise Refused(
                f"Devo token '{self.declared.key}': {names} was made to take its place, does not fit the declaration, "
                "and may be in use; delete it by its token_id if it is not, or declare what it has"
            )

    def _remark(self, heir: Observed) -> str:
        return (
            f"Devo token '{self.declared.key}': '{heir.key}' (id {heir.handle}) waits to take its place; a run with "
            "secret_file or return_secret finishes that, since only such a run can hand its secret over"
        )
