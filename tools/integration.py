# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ansible-test's integration targets, in the collection that is the working directory, against the emulator.

The targets find the emulator's address and connection options in the variable `emulator`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from emulation import emulator

CONFIGURATION = Path("tests/integration/integration_config.yml")
MODULE_PYTHONS = ("3.9", "3.10", "3.11", "3.12", "3.13")


def target_python() -> str:
    """The oldest supported Python on PATH: a module that runs there runs on all."""
    return next(version for version in MODULE_PYTHONS if shutil.which(f"python{version}"))


def main(targets: list[str]) -> int:
    controller = f"{sys.version_info.major}.{sys.version_info.minor}"
    hosts = ["--controller", f"origin:python={controller}", "--target", f"controller:python=venv/{target_python()}"]
    with emulator() as ready:
        variables = {"emulator": {"url": ready.url, "platforms": ready.platforms}}
        CONFIGURATION.write_text(yaml.safe_dump(variables))
        command = ["ansible-test", "integration", "--color", "no", *hosts, *targets]
        print(*command, flush=True)
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
