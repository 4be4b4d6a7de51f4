# SPDX-License-Identifier: GPL-3.0-or-later
"""AWX's REST API as far as the modules of awx.awx ask it: lists, objects, associations, surveys, updates."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from unit.awx import engine
from unit.awx.records import APPROVALS, ASSOCIATIONS, NODES, UNIFIED, Object, Records, Refused, fits, stored
from unit.awx.schemas import SURVEY

ENCRYPTED = "$encrypted$"
SECRETS = {"email": "password", "slack": "token", "webhook": "password"}
FILTERS = ("identifier", "inventory", "name", "organization", "unified_job_template", "workflow_job_template")
ABOUT = {"X-API-Product-Name": "AWX", "X-API-Product-Version": "24.6.1"}


@dataclass
class Rest:
    """Serves the records, which are checked before anything is written. `asked`: method and path of each request."""

    records: Records
    token: str = "let-me-in"
    url: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)

    def app(self) -> Starlette:
        one = "/api/v2/{collection}/{number:int}/"
        return Starlette(
            routes=[
                self._route("/api/v2/{collection}/", GET=self._list, POST=self._create),
                self._route(one, GET=self._read, PATCH=self._change),
                self._route(one + "survey_spec/", GET=self._survey, POST=self._set_survey),
                self._route(one + "update/", POST=self._update),
                self._route(one + "create_approval_template/", POST=self._create_approval),
                self._route(one + "{association}/", GET=self._list_associated, POST=self._associate),
            ]
        )

    def writes(self) -> list[tuple[str, str]]:
        """The requests that were to change something."""
        return [each for each in self.asked if each[0] != "GET"]

    def _route(self, path: str, **works: Any) -> Route:
        async def endpoint(request: Request) -> Response:
            body = await request.json() if request.method != "GET" else dict(request.query_params)
            self.asked.append((request.method, request.url.path))
            if request.headers.get("authorization") != f"Bearer {self.token}":
                return JSONResponse({"detail": "Authentication credentials were not provided."}, 401)
            try:
                answer: Response = works[request.method](body, **request.path_params)
            except KeyError as missing:
                answer = JSONResponse({"detail": f"Not found: {missing}."}, 404)
            except (Refused, engine.Refused) as problem:
                answer = JSONResponse({"__all__": [str(problem)]}, 400)
            answer.headers.update(ABOUT)
            return answer

        return Route(path, endpoint, methods=list(works))

    def _list(self, query: dict[str, str], collection: str) -> Response:
        unknown = set(query) - set(FILTERS)
        if unknown:
            raise Refused(f"unknown filters: {sorted(unknown)}")
        collections = UNIFIED if collection == "unified_job_templates" else (collection,)
        return _listed(
            [
                self._shown(each, number)
                for each in collections
                for number, kept in self.records.objects[each].items()
                if all(str(self._value(kept, name)) == value for name, value in query.items())
            ]
        )

    def _value(self, kept: Object, name: str) -> Any:
        return self.records.organization(kept) if name == "organization" else kept.get(name)

    def _create(self, body: Object, collection: str) -> Response:
        given = stored(collection, body)
        self.records.check(collection, 0, given)
        number = self.records.keep(collection, given)
        if collection == "projects":
            self.records.keep("project_updates", {"project": number, "status": "successful"})
        return JSONResponse(self._shown(collection, number), 201)

    def _read(self, _query: Object, collection: str, number: int) -> Response:
        return JSONResponse(self._shown(collection, number))

    def _change(self, body: Object, collection: str, number: int) -> Response:
        changed = stored(collection, {**self.records.objects[collection][number], **body})
        self.records.check(collection, number, changed)
        self.records.objects[collection][number] = changed
        return self._read({}, collection, number)

    def _survey(self, _query: Object, collection: str, number: int) -> Response:
        return JSONResponse(self.records.surveys.get(number, {}) if self.records.objects[collection][number] else {})

    def _set_survey(self, body: Object, collection: str, number: int) -> Response:
        fits(SURVEY, body)
        if self.records.objects[collection][number]:
            self.records.surveys[number] = body
        return Response()

    def _update(self, _body: Object, collection: str, number: int) -> Response:
        given = {"name": self.records.objects[collection][number]["name"], "status": "successful", "failed": False}
        update = self.records.keep("inventory_updates", {**given, "finished": "2026-01-05T03:00:00Z"})
        return JSONResponse(self._shown("inventory_updates", update), 202)

    def _create_approval(self, body: Object, collection: str, number: int) -> Response:
        self.records.check(APPROVALS, 0, body)
        approval = self.records.keep(APPROVALS, body)
        self.records.objects[collection][number]["unified_job_template"] = approval
        return JSONResponse(self._shown(APPROVALS, approval), 201)

    def _list_associated(self, _query: Object, collection: str, number: int, association: str) -> Response:
        other = ASSOCIATIONS[collection][association]
        return _listed([self._shown(other, each) for each in self.records.associated.get((number, association), [])])

    def _associate(self, body: Object, collection: str, number: int, association: str) -> Response:
        if body["id"] not in self.records.objects[ASSOCIATIONS[collection][association]]:
            raise Refused(f"{association}: there is no {body['id']!r}")
        kept = self.records.associated.setdefault((number, association), [])
        if body.get("disassociate"):
            kept.remove(body["id"])
        else:
            kept.append(body["id"])
        return Response(status_code=204)

    def _shown(self, collection: str, number: int) -> Object:
        """The object as the API shows it: with links, and without secrets."""
        kept = self.records.objects[collection][number]
        url = f"/api/v2/{collection}/{number}/"
        kind = re.sub("ie$", "y", collection.removesuffix("s"))
        shown: Object = {"id": number, "type": kind, "url": url, **kept}
        shown["related"] = {name: f"{url}{name}/" for name in ("survey_spec", "update")}
        shown["summary_fields"] = {}
        launched = kept.get("unified_job_template")
        if collection == NODES and launched is not None:
            (where,) = (name for name in UNIFIED if launched in self.records.objects[name])
            shown["related"]["unified_job_template"] = f"/api/v2/{where}/{launched}/"
        if collection == "projects":
            shown["scm_revision"] = ""
            updates = self.records.objects["project_updates"]
            running = [update for update, each in updates.items() if each["project"] == number]
            shown["summary_fields"]["current_update"] = {"id": running[0]}
        secret = SECRETS.get(kept.get("notification_type", ""))
        if secret and kept["notification_configuration"].get(secret):
            shown["notification_configuration"] = {**kept["notification_configuration"], secret: ENCRYPTED}
        return shown


def _listed(results: list[Object]) -> Response:
    return JSONResponse({"count": len(results), "next": None, "previous": None, "results": results})
