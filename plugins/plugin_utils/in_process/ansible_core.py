# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between the versions of ansible-core in how a module gets its arguments and gives its result.

None of it is a public interface. Where a version has neither of the two forms that are known here, modules run in
processes of their own, as ever.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

from ansible.module_utils import basic
from ansible.module_utils.common import warnings as collected
from ansible.module_utils.common.parameters import remove_values
from ansible.release import __version__

try:
    # 2.19 and newer: values have tags, and are written and read by profiles.
    from ansible.executor.module_common import _BuiltModule
    from ansible.module_utils import _internal
    from ansible.module_utils.common.json import Direction, get_module_encoder
except ImportError:
    _BuiltModule = None
try:
    from ansible.module_utils._internal._ansiballz._loader import _handle_exception
except ImportError:
    _handle_exception = None

# What a module has that does not ask for another one.
_PROFILE = "legacy"
_SHEBANG = f"#!{sys.executable}"
_WITHOUT_PROFILES = tuple(map(int, __version__.split(".")[:2])) < (2, 19)


class Arguments(NamedTuple):
    """A module's arguments as they are sent to it, and what stands for its code."""

    payload: bytes
    # What ActionBase._configure_module returns.
    module: tuple[Any, ...]


def _is_known() -> bool:
    needed = {"_ANSIBLE_ARGS"}
    if not _WITHOUT_PROFILES:
        if _BuiltModule is None or _handle_exception is None:
            return False
        try:
            _built(b"")
        except TypeError:
            return False
        needed |= {"_ANSIBLE_PROFILE", "_PARSED_MODULE_ARGS"}
    return needed.issubset(vars(basic))


def _built(payload: bytes) -> Any:
    return _BuiltModule(b_module_data=payload, module_style="new", shebang=_SHEBANG, serialization_profile=_PROFILE)


def arguments(options: Mapping[str, Any], path: str) -> Arguments:
    """The arguments of the module in the file ``path``, as ansible-core writes them for a process of its own."""
    given = {"ANSIBLE_MODULE_ARGS": options}
    if _WITHOUT_PROFILES:
        # From the controller's own module, since newer versions have no such class.
        from ansible.parsing.ajson import AnsibleJSONEncoder

        payload = json.dumps(given, cls=AnsibleJSONEncoder, vault_to_text=True).encode()
        return Arguments(payload, ("new", _SHEBANG, payload, path))
    encoder = get_module_encoder(_PROFILE, Direction.CONTROLLER_TO_MODULE)
    payload = json.dumps(given, cls=encoder).encode()
    return Arguments(payload, (_built(payload), path))


@contextmanager
def as_on_a_target(payload: bytes) -> Iterator[None]:
    """Let AnsibleModule find its arguments, and keep its warnings for its result, as in a process of its own."""
    with ExitStack() as stack:
        given = {"_ANSIBLE_ARGS": payload, "_ANSIBLE_PROFILE": _PROFILE, "_PARSED_MODULE_ARGS": None}
        stack.enter_context(_replaced(basic, **given, remove_values=_remove_values))
        lists = {name: type(vars(collected)[name])() for name in ("_global_warnings", "_global_deprecations")}
        stack.enter_context(_replaced(collected, **lists))
        if not _WITHOUT_PROFILES:
            # On a controller, a warning would be displayed instead.
            stack.enter_context(_replaced(_internal, is_controller=False))
        yield


def _remove_values(value: Any, secrets: Collection[str]) -> Any:
    """ansible-core's own masking of a result, which copies all of it even where there is nothing to mask."""
    return remove_values(value, secrets) if secrets else value


@contextmanager
def _replaced(module: Any, **values: Any) -> Iterator[None]:
    """Global variables of a module, those that it has, with other values for a while."""
    before = {name: vars(module)[name] for name in values if name in vars(module)}
    vars(module).update({name: values[name] for name in before})
    try:
        yield
    finally:
        vars(module).update(before)


def crashed(problem: Exception) -> None:
    """Print what a module prints that ends with an exception."""
    if _handle_exception is None:
        traceback.print_exception(problem)
    else:
        _handle_exception(problem, _PROFILE)


IS_KNOWN = _is_known()
