# SPDX-License-Identifier: GPL-3.0-or-later
"""The stages of `make test` as sessions, each the same script; and the sessions of antsibull-nox.toml."""

import antsibull_nox
import nox

STAGES = ("lint", "types", "units", "sanity", "integration", "docs-check", "package", "demo")


def add(stage: str) -> None:
    @nox.session(name=stage, venv_backend="none", default=False)
    def run(session: nox.Session) -> None:
        session.run(f"tools/stages/{stage}", *session.posargs, external=True)


antsibull_nox.load_antsibull_nox_toml()
for name in STAGES:
    add(name)
