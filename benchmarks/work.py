# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to do one and the same work: by the modules of this collection, and by what they are compared with."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from benchmarks.kinds import Call, Json, Kind
from benchmarks.measure import Failed, Measured, Server, command
from benchmarks.play import HERE, Ansible

CONNECTIONS = 8
# Requests of an item in a loop: its write, and the listing that verifies it.
WAITS = 2
# A Python that leaves behind what it needed itself.
_INTERPRETER = """
import json, os, sys, time
began = time.perf_counter()
process = os.spawnv(os.P_NOWAIT, sys.executable, [sys.executable, *sys.argv[1:]])
_process, status, usage = os.wait4(process, 0)
figures = {{"wall": time.perf_counter() - began, "cpu": usage.ru_utime + usage.ru_stime}}
figures["peak"] = usage.ru_maxrss / 1024
with open({figures!r}, "w") as file:
    json.dump(figures, file)
sys.exit(os.waitstatus_to_exitcode(status))
"""


@dataclass(frozen=True)
class Site:
    """Where a variant runs."""

    server: Server
    ansible: Ansible

    def counted(self, work: Callable[[], Measured], writes: int | None) -> Measured:
        """``work`` with what the server was asked. Raises Failed where that are not so many writes."""
        before = self.server.numbers()
        if before["requests"]:
            raise Failed("the server was not reset")
        measured = work()
        numbers = self.server.numbers()
        if writes is not None and numbers["writes"] != writes:
            raise Failed(f"{numbers['writes']} writes instead of {writes}")
        numbers["server_cpu"] = numbers.pop("cpu_s") - before["cpu_s"]
        return replace(measured, **numbers)


