# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends what schemathesis makes of the documents to the emulator, and compares the answers with the documents."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache

import requests
import schemathesis
from requests.auth import _basic_auth_str
from schemathesis import BaseSchema, Case, Response
from schemathesis.config import GenerationConfig, SchemathesisConfig
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi import checks

from contract.check import document
from emulator.server import Emulator

CONFORMANCE = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
# how each platform is logged in to: the path below its base URL, and where the session token is in the answer
LOG_INS = {
    "alteryx": ("/oauth2/token", "access_token"),
    "datasentinel": ("/user-token", "user-token"),
    "dqm": ("/dqm-security/v1/authenticate", "token"),
}


@cache
def schema(api: str) -> BaseSchema:
    """The document, with generation that is the same in every run."""
    config = SchemathesisConfig()
    project = config.projects.default
    project.generation = GenerationConfig(deterministic=True, with_security_parameters=False)
    return schemathesis.openapi.from_dict(copy.deepcopy(document(api)), config=config)


def operations(api: str) -> Iterator[APIOperation]:
    for result in schema(api).get_all_operations():
        yield result.ok()


class Client:
    """Asks one emulated platform, logged in where the document says so."""

    def __init__(self, emulator: Emulator, api: str) -> None:
        self.api = api
        self.options = emulator.connections[api]
        server = document(api)["servers"][1]["url"]
        self.base_url = server.format(port=emulator.port, tenant=api)
        self.session = requests.Session()
        self.token = self.options.get("api_token") or self._log_in()

    def _log_in(self) -> str:
        if self.api not in LOG_INS:
            return ""
        path, key = LOG_INS[self.api]
        url, options = self.base_url + path, self.options
        if self.api == "alteryx":
            form = {"grant_type": "client_credentials"} | {k: options[k] for k in ("client_id", "client_secret")}
            answer = self.session.post(url, data=form)
        elif self.api == "dqm":
            answer = self.session.post(
                url, json={"email": options["api_username"], "password": options["api_password"]}
            )
        else:
            answer = self.session.post(url, auth=(options["api_username"], options["api_password"]))
        token: str = answer.json()[key]
        return token

    def headers(self, operation: APIOperation) -> dict[str, str]:
        """What proves who asks, as the operation's security wants it."""
        raw = operation.definition.raw
        ways = raw.get("security", document(self.api)["security"]) or [{}]
        scheme = next(iter(ways[-1] if ways[0] == {} else ways[0]), "")
        proofs = {
            "": {},
            "basic": {"Authorization": self._basic()},
            "bearer": {"Authorization": f"Bearer {self.token}"},
            "userToken": {"user-token": self.token},
            "standAloneToken": {"standAloneToken": self.token},
        }
        return {"Accept": "application/json", **proofs[scheme]}

    def _basic(self) -> str:
        options = self.options
        name = options.get("api_username") or options.get("client_id", "")
        return str(_basic_auth_str(name, options.get("api_password") or options.get("client_secret", "")))

    def send(self, case: Case, **headers: str) -> Response:
        return case.call(base_url=self.base_url, session=self.session, headers=headers or self.headers(case.operation))


def compare(case: Case, response: Response) -> None:
    """Raises where status, type, headers or body of the answer are not documented."""
    if response.content or not may_be_empty(case.operation, response.status_code):
        case.validate_response(response, checks=CONFORMANCE)
    else:
        case.validate_response(response, checks=CONFORMANCE[:1])


def may_be_empty(operation: APIOperation, status: int) -> bool:
    """Whether the document says `x-empty: true` of the answer of this status."""
    responses = operation.definition.raw["responses"]
    answer = responses.get(str(status)) or responses.get(f"{status // 100}XX") or {}
    if "$ref" in answer:
        answer = operation.schema.raw_schema["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return bool(answer.get("x-empty"))
