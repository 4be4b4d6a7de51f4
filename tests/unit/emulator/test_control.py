# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator's own endpoints, its record of requests, its command line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
import requests
import yaml

from emulator.platform import Clock, Switch
from emulator.platforms import PLATFORMS
from emulator.recorder import MASK, Mask
from emulator.server import Emulator

TESTS = Path(__file__).resolve().parents[2]


def control(emulator: Emulator, method: str, path: str, body: object = None) -> requests.Response:
    return requests.request(method, f"{emulator.base_url}/_emulator/{path}", json=body, timeout=10)


def token(emulator: Emulator, password: str | None = None) -> requests.Response:
    options = emulator.connections["datasentinel"]
    basic = (options["api_username"], password or options["api_password"])
    return requests.post(f"{options['api_url']}/user-token", auth=basic, timeout=10)


def test_requests_are_recorded_with_status_write_and_connection(emulator: Emulator) -> None:
    url = emulator.connections["datasentinel"]["api_url"]
    with requests.Session() as session:
        session.headers["user-token"] = token(emulator).json()["user-token"]
        session.get(f"{url}/users", timeout=10)
        session.delete(f"{url}/users/grace@example.com", timeout=10)
    answer = control(emulator, "GET", "requests").json()
    assert answer["complaints"] == []
    assert [(r["n"], r["method"], r["status"], r["write"]) for r in answer["requests"]] == [
        (1, "POST", 201, False),
        (2, "GET", 200, False),
        (3, "DELETE", 200, True),
    ]
    assert answer["requests"][1]["path"] == "/datasentinel/ds-api/users"
    numbers = control(emulator, "GET", "numbers").json()
    assert (numbers["requests"], numbers["writes"], numbers["connections"]) == (3, 1, 2)
    assert numbers["cpu_s"] > 0
    assert {r["platform"] for r in answer["requests"]} == {"datasentinel"}
    first, second, third = (r["connection"] for r in answer["requests"])
    assert second == third != first
    assert [r["n"] for r in control(emulator, "GET", "requests?since=2").json()["requests"]] == [3]
    assert [r["path"] for r in emulator.writes()] == ["/datasentinel/ds-api/users/grace@example.com"]


def test_no_secret_is_shown_in_the_record(emulator: Emulator) -> None:
    options = emulator.connections["datasentinel"]
    session_token = token(emulator).json()["user-token"]
    requests.put(
        f"{options['api_url']}/users/grace@example.com",
        params={"note": options["api_password"], "api_key": "never-issued"},
        headers={"user-token": session_token},
        json={"password": "a-new-password", "comment": f"it is {options['api_password']}"},
        timeout=10,
    )
    shown = control(emulator, "GET", "requests?full=1")
    for secret in (options["api_password"], session_token, "never-issued", "a-new-password"):
        assert secret not in shown.text
    assert shown.json()["requests"][1]["body"] == {"password": MASK, "comment": f"it is {MASK}"}


def test_mask_knows_url_encoded_values_and_leaves_short_ones() -> None:
    mask = Mask(["a b/c?d", "xy"])
    assert mask.path("/p/a%20b%2Fc%3Fd/xy") == f"/p/{MASK}/xy"
    assert mask.body(b"\xff") == "\ufffd"
    assert mask.body(b"") is None


def test_reset_puts_everything_back(emulator: Emulator) -> None:
    start = emulator.state("datasentinel")
    url = emulator.connections["datasentinel"]["api_url"]
    session = {"user-token": token(emulator).json()["user-token"]}
    requests.delete(f"{url}/users/grace@example.com", headers=session, timeout=10)
    control(emulator, "POST", "faults", [{"fault": {"kind": "html"}}])
    control(emulator, "POST", "switches", {"datasentinel.put": "full"})
    control(emulator, "POST", "clock", {"advance_s": 1000})
    assert len(emulator.state("datasentinel")["users"]) == len(start["users"]) - 1
    assert control(emulator, "POST", "reset").status_code == 200
    kept = [user for user in emulator.state("datasentinel")["users"] if user["login"] != "datasentinel"]
    assert kept == [user for user in start["users"] if user["login"] != "datasentinel"]
    assert emulator.requests() == []
    assert emulator.switches()["datasentinel.put"]["value"] == "partial"
    assert requests.get(f"{url}/users", headers=session, timeout=10).status_code == 401  # sessions ended too
    assert requests.get(f"{url}/", timeout=10).json()["api"] == "ds-api"  # and no fault is left


