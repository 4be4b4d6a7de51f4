# SPDX-License-Identifier: GPL-3.0-or-later
"""Devo's Provisioning API: the users of a domain."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from . import devo_roles
from .devo_auth import Caller
from .devo_roles import Roles
from .devo_store import Domain, Json, Member, Person
from .names import folded
from .platform import Answer, Endpoint, Switch

if TYPE_CHECKING:
    from .devo import Devo

Work = Callable[[Request, Caller], Response]
MemberWork = Callable[[Request, Domain, Member], Response]

# the expressions of the documents, restored, in the form that needs no backtracking
USER_NAME = re.compile(r"[a-zA-Z0-9À-ÿ](?:[a-zA-Z0-9À-ÿ _'.@-]*[a-zA-Z0-9À-ÿ])?")
PHONE = re.compile(r"\+(?:[0-9] ?){6,14}[0-9]")
EXISTS, OWNER_STAYS, NOT_INACTIVE, NOT_ACTIVE = 100, 112, 116, 117  # error codes; the last number is a guess
SKIP_KEYS = ("skipValidation", "skipMailValidation")

SWITCHES = (
    Switch("disabled", ("inactive", "disabled", "blocked", "INACTIVE"), "inactive", "the status of a disabled user"),
    Switch("skip_key", (*SKIP_KEYS, "both"), "skipValidation", "the query key that creates a user without activation"),
    Switch("created_status", ("pending", "active"), "pending", "the status of a new person in their first domain"),
    Switch("unknown_user", ("404", "400"), "404", "the status for a user who is not in the domain"),
    Switch("email_lookup", ("folded", "exact"), "folded", "whether the case of an e-mail in a path counts"),
    Switch("email_case", ("kept", "lower"), "kept", "how e-mails read back"),
    Switch("enable_pending", ("400", "ok"), "400", "enabling a user who has not activated the account yet"),
    Switch("disable_owner", ("400", "ok"), "400", "disabling the domain's owner"),
    Switch("user_answer", ("user", "empty"), "user", "what enable, disable and the role calls answer"),
    Switch("user_deleted", ("empty", "object", "user", "204"), "empty", "the answer to a removed user"),
    *devo_roles.SWITCHES,
)


class Users:
    def __init__(self, platform: Devo) -> None:
        self.platform = platform
        self.roles = Roles(self)

    def routes(self) -> list[Endpoint]:
        one = "/probio/user/email/{email}/domain/{domain}"
        return [
            Endpoint("GET", "/probio/user/domain/{domain}", self.provision(self.listing)),
            Endpoint("GET", "/probio/user/email/{email}", self.provision(self.person)),
            Endpoint("GET", one, self.member(self.get)),
            Endpoint("POST", "/probio/user/internal", self.provision(self.create), query=SKIP_KEYS),
            Endpoint("POST", "/probio/user/external", self.provision(self.create_external), query=SKIP_KEYS),
            Endpoint("GET", "/probio/user/internal/{id}", self.provision(self.person)),
            Endpoint("PUT", "/probio/user/internal/{id}", self.provision(self.update_person)),
            Endpoint("POST", one + "/enable", self.member(self.enable)),
            Endpoint("POST", one + "/disable", self.member(self.disable)),
            Endpoint("PUT", one + "/role", self.member(self.roles.put)),
            Endpoint("PUT", one + "/role/{role}", self.member(self.roles.put_name)),
            Endpoint("DELETE", one + "/role", self.member(self.roles.delete)),
            Endpoint("DELETE", one, self.member(self.delete)),
            Endpoint("GET", "/probio/domain", self.provision(self.domains)),
            Endpoint("GET", "/probio/domain/{domain}", self.provision(self.domain_info)),
            Endpoint("GET", "/probio/domain/{domain}/roles", self.provision(self.domain_roles)),
            Endpoint("GET", "/probio/domain/{domain}/roles/{role}", self.provision(self.domain_role), query=("full",)),
        ]

    # --- who and where -----------------------------------------------------------------------------------------

    def provision(self, work: Work) -> Callable[[Request], Response]:
        def handler(request: Request) -> Response:
            return work(request, self.platform.auth.provisioning(request))

        return handler

    def member(self, work: MemberWork) -> Callable[[Request], Response]:
        def found(request: Request, caller: Caller) -> Response:
            domain = self.domain(caller, request.path_params["domain"])
            email = request.path_params["email"]
            member = domain.members.get(folded(email))
            exact = self.platform.settings["email_lookup"] == "exact"
            if member is None or (exact and self.email(member.person) != email):
                raise self.unknown_user(email)
            return work(request, domain, member)

        return self.provision(found)

    def domain(self, caller: Caller, name: str) -> Domain:
        """A domain that the caller may act on. Raises Answer."""
        domain = self.platform.store.domains.get(name)
        if domain is None or not caller.reaches(domain):
            raise Answer(self.platform.error(int(self.platform.settings["wrong_domain"]), f"Domain {name} not found"))
        return domain

    def unknown_user(self, who: str) -> Answer:
        return Answer(self.platform.error(int(self.platform.settings["unknown_user"]), f"User {who} not found"))

    # --- reading -----------------------------------------------------------------------------------------------

    def email(self, person: Person) -> str:
        return folded(person.email) if self.platform.settings["email_case"] == "lower" else person.email

    def view(self, domain: Domain, member: Member) -> Json:
        """A user in a domain."""
        disabled = self.platform.settings["disabled"]
        return {
            "email": self.email(member.person),
            "userName": member.person.user_name,
            "domain": domain.name,
            "owner": member.owner,
            "status": disabled if member.status == "disabled" else member.status,
            **self.roles.show(member),
        }

    def listing(self, request: Request, caller: Caller) -> Response:
        domain = self.domain(caller, request.path_params["domain"])
        return self.platform.data([self.view(domain, member) for member in domain.members.values()])

    def get(self, request: Request, domain: Domain, member: Member) -> Response:
        return self.platform.data(self.view(domain, member))

    def person(self, request: Request, caller: Caller) -> Response:
        return self.platform.data(self.person_view(self.find_person(request, caller)))

    def find_person(self, request: Request, caller: Caller) -> Person:
        """The person of the path, by e-mail or id, in a domain that the caller reaches. Raises Answer."""
        who = request.path_params.get("email") or request.path_params["id"]
        domains = [domain for domain in self.platform.store.domains.values() if caller.reaches(domain)]
        for person in self.platform.store.people.values():
            if who in (person.email, person.id) and any(folded(person.email) in each.members for each in domains):
                return person
        raise self.unknown_user(who)

    def person_view(self, person: Person) -> Json:
        return {
            "email": self.email(person),
            "userName": person.user_name,
            "phone": person.phone,
            "id": person.id,
        }

    def domains(self, request: Request, caller: Caller) -> Response:
        return self.platform.data(
            [{"name": each.name} for each in self.platform.store.domains.values() if caller.reaches(each)]
        )

    def domain_info(self, request: Request, caller: Caller) -> Response:
        return self.platform.data({"name": self.domain(caller, request.path_params["domain"]).name})

    def domain_roles(self, request: Request, caller: Caller) -> Response:
        domain = self.domain(caller, request.path_params["domain"])
        return self.platform.data([role_view(role) for role in domain.roles])

    def domain_role(self, request: Request, caller: Caller) -> Response:
        role = request.path_params["role"]
        if role not in self.domain(caller, request.path_params["domain"]).roles:
            return self.platform.error(400, f"Role '{role}' not found")
        return self.platform.data(role_view(role))

    # --- writing -----------------------------------------------------------------------------------------------

    def create(self, request: Request, caller: Caller) -> Response:
        return self.add(request, caller, external=False)

    def create_external(self, request: Request, caller: Caller) -> Response:
        return self.add(request, caller, external=True)

    def add(self, request: Request, caller: Caller, external: bool) -> Response:
        """Add a new person, or one who has an account already, to a domain."""
        platform = self.platform
        shape = dict.fromkeys(("domain", "userName", "email", "role", "phone", "externalId"), str)
        body = platform.json_body(request, {**shape, "owner": bool}, ["email"])
        if caller.domain is None and "domain" not in body:
            raise platform.refuse(request, "with the multitenant key the domain must be named")
        domain = self.domain(caller, body["domain"]) if "domain" in body or caller.domain is None else caller.domain
        email = body["email"]
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
            return platform.error(400, f"{email} is not an email address")
        roles, owner = self.roles.of_new_user(domain, body.get("role"))
        if not domain.members and not (owner and caller.domain is None and not external):
            return platform.error(400, "The first user must be internal and the owner, and needs the multitenant keys")
        if owner and external:
            return platform.error(400, "An external user can not be the domain owner")
        if folded(email) in domain.members:
            return platform.error(400, f"User {email} already exists in domain {domain.name}", EXISTS)
        person = platform.store.people.get(folded(email))  # one who is known keeps name and phone
        if person is None:
            person = self.new_person(request, body, external)
        status = "active" if person.activated else "pending"
        member = domain.members[folded(email)] = Member(person, roles, owner, status)
        return platform.data(self.view(domain, member))

    def new_person(self, request: Request, body: Json, external: bool) -> Person:
        if external and not body.get("externalId"):
            raise Answer(self.platform.error(400, "The externalId is missing"))
        name, phone = body.get("userName"), body.get("phone")
        if name is not None and not USER_NAME.fullmatch(name):
            raise Answer(self.platform.error(400, "The user name is not valid"))
        if phone is not None and not PHONE.fullmatch(phone):
            raise Answer(self.platform.error(400, "The phone is not valid"))
        known = self.platform.settings["skip_key"]
        keys = SKIP_KEYS if known == "both" else (known,)
        skipped = any(request.query_params.get(key, "").lower() == "true" for key in keys)
        activated = external or skipped or self.platform.settings["created_status"] == "active"
        return self.platform.store.person(
            {
                "email": body["email"],
                "user_name": name,
                "phone": phone,
                "activated": activated,
                "external_id": body.get("externalId") if external else None,
            }
        )

    def update_person(self, request: Request, caller: Caller) -> Response:
        """PUT /user/internal/{id}: null leaves alone, "" removes (phone only)."""
        text = (str, type(None))
        body = self.platform.json_body(request, {"email": text, "phone": text, "userName": text})
        person = self.find_person(request, caller)
        if body.get("userName"):
            person.user_name = body["userName"]
        if body.get("phone") is not None:
            person.phone = body["phone"] or None
        return self.platform.data(self.person_view(person))

    def enable(self, request: Request, domain: Domain, member: Member) -> Response:
        self.platform.no_body(request)
        pending = member.status == "pending" and self.platform.settings["enable_pending"] == "400"
        if member.status == "active" or pending:
            return self.twice("enabling a non active", member, domain, NOT_ACTIVE)
        member.status = "active" if member.person.activated else "pending"
        return self.answer(domain, member)

    def disable(self, request: Request, domain: Domain, member: Member) -> Response:
        self.platform.no_body(request)
        if member.status == "disabled":
            return self.twice("disabling a non inactive", member, domain, NOT_INACTIVE)
        if member.owner and self.platform.settings["disable_owner"] == "400":
            return self.platform.error(400, "Domain owner can not be disabled")
        member.status = "disabled"
        return self.answer(domain, member)

    def twice(self, what: str, member: Member, domain: Domain, code: int) -> Response:
        text = f"Error {what} user. User {member.person.email} at domain {domain.name}"
        return self.platform.error(400, text, code)

    def delete(self, request: Request, domain: Domain, member: Member) -> Response:
        self.platform.no_body(request)
        if member.owner:
            return self.platform.error(400, "Domain owner can not be deleted", OWNER_STAYS)
        shown = self.view(domain, member)
        self.platform.store.drop_member(domain, member)
        style = self.platform.settings["user_deleted"]
        if style in ("empty", "204"):
            return self.platform.void(204 if style == "204" else 200)
        return self.platform.data(shown if style == "user" else {})

    def answer(self, domain: Domain, member: Member) -> Response:
        """What a changed user answers."""
        if self.platform.settings["user_answer"] == "empty":
            return self.platform.void()
        return self.platform.data(self.view(domain, member))


def role_view(role: str) -> Json:
    return {"name": role, "type": role if role in ("ADMIN", "NO_PRIVILEGES") else "CUSTOM", "description": ""}
