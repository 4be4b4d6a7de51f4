# SPDX-License-Identifier: GPL-3.0-or-later
"""A rotation in this process, against the emulator, that can be killed at each of its steps.

A step is a request to the platform, a secret that arrives at a place, or a task of the play that hands one over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import Redactor
from ansible_collections.dataops.access.plugins.module_utils.http import session
from ansible_collections.dataops.access.plugins.module_utils.services.devo_tokens import DevoTokens
from ansible_collections.dataops.access.plugins.plugin_utils.handover import declaration, rotation
from ansible_collections.dataops.access.plugins.plugin_utils.handover.files import SecretFile
from ansible_collections.dataops.access.plugins.plugin_utils.handover.rotation import Progress, Rotation
from emulator.server import Emulator
from unit.road import run_info, run_many

DAY, HOUR = 86400, 3600


class Killed(BaseException):
    """The process is gone."""


class Steps:
    """Counts the steps, and ends the run at one of them: before it, or once it is done."""

    def __init__(self) -> None:
        self.kill_at = -1
        self.done_first = False
        self.after_each: Callable[[], None] = lambda: None
        self._count = 0

    def take(self, work: Callable[[], Any]) -> Any:
        self._count += 1
        mine = self._count
        if mine == self.kill_at and not self.done_first:
            raise Killed
        result = work()
        self.after_each()
        if mine == self.kill_at:
            raise Killed
        return result

    @contextmanager
    def counted(self, kill_at: int = -1, done_first: bool = False) -> Iterator[None]:
        self._count, self.kill_at, self.done_first = 0, kill_at, done_first
        real = session.Session.send
        with mock.patch.object(session.Session, "send", lambda *arguments: self.take(lambda: real(*arguments))):
            yield


class Place:
    """A target in memory. ``fails``: errors of the next attempts, None: it works."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self.held = ""
        self.fails: list[AccessError | None] = []
        self.unreachable: AccessError | None = None
        self.where = "a place"

    def probe(self) -> None:
        if self.unreachable is not None:
            raise self.unreachable

    def hand_over(self, secret: str) -> None:
        self._steps.take(lambda: self._take(secret))

    def _take(self, secret: str) -> None:
        error = self.fails.pop(0) if self.fails else None
        if error is None or error.kind == "unknown_outcome":
            self.held = secret
        if error is not None:
            raise error


class Bench:
    """One account with a token ``ci`` that is declared with a handover."""

    def __init__(self, vendors: Emulator, folder: Path, **declared: Any) -> None:
        self.vendors = vendors
        self.folder = folder
        options = vendors.connections["devo"]
        self._connection = {key: options[key] for key in ("api_url", "api_token")}
        self.account = options["account"]
        self.steps = Steps()
        self.place = Place(self.steps)
        self.by_tasks = ""
        # Whether the tasks of the play fail.
        self.tasks_fail = False
        self.declared = {
            "name": "ci",
            "audience": ["apiv2"],
            "user": "ann@example.com",
            "renew_before": HOUR,
            **declared,
        }
        self.file = folder / "ci"
        self.tasks = folder / "tasks.yml"
        self.tasks.write_text("[]\n")

    # --- what it does ---------------------------------------------------------------------------------------------

    def create(self) -> None:
        """The token as ``apply`` makes it, its secret wherever it belongs."""
        wanted = {
            name: self.declared[name] for name in ("name", "audience", "user", "expires_in") if name in self.declared
        }
        self._run("devo_tokens", {"account": self.account, "tokens": [wanted]}, False)
        secret = self.all()["ci"]["token"]
        self.place.held = self.by_tasks = secret
        self.file.write_text(secret + "\n")

    def due(self) -> None:
        """Let so much time pass that it has to be renewed."""
        self.vendors.clock_advance(DAY - HOUR + 60)

    def rotate(self, check: bool = False, everything: bool = False) -> dict[str, Any]:
        """As the playbook does it, tasks of the play included."""
        around = declaration.Surroundings("devo", self.account, self.folder)
        renewals, errors = declaration.read([self.declared], None, around)
        assert errors == []
        run = Rotation(self.account, renewals, self._run, self._targets, Redactor(), everything)
        progress = run.begin(check)
        refused = {}
        for waiting in progress.waiting:
            told = self._run(
                "devo_token_info", {"account": self.account, "token_id": waiting["id"], "return_secret": True}, False
            )
            if self.tasks_fail:
                refused[waiting["token"]] = "the task 'push' failed"
            else:
                self.steps.take(lambda secret=told["tokens"][0]["secret"]: setattr(self, "by_tasks", secret))
        if progress.waiting:
            # What passes between the two calls is a result of Ansible.
            progress = Progress(done=[progress.result()], waiting=progress.waiting)
            run.finish(progress, refused)
        return progress.result()

    def _run(self, module: str, options: Mapping[str, Any], check: bool) -> dict[str, Any]:
        go = run_info if module == rotation.INFO else run_many
        return go(DevoTokens, options, self._connection, check)

    def _targets(self, renewal: declaration.Renewal) -> list[Any]:
        places: dict[str, Any] = {"hashicorp_vault": self.place, "secret_file": SecretFile(str(self.file))}
        return [places[handover.kind] for handover in renewal.handovers if handover.kind in places]

    # --- what became of it ----------------------------------------------------------------------------------------

    def all(self) -> dict[str, dict[str, Any]]:
        """The tokens that stand for ``ci``, by name."""
        tokens = self.vendors.state("devo")["domains"][0]["tokens"]
        return {token["name"]: token for token in tokens if token["name"].partition("~")[0] == "ci"}

    def enabled(self) -> list[str]:
        return [name for name, token in self.all().items() if token["active"]]

    def held(self) -> dict[str, str]:
        """What the places hold that this token's secret is handed over to."""
        kinds = self.declared.get("handover") or []
        names = {each["kind"] for each in kinds} | ({"secret_file"} if "secret_file" in self.declared else set())
        known = {
            "hashicorp_vault": self.place.held,
            "tasks": self.by_tasks,
            "secret_file": self.file.read_text().strip() if self.file.exists() else "",
        }
        return {name: known[name] for name in names}

    def check_works(self) -> None:
        """Every place holds the secret of a token that works."""
        working = {token["token"] for token in self.all().values() if token["active"]}
        assert set(self.held().values()) <= working

    def check_done(self) -> None:
        """One is enabled, every place has its secret, and what is left of others is in its grace."""
        assert self.enabled() == ["ci"]
        assert set(self.held().values()) == {self.all()["ci"]["token"]}
        assert all("~old-" in name for name in self.all() if name != "ci")
