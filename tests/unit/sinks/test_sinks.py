# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports leave the machine: every file once, nothing replaced, no credential shown or sent elsewhere."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import Redactor
from ansible_collections.dataops.access.plugins.plugin_utils import caller
from ansible_collections.dataops.access.plugins.plugin_utils.audit import folder
from ansible_collections.dataops.access.plugins.plugin_utils.sinks import declaration, git, sending
from unit.audit.results import result, tenant, whole
from unit.handover.servers import running
from unit.sinks.servers import Mailbox, Store, taking_mail

PLACE = "{run}/{tenant}/{file}"
RECORD = whole(tenant(result(), host="ds-eu"), tenant(result(), host="a/b"))


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caller, "PAUSE", 0)


@pytest.fixture
def written(tmp_path: Path) -> folder.Written:
    folder.prepare(str(tmp_path / "report"))
    return folder.write_whole(str(tmp_path / "report"), RECORD)


@pytest.fixture
def store() -> Iterator[Store]:
    made = Store()
    with running(made):
        yield made


def http_put(store: Store, **more: Any) -> dict[str, Any]:
    headers = {"Authorization": "Bearer let-me-in"}
    return {"type": "http_put", "url": f"{store.url}/evidence/{PLACE}", "headers": headers, **more}


def send(written: folder.Written, *sinks: dict[str, Any]) -> list[str]:
    return sending.send(declaration.read(list(sinks)), written, "Access audit: CLEAN", "## Access audit\n").wrong


# --- HTTP ---------------------------------------------------------------------------------------------------------


def test_every_file_is_put_once_and_the_report_can_be_fetched(store: Store, written: folder.Written) -> None:
    sinks = declaration.read([http_put(store, headers={"Authorization": "wrong"}), http_put(store)])
    sent = sending.send(sinks, written, "Access audit: CLEAN", "")
    assert len(sent.wrong) == 1
    here = f"/evidence/{written.run}"
    expected = {f"{here}/all/{Path(path).name}": Path(path).read_bytes() for path in written.newest}
    expected |= {
        f"{here}/ds-eu/tenant.json": Path(written.tenants["ds-eu"]).read_bytes(),
        f"{here}/a%2Fb/tenant.json": Path(written.tenants["a/b"]).read_bytes(),
    }
    assert store.files == expected
    assert len(store.asked) == len(expected) + 1
    assert store.types[f"{here}/all/report.html"] == "text/html"
    # From the one that has got it.
    assert sent.place is not None
    place = sent.place("report.json")
    assert json.loads(sending.fetch(sinks[1:], place)) == RECORD


def test_without_a_place_for_tenants_only_the_runs_files_go(store: Store, written: folder.Written) -> None:
    assert send(written, http_put(store, url=f"{store.url}/{{run}}-{{file}}")) == []
    assert sorted(store.files) == sorted(f"/{written.run}-{Path(path).name}" for path in written.newest)


def test_what_broke_is_put_again_and_what_stays_broken_is_said(store: Store, written: folder.Written) -> None:
    store.faults = [503, 500]
    assert send(written, http_put(store, url=f"{store.url}/{{run}}/{{file}}")) == []
    assert len(store.files) == len(written.newest)
    store.faults = [503] * 99
    (said,) = send(written, http_put(store))
    assert "Could not put" in said
    assert "sink 1 (http_put, 127.0.0.1)" in said
    assert "503" in said


def test_a_redirect_gets_no_credential(store: Store, written: folder.Written) -> None:
    store.faults = [302]
    (said,) = send(written, http_put(store))
    assert "302" in said
    assert not any("elsewhere" in asked for asked in store.asked)


def test_one_sink_that_fails_does_not_stop_the_others(store: Store, written: folder.Written) -> None:
    wrong = http_put(store, headers={"Authorization": "Bearer canary-4711"})
    (said,) = send(written, wrong, http_put(store))
    assert "403" in said
    assert "canary" not in said
    assert store.files


@pytest.mark.parametrize("header", ["Bearer canary-4711", f"Basic {base64.b64encode(b'ci:canary-4711').decode()}"])
def test_what_a_server_quotes_of_a_credential_is_hidden(header: str) -> None:
    given = {"type": "http_put", "url": f"https://example.com/{PLACE}", "headers": {"Authorization": header}}
    redactor = Redactor()
    redactor.add(*declaration.read([given])[0].secrets)
    assert "canary" not in redactor.text("permission denied for canary-4711 (ci:canary-4711)")


def test_no_credential_goes_where_a_report_says_it_lies(store: Store, written: folder.Written) -> None:
    sinks = declaration.read([http_put(store)])
    for url in ("https://evil.example.com/evidence/1/all/report.json", f"{store.url}/evidence/../other/report.json"):
        with pytest.raises(ValidationError, match="is in no http_put sink"):
            sending.fetch(sinks, url)
    assert store.asked == []


