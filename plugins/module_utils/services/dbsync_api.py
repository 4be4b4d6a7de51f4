# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DBSync Partner API v2: how it is reached, and its four methods.

All are POST with JSON both ways; the credentials are fields of each body (the vendor's "Partner API - User
Management"). ``licenseDetails`` and ``authenticateUser`` change nothing.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ansible_collections.dataops.access.plugins.module_utils.core.errors import (
    AccessError,
    LostAnswer,
    ValidationError,
)
from ansible_collections.dataops.access.plugins.module_utils.core.resource import Option
from ansible_collections.dataops.access.plugins.module_utils.http.client import Client
from ansible_collections.dataops.access.plugins.module_utils.http.connection import Connection, Credential, Platform
from ansible_collections.dataops.access.plugins.module_utils.services.dbsync_failures import classify, find_error
from ansible_collections.dataops.access.plugins.module_utils.services.dbsync_fields import folded
from ansible_collections.dataops.access.plugins.module_utils.services.dbsync_licenses import (
    License,
    Verdict,
    licenses,
    unidentified,
    verdict,
)

READS = ("licenseDetails", "authenticateUser")
_ADDRESS_ADVICE = (
    "check api_url, and api_method_url, which says where the method's name goes: that is not published, and the "
    "Swagger page of your DBSync environment shows it"
)
NOT_TOLD = "its record does not say whether the licence is active"
# Failures with which a server that needs a user's name may answer a listing without one.
_MAY_BE_ABOUT_THE_NAME = ("validation", "not_found")
# After these a write was refused for good; whatever else a server says, only reading can tell what happened.
_DEFINITE = ("auth", "permission", "quota", "rate_limit")


def method_url(connection: Connection, method: str) -> str:
    """The address of a method. Raises ValidationError for a template that cannot work or leads to another host."""
    template = str(connection.options["api_method_url"] or "").strip()
    base = connection.settings.api_url
    if "{method}" not in template:
        raise ValidationError(f"api_method_url: '{template}' has no {{method}}, so that all methods would be one")
    url = template.replace("{api_url}", base).replace("{method}", method)
    unknown = re.search(r"[{}\s#\x00-\x1f]", url)
    if unknown:
        raise ValidationError(
            f"api_method_url: '{template}' holds {unknown.group()!r}; give a URL with the placeholders {{api_url}} and "
            "{method}, without blanks or #"
        )
    if urlsplit(url)[:2] != urlsplit(base)[:2]:
        raise ValidationError(
            f"api_method_url: '{template}' leads to another host than api_url, and the credentials belong to that one"
        )
    return url


def _connect(connection: Connection) -> Client:
    connection.settings.check()
    return Client(
        connection.settings,
        title=connection.platform.title,
        redactor=connection.redactor,
        read_posts=[method_url(connection, method) for method in READS],
        find_error=find_error,
        classify=classify,
        advice={
            "auth": "check partner_app_key and partner_app_token, and that api_url is the environment they are for",
            "protocol": _ADDRESS_ADVICE,
            "quota": "unregistering gives no quota back; ask your DBSync account manager",
        },
    )


PLATFORM = Platform(
    name="dbsync",
    title="DBSync",
    prefix="DBSYNC",
    credentials=(
        Credential("partner_app_key", "DBSYNC_PARTNER_APP_KEY"),
        Credential("partner_app_token", "DBSYNC_PARTNER_APP_TOKEN"),
    ),
    methods=(("partner_app_key", "partner_app_token"),),
    connect=_connect,
    url_example="https://env.mydbsync.com/appcenter-2-2/appcode/v2/partner",
    options=(Option("api_method_url", default="{api_url}/{method}"),),
    not_covered=(
        "the year's quota, and what is left of it: licences that were given up still count",
        "when a licence was last used, and what its user may do in the company's account",
        "licences that were registered under another partner application key",
    ),
    tenant_options=("partner_app_key",),
)


