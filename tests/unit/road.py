# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module's code in this process: the whole road, but for AnsibleModule's way of reading and writing JSON."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from typing import Any
from unittest import mock

from ansible.module_utils import basic

from ansible_collections.dataops.access.plugins.module_utils import runner
from ansible_collections.dataops.access.plugins.module_utils.core.service import Reader, Service


class _Left(Exception):
    """The module has ended."""

    def __init__(self, result: dict[str, Any]) -> None:
        super().__init__(str(result.get("msg", "ok")))
        self.result = result


def _leave(_module: Any, **result: Any) -> None:
    raise _Left(result)


def _fail(_module: Any, msg: str, **result: Any) -> None:
    raise _Left({"failed": True, "msg": msg, **result})


@contextmanager
def _patched(params: dict[str, Any], warnings: list[str], logged: list[str]) -> Any:
    with (
        mock.patch.object(basic, "_load_params", return_value=copy.deepcopy(params)),
        mock.patch.object(basic.AnsibleModule, "exit_json", _leave),
        mock.patch.object(basic.AnsibleModule, "fail_json", _fail),
        mock.patch.object(basic.AnsibleModule, "warn", lambda _module, text: warnings.append(text)),
        mock.patch.object(basic.AnsibleModule, "log", lambda _module, text, **_more: logged.append(text)),
        mock.patch.object(basic.AnsibleModule, "_set_cwd", return_value=None),
    ):
        yield


def run(
    start: Callable[[], None],
    params: Mapping[str, Any],
    check: bool = False,
    diff: bool = True,
    logged: list[str] | None = None,
) -> dict[str, Any]:
    """What the module that `start` runs returns for these parameters, as JSON would carry it.

    `logged` gets what it writes to the system's log.
    """
    warnings: list[str] = []
    given = {**params, "_ansible_check_mode": check, "_ansible_diff": diff}
    with _patched(given, warnings, [] if logged is None else logged):
        try:
            start()
        except _Left as left:
            result: dict[str, Any] = json.loads(json.dumps({**left.result, "warnings": warnings}))
            return result
    raise RuntimeError("the module ended without a result")


def run_one(
    service: type[Service], options: Mapping[str, Any], connection: Mapping[str, Any], check: bool = False
) -> dict[str, Any]:
    """The singular module's result."""
    return run(lambda: runner.run_one(service), {**connection, **options}, check)


def run_many(
    service: type[Service], options: Mapping[str, Any], connection: Mapping[str, Any], check: bool = False
) -> dict[str, Any]:
    """The plural module's result."""
    return run(lambda: runner.run_many(service), {**connection, **options}, check)


def run_info(
    reader: type[Reader], options: Mapping[str, Any], connection: Mapping[str, Any], check: bool = False
) -> dict[str, Any]:
    """The info module's result."""
    return run(lambda: runner.run_info(reader), {**connection, **options}, check)