def test_whatever_becomes_of_one_sink_the_others_get_theirs(store: Store, written: folder.Written) -> None:
    # None of these is an error of the network.
    broken = [
        {**MAIL, "url": "smtp://127.0.0.1:9", "username": "a", "password": "geheimes-Pässwort"},
        {**MAIL, "url": "smtp://mail..example.com"},
        {"type": "git", "url": "/nowhere/evidence.git", "author": "a\0b <a@example.com>"},
    ]
    said = send(written, *broken, http_put(store))
    assert [text.partition("sink ")[2][:1] for text in said] == ["1", "2", "3"]
    assert "Pässwort" not in "".join(said)
    assert len(store.files) == len(written.newest) + len(written.tenants)


# --- git ----------------------------------------------------------------------------------------------------------


def run_git(place: Path, *arguments: str) -> str:
    identity = {f"GIT_{who}_{what}": "somebody" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    command = ["git", *arguments]
    done = subprocess.run(  # noqa: S603 - fixed arguments of these tests, and git is where the machine has it
        command, cwd=place, env={**os.environ, **identity}, check=True, capture_output=True, text=True
    )
    return done.stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    bare, work = tmp_path / "evidence.git", tmp_path / "work"
    work.mkdir()
    run_git(work, "init", "-q", "--initial-branch=main")
    (work / "README").write_text("Evidence\n")
    run_git(work, "add", ".")
    run_git(work, "commit", "-qm", "Begin")
    run_git(tmp_path, "clone", "-q", "--bare", str(work), str(bare))
    return bare


def test_a_run_is_a_commit(repository: Path, written: folder.Written) -> None:
    assert send(written, {"type": "git", "url": str(repository), "path": f"reports/{PLACE}"}) == []
    assert run_git(repository, "log", "--format=%s|%an", "main").splitlines() == [
        "Access audit: CLEAN|dataops.access",
        "Begin|somebody",
    ]
    listed = run_git(repository, "ls-tree", "-r", "--name-only", "main").splitlines()
    assert f"reports/{written.run}/ds-eu/tenant.json" in listed
    text = run_git(repository, "show", f"main:reports/{written.run}/all/report.json")
    assert json.loads(text) == RECORD


def test_slices_that_push_at_the_same_time_lose_nothing(repository: Path, tmp_path: Path) -> None:
    slices = []
    for number in range(4):
        place = tmp_path / f"slice-{number}"
        folder.prepare(str(place))
        slices.append(folder.write_whole(str(place), whole(tenant(result(), host=f"host-{number}"))))
    sink = {"type": "git", "url": str(repository)}
    with ThreadPoolExecutor(len(slices)) as pool:
        assert list(pool.map(lambda each: send(each, sink), slices)) == [[]] * len(slices)
    listed = run_git(repository, "ls-tree", "-r", "--name-only", "main").splitlines()
    expected = {f"{each.run}/host-{number}/tenant.json" for number, each in enumerate(slices)}
    assert expected <= set(listed)
    assert len({each.run for each in slices}) == len(slices)


def test_what_git_says_is_told(tmp_path: Path, written: folder.Written) -> None:
    (said,) = send(written, {"type": "git", "url": str(tmp_path / "none.git")})
    assert said.startswith("Could not keep the report in sink 1 (git, ")
    assert "git clone:" in said
    assert "does not exist" in said or "not appear to be a git repository" in said


def test_git_is_told_credentials_where_nobody_reads_them() -> None:
    given = {"type": "git", "url": "https://git.example.com/evidence.git", "headers": {"Authorization": "Basic s3cret"}}
    (sink,) = declaration.read([given])
    told = git.environment(sink.options)
    settings = {
        (told[f"GIT_CONFIG_KEY_{number}"], told[f"GIT_CONFIG_VALUE_{number}"])
        for number in range(int(told["GIT_CONFIG_COUNT"]))
    }
    assert ("http.https://git.example.com/evidence.git.extraHeader", "Authorization: Basic s3cret") in settings
    assert ("http.followRedirects", "false") in settings
    assert told["GIT_TERMINAL_PROMPT"] == "0"
    assert told["GIT_ALLOW_PROTOCOL"] == "https:ssh:file"


def test_a_link_in_the_repository_leads_nowhere_else(repository: Path, tmp_path: Path, written: folder.Written) -> None:
    run_git(tmp_path, "clone", "-q", str(repository), "clone")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "clone" / "reports").symlink_to(elsewhere)
    run_git(tmp_path / "clone", "add", ".")
    run_git(tmp_path / "clone", "commit", "-qm", "A link")
    run_git(tmp_path / "clone", "push", "-q", "origin", "main")
    (said,) = send(written, {"type": "git", "url": str(repository), "path": f"reports/{PLACE}"})
    assert "would be written outside of the repository" in said
    assert list(elsewhere.iterdir()) == []


# --- mail ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    made = Mailbox()
    with taking_mail(made):
        yield made


def mail(mailbox: Mailbox, **more: Any) -> dict[str, Any]:
    to = ["audit@example.com", "ops@example.com"]
    return {"type": "mail", "url": mailbox.url, "sender": "access@example.com", "to": to, **more}