class PartnerApi:
    """The four methods for one partner application."""

    def __init__(self, client: Client, connection: Connection) -> None:
        self._client = client
        self._connection = connection
        # Whether a listing has to carry an empty user name.
        self._empty_name = False

    def listing(self, company: str | None = None) -> list[License]:
        """The licences of one company's users, or of everybody's.

        The documents call ``endUserName`` required, and describe a listing of all users. So it is left out, and sent
        empty where the server misses it. Raises AccessError; see :func:`refuses_listing`.
        """
        what = f"list the users of '{company}'" if company else "list the users"
        if not self._empty_name:
            try:
                return self._details(what, company, None)
            except AccessError as error:
                if not refuses_listing(error):
                    raise
            self._empty_name = True
        return self._details(what, company, "")

    def named(self, username: str) -> list[License]:
        """The licences that the server shows for a user name, of whatever company; it may or may not filter."""
        what = f"read the user '{username}'"
        try:
            found = self._details(what, None, username)
        except AccessError as error:
            if error.kind != "not_found":
                raise
            return []
        if len(found) > 1 and any(license_.username is None for license_ in found):
            raise unidentified(what, found)
        return [license_.named(None, username) for license_ in found]

    def user(self, company: str, username: str, confirm: bool = True) -> list[License]:
        """The licences that the server shows for one user; it may or may not filter. Raises AccessError.

        ``confirm``: ``authenticateUser`` must not contradict what is found: an error that says "no such user", or a
        record that does not say whose it is.
        A record without names is this user's if it is the only one; one without company is taken to be of the company
        that was asked for, if its name is the one that was asked for, but for case and blanks.
        """
        what = f"read the user '{company}/{username}'"
        try:
            found = self._details(what, company, username)
        except AccessError as error:
            if error.kind != "not_found":
                raise
            if confirm:
                self._confirm_absence(company, username, error)
            return []
        if any(license_.username is None for license_ in found):
            if len(found) > 1:
                raise unidentified(what, found)
            return self._attributed(found, company, username, confirm)
        named = [license_ for license_ in found if license_.company is not None]
        unnamed = [
            license_
            for license_ in found
            if license_.company is None and folded(str(license_.username)) == folded(username)
        ]
        return named + self._attributed(unnamed, company, username, confirm)

    def _attributed(self, found: list[License], company: str, username: str, confirm: bool) -> list[License]:
        """Licences that do not say whose they are, as those of the user who was asked for.

        Where the server does not filter they may be another's, so ``authenticateUser`` has to know an active one.
        """
        if any(license_.active for license_ in found) and self.authenticate(company, username).valid is False:
            if confirm:
                raise AccessError(
                    f"Could not read the user '{company}/{username}': licenseDetails shows an active licence that does "
                    "not say whose it is, and authenticateUser finds no valid licence of this user, so it may be "
                    "another's. Next: look this user up in DBSync AppCenter",
                    kind="protocol",
                )
            return []
        return [license_.named(company, username) for license_ in found]

    def _confirm_absence(self, company: str, username: str, error: AccessError) -> None:
        """A text is no proof: raise where ``authenticateUser`` finds a valid licence of the user."""
        if self.authenticate(company, username).valid:
            raise AccessError(
                f"{error.facts}. But authenticateUser finds a valid licence for '{company}/{username}', so it is not "
                "taken to be absent",
                **{**error.failure(), "kind": "protocol"},
            )

    def _details(self, what: str, company: str | None, username: str | None) -> list[License]:
        body = self._body(company, username)
        url = method_url(self._connection, "licenseDetails")
        answer = self._client.read(what, "POST", url, json=body, null=True)
        return licenses(answer.data, what, self._client.redactor)

    def authenticate(self, company: str, username: str) -> Verdict:
        """Whether a user has a valid licence, as ``authenticateUser`` says.

        A failure may mean an unknown user, an expired licence or wrong credentials: ``valid`` is None where its text
        does not tell. Raises AccessError where there was no answer.
        """
        what = f"ask for a valid licence of '{company}/{username}'"
        url = method_url(self._connection, "authenticateUser")
        try:
            answer = self._client.read(what, "POST", url, json=self._body(company, username), null=True)
        except AccessError as error:
            if error.kind in ("not_found", "conflict"):
                return Verdict(False, error.message)
            if error.status is None or error.status >= 500 or 300 <= error.status < 400 or error.kind == "rate_limit":
                raise
            return Verdict(None, error.message)
        return verdict(answer.data, what, self._client.redactor)

    def register(self, company: str, username: str) -> None:
        """Register a user, which spends quota: sent once, whatever happens.

        Raises LostAnswer where only reading can tell whether it was done, AccessError where it was not.
        """
        what = f"register the user '{company}/{username}'"
        url = method_url(self._connection, "registerUser")
        try:
            self._client.write(what, "POST", url, json=self._body(company, username), once=True)
        except LostAnswer as lost:
            if lost.cause_kind == "quota":
                raise AccessError(lost.not_done, **{**lost.failure(), "kind": "quota"}) from None
            lost.add("; a registration spends the year's quota, so it is never sent again")
            raise
        except AccessError as error:
            raise _to_be_read_again(error) from None

    def unregister(self, company: str, username: str, told: bool = True) -> None:
        """Take a user's licence away; the year's quota stays spent. Raises LostAnswer, AccessError.

        ``told``: whether the user's record says that the licence is active.
        """
        what = f"unregister the user '{company}/{username}'"
        url = method_url(self._connection, "unregisterUser")
        try:
            self._client.write(what, "POST", url, json=self._body(company, username))
        except LostAnswer:
            raise
        except AccessError as error:
            if error.kind == "not_found" and not told:
                error.add(f"; the user was listed, and {NOT_TOLD}")
            raise _to_be_read_again(error) from None

    def _body(self, company: str | None, username: str | None) -> dict[str, str]:
        body = {
            "partnerAppKey": self._connection.credentials["partner_app_key"],
            "partnerAppToken": self._connection.credentials["partner_app_token"],
        }
        if company is not None:
            body["endUserCompany"] = company
        if username is not None:
            body["endUserName"] = username
        return body


def refuses_listing(error: AccessError) -> bool:
    """Whether a failed listing may have failed for want of a user name, so that asking by name may work.

    What could not be understood says nothing of the kind, and quotes whatever it holds.
    """
    named = "endusername" in error.message.replace("_", "").lower()
    return error.kind in _MAY_BE_ABOUT_THE_NAME or (named and error.kind != "protocol")


def _to_be_read_again(error: AccessError) -> AccessError:
    """A failure that the server stated, to be settled by reading: "already registered" may be just what was wanted."""
    answered = error.status is not None and not 300 <= error.status < 400
    return error if not answered or error.kind in _DEFINITE else LostAnswer.to_settle(error)
