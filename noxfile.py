# SPDX-License-Identifier: GPL-3.0-or-later
"""The stages of `make test` and the cells of `make test-matrix` as sessions, and the sessions of antsibull-nox.toml.

Each runs the same script as make does. The sessions that antsibull-nox has for ansible-test are not used: they install
ansible-core unpinned, or need Docker.
"""

import sys
from pathlib import Path

import antsibull_nox
import nox

sys.path.append(str(Path(__file__).parent / "tools"))
import matrix

STAGES = ("lint", "types", "units", "sanity", "integration", "docs-check", "package", "installed")


def add(name: str, *command: str) -> None:
    @nox.session(name=name, venv_backend="none", default=False)
    def run(session: nox.Session) -> None:
        session.run(*command, *session.posargs, external=True)


antsibull_nox.load_antsibull_nox_toml()
for stage in STAGES:
    add(stage, f"tools/stages/{stage}")
for core in matrix.PYTHONS:
    for part in matrix.SESSIONS:
        add(f"{part}-{core}", "tools/matrix", "--session", part, core)
