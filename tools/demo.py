# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection's main job against five emulated platforms: apply, apply again, audit."""

from __future__ import annotations

import os
import subprocess
import sys

from emulation import ROOT, emulator, environment_variables

INVENTORY = "examples/tenants/inventory.yml"
STEPS = (
    ("Bring every tenant in line with its declared state", "apply"),
    ("Once more: nothing is left to change", "apply"),
    ("Audit what the tenants hold against the declaration", "audit"),
)


def main() -> int:
    print("Starting five emulated platforms on the loopback interface …", flush=True)
    with emulator() as ready:
        environment = dict(os.environ)
        for platform, options in ready.platforms.items():
            environment |= environment_variables(platform, options)
        for number, (title, playbook) in enumerate(STEPS, start=1):
            command = ["ansible-playbook", "-i", INVENTORY, f"dataops.access.{playbook}"]
            print(f"\n== {number}. {title}\n   {' '.join(command)}\n", flush=True)
            code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
            if code:
                print(f"\n`{playbook}` ended with {code}: the demo failed.", file=sys.stderr)
                return code
    print("\nThe demo is done; the emulated platforms have ended.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
