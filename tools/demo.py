# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection's main job against emulated platforms: validate, apply, apply again, audit."""

from __future__ import annotations

import argparse
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
from pathlib import Path

from emulation import ROOT, emulator, write_tenants_file

WORK = ROOT / ".work" / "demo"
REPORTS = WORK / "access-report"
PREFIXES = ("ALTERYX_", "DATASENTINEL_", "DBSYNC_", "DEVO_", "DQM_", "ACCESS_")
READ_ONLY = {"dqm-group"}
# Ansible prints a line for each task and host; here those that changed nothing are left out.
QUIET = {"ANSIBLE_DISPLAY_OK_HOSTS": "false", "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false"}
INTRODUCTION = """
Six made-up tenants on five emulated platforms are brought in line with what
  examples/tenants/inventory.yml        declares, starting from what
  examples/tenants/emulator-state.yml   says that they hold.
Nothing outside of this machine is asked. Four runs of ansible-playbook follow, in a minute or two. Their lines about
tasks that changed nothing are left out (ANSIBLE_DISPLAY_OK_HOSTS=false ANSIBLE_DISPLAY_SKIPPED_HOSTS=false).
"""


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
        "merge request would, and prints person by person what they get.",
    ),
    Step(
        "apply",
        "Bring every tenant in line",
        "Compares each tenant with its declaration and writes what differs: users are created, changed, disabled "
        "and removed, tokens replaced, people moved. Crownpeak DQM can only be read. Three warnings are to be "
        "expected, about the workflows of people who move. The summary lists each change: created (+), changed (~, "
        "before -> after), removed (-).",
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
        "Compares again, changes nothing whatever happens, and writes the report. No drift (what is not as "
        "declared) is left, and nothing severe. What exists and is not declared (unmanaged) is a finding, with the "
        "reason why the purge left it alone, or where no purge was asked for; so is what the rules in docs/audit.md "
        "look for: tokens that never expire, somebody from outside, two accounts of one name.",
    ),
)


@dataclass(frozen=True)
class Subject:
    """An ansible-playbook, and the collection whose example it applies, which ANSIBLE_COLLECTIONS_PATH leads to."""

    program: str
    collection: Path

    @property
    def start(self) -> Path:
        return self.collection / "examples" / "tenants" / "emulator-state.yml"


class Failed(Exception):
    """The demo did not show what it is to show."""


def main(subject: Subject) -> int:
    shutil.rmtree(WORK, ignore_errors=True)
    (WORK / "secrets").mkdir(parents=True)
    print(INTRODUCTION, end="", flush=True)
    try:
        with emulator("--port", "0", "--state", str(subject.start)) as ready:
            environment = _environment(ready.platforms)
            outputs = [_run(subject, number, step, environment) for number, step in enumerate(STEPS, start=1)]
            counts = _check_report()
    except Failed as problem:
        print(f"\nThe demo failed: {problem}", file=sys.stderr)
        return 1
    print(f"\n{'=' * 100}\nIn short\n")
    for step, output in zip(STEPS, outputs, strict=True):
        if step.playbook == "apply":
            print(f"{step.title + ':':<28}{_headline(output)}")
    print(
        f"{STEPS[-1].title:<28}{counts['drift']} not as declared, {counts['unmanaged']} that nobody declared, "
        f"{counts['findings'] - counts['drift'] - counts['unmanaged']} found by other rules"
    )
    print(f"\nThe report:       {(REPORTS / 'report.html').relative_to(ROOT)} (for programs: report.json)")
    print(f"What apply did:   {(REPORTS / 'changes.json').relative_to(ROOT)}")
    print(f"One per tenant:   {(REPORTS / 'tenants').relative_to(ROOT)}/")
    print(f"Every run so far: {(REPORTS / 'history').relative_to(ROOT)}/")
    print(f"New secrets:      {(WORK / 'secrets').relative_to(ROOT)}/ (generated passwords and tokens)")
    print("\nThe demo is done; the emulated platforms have ended. To change the example and apply it again:")
    print("examples/tenants/README.md. To declare a tenant of your own: README.md, Quick start.")
    return 0


def _environment(tenants: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Nothing of the user's own tenants, and each emulated tenant's connection in one file."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIXES)}
    file = WORK / "tenants.json"
    write_tenants_file(file, tenants)
    color = {"ANSIBLE_FORCE_COLOR": "1"} if sys.stdout.isatty() else {}
    return {**environment, **color, **QUIET, "ACCESS_TENANTS_FILE": str(file), "EXAMPLE_SECRETS": str(WORK / "secrets")}


def _run(subject: Subject, number: int, step: Step, environment: Mapping[str, str]) -> str:
    """Run the playbook, print what it says, and return that. Raises Failed if it did not do what the step expects."""
    command = [subject.program, "-i", "examples/tenants/inventory.yml", f"dataops.access.{step.playbook}"]
    if step.playbook != "validate":
        command += ["-e", f"access_report_dir={os.path.relpath(REPORTS, subject.collection)}"]
    about = textwrap.indent(textwrap.fill(step.about, 97), "   ")
    print(f"\n{'=' * 100}\n{number}. {step.title}\n{about}\n\n   $ {' '.join(command)}\n", flush=True)
    output = []
    with subprocess.Popen(
        command, cwd=subject.collection, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        for line in process.stdout or ():
            output.append(line)
            print(line, end="", flush=True)
    if process.returncode:
        raise Failed(f"{step.playbook} ended with {process.returncode}")
    said = re.sub(r"\x1b\[[0-9;]*m", "", "".join(output))
    if step.changes is None:
        return said
    changed = _changed(said)
    expected = {host for host in changed if host not in READ_ONLY} if step.changes else set()
    if {host for host, count in changed.items() if count} != expected:
        raise Failed(
            f"{step.playbook}: {'every tenant but DQM' if step.changes else 'nothing'} was to change: {changed}"
        )
    return said


def _changed(output: str) -> dict[str, int]:
    """How many tasks changed something, by host, from the recap."""
    found = {host: int(count) for host, count in re.findall(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)", output, re.MULTILINE)}
    if not found:
        raise Failed("the run ended without a recap")
    return found


def _headline(output: str) -> str:
    """The first line of the summary of an apply."""
    return next(line for line in output.splitlines() if line.startswith("Changed: "))


def _check_report() -> dict[str, int]:
    """The counts of the audit. Raises Failed where it found what an apply should have left nothing of."""
    report = json.loads((REPORTS / "report.json").read_text())
    counts: dict[str, int] = report["counts"]
    if counts["drift"] or counts["errors"] or report["scope"]["missing"]:
        raise Failed(f"the audit found drift or errors: {counts}")
    return counts


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the emulator ends, whatever ends the demo
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", default="ansible-playbook", help="another ansible-playbook than that on PATH")
    parser.add_argument("collection", nargs="?", type=Path, default=ROOT, help="an installed one; else this checkout")
    arguments = parser.parse_args()
    sys.exit(main(Subject(arguments.program, arguments.collection.resolve())))
