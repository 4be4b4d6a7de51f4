# SPDX-License-Identifier: GPL-3.0-or-later
"""The five emulated platforms as a child process: started, described as environment variables, always ended."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TENANTS_FILE = ROOT / ".work" / "emulator" / "tenants.json"

# These leave "api_" out of their variable's name; `domain` and `account` are options of modules, without a variable.
SHORTENED = {"api_username": "USERNAME", "api_password": "PASSWORD"}
NO_VARIABLE = {"domain", "account"}


@dataclass(frozen=True)
class Ready:
    """What the emulator says when it serves: `platforms` maps a platform to its connection options."""

    port: int
    platforms: dict[str, dict[str, str]]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def end_in_order(*_signal: object) -> None:
    """For SIGTERM: leave through every `finally`, so that no child outlives this process."""
    sys.exit(128 + signal.SIGTERM)


@contextmanager
def emulator(*arguments: str, tests: Path = ROOT / "tests") -> Iterator[Ready]:
    """Serve until the block ends; `arguments` go to the emulator, whose package lies in `tests`.

    Exits if the emulator ends before it is ready; its own message is on standard error by then.
    """
    signal.signal(signal.SIGTERM, end_in_order)
    command = [sys.executable, "-m", "emulator", *(arguments or ("--port", "0"))]
    environment = {**os.environ, "PYTHONPATH": str(tests)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line.startswith("{"):
                sys.exit(f"The emulator did not start (exit {process.wait(10)}): {' '.join(command)}")
            ready: dict[str, Any] = json.loads(line)
            yield Ready(port=ready["port"], platforms=ready["platforms"])
        finally:
            process.terminate()


def environment_variables(platform: str, options: Mapping[str, str]) -> dict[str, str]:
    """The variables that point the modules of a platform at the given connection options."""
    return {
        f"{platform.upper()}_{SHORTENED.get(option, option.upper())}": value
        for option, value in options.items()
        if option not in NO_VARIABLE
    }


def write_tenants_file(file: Path, tenants: Mapping[str, Mapping[str, str]]) -> None:
    """What ACCESS_TENANTS_FILE names: the connection options of each tenant, for the owner alone."""
    options = {
        host: {name: value for name, value in given.items() if name not in NO_VARIABLE}
        for host, given in tenants.items()
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(json.dumps(options, indent=2))


def is_first_tenant(platform: str) -> bool:
    """Whether the name is a platform's own, not that of a further tenant such as `datasentinel-2`."""
    return "-" not in platform


def main(arguments: Sequence[str]) -> None:
    with emulator(*arguments) as ready:
        print(f"Five emulated platforms serve at {ready.url} until you press Ctrl-C.")
        print(f"What they were asked: {ready.url}/_emulator/requests; what they hold: {ready.url}/_emulator/state\n")
        print("To point a playbook at them, paste this into another shell:\n")
        print(f"export ANSIBLE_COLLECTIONS_PATH={shlex.quote(os.environ['ANSIBLE_COLLECTIONS_PATH'])}")
        print(f"export PATH={shlex.quote(str(Path(sys.executable).parent))}:$PATH")
        further = {name: options for name, options in ready.platforms.items() if not is_first_tenant(name)}
        for platform, options in ready.platforms.items():
            if platform not in further:
                print(
                    "\n# " + ", ".join([platform, *(f"{key}: {options[key]}" for key in options if key in NO_VARIABLE)])
                )
                for variable, value in environment_variables(platform, options).items():
                    print(f"export {variable}={shlex.quote(value)}")
        if further:
            write_tenants_file(TENANTS_FILE, further)
            print(f"\n# Connections of the hosts {', '.join(further)}; no host takes anything from the above then.")
            print(f"export ACCESS_TENANTS_FILE={shlex.quote(str(TENANTS_FILE))}")
            print(
                "\nThen, for example: ansible-playbook -i examples/tenants/inventory.yml dataops.access.audit",
                flush=True,
            )
        else:
            print("\nThen, with the inventory of README.md, Quick start:")
            print("ansible-playbook -i inventory.yml dataops.access.audit", flush=True)
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1:])
