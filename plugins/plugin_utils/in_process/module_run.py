# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the code of a module of this collection in the process that it is called in, and leaves that as it was."""

from __future__ import annotations

import importlib
import io
import locale
import os
import sys
import syslog
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass

from ansible_collections.dataops.access.plugins.module_utils import runner
from ansible_collections.dataops.access.plugins.module_utils.http.kept import Keeper
from ansible_collections.dataops.access.plugins.module_utils.http.session import REQUESTS_ERROR
from ansible_collections.dataops.access.plugins.plugin_utils.in_process import ansible_core

_MODULES = "ansible_collections.dataops.access.plugins.modules"
# Whether modules can run here at all. Without requests another interpreter may have it.
# On macOS, a process that was forked must not ask the system for its proxies.
IS_POSSIBLE = ansible_core.IS_KNOWN and REQUESTS_ERROR is None and sys.platform != "darwin"
# All items of a loop run in one process, and hardly anything else does: what is kept lives as long as it.
_KEEPER = Keeper()


@dataclass(frozen=True)
class Ended:
    """How a module ended, as that of a process."""

    code: int
    stdout: str
    stderr: str


def run(name: str, payload: bytes, environment: Mapping[str, str], folder: str) -> Ended:
    """Run the module ``name`` (without the collection's).

    ``payload``: its arguments, by :func:`ansible_core.arguments`. ``environment``: variables that it has besides.
    ``folder``: where its relative paths begin.
    """
    stdout, stderr = io.StringIO(), io.StringIO()
    with ExitStack() as stack:
        for context in (
            _surroundings(environment, folder),
            redirect_stdout(stdout),
            redirect_stderr(stderr),
            warnings.catch_warnings(),
            ansible_core.as_on_a_target(payload),
        ):
            stack.enter_context(context)
        code = _main(name)
    return Ended(code, stdout.getvalue(), stderr.getvalue())


def _main(name: str) -> int:
    try:
        module = importlib.import_module(f"{_MODULES}.{name}")
        runner.KEEPER = _KEEPER
        try:
            module.main()
        finally:
            runner.KEEPER = None
        raise RuntimeError(f"{name} ended without a result")
    except SystemExit as end:
        return _code(end)
    except Exception as problem:  # noqa: BLE001 - whatever it is, a process would end with it, and the task fails
        try:
            ansible_core.crashed(problem)
        except SystemExit as end:
            return _code(end)
        return 1


def _code(end: SystemExit) -> int:
    return end.code if isinstance(end.code, int) else int(end.code is not None)


def _this_folder() -> int | None:
    """A way back to the working folder; None where it may not be read (as after ``sudo -u``): the worker ends soon."""
    try:
        return os.open(".", os.O_RDONLY)
    except OSError:
        return None


@contextmanager
def _surroundings(environment: Mapping[str, str], folder: str) -> Iterator[None]:
    """Environment, folder and locale of a process of its own; afterwards everything is as it was."""
    variables = dict(os.environ)
    settings = locale.setlocale(locale.LC_ALL)
    here = _this_folder()
    try:
        os.environ.update(environment)
        os.chdir(folder)
        yield
    finally:
        if here is not None:
            os.fchdir(here)
            os.close(here)
        for name in set(os.environ) - set(variables):
            del os.environ[name]
        os.environ.update(variables)
        locale.setlocale(locale.LC_ALL, settings)
        # The next line in the system's log is not the module's.
        syslog.closelog()
