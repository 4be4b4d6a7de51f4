# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends what schemathesis makes of the documents to the emulator, and compares the answers with the documents."""

from __future__ import annotations

import base64
import copy
from collections.abc import Iterator
from functools import cache
from typing import Any

import requests
import schemathesis
from schemathesis import BaseSchema, Case, Response
from schemathesis.config import GenerationConfig, SchemathesisConfig
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi import checks

from contract.check import document
from emulator.server import Emulator

KNOWN = "known"
CONFORMANCE = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


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


def examples(operation: APIOperation) -> Iterator[Case]:
    """The documents' examples: every kind of parameters with the usual body, then every kind of body; `known` is last.

    A kind is a name under `examples`: `known` is about what the emulator holds at its start.
    """
    bodies = next((each.named_examples for each in operation.body), {})
    kinds = {kind for each in operation.iter_parameters() for kind in each.named_examples} or {KNOWN}
    others = [(kind, KNOWN) for kind in sorted(kinds - {KNOWN})]
    others += [(KNOWN, body) for body in sorted(set(bodies) - {KNOWN})]
    for kind, body in [*others, (KNOWN, KNOWN)]:
        case = operation.Case(
            path_parameters=chosen(operation.path_parameters, kind), query=chosen(operation.query, kind)
        )
        if bodies:
            content, *_others = operation.body
            case.body, case.media_type = bodies.get(body, bodies[KNOWN]), content.media_type
        yield case


def chosen(parameters: Any, kind: str) -> dict[str, Any]:
    """Name -> value of the parameters that have an example."""
    return {
        each.name: each.named_examples.get(kind) or each.named_examples.get(KNOWN) or each.examples[0]
        for each in parameters
        if each.examples
    }


class Client:
    """Asks one emulated platform, logged in where the document says so."""

    def __init__(self, emulator: Emulator, api: str) -> None:
        self.api = api
        self.options = emulator.connections[api]
        server = document(api)["servers"][1]["url"]
        self.base_url = server.format(port=emulator.port, tenant=api)
        self.session = requests.Session()
        self.session.trust_env = False  # reading proxies from the environment takes as long as the request
        if api == "alteryx":  # one that was handed out before, so that no reading of the log-in matters
            self.token = emulator.state(api)["clients"][0]["api_token"]
        else:
            self.token = self.options.get("api_token") or self._log_in()

    def _log_in(self) -> str:
        """The session token of a platform that has such; or ""."""
        name, password = self.options.get("api_username"), self.options.get("api_password")
        if self.api == "datasentinel":
            answer = self.session.post(self.base_url + "/user-token", auth=(name, password))
            return str(answer.json()["user-token"])
        if self.api == "dqm":
            url = self.base_url + "/dqm-security/v1/authenticate"
            return str(self.session.post(url, json={"email": name, "password": password}).json()["token"])
        return ""

    def headers(self, operation: APIOperation) -> dict[str, str]:
        """What proves who asks, as the operation's security wants it."""
        raw = operation.definition.raw
        ways = raw.get("security", document(self.api)["security"]) or [{}]
        scheme = next(iter(ways[0]), "")
        proofs = {
            "": {},
            "basic": {"Authorization": self._basic()},
            "bearer": {"Authorization": f"Bearer {self.token}"},
            "userToken": {"user-token": self.token},
            "standAloneToken": {"standAloneToken": self.token},
        }
        return {"Accept": "application/json", **proofs[scheme]}

    def _basic(self) -> str:
        pair = f"{self.options.get('api_username')}:{self.options.get('api_password')}"
        return f"Basic {base64.b64encode(pair.encode()).decode()}"

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
