# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret as an input of a credential of an automation controller (AWX, Ansible Automation Platform).

``PATCH …/credentials/{id}/`` replaces all inputs; a secret one that is sent as ``$encrypted$`` keeps its value, and
reads back so. Source: AWX, awx/main/models/credential and awx/api/serializers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from ansible_collections.dataops.access.plugins.module_utils.core.errors import AccessError, LostAnswer, Refused
from ansible_collections.dataops.access.plugins.module_utils.core.secrets import Redactor
from ansible_collections.dataops.access.plugins.plugin_utils.caller import Caller
from ansible_collections.dataops.access.plugins.plugin_utils.handover.proof import NotKept, read_back

ENCRYPTED = "$encrypted$"


class AwxCredential:
    """One input of one credential."""

    def __init__(self, options: Mapping[str, Any], redactor: Redactor) -> None:
        self._credential = str(options["credential"])
        self._field = str(options["field"])
        self._base = "/" + str(options["api_path"]).strip("/")
        headers = {"Authorization": f"Bearer {options['token']}"}
        self._caller = Caller("the automation controller", options, headers, redactor)

    @property
    def where(self) -> str:
        """The place, for a person."""
        return f"input {self._field} of the credential '{self._credential}'"

    def probe(self) -> None:
        """Raises AccessError where the credential would not take the secret. Reads only."""
        self._found()

    def hand_over(self, secret: str) -> None:
        """Raises AccessError; LostAnswer where the controller may have it or not."""
        credential = self._found()
        inputs = {**credential["inputs"], self._field: secret}
        path = f"{self._base}/credentials/{credential['id']}/"
        what = f"write {self.where}"
        try:
            self._caller.write(what, "PATCH", path, {"inputs": inputs})
        except LostAnswer as lost:
            # The same once more does no harm, and only an answer tells: the value cannot be read.
            try:
                self._caller.write(what, "PATCH", path, {"inputs": inputs})
            except AccessError:
                # The first may have arrived: both tokens have to stay.
                raise lost from None
        after = read_back(lambda: self._read(credential["id"]))["inputs"]
        if after.get(self._field) != ENCRYPTED:
            raise NotKept(
                f"{self.where} does not read back as encrypted, so that the controller did not keep it as a secret"
            )
        if _others(after, self._field) != _others(credential["inputs"], self._field):
            raise NotKept(f"{self.where} was written, and other inputs read back otherwise than before")

    def _found(self) -> dict[str, Any]:
        """The credential, whose type has the field as a secret. Raises AccessError."""
        number = self._credential if self._credential.isdecimal() else self._number()
        credential = self._read(number)
        kind = credential.get("credential_type")
        reply = self._caller.read(f"read the type of the credential '{self._credential}'", self._type(kind))
        fields = {each.get("id"): each for each in _fields(reply.data)}
        if self._field not in fields:
            raise Refused(
                f"the credential '{self._credential}' has no input '{self._field}'; its type has "
                f"{', '.join(sorted(map(str, fields))) or 'none'}"
            )
        if fields[self._field].get("secret") is not True:
            raise Refused(
                f"{self.where} is no secret one, so that everybody who may see the credential could read the token; "
                "mark it as secret in the credential's type"
            )
        return credential

    def _type(self, number: Any) -> str:
        return f"{self._base}/credential_types/{number}/"

    def _number(self) -> str:
        what = f"find the credential '{self._credential}'"
        reply = self._caller.read(what, f"{self._base}/credentials/?name={quote(self._credential, safe='')}")
        found = reply.data.get("results") if isinstance(reply.data, dict) else None
        if not isinstance(found, list):
            raise AccessError(f"Could not {what}: the answer has no list of results; look at url and api_path")
        if len(found) != 1:
            said = "there is none of that name" if not found else "several have that name; give its id"
            raise Refused(f"Could not {what} on the automation controller: {said}", kind="not_found")
        return str(found[0].get("id"))

    def _read(self, number: Any) -> dict[str, Any]:
        what = f"read the credential '{self._credential}'"
        reply = self._caller.read(what, f"{self._base}/credentials/{number}/")
        if not isinstance(reply.data, dict) or not isinstance(reply.data.get("inputs"), dict):
            raise AccessError(f"Could not {what}: the answer is none; look at url and api_path")
        return {**reply.data, "id": number}


def _fields(data: Any) -> list[dict[str, Any]]:
    inputs = data.get("inputs") if isinstance(data, dict) else None
    fields = inputs.get("fields") if isinstance(inputs, dict) else None
    return [each for each in fields if isinstance(each, dict)] if isinstance(fields, list) else []


def _others(inputs: Mapping[str, Any], field: str) -> dict[str, Any]:
    return {key: value for key, value in inputs.items() if key != field}
