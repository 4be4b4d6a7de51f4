# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ansible-test's integration targets, in the collection that is the working directory, against the emulator.

Modules run both ways: here, in the controller's process; and apart, in processes of their own on the oldest supported
Python. Without names all targets run here and a few of them apart (`--long`: all); those named run both ways.

The targets find it in the variable `emulator`: `url`, `platforms` (their connection options), and `record`, a directory
where each target leaves what it asked, as JSON. That is compared with the vendors' documents in tests/contract.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

from emulation import ROOT, emulator

sys.path.append(str(ROOT / "tests"))
from contract.check import violations

INTEGRATION = Path("tests/integration")
CONFIGURATION = INTEGRATION / "integration_config.yml"
MODULE_PYTHONS = ("3.9", "3.10", "3.11", "3.12", "3.13")
# What a run apart can do wrong, it does wrong in these.
APART = ["connection", "ds_user"]


def target_python() -> str:
    """The oldest supported Python on PATH: a module that runs there runs on all."""
    return next(version for version in MODULE_PYTHONS if shutil.which(f"python{version}"))


def run_here(names: list[str], record: Path) -> int:
    """Modules in the controller's process, which they need nothing but its own interpreter for."""
    variables = {"ansible_python_interpreter": "{{ ansible_playbook_python }}", "modules_run_here": True}
    return run_targets(names, record, f"controller:python={own_python()}", variables)


def run_apart(names: list[str], record: Path) -> int:
    """Modules in processes of their own."""
    return run_targets(names, record, f"controller:python=venv/{target_python()}", {"modules_run_here": False})


def own_python() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def run_targets(names: list[str], record: Path, target: str, variables: dict[str, Any]) -> int:
    hosts = ["--controller", f"origin:python={own_python()}", "--target", target]
    with emulator() as ready:
        known = {"url": ready.url, "platforms": ready.platforms, "record": str(record)}
        CONFIGURATION.write_text(yaml.safe_dump({"emulator": known, **variables}))
        command = ["ansible-test", "integration", "--color", "no", *hosts, *names]
        print(*command, flush=True)
        return subprocess.run(command, check=False).returncode


def all_targets() -> set[str]:
    aliases = INTEGRATION.glob("targets/*/aliases")
    return {path.parent.name for path in aliases if "hidden" not in path.read_text().split()}


def undocumented(record: Path) -> list[str]:
    """What the targets asked that the emulator complained about or the documents do not allow."""
    found = []
    for path in sorted(record.glob("*.json")):
        asked = json.loads(path.read_text())
        complaints = [
            f"{each['n']}: {each['method']} {each['path']}: {each['message']}" for each in asked["complaints"]
        ]
        found += [f"{path.stem}: {what}" for what in (*complaints, *violations(asked["requests"]))]
        print(f"{path.stem}: {len(asked['requests'])} requests compared with the vendors' documents")
    return found


def main(names: list[str], long: bool) -> int:
    wrong = []
    failed = False
    for run, targets in ((run_here, names), (run_apart, names or ([] if long else APART))):
        with tempfile.TemporaryDirectory() as directory:
            record = Path(directory)
            failed |= bool(run(targets, record))
            wrong += undocumented(record)
            silent = (set(targets) or all_targets()) - {path.stem for path in record.glob("*.json")}
            wrong += [f"{name}: does not say what it asked" for name in sorted(silent)]
    print(*wrong, sep="\n")
    return failed or bool(wrong)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--long", action="store_true", help="all targets both ways")
    parser.add_argument("names", nargs="*", help="targets, which run both ways; all if there are none")
    arguments = parser.parse_args()
    sys.exit(main(arguments.names, arguments.long))
