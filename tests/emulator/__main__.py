# SPDX-License-Identifier: GPL-3.0-or-later
"""Command line of the emulator: `PYTHONPATH=tests python -m emulator --help`."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from pathlib import Path

import yaml

from .app import App, Specs
from .document import switch_table
from .server import HOST, Server


def _switch(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or "." not in key:
        raise argparse.ArgumentTypeError(f"{text!r} is not PLATFORM.SWITCH=VALUE")
    return key, value


def _state(path: Path | None) -> Specs:
    if path is None:
        return {}
    state = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    if not isinstance(state, dict) or not all(isinstance(spec, dict) for spec in state.values()):
        raise ValueError(f"{path}: not a mapping of tenants to mappings")
    return state


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="emulator", description="The five vendor APIs on one loopback port.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--state", type=Path, metavar="FILE.yml", help="start state, by tenant")
    parser.add_argument("--latency-ms", type=float, default=0, metavar="N", help="wait before each answer")
    parser.add_argument("--set", type=_switch, action="append", default=[], metavar="PLATFORM.SWITCH=VALUE")
    parser.add_argument("--switch-table", action="store_true", help="print the switches as in README.md, and end")
    options = parser.parse_args(arguments)
    if options.switch_table:
        print(switch_table())
        return 0
    try:
        app = App(_state(options.state), dict(options.set), options.latency_ms)
        server = Server(app, options.port)
    except (OSError, ValueError, yaml.YAMLError) as error:
        print(f"emulator: {error}", file=sys.stderr)
        return 2

    server.ready = lambda port: print(
        json.dumps({"port": port, "platforms": app.connections(f"http://{HOST}:{port}")}), flush=True
    )
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
