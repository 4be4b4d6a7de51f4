# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether requests that the emulator took down are such as the vendors' documents allow."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import yaml
from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.templating.paths.datatypes import PathOperationServer
from openapi_core.templating.paths.finders import APICallPathFinder
from openapi_core.testing import MockRequest

HERE = Path(__file__).parent
APIS = tuple(sorted(path.stem for path in HERE.glob("*.yml")))
METHODS = ("get", "post", "put", "patch", "delete")
# where the documents' second server, the emulator, listens; the port makes no difference to what is allowed
HOST = "http://127.0.0.1:80"
FORM = "application/x-www-form-urlencoded"


@cache
def document(api: str) -> dict[str, Any]:
    with (HERE / f"{api}.yml").open("rb") as file:
        loaded: dict[str, Any] = yaml.safe_load(file)
    return loaded


@cache
def contract(api: str) -> Contract:
    return Contract(document(api))


@cache
def credential_headers() -> frozenset[str]:
    """The headers, in lower case, that any of the APIs takes credentials in."""
    return frozenset(header for api in APIS for header in headers_of_schemes(document(api)).values())


def headers_of_schemes(document: Mapping[str, Any]) -> dict[str, str]:
    """Security scheme -> the header that it goes in, in lower case."""
    return {
        name: scheme["name"].lower() if scheme["type"] == "apiKey" else "authorization"
        for name, scheme in document["components"].get("securitySchemes", {}).items()
    }


def violations(requests: Iterable[Mapping[str, Any]]) -> list[str]:
    """What the documents do not allow in the requests that `/_emulator/requests?full=1` shows; [] if all is well."""
    return [
        f"{request['n']}: {request['method']} {request['path']}: {what}"
        for request in requests
        for what in (contract(request["api"]).wrong(request) if request["api"] else ("no such platform",))
    ]


def called(requests: Iterable[Mapping[str, Any]]) -> set[tuple[str, str, str]]:
    """The operations that answered: (api, method, path as the document has it)."""
    found = set()
    for request in requests:
        path = contract(request["api"]).path(request) if request["api"] and request["status"] else None
        if path:
            found.add((request["api"], request["method"], path))
    return found


class Contract:
    """One API's document, made ready. Of requests that are alike only the first is looked at."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.openapi = OpenAPI.from_dict(dict(document))
        self.finder = APICallPathFinder(self.openapi.spec)
        self.security: list[dict[str, Any]] = document.get("security", [])
        self.header_of = headers_of_schemes(document)
        self.look = lru_cache(maxsize=20_000)(self._look)

    def wrong(self, request: Mapping[str, Any]) -> tuple[str, ...]:
        """What is wrong with a request: {method, path (with query), headers, body (JSON as such, or text)}."""
        headers = {name.lower(): value for name, value in request["headers"].items()}
        told = ("accept", "content-type", *credential_headers())
        # a timestamp's digits make no request another one
        kept = {name: re.sub(r"\d", "0", headers[name]) for name in told if name in headers}
        body = request["body"]
        if body is not None and not kept.get("content-type", "").startswith(FORM):
            body = json.dumps(body)
        return self.look(request["method"].lower(), request["path"], tuple(kept.items()), body)

    def path(self, request: Mapping[str, Any]) -> str | None:
        """The document's path of a request; None if it has no such call."""
        try:
            found = self.finder.find(request["method"].lower(), HOST + request["path"].partition("?")[0])
        except OpenAPIError:
            return None
        return str(found.path_result.pattern)

    def _look(
        self, method: str, target: str, headers: tuple[tuple[str, str], ...], body: str | None
    ) -> tuple[str, ...]:
        path, _ignored, query = target.partition("?")
        try:
            found = self.finder.find(method, HOST + path)
        except OpenAPIError as error:
            return (type(error).__name__,)
        request = MockRequest(
            HOST,
            method,
            path,
            args=dict(parse_qsl(query, keep_blank_values=True)),
            view_args=found.path_result.variables,
            headers=dict(headers),
            data=None if body is None else body.encode(),
            content_type=dict(headers).get("content-type", "").partition(";")[0].strip().lower(),
        )
        errors = [explained(error) for error in self.openapi.iter_request_errors(request)]
        return (*errors, *self._beyond(found, request))

    def _beyond(self, found: PathOperationServer, request: MockRequest) -> Iterator[str]:
        """What OpenAPI lets pass: it forbids no query keys, no bodies and no headers beside those that it names."""
        operation = found.operation.read_value()
        parameters = [*(found.operation.get("parameters") or ()), *(found.path.get("parameters") or ())]
        keys = {(each / "name").read_str() for each in parameters if (each / "in").read_str() == "query"}
        for key in request.parameters.query:
            if key not in keys:
                yield f"unknown query key {key}"
        if request.body and "requestBody" not in operation:
            yield "a body where none is due"
        if request.content_type and not request.body:
            yield "a Content-Type without a body"
        if operation.get("x-accept", "") not in request.parameters.header.get("accept", ""):
            yield f"Accept is not {operation['x-accept']}"
        sent = {name for name in credential_headers() if name in request.parameters.header}
        ways = [{self.header_of[name] for name in way} for way in operation.get("security", self.security)] or [set()]
        if sent not in ways:
            due = " or ".join(str(sorted(way)) for way in ways)
            yield f"credentials are in the headers {sorted(sent)}, should be in {due}"


def explained(error: Exception) -> str:
    """One line about an error of openapi-core, whose reasons are in its causes."""
    cause = error.__cause__
    schema_errors = getattr(cause, "schema_errors", ())
    reasons = "; ".join(each.message for each in schema_errors) or str(cause or error)
    return f"{type(error).__name__} {getattr(error, 'name', '')}: {reasons}".replace(" :", ":")
