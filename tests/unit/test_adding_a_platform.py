# SPDX-License-Identifier: GPL-3.0-or-later
"""The platform that docs/adding-a-platform.md adds: its code, as it stands there, does what the house promises."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from .import_rule import violations
from .road import run_info, run_many, run_one

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "adding-a-platform.md"
TOKEN = "made-up-ledger-token"


def service() -> tuple[str, type[Any]]:
    """The first block of Python in the guide, and its service."""
    source = re.findall(r"^```python\n(.*?)^```$", GUIDE.read_text(), re.MULTILINE | re.DOTALL)[0]
    names: dict[str, Any] = {"__name__": "ledger"}
    exec(compile(source, str(GUIDE), "exec", dont_inherit=True), names)  # noqa: S102 - the guide's own code is what is tested
    return source, names["LedgerAccounts"]


class Ledger:
    """A tenant, and what it was asked to change."""

    def __init__(self) -> None:
        self.accounts = {
            "1": {"id": "1", "name": "olga", "level": "owner", "teams": []},
            "2": {"id": "2", "name": "ann", "level": "reader", "teams": ["red", "blue"]},
            "3": {"id": "3", "name": "bob", "level": "reader", "teams": []},
        }
        self.writes: list[str] = []

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        if method == "GET":
            return 200, list(self.accounts.values())
        self.writes.append(f"{method} {path}")
        number = path.rpartition("/")[2]
        if method == "POST":
            number = str(len(self.accounts) + 1)
            self.accounts[number] = {"id": number, **body}
        elif method == "PUT":
            self.accounts[number].update(body)
        else:
            del self.accounts[number]
        return 200, {}


@pytest.fixture
def ledger() -> Iterator[tuple[Ledger, dict[str, Any]]]:
    """The tenant, and how it is reached."""
    tenant = Ledger()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            known = self.headers["Authorization"] == f"Bearer {TOKEN}"
            status, said = tenant.answer(self.command, self.path, json.loads(body or b"null")) if known else (401, {})
            text = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_arguments: Any) -> None:
            """Print nothing."""

    for method in ("GET", "POST", "PUT", "DELETE"):
        setattr(Handler, f"do_{method}", Handler.answer)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield tenant, {"api_url": f"http://127.0.0.1:{server.server_port}", "api_token": TOKEN}
    server.shutdown()
    server.server_close()


def test_its_imports_keep_the_rule() -> None:
    assert violations(PurePosixPath("module_utils/services/ledger.py"), service()[0]) == []


def test_it_is_brought_in_line_and_a_second_run_changes_nothing(ledger: tuple[Ledger, dict[str, Any]]) -> None:
    tenant, connection = ledger
    _source, made = service()
    declared = [{"name": "Ann", "teams": ["blue", "green"]}, {"name": "nia", "level": "writer"}]
    options = {"accounts": declared, "purge": True}
    planned = run_many(made, options, connection, check=True)
    assert tenant.writes == []
    done = run_many(made, options, connection)
    assert [change["action"] for change in done["changes"]] == [change["action"] for change in planned["changes"]]
    assert sorted(tenant.writes) == ["DELETE /accounts/3", "POST /accounts", "PUT /accounts/2"]
    assert tenant.accounts["2"] == {"id": "2", "name": "ann", "level": "reader", "teams": ["blue", "green"]}
    assert {"key": "olga", "reason": "protected"} in done["unmanaged"]
    assert not run_many(made, options, connection)["changed"]


def test_the_owner_stays(ledger: tuple[Ledger, dict[str, Any]]) -> None:
    tenant, connection = ledger
    result = run_one(service()[1], {"name": "olga", "state": "absent"}, connection)
    assert "it is the tenant's owner" in result["msg"]
    assert tenant.writes == []


def test_it_is_read_and_a_wrong_token_is_told(ledger: tuple[Ledger, dict[str, Any]]) -> None:
    _tenant, connection = ledger
    _source, made = service()
    assert [item["name"] for item in run_info(made, {"name": "ANN"}, connection)["accounts"]] == ["ann"]
    refused = run_info(made, {}, {**connection, "api_token": "made-up-and-wrong"})
    assert refused["failure"]["kind"] == "auth"
    assert "Could not list the accounts in Ledger" in refused["msg"]


def test_every_file_that_the_guide_names_is_there() -> None:
    text = GUIDE.read_text()
    named = set(re.findall(r"`((?:changelogs|docs|meta|plugins|roles|tests)/[\w./]+)`", text))
    there = {name for name in named if "ledger" not in name}
    assert len(there) > 15
    assert [name for name in sorted(there) if not (ROOT / name).exists()] == []
    # What is new goes where others of its sort are.
    assert [name for name in sorted(named - there) if not (ROOT / name.rstrip("/")).parent.is_dir()] == []
