# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ansible-test's integration targets, in the collection that is the working directory, against the emulator.

The targets find it in the variable `emulator`: `url`, `platforms` (their connection options), and `record`, a directory
where each target leaves what it asked, as JSON. That is compared with the vendors' documents in tests/contract.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from emulation import ROOT, emulator

sys.path.append(str(ROOT / "tests"))
from contract.check import violations

INTEGRATION = Path("tests/integration")
CONFIGURATION = INTEGRATION / "integration_config.yml"
MODULE_PYTHONS = ("3.9", "3.10", "3.11", "3.12", "3.13")


def target_python() -> str:
    """The oldest supported Python on PATH: a module that runs there runs on all."""
    return next(version for version in MODULE_PYTHONS if shutil.which(f"python{version}"))


def run_targets(names: list[str], record: Path) -> int:
    controller = f"{sys.version_info.major}.{sys.version_info.minor}"
    hosts = ["--controller", f"origin:python={controller}", "--target", f"controller:python=venv/{target_python()}"]
    with emulator() as ready:
        variables = {"emulator": {"url": ready.url, "platforms": ready.platforms, "record": str(record)}}
        CONFIGURATION.write_text(yaml.safe_dump(variables))
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


def main(names: list[str]) -> int:
    with tempfile.TemporaryDirectory() as directory:
        record = Path(directory)
        code = run_targets(names, record)
        wrong = undocumented(record)
        silent = (set(names) or all_targets()) - {path.stem for path in record.glob("*.json")}
    wrong += [f"{name}: does not say what it asked" for name in sorted(silent)]
    print(*wrong, sep="\n")
    return code or bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