def test_a_mail_says_what_was_found_and_attaches_what_was_asked_for(mailbox: Mailbox, written: folder.Written) -> None:
    login = {"username": "access", "password": "let-me-in"}
    assert send(written, mail(mailbox, attach=["report.html"], **login)) == []
    (received,) = mailbox.mails
    assert received["Subject"] == "Access audit: CLEAN"
    assert received["To"] == "audit@example.com, ops@example.com"
    body = received.get_body()
    assert body is not None
    assert body.get_content().strip() == "## Access audit"
    (attached,) = received.iter_attachments()
    assert attached.get_filename() == "report.html"
    (page,) = (path for path in written.newest if path.endswith(".html"))
    assert attached.get_payload(decode=True) == Path(page).read_bytes()


def test_whoever_gets_no_mail_is_named_and_no_password_is(mailbox: Mailbox, written: folder.Written) -> None:
    mailbox.refused = {"ops@example.com"}
    (said,) = send(written, mail(mailbox))
    assert "refused for ops@example.com" in said
    (said,) = send(written, mail(mailbox, username="access", password="canary-4711"))
    assert "Could not send the mail by sink 1 (mail, 127.0.0.1): (535" in said
    assert "canary" not in said


# --- declarations -------------------------------------------------------------------------------------------------


MAIL = {"type": "mail", "url": "smtp://mail.example.com", "sender": "a@example.com", "to": ["b@example.com"]}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("https://example.com", "give a list of sinks"),
        ([{"type": "git", "url": "/srv/evidence.git", "timeout": 0}], "timeout: give seconds"),
        ([{"type": "ftp"}], "entry 1: it needs a type out of http_put, git, mail"),
        ([{"type": "http_put", "url": "https://example.com/{file}"}], "{run} must be in it"),
        ([{"type": "http_put", "url": "https://example.com/{run}/{job}/{file}"}], "{job} is none of"),
        ([{"type": "http_put", "url": "https://{tenant}/{run}/{file}"}], "the host must be given"),
        ([{"type": "http_put", "url": f"http://example.com/{PLACE}"}], "in clear"),
        ([{"type": "http_put", "url": f"https://a:s3cret@example.com/{PLACE}"}], "do not belong into the URL"),
        ([{"type": "http_put", "url": f"https://example.com/{PLACE}", "header": {"A": "b"}}], "header"),
        (
            [
                {
                    "type": "http_put",
                    "url": f"https://example.com/{PLACE}",
                    "headers": {"Authorization": "Bearer s3cret\n"},
                }
            ],
            "headers: 'Authorization' must be a text of one line",
        ),
        ([{"type": "git", "url": "https://example.com/x.git", "path": f"../{PLACE}"}], "no path inside"),
        ([{"type": "git", "url": "https://example.com/x.git", "path": f".git/{PLACE}"}], "no path inside"),
        ([{"type": "git", "url": "ext::sh -c whoami"}], "is not a URL"),
        ([{"type": "git", "url": "--upload-pack=x"}], "is not a URL"),
        ([{"type": "git", "url": "ssh://-oProxyCommand=x/y"}], "is not a URL"),
        ([{**MAIL, "url": "https://example.com"}], "smtps://"),
        ([{**MAIL, "allow_plain": True, "username": "a", "password": "s3cret"}], "over TLS alone"),
        ([{**MAIL, "to": ["c@d.example\nBcc: e@f.example"]}], "is no e-mail"),
        (
            [
                {
                    "type": "mail",
                    "url": "smtp://x.example",
                    "sender": "a@b.example",
                    "to": ["c@d.example\nBcc: e@f.example"],
                }
            ],
            "is no e-mail",
        ),
    ],
)
def test_what_cannot_be_a_sink_is_refused(given: Any, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        declaration.read(given)
    assert said in refused.value.message
    assert "s3cret" not in refused.value.message


@pytest.mark.parametrize(
    "wrong",
    [
        {"headers": "Authorization canary-4711"},
        # What YAML makes of a mapping on one line without a blank behind the colon.
        {"headers": {"Authorization:Bearer-canary-4711": None}},
        {"headers:canary-4711": None},
        {"type": "mail", "sender": "a@example.com", "to": ["b@example.com"], "password:canary-4711": None},
    ],
)
def test_secrets_of_a_wrong_declaration_are_not_shown(wrong: dict[str, Any]) -> None:
    given = {"type": "http_put", "url": f"https://example.com/{PLACE}", **wrong}
    with pytest.raises(AccessError) as refused:
        declaration.read([given])
    assert "canary" not in refused.value.message


@given(
    st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40),
    st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40),
)
def test_no_two_tenants_have_one_place_and_none_leads_out(one: str, other: str) -> None:
    (sink,) = declaration.read([{"type": "git", "url": "/srv/evidence.git"}])
    places = {sink.place("run", host, "tenant.json") for host in (one, other)}
    assert len(places) == len({one, other})
    for place in places:
        run, name, file = place.split("/")
        assert (run, file) == ("run", "tenant.json")
        assert name
        assert not name.startswith(".")
