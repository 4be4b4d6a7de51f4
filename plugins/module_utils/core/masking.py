# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A result without secrets that can still be worked with: whose name or key it is stays what it is.

A password may be a word ("example"), and words are parts of names ("ann@example.com"): what is torn out of them by
chance makes a result useless, and tells what the password is. So a name only loses what is no part of it by chance, and
a name that the task itself gives stays whole. Everything else is taken for prose, where a server may quote anything.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.secrets import Redactor

# What names an object, or is a word of this collection, in every module's results.
NAMES = frozenset(
    {"action", "api_url", "email", "from", "from_id", "id", "identity", "key", "kind", "login", "method", "name"}
    | {"platform", "reason", "status", "to", "url"}
)
_SIDES = ("before", "after")


class Revealed(str):
    """A secret that ``return_secret`` asked for: the one kind that a result shows."""

    __slots__ = ()


@dataclass(frozen=True)
class Masking:
    """How the results of one task are masked."""

    redactor: Redactor
    # Keys whose values are names.
    names: Collection[str] = NAMES
    # Names that the task gives openly: as a whole, each stays.
    given: Collection[str] = ()
    # Keys of mappings, as they are shown: few different ones, in every object again.
    _keys: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def result(self, result: Mapping[str, Any], as_json: str | None = None) -> dict[str, Any]:
        """``result`` with every known secret taken out. Keys of mappings count as names.

        ``as_json``: the same in JSON, from who has it already, since large results take their time.
        """
        few = self.redactor.perhaps_in(json.dumps(result, default=str) if as_json is None else as_json)
        if few is None:
            return dict(result)
        masked: dict[str, Any] = Masking(few, self.names, frozenset(self.given))._value(result, False)
        return masked

    def _value(self, value: Any, is_name: bool) -> Any:
        if isinstance(value, Revealed):
            return value
        if isinstance(value, str):
            return self._name(value) if is_name else self.redactor.text(value)
        if isinstance(value, Mapping):
            return {
                self._key(str(key)): self._value(item, is_name if key in _SIDES else key in self.names)
                for key, item in value.items()
            }
        if isinstance(value, (list, tuple)):
            return [self._value(item, is_name) for item in value]
        return value

    def _key(self, key: str) -> str:
        if key not in self._keys:
            self._keys[key] = self._name(key)
        return self._keys[key]

    def _name(self, name: str) -> str:
        return name if name in self.given else self.redactor.name(name)