@dataclass(frozen=True)
class Work:
    """One operation on so many objects of one kind: what there is at the start, what is declared, what that writes."""

    kind: Kind
    number: int
    held: int = 0
    drifted: int = 0
    kept: int | None = None
    check: bool = False
    in_process: bool = True

    @property
    def writes(self) -> int:
        if self.check:
            return 0
        purged = 0 if self.kept is None else self.held - self.kept
        return self.number - self.held + self.drifted if self.kept is None else purged

    @property
    def least(self) -> int | None:
        """The fewest requests: log-in, listing, writes, closing listing; None where no script tells of a log-in."""
        if self.kind.script is None:
            return None
        return (self.kind.script.log_in is not None) + 1 + self.writes + (self.writes > 0)

    def start(self, site: Site) -> dict[str, str]:
        """Bring the server to where the work begins; returns how to connect."""
        return site.server.reset(self.kind.start(self.held, self.drifted))[self.kind.platform]

    def declared(self) -> list[Json]:
        """The declared objects. Who exists needs no password."""
        return self.kind.many(self.number if self.kept is None else self.kept, secrets=not self.held)

    def _alone(self) -> list[Json]:
        """The same, without what is always there."""
        return self.declared()[len(self.kind.always) :]

    def options(self, connection: Mapping[str, str]) -> Json:
        """The options of every task of this kind."""
        known = {name: value for name, value in connection.items() if name not in ("domain", "account", "api_key")}
        known.pop("api_secret", None)
        return {**known, **self.kind.beside(connection)}

    def many(self, site: Site) -> Measured:
        """By the plural module."""
        task = {**self.options(self.start(site)), self.kind.option: f"{{{{ {self.kind.option} }}}}"}
        task.update(api_concurrency=CONNECTIONS, max_deletions="-1", purge=self.kept is not None)
        return self._run(site, {self.kind.module: task}, {self.kind.option: self.declared()})

    def from_file(self, site: Site) -> Measured:
        """By the plural module, which reads the list itself."""
        file = site.ansible.write("declared.json", self.declared())
        task = {**self.options(self.start(site)), f"{self.kind.option}_file": str(file)}
        task.update(api_concurrency=CONNECTIONS, max_deletions="-1", purge=self.kept is not None)
        return self._run(site, {self.kind.module: task}, {})

    def nothing(self, site: Site) -> Measured:
        """The play without its task: Ansible reads the variables all the same."""
        return site.ansible.empty({self.kind.option: self.declared()})

    def loop(self, site: Site) -> Measured:
        """By the singular module, in a loop."""
        declared = self._alone()
        task = self._of_item(site, declared)
        return self._run(site, {self.kind.one: task, "loop": "{{ declared }}"}, {"declared": declared})

    def wait_loop(self, site: Site, latency: int) -> Measured:
        """By an action that waits as often as an item of that loop, and does nothing, with the same options."""
        declared = self._alone()
        named = {"name": "Nothing", "wait_user": self._of_item(site, declared), "loop": "{{ declared }}"}
        variables = {"declared": declared, "access_waits_ms": [latency] * WAITS}
        return site.counted(lambda: site.ansible.run([named], variables), 0)

    def _of_item(self, site: Site, declared: list[Json]) -> Json:
        keys = sorted(declared[0])
        return {**self.options(self.start(site)), **{key: f"{{{{ item.{key} }}}}" for key in keys}}

    def memory(self, site: Site) -> Measured:
        """By the plural module in a process of its own, which is all that is measured."""
        figures = site.ansible.folder / "module.json"
        interpreter = site.ansible.folder / "measured-python"
        interpreter.write_text(f"#!{sys.executable}\n{_INTERPRETER.format(figures=str(figures))}")
        interpreter.chmod(0o755)
        task = {**self.options(self.start(site)), self.kind.option: f"{{{{ {self.kind.option} }}}}"}
        variables = {self.kind.option: self.declared(), "ansible_python_interpreter": str(interpreter)}
        measured = self._run(site, {self.kind.module: task}, variables)
        return replace(measured, **json.loads(figures.read_text()))

    def _run(self, site: Site, task: Json, variables: Json) -> Measured:
        variables = {**variables, "access_in_process": self.in_process}
        task = {"name": "Objects are as declared", **task}
        return site.counted(lambda: site.ansible.run([task], variables, self.check), self.writes)

    def carry(self, site: Site) -> Measured:
        """By a module that does nothing, with the same list."""
        task = {**self.options(self.start(site)), self.kind.option: f"{{{{ {self.kind.option} }}}}"}
        named = {"name": "Nothing", "carry_users": task}
        return site.counted(lambda: site.ansible.run([named], {self.kind.option: self.declared()}), 0)

    def carry_loop(self, site: Site) -> Measured:
        """By a module that does nothing, in a loop."""
        task = {**self.options(self.start(site)), "email": "{{ item.email }}"}
        named = {"name": "Nothing", "carry_user": task, "loop": "{{ declared }}"}
        return site.counted(lambda: site.ansible.run([named], {"declared": self._alone()}), 0)

    def uri_loop(self, site: Site) -> Measured:
        """By ansible.builtin.uri in a loop: look whether it is there, create it if not. What a team writes itself."""
        connection = self.start(site)
        url = connection["api_url"]
        log_in = {
            "name": "Log in",
            "ansible.builtin.uri": {
                "url": f"{url}/user-token",
                "method": "POST",
                "status_code": 201,
                "force_basic_auth": True,
                "url_username": connection["api_username"],
                "url_password": connection["api_password"],
            },
            "register": "token",
        }
        header = {"user-token": "{{ token.json['user-token'] }}"}
        address = f"{url}/users/{{{{ %s.email | urlencode }}}}"
        look = {
            "name": "Look",
            "ansible.builtin.uri": {"url": address % "item", "headers": header, "status_code": [200, 400, 404]},
            "loop": "{{ declared }}",
            "register": "found",
        }
        create = {
            "name": "Create",
            "ansible.builtin.uri": {
                "url": address % "item.item",
                "method": "POST",
                "headers": header,
                "status_code": 201,
                "body_format": "json",
                "body": "{{ item.item.body }}",
            },
            "loop": "{{ found.results }}",
            "when": "item.status != 200",
        }
        declared = [{"email": entry.pop("email"), "body": entry} for entry in self._alone()]
        return site.counted(lambda: site.ansible.run([log_in, look, create], {"declared": declared}), self.writes)

    def floor(self, site: Site, library: str) -> Measured:
        """By a plain script."""
        file = site.ansible.write("floor.json", self.script(self.start(site)))
        words = [sys.executable, str(HERE / "floor.py"), library, str(file)]
        log = site.ansible.folder / "output.log"
        return site.counted(lambda: command(words, site.ansible.environment, log), self.writes)

    def script(self, connection: Mapping[str, str]) -> Json:
        """What that script is told to send."""
        script = self.kind.script
        if script is None:
            raise Failed(f"nobody wrote a script for {self.kind.name}")
        listing = _call(script.listing(connection))
        if self.kept is None:
            writes = [script.creation(connection, place) for place in range(self.held, self.number)]
        else:
            writes = [script.removal(connection, place) for place in range(self.kept, self.held)]
        return {
            "url": connection["api_url"],
            "log_in": script.log_in and _call(script.log_in),
            "headers": script.headers(connection),
            "session": script.session,
            "listings": [listing, listing] if writes else [listing],
            "writes": [_call(call) for call in writes],
            "connections": CONNECTIONS,
        }


def _call(call: Call) -> list[Any]:
    return [call.method, call.path, call.body]
