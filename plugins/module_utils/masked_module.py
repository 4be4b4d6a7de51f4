# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The AnsibleModule of this collection: its arguments, its way out, and what of them is shown."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.dataops.access.plugins.module_utils.core import unknown_names
from ansible_collections.dataops.access.plugins.module_utils.core.errors import ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.masking import Masking
from ansible_collections.dataops.access.plugins.module_utils.core.resource import Resource
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import HIDDEN, Redactor, public_url
from ansible_collections.dataops.access.plugins.module_utils.specs import secrets_in

# Options that may hold a password although it does not belong there.
_URLS = ("api_url", "api_proxy")


class MaskedModule(AnsibleModule):  # type: ignore[misc]  # ansible-core ships no types
    """An AnsibleModule that masks by what it knows of its options instead of by searching every string.

    ansible-core's own masking replaces each secret wherever its characters occur (a secret "t" tears every word),
    takes secrets times strings, and prints the secrets of list items in ``invocation`` when an argument is wrong.
    """

    no_log_values: set[Any]

    def __init__(
        self,
        spec: dict[str, Any],
        rules: Mapping[str, Any],
        resource: Resource | None = None,
        long_lists: Sequence[str] = (),
    ) -> None:
        self._spec = spec
        self._long_lists = long_lists
        self.redactor = Redactor()
        # Options and results whose values are names.
        self.names = frozenset(item.name for item in resource.options if not item.prose) if resource else frozenset()
        self._identity = frozenset(resource.identity if resource else ())
        try:
            super().__init__(argument_spec=spec, supports_check_mode=True, **rules)
        except ValueError:
            # ansible-core before 2.19 does not expect a text with "=" in the place of a mapping.
            texts = [name for name in long_lists if isinstance(self._given.get(name), str)]
            self.fail_json(msg=f"{', '.join(texts) or 'an option'}: a text cannot be read as what the option takes")
        self._forget_no_log_values()

    def _load_params(self) -> None:
        super()._load_params()
        # What could not be read is missing in the parameters afterwards, and quoted in the message.
        self._given: Mapping[str, Any] = dict(self.params)

    def _forget_no_log_values(self) -> None:
        """Take over what ansible-core would mask; what it does in its own way tears words."""
        self.redactor.add(*map(str, self.no_log_values))
        self.no_log_values = set()

    def _misshapen(self) -> str | None:
        """What is wrong with a list whose entries are none: ansible-core would quote the whole entry."""
        for name in self._long_lists:
            value = self._given.get(name)
            for place, entry in enumerate(value if isinstance(value, list) else ()):
                if not isinstance(entry, (Mapping, str)):
                    return f"{name}: entry {place + 1} is no mapping of options, but a {type(entry).__name__}"
        return None

    def _log_invocation(self) -> None:
        self.log(f"Invoked with {json.dumps(self._masked_args(), default=str)}")

    def _masked_args(self) -> dict[str, Any]:
        masked: dict[str, Any] = {}
        for name, value in self.params.items():
            option = self._spec.get(name, {})
            if name in self._long_lists and value is not None:
                # What is no list is a mistake, and may hold the secrets of an entry all the same.
                masked[name] = f"{len(value)} entries" if isinstance(value, list) else HIDDEN
            elif name in _URLS and isinstance(value, str):
                masked[name] = public_url(value)
            elif option.get("no_log") and value is not None:
                masked[name] = HIDDEN
            elif name in self._spec:
                masked[name] = value
        # A secret may also stand where it does not belong.
        given = {str(masked[name]) for name in self._identity if masked.get(name)}
        return Masking(self.redactor, self._identity | {"api_url"}, given).result(masked)

    def exit_json(self, **kwargs: Any) -> NoReturn:
        """Leave with success."""
        super().exit_json(**kwargs, invocation={"module_args": self._masked_args()})
        raise AssertionError("unreachable")

    def fail_json(self, msg: str, **kwargs: Any) -> NoReturn:
        """Leave with a failure; that of a wrong argument has the same shape as every other."""
        self._forget_no_log_values()
        if "failure" not in kwargs:
            kwargs["failure"] = ValidationError("").failure()
            # Whatever is wrong, not every secret option was looked at before it was found.
            self.redactor.add(*secrets_in(self._spec, self._given))
            msg = self.redactor.text(self._misshapen() or unknown_names.in_message(msg))
        super().fail_json(msg=msg, **kwargs, invocation={"module_args": self._masked_args()})
        raise AssertionError("unreachable")
