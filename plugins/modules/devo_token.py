#!/usr/bin/python
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: one authentication token of a Devo account."""

from __future__ import annotations

DOCUMENTATION = r"""
module: devo_token
short_description: Manage an authentication token of a Devo account
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Creates, renames, enables, disables, replaces, renews and deletes an authentication token of a Devo account.
  - Devo can change a token's name and whether it is enabled. Everything else takes a new token, with a new secret. See
    O(replace) and O(renew_before).
  - A new token is handed over and proven before the one that it follows is touched. A run that was interrupted at any
    point is finished by the next one, so that there is a working token whose secret was handed over at any time.
  - The token that the module itself uses is never deleted, disabled or renewed.
extends_documentation_fragment:
  - dataops.access.connection
  - dataops.access.devo
  - dataops.access.attributes
  - dataops.access.attributes.write
  - dataops.access.attributes.group_devo
options:
  account:
    description:
      - The account that the tokens belong to. Devo knows accounts that are domains, so that this is the domain's name.
    type: str
    required: true
  name:
    description:
      - Name of the token, which identifies it unless O(token_id) is given. With O(token_id), the name that it gets.
      - Devo lets several tokens have one name. The task is refused then, and says their ids.
      - Names that end with C(~next) or C(~old-) and an id belong to renewals.
    type: str
  token_id:
    description:
      - Id of an existing token. One of O(name) and O(token_id) is required.
      - A new token has another id, so a token that is declared by its id is neither replaced nor renewed.
    type: str
  audience:
    description:
      - The APIs that the token is for, such as V(apiv2), V(apiv2-admin), V(alerts), V(aggregations) or V(http).
        Required to create a token. Compared as a set of words.
    type: list
    elements: str
  scopes:
    description:
      - What the token may do, such as V(table://my.app.test) or V(level://admin). Compared as a set of words.
      - A token that is created without has the scopes that Devo gives by default. How these read back is not
        documented, so V(default) is never found to differ; a warning says what the token has.
    type: list
    elements: str
  user:
    description:
      - E-mail of the user whose permissions the token has. By default its owner.
    type: str
  owner:
    description:
      - E-mail of the owner. By default the user of the token with which it is created.
      - Devo's pages do not agree on whether this can be chosen. A token that gets another owner than this is revoked.
    type: str
  expires_in:
    description:
      - Seconds from creation to expiration, V(-1) for a permanent token. By default a day.
      - Compared with expiration less creation, with a tolerance of a minute.
    type: int
  enabled:
    description:
      - Whether the token is enabled. A new one is unless this is V(false).
    type: bool
  replace:
    description:
      - Whether to replace the token by a new one when O(audience), O(scopes), O(user), O(owner) or O(expires_in)
        differ, or when it has expired. Without this a difference is an error that names the fields.
      - What is not declared is the new token's as it was the old one's. The new one is made, and handed over where
        O(secret_file) or O(return_secret) ask for it, before the old one is deleted.
    type: bool
    default: false
  renew_before:
    description:
      - Renew the token when it expires in less than this many seconds. Must be less than its lifetime.
      - Needs O(secret_file) or O(return_secret). A disabled token is not renewed.
      - The new token is created as C(<name>~next), its secret is handed over, and it is proven. It is read by its id,
        and used for a read where its audience allows one. Then the old token is renamed to C(<name>~old-<id>) and
        disabled, the new one gets the name, and the old one is deleted after O(grace).
    type: int
  retire_old:
    description:
      - Whether a renewal goes on to retire the old token. With V(false) the new token stays beside it as
        C(<name>~next), until a run with V(true), and with O(secret_file) or O(return_secret), finishes the renewal.
    type: bool
    default: true
  grace:
    description:
      - Seconds between disabling an old token and deleting it.
      - The task waits for up to a minute. A longer time is left to the next task that manages this token after it.
    type: int
    default: 0
  secret_file:
    description:
      - Save the secret of a new token in this file, bare and with a newline, with mode 0600, before success is
        reported. A token whose secret cannot be saved is revoked.
      - The folder has to exist. A file that is missing for an existing token is written again; one that exists is not
        compared.
    type: path
  return_secret:
    description:
      - Whether to return the secret as C(token.secret), also that of an existing token, and in check mode.
    type: bool
    default: false
  only_existing:
    description:
      - Whether the token is left alone where it does not exist. For one that is to be disabled, if there at all.
    type: bool
    default: false
  state:
    description:
      - V(present) creates the token or brings it in line, V(absent) deletes it, with what an unfinished renewal left.
    type: str
    choices: [present, absent]
    default: present
notes:
  - The token API takes O(api_token) alone. Its user needs a role with the permission for API credentials.
  - Expiration is judged by the time that the server's answers carry.
  - Among the C(fields) of RV(changes), C(secret) stands for a new secret, C(secret_file) for a file that is written
    again, and C(unfinished) for the tokens of a renewal that this run finishes.
seealso:
  - module: dataops.access.devo_tokens
  - module: dataops.access.devo_token_info
"""

EXAMPLES = r"""
- name: A token for one application, kept in a file and renewed a week before it expires
  dataops.access.devo_token:
    api_url: https://api-eu.devo.com
    api_token: "{{ vault_devo_token }}"
    account: example
    name: payments-reader
    audience: [apiv2]
    scopes: [table://my.app.payments]
    user: payments@example.com
    expires_in: 7776000
    renew_before: 604800
    secret_file: /etc/payments/devo.token

- name: Other scopes take a new token; connection from the environment
  dataops.access.devo_token:
    account: example
    name: payments-reader
    scopes: [table://my.app.payments, table://my.app.refunds]
    replace: true
    secret_file: /etc/payments/devo.token

- name: Another name
  dataops.access.devo_token:
    account: example
    token_id: "4711"
    name: payments-reader-2

- name: Out of use
  dataops.access.devo_token:
    account: example
    name: payments-writer
    enabled: false
"""

RETURN = r"""
token:
  description: The token as it is now, or would be in check mode; null when it does not exist.
  returned: success
  type: dict
  contains:
    id:
      description: Id given by the server; missing for a token that check mode would create.
      type: int
      returned: when it exists
      sample: 4711
    name:
      description: Its name.
      type: str
      returned: always
      sample: payments-reader
    account:
      description: Its account.
      type: str
      returned: when it exists
      sample: example
    audience:
      description: Sorted words of its audience.
      type: list
      elements: str
      returned: always
      sample: [apiv2]
    scopes:
      description: Sorted words of its scopes; V(default) where the server shows none.
      type: list
      elements: str
      returned: when it exists or its scopes are declared
      sample: ["table://my.app.payments"]
    user:
      description: E-mail of the user whose permissions it has.
      type: str
      returned: when it exists
      sample: payments@example.com
    owner:
      description: E-mail of its owner.
      type: str
      returned: when it exists
      sample: automation@example.com
    enabled:
      description: Whether it is enabled.
      type: bool
      returned: when it exists
      sample: true
    created:
      description: When it was created, in UTC.
      type: str
      returned: when it exists
      sample: "2026-01-31T14:38:18Z"
    updated:
      description: When it was changed last, in UTC.
      type: str
      returned: when it exists
      sample: "2026-01-31T14:38:18Z"
    expiration:
      description: When it expires, in UTC; null for a permanent token.
      type: str
      returned: when it exists
      sample: "2026-05-01T14:38:18Z"
    expires_in:
      description: Seconds from creation to expiration, V(-1) for a permanent token; null where nothing tells.
      type: int
      returned: when it exists
      sample: 7776000
    secret:
      description:
        - The token itself. After a renewal with C(retire_old=false) that of the new token.
      type: str
      returned: with C(return_secret), when it exists
# BEGIN results (tools/document.py)
changes:
  description:
    - One entry for each object that was out of line, in the order in which they are written.
    - Also returned when the task fails, with what became of each object.
  returned: once the tenant was read
  type: list
  elements: dict
  contains:
    key:
      description: What the object is called.
      type: str
      returned: always
    action:
      description: What brings it in line, V(create), V(update) or V(delete).
      type: str
      returned: always
      sample: update
    status:
      description:
        - V(planned) in check mode and where the task was refused as a whole.
        - V(applied) when it was written and read again.
        - V(failed) when it was not done.
        - V(unknown) when the answer was lost and reading again did not settle it.
      type: str
      returned: always
      sample: applied
    fields:
      description: The fields that differ, each with its C(before) and C(after). Secrets show
        as changed, never as a value.
      type: dict
      returned: always
      sample:
        comment:
          before: ""
          after: joined in May
    replaced:
      description: Whether a new object takes the place of the old one.
      type: bool
      returned: when it is V(true)
    error:
      description: Why it failed, with C(msg) and the fields of RV(failure); null when it did
        not.
      type: dict
      returned: always
summary:
  description:
    - Numbers of the plan and its outcome.
    - In a template write C(summary["update"]), since C(summary.update) is a method of every
      dictionary.
    - C(declared) and C(in_sync) count declared objects. C(create), C(update) and C(delete)
      count the plan, and C(failed) those of them that failed or whose outcome is unknown.
    - C(unmanaged) counts what exists and is not declared, and is null where the platform refused
      the listing; C(listing_complete) says whether it listed everything. Without that nothing
      is purged.
    - C(registrations), where a creation spends a year's quota, says how many the plan spends.
  returned: once the tenant was read
  type: dict
  sample:
    declared: 2
    in_sync: 1
    create: 1
    update: 0
    delete: 0
    failed: 0
    unmanaged: 0
    listing_complete: true
diff:
  description: The changed objects before and after, by key.
  returned: in diff mode
  type: dict
  contains:
    before:
      description: The objects as they were.
      type: dict
      returned: always
    after:
      description: The objects as they are now, or would be in check mode.
      type: dict
      returned: always
target:
  description: Where the module worked, and as whom.
  returned: once the connection options are complete
  type: dict
  contains:
    platform:
      description: Name of the platform.
      type: str
      returned: always
    api_url:
      description: Base URL of its API.
      type: str
      returned: always
    identity:
      description: The log-in name, or the last four characters of the SHA-256 of a key.
      type: str
      returned: always
      sample: automation@example.com
stats:
  description: What it took.
  returned: once the connection options are complete
  type: dict
  contains:
    requests:
      description: Requests sent, log-in and repetitions included.
      type: int
      returned: always
    reads:
      description: Calls that change nothing, whatever their HTTP method.
      type: int
      returned: always
    writes:
      description: Calls that change something. In check mode there is none.
      type: int
      returned: always
    retries:
      description: Requests that were sent again.
      type: int
      returned: always
    waited_s:
      description: Seconds spent waiting before repetitions and for the rate limit.
      type: float
      returned: always
    connections:
      description: TCP connections opened.
      type: int
      returned: always
    elapsed_s:
      description: Seconds from start to end.
      type: float
      returned: always
failure:
  description: What went wrong, for programs; C(msg) says it in a sentence.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - One of V(auth), V(permission), V(not_found), V(conflict), V(validation), V(quota),
          V(rate_limit), V(timeout), V(connection), V(protocol), V(server) and V(unknown_outcome).
      type: str
      returned: always
      sample: permission
    status:
      description: HTTP status of the answer, if there was one.
      type: int
      returned: always
      sample: 403
    method:
      description: HTTP method of the request.
      type: str
      returned: always
      sample: GET
    url:
      description: URL of the request, without secrets.
      type: str
      returned: always
    request_id:
      description: What the server calls the request, if it does.
      type: str
      returned: always
    retryable:
      description: Whether the same task may succeed later without any change.
      type: bool
      returned: always
# END results
"""

from ansible_collections.dataops.access.plugins.module_utils import runner
from ansible_collections.dataops.access.plugins.module_utils.services.devo_tokens import DevoTokens


def main() -> None:
    """Manage one token."""
    runner.run_one(DevoTokens)


if __name__ == "__main__":
    main()
