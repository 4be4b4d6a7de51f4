# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of a report in a git repository, one commit for each run: a history that shows who changed what when."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError
from ansible_collections.dataops.access.plugins.module_utils.core.render import printable
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import Redactor
from ansible_collections.dataops.access.plugins.plugin_utils.sinks.declaration import Sink
from ansible_collections.dataops.access.plugins.plugin_utils.sinks.parcel import Parcel

# Slices push at the same time: whoever comes too late takes over what is there, and pushes again.
_TRIES = 8
_LONGEST_QUOTE = 400
_OF_ANOTHER = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_NAMESPACE", "GIT_OBJECT_DIRECTORY")


def send(sink: Sink, parcel: Parcel, redactor: Redactor) -> None:
    """Clone the newest state, add the files, commit, push. Raises AccessError."""
    with tempfile.TemporaryDirectory(prefix="access-report-") as folder:
        repository = _Repository(sink, Path(folder), redactor)
        branch = str(sink.options["branch"])
        # Without the files of earlier runs, which only get more.
        little = ("--depth=1", "--filter=blob:none", "--sparse")
        repository.run("clone", "--quiet", *little, f"--branch={branch}", "--", str(sink.options["url"]), ".")
        for file in parcel.of(sink):
            path = Path(folder, sink.place(parcel.run, file.tenant, file.name))
            # Whatever the repository holds, a link in it leads nowhere else.
            if Path(folder).resolve() not in path.resolve().parents:
                raise AccessError(f"{sink.name}: {path.name} would be written outside of the repository")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.path.read_bytes())
        repository.run("add", "--sparse", "--force", ".")
        repository.run("commit", "--quiet", "--no-verify", "--message", parcel.title)
        for attempt in range(1, _TRIES + 1):
            try:
                repository.run("push", "--quiet", "--no-verify", "origin", f"HEAD:refs/heads/{branch}")
            except AccessError:
                if attempt == _TRIES:
                    raise
                repository.run("fetch", "--quiet", "origin", branch)
                repository.run("rebase", "--quiet", "FETCH_HEAD")
            else:
                return


class _Repository:
    def __init__(self, sink: Sink, folder: Path, redactor: Redactor) -> None:
        self._sink = sink
        self._folder = folder
        self._redactor = redactor
        # Where the job itself is in a repository, that is another one.
        inherited = {name: value for name, value in os.environ.items() if name not in _OF_ANOTHER}
        self._environment = {**inherited, **environment(sink.options)}

    def run(self, command: str, *arguments: str) -> None:
        """Run git. Raises AccessError with what it said."""
        try:
            subprocess.run(  # noqa: S603 - no shell reads the arguments, and options end in "--" before a URL
                ["git", command, *arguments],  # noqa: S607 - it is where the machine has it
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=self._sink.options["timeout"],
                check=True,
            )
        except FileNotFoundError:
            raise self._error(command, "there is no program git here; install it", "validation") from None
        except subprocess.TimeoutExpired:
            raise self._error(command, f"it took longer than {self._sink.options['timeout']:g} s", "timeout") from None
        except subprocess.CalledProcessError as problem:
            said = " ".join((problem.stderr or problem.stdout or "it said nothing").split())
            raise self._error(command, said, "connection") from None

    def _error(self, command: str, said: str, kind: str) -> AccessError:
        shown = printable(self._redactor.text(said))[:_LONGEST_QUOTE]
        return AccessError(
            f"Could not keep the report in {self._sink.name}: git {command}: {shown}. Next: check url, branch and the "
            "credentials for it",
            kind=kind,
        )


def environment(options: Mapping[str, Any]) -> dict[str, str]:
    """What git needs to know and nobody may read in its arguments. It never asks, and runs no hook."""
    name, address = parseaddr(str(options["author"]))
    told = list(_configuration(options))
    # After what the job itself was told in this way.
    first = int(os.environ.get("GIT_CONFIG_COUNT") or 0)
    allowed = "https:ssh:file" + (":http" if str(options["url"]).startswith("http:") else "")
    return {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "",
        "GIT_SSH_COMMAND": os.environ.get("GIT_SSH_COMMAND") or "ssh -oBatchMode=yes",
        "GIT_ALLOW_PROTOCOL": allowed,
        **{f"GIT_{who}_NAME": name or address for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": address for who in ("AUTHOR", "COMMITTER")},
        "GIT_CONFIG_COUNT": str(first + len(told)),
        **{f"GIT_CONFIG_KEY_{number}": key for number, (key, _value) in enumerate(told, first)},
        **{f"GIT_CONFIG_VALUE_{number}": value for number, (_key, value) in enumerate(told, first)},
    }


def _configuration(options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "core.hooksPath", os.devnull
    yield "commit.gpgSign", "false"
    # Credentials are for this server alone.
    yield "http.followRedirects", "false"
    if options["ca_path"]:
        yield "http.sslCAInfo", str(options["ca_path"])
    for name, value in options["headers"].items():
        yield f"http.{options['url']}.extraHeader", f"{name}: {value}"