def test_reset_takes_switches_and_state_with_further_tenants(emulator: Emulator) -> None:
    state = {
        "datasentinel": {"api_password": "chosen-by-test"},
        "datasentinel-2": {"platform": "datasentinel", "users": [{"email": "two@example.net"}]},
    }
    body = {"switches": {"datasentinel-2.generation": "old"}, "state": state}
    platforms = control(emulator, "POST", "reset", body).json()["platforms"]
    assert platforms["datasentinel"]["api_password"] == "chosen-by-test"
    assert platforms["datasentinel-2"]["api_url"].endswith("/datasentinel-2/ds-api")
    emails = [user["email"] for user in emulator.state("datasentinel-2")["users"]]
    assert emails == ["two@example.net", "datasentinel@example.com", "automation@example.com"]
    assert emulator.switches()["datasentinel.generation"]["value"] == "new"
    assert token(emulator).status_code == 201
    second = platforms["datasentinel-2"]
    # a session of one tenant is none of the other's
    own = {"user-token": token(emulator).json()["user-token"]}
    assert requests.get(f"{second['api_url']}/users", headers=own, timeout=10).status_code == 401
    emulator.reset()
    assert "datasentinel-2" not in emulator.connections


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_dump_is_what_load_takes(name: str) -> None:
    platform = PLATFORMS[name](Clock())
    dumped = json.loads(json.dumps(platform.dump()))
    again = PLATFORMS[name](Clock())
    again.load(dumped)
    assert again.dump() == dumped


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "reset", {"nonsense": 1}, 400),
        ("POST", "reset", {"switches": {"datasentinel.put": "sideways"}}, 400),
        ("POST", "reset", {"switches": {"datasentinel.nonsense": "x"}}, 400),
        ("POST", "reset", {"switches": {"nobody.put": "full"}}, 400),
        ("POST", "reset", {"state": {"datasentinel": {"people": []}}}, 400),
        ("POST", "reset", {"state": {"datasentinel": {"users": [{"name": "no e-mail"}]}}}, 400),
        ("POST", "reset", {"state": {"unheard-of": {}}}, 400),
        ("POST", "faults", [{"fault": {"kind": "nonsense"}}], 400),
        ("POST", "faults", [{"fault": {"kind": "status"}}], 400),
        ("POST", "faults", [{"fault": {"kind": "html", "colour": "red"}}], 400),
        ("POST", "faults", [{"verb": "GET", "fault": {"kind": "html"}}], 400),
        ("POST", "faults", [{"path": "(", "fault": {"kind": "html"}}], 400),
        ("POST", "clock", {}, 400),
        ("GET", "nonsense", None, 404),
        ("PUT", "reset", None, 404),
    ],
)
def test_what_the_emulator_cannot_read_is_refused(
    emulator: Emulator, method: str, path: str, body: object, status: int
) -> None:
    answer = control(emulator, method, path, body)
    assert answer.status_code == status
    assert answer.json()["error"]


def test_unknown_tenant_route_and_method_are_complaints(emulator: Emulator) -> None:
    url = emulator.connections["datasentinel"]["api_url"]
    assert requests.get(f"{emulator.base_url}/nobody/at/home", timeout=10).status_code == 404
    assert requests.get(f"{url}/nothing", timeout=10).status_code == 404
    assert requests.patch(f"{url}/users", timeout=10).status_code == 405
    assert "Log in" in requests.get(f"{emulator.base_url}/datasentinel/api/users", timeout=10).text
    requests.get(f"{url}/users?page=2", timeout=10)
    assert [(note["n"], note["message"]) for note in emulator.complaints()] == [
        (2, "unknown route"),
        (3, "wrong method"),
        (4, "outside of /datasentinel/ds-api"),
        (5, "unknown query keys ['page']"),
        (5, "no header user-token"),
    ]


def test_every_switch_is_listed_with_choices(emulator: Emulator) -> None:
    listed = control(emulator, "GET", "switches").json()
    assert set(listed) == {f"{name}.{switch.name}" for name, kind in PLATFORMS.items() for switch in kind.switches}
    assert all(entry["value"] in entry["choices"] and entry["about"] for entry in listed.values())


def test_a_switch_must_have_its_default_among_its_choices() -> None:
    with pytest.raises(ValueError, match="not one of"):
        Switch("colour", ("red",), "blue", "")


def start(*arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    return subprocess.Popen(  # noqa: S603  # the emulator itself, by this interpreter
        [sys.executable, "-m", "emulator", *arguments],
        cwd=TESTS.parent,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_command_line_prints_one_line_and_serves(tmp_path: Path) -> None:
    file = tmp_path / "state.yml"
    file.write_text(yaml.safe_dump({"dqm-2": {"platform": "dqm", "api_username": "zoe@example.org"}}))
    with start("--state", str(file), "--set", "dqm-2.path=doubled", "--latency-ms", "1") as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        base = f"http://127.0.0.1:{ready['port']}"
        assert set(ready["platforms"]) == {*PLATFORMS, "dqm-2"}
        assert ready["platforms"]["dqm-2"]["api_url"] == f"{base}/dqm-2"
        assert ready["platforms"]["dqm-2"]["api_username"] == "zoe@example.org"
        switches = requests.get(f"{base}/_emulator/switches", timeout=10).json()
        assert (switches["dqm.path"]["value"], switches["dqm-2.path"]["value"]) == ("single", "doubled")
        requests.post(f"{base}/_emulator/reset", timeout=10)
        switches = requests.get(f"{base}/_emulator/switches", timeout=10).json()
        assert switches["dqm-2.path"]["value"] == "doubled"  # what the command line set is the start value
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        assert process.stdout.read() == ""


@pytest.mark.parametrize(
    "arguments",
    [["--set", "dqm.path=triple"], ["--set", "path"], ["--state", "no-such-file.yml"], ["--port", "x"]],
)
def test_command_line_refuses_what_it_cannot_use(arguments: list[str]) -> None:
    with start(*arguments) as process:
        _ignored, errors = process.communicate(timeout=20)
    assert process.returncode == 2
    assert "Traceback" not in errors
    assert errors


def test_answers_are_dated_by_the_emulators_clock(emulator: Emulator) -> None:
    def dated() -> float:
        answer = requests.get(emulator.connections["datasentinel"]["api_url"] + "/users", timeout=10)
        return parsedate_to_datetime(answer.headers["Date"]).timestamp()

    assert abs(dated() - time.time()) < 5
    emulator.clock_advance(86400)
    assert abs(dated() - time.time() - 86400) < 5
