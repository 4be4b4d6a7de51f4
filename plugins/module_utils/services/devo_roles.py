# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles of a user in a Devo domain: what they are called, how they read back, and the calls that set them.

What the documents leave open is coped with here alone: the keys of the bodies of ``PUT …/role`` and ``DELETE …/role``
are lost in every published copy, see :data:`_BODIES`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core import checks
from ansible_collections.dataops.access.plugins.module_utils.core.errors import (
    AccessError,
    LostAnswer,
    ValidationError,
)
from ansible_collections.dataops.access.plugins.module_utils.http import wire
from ansible_collections.dataops.access.plugins.module_utils.http.answers import Answer, path
from ansible_collections.dataops.access.plugins.module_utils.http.client import Client

OWNER = "OWNER"
ADMIN = "ADMIN"
NO_PRIVILEGES = "NO_PRIVILEGES"
BASIC = (OWNER, ADMIN, NO_PRIVILEGES)
# The vendor's expression for custom roles, restored from the damaged copies, in a form that needs no backtracking.
_NAME = re.compile(r"[a-zA-Z0-9](?:[a-zA-Z0-9 _-]*[a-zA-Z0-9])?")

# Every way in which a body may name roles, the likeliest first.
_BODIES: tuple[Callable[[Sequence[str]], Any], ...] = (
    lambda roles: {"roles": list(roles)},
    lambda roles: {"role": ",".join(roles)},
    lambda roles: {"role": list(roles)},
    lambda roles: {"roleNames": list(roles)},
    lambda roles: {"names": list(roles)},
    list,
)


def plain(roles: Iterable[str]) -> list[str]:
    """Sorted roles without repetition; NO_PRIVILEGES stands alone, for a user who has no other."""
    return sorted({role for role in roles if role and role != NO_PRIVILEGES}) or [NO_PRIVILEGES]


def checked(values: Iterable[Any]) -> list[str]:
    """Declared roles in that form. Raises ValidationError: a name that none can have, OWNER or ADMIN beside another.

    "The ADMIN role is exclusive and cannot be combined with other roles", and OWNER stands for it.
    """
    names = checks.names("roles", values)
    for name in names:
        if not _NAME.fullmatch(name):
            raise ValidationError(
                f"roles: '{name}' is no role of Devo; use letters and digits without accents, and blanks, _ and - between"
            )
        # Folding it here could make somebody the owner where a custom role of that name was meant.
        if name.upper() in BASIC and name not in BASIC:
            raise ValidationError(f"roles: '{name}' is written {name.upper()}")
    roles = plain(names)
    for role in (OWNER, ADMIN):
        if role in roles and len(roles) > 1:
            others = ", ".join(other for other in roles if other != role)
            raise ValidationError(f"roles: {role} excludes every other role; remove it, or remove {others}")
    return roles


def of_record(record: Mapping[str, Any], where: str) -> list[str]:
    """Roles of a user as answered: the array ``roleList`` of newer servers, else ``role``, joined by commas."""
    if record.get("roleList") is not None:
        return plain(wire.texts(record, "roleList", where))
    return plain(role.strip() for role in wire.text(record, "role", where, default="").split(","))


class RoleWriter:
    """Sets roles of users of one domain; learns which body the server understands. Any thread may use it."""

    def __init__(self, client: Client, read: Callable[[str], Mapping[str, Any]]) -> None:
        """``read``: the user of an address (``…/user/email/{email}/domain/{domain}``) as the server has it now."""
        self._client = client
        self._read = read
        self._understood: dict[str, int] = {}

    def set(self, address: str, who: str, have: Sequence[str], want: Sequence[str]) -> None:
        """Bring the roles of the user at ``address`` from ``have`` to ``want``, both plain. Raises AccessError.

        One role for another: ``PUT …/role/{roleName}``, which needs no body ("to update the role of users with a single
        role"). Only taking away: ``DELETE …/role``. Everything else: ``PUT …/role``.
        """
        what = f"set the roles of '{who}' to {', '.join(want)}"
        if len(have) == len(want) == 1 and self._put_name(what, address, want[0]):
            return
        surplus = sorted(set(have) - set(want))
        if set(want) < set(have) and self._with_body(what, "DELETE", address, have, want, surplus) is None:
            return
        problem = self._with_body(what, "PUT", address, have, want, want)
        if problem is not None:
            raise problem

    def _put_name(self, what: str, address: str, role: str) -> bool:
        """Whether the call was taken. A server may refuse it, or not have it: then the call with a body remains."""
        answer = self._client.write(what, "PUT", address + path("role", role), answered=(400, 404, 405))
        return answer.ok

    def _with_body(
        self, what: str, method: str, address: str, have: Sequence[str], want: Sequence[str], named: Sequence[str]
    ) -> AccessError | None:
        """Try one body after another until reading again shows ``want``; the error when none has an effect.

        A body under the wrong key may be answered 400, or 200 without any effect; only reading again tells.
        """
        problem = AccessError(f"Could not {what}: {method} {address}/role was accepted and changed nothing")
        known = self._understood.get(method)
        for place in range(len(_BODIES)) if known is None else (known,):
            try:
                answer = self._client.write(what, method, address + "/role", json=_BODIES[place](named))
            except LostAnswer:
                raise
            except AccessError as error:
                if error.kind not in ("validation", "not_found"):
                    raise
                problem = error
                continue
            now = self._roles_after(answer, address)
            if now == list(want):
                self._understood[method] = place
                return None
            if now != list(have):
                return AccessError(f"Could not {what}: the server made it {', '.join(now)}")
        return problem

    def _roles_after(self, answer: Answer, address: str) -> list[str]:
        """What the answer says about the changed user, else what reading again says."""
        record = answer.data
        if not isinstance(record, dict) or not ("role" in record or "roleList" in record):
            record = self._read(address)
        return of_record(record, "user")
