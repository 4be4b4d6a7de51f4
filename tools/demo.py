# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection's main job against emulated platforms: validate, apply, apply again, audit."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

from emulation import ROOT, emulator

EXAMPLE = ROOT / "examples" / "tenants"
WORK = ROOT / ".work" / "demo"
REPORTS = WORK / "access-report"
PREFIXES = ("ALTERYX_", "DATASENTINEL_", "DBSYNC_", "DEVO_", "DQM_", "ACCESS_")
# Of what the emulator says of a tenant these are no connection options.
NO_OPTIONS = ("domain", "account")
READ_ONLY = {"dqm-group"}


@dataclass(frozen=True)
class Step:
    """One playbook, what it is about, and whether it is expected to change anything."""

    playbook: str
    title: str
    about: str
    changes: bool | None = None


STEPS = (
    Step(
        "validate",
        "Who should have access to what?",
        "Checks the declared state in examples/tenants/inventory.yml, without network or credentials, as a "
        "merge request would, and prints who gets what.",
    ),
    Step(
        "apply",
        "Bring every tenant in line",
        "Compares each tenant with its declaration and writes what differs: users are created, changed, disabled "
        "and removed, tokens replaced, people moved. Crownpeak DQM can only be read.",
        changes=True,
    ),
    Step(
        "apply",
        "Once more",
        "The same command again: what is as declared is left alone, so that nothing changes now.",
        changes=False,
    ),
    Step(
        "audit",
        "What do the tenants hold?",
        "Compares again, changes nothing whatever happens, and writes the report. No drift is left; what exists "
        "and is not declared remains as a finding where no purge was asked for, or where it is protected.",
    ),
)


class Failed(Exception):
    """The demo did not show what it is to show."""


def main() -> int:
    shutil.rmtree(WORK, ignore_errors=True)
    (WORK / "secrets").mkdir(parents=True)
    print("Starting five emulated platforms on the loopback interface, with the state of", flush=True)
    print("examples/tenants/emulator-state.yml ...", flush=True)
    try:
        with emulator("--port", "0", "--state", str(EXAMPLE / "emulator-state.yml")) as ready:
            environment = _environment(ready.platforms)
            for number, step in enumerate(STEPS, start=1):
                _run(number, step, environment)
            _check_report()
    except Failed as problem:
        print(f"\nThe demo failed: {problem}", file=sys.stderr)
        return 1
    print(f"\nThe report:       {(REPORTS / 'report.json').relative_to(ROOT)}")
    print(f"One per tenant:   {(REPORTS / 'tenants').relative_to(ROOT)}/")
    print(f"Every run so far: {(REPORTS / 'history').relative_to(ROOT)}/")
    print(f"New secrets:      {(WORK / 'secrets').relative_to(ROOT)}/")
    print("\nThe demo is done; the emulated platforms have ended.")
    return 0


def _environment(tenants: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Nothing of the user's own tenants, and each emulated tenant's connection in one file."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIXES)}
    file = WORK / "tenants.json"
    options = {
        host: {name: value for name, value in given.items() if name not in NO_OPTIONS}
        for host, given in tenants.items()
    }
    file.touch(mode=0o600)
    file.write_text(json.dumps(options, indent=2))
    color = {"ANSIBLE_FORCE_COLOR": "1"} if sys.stdout.isatty() else {}
    return {**environment, **color, "ACCESS_TENANTS_FILE": str(file), "EXAMPLE_SECRETS": str(WORK / "secrets")}


def _run(number: int, step: Step, environment: Mapping[str, str]) -> None:
    command = ["ansible-playbook", "-i", "examples/tenants/inventory.yml", f"dataops.access.{step.playbook}"]
    if step.playbook == "audit":
        command += ["-e", f"access_report_dir={REPORTS.relative_to(ROOT)}"]
    about = textwrap.indent(textwrap.fill(step.about, 97), "   ")
    print(f"\n{'=' * 100}\n{number}. {step.title}\n{about}\n\n   $ {' '.join(command)}\n", flush=True)
    output = []
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            output.append(line)
            print(line, end="", flush=True)
    if process.returncode:
        raise Failed(f"{step.playbook} ended with {process.returncode}")
    if step.changes is None:
        return
    changed = _changed("".join(output))
    expected = {host for host in changed if host not in READ_ONLY} if step.changes else set()
    if {host for host, count in changed.items() if count} != expected:
        raise Failed(
            f"{step.playbook}: {'every tenant but DQM' if step.changes else 'nothing'} was to change: {changed}"
        )


def _changed(output: str) -> dict[str, int]:
    """How many tasks changed something, by host, from the recap."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", output)
    found = {host: int(count) for host, count in re.findall(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)", plain, re.MULTILINE)}
    if not found:
        raise Failed("the run ended without a recap")
    return found


def _check_report() -> None:
    report = json.loads((REPORTS / "report.json").read_text())
    counts = report["counts"]
    if counts["drift"] or counts["errors"] or report["scope"]["missing"]:
        raise Failed(f"the audit found drift or errors: {counts}")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the emulator ends, whatever ends the demo
    sys.exit(main())
