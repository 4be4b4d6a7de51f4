#!/usr/bin/python
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: the authentication tokens of a Devo account."""

from __future__ import annotations

DOCUMENTATION = r"""
module: devo_tokens
short_description: Manage the authentication tokens of a Devo account
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Brings many authentication tokens of a Devo account in line in one task, with one listing and only the writes that
    are needed, in parallel.
  - Says which tokens exist without being declared, and deletes them on request.
extends_documentation_fragment:
  - dataops.access.connection
  - dataops.access.devo
  - dataops.access.many
  - dataops.access.attributes
  - dataops.access.attributes.write
  - dataops.access.attributes.group_devo
options:
  account:
    description:
      - The account that the tokens belong to. Devo knows accounts that are domains, so that this is the domain's name.
    type: str
    required: true
  tokens:
    description:
      - The tokens, each with the options of M(dataops.access.devo_token). Two entries for one token are an error.
      - One of O(tokens) and O(tokens_file) is required.
      - O(tokens[].return_secret) needs O(return_objects).
    type: list
    elements: dict
    suboptions:
      # BEGIN suboptions (tools/document.py)
      name:
        description:
          - Name of the token, which identifies it unless O(tokens[].token_id) is given. With
            O(tokens[].token_id), the name that it gets.
          - Devo lets several tokens have one name. The task is refused then, and says their
            ids.
          - Names that end with C(~next) or C(~old-) and an id belong to renewals.
        type: str
      token_id:
        description:
          - Id of an existing token. One of O(tokens[].name) and O(tokens[].token_id) is required.
          - A new token has another id, so a token that is declared by its id is neither replaced
            nor renewed.
        type: str
      audience:
        description:
          - The APIs that the token is for, such as V(apiv2), V(apiv2-admin), V(alerts), V(aggregations)
            or V(http). Required to create a token. Compared as a set of words.
        type: list
        elements: str
      scopes:
        description:
          - What the token may do, such as V(table://my.app.test) or V(level://admin). Compared
            as a set of words.
          - A token that is created without has the scopes that Devo gives by default. How these
            read back is not documented, so V(default) is never found to differ; a warning says
            what the token has.
        type: list
        elements: str
      user:
        description:
          - E-mail of the user whose permissions the token has. By default its owner.
        type: str
      owner:
        description:
          - E-mail of the owner. By default the user of the token with which it is created.
          - Devo's pages do not agree on whether this can be chosen. A token that gets another
            owner than this is revoked.
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
          - Whether to replace the token by a new one when O(tokens[].audience), O(tokens[].scopes),
            O(tokens[].user), O(tokens[].owner) or O(tokens[].expires_in) differ, or when it
            has expired. Without this a difference is an error that names the fields.
          - What is not declared is the new token's as it was the old one's. The new one is
            made, and handed over where O(tokens[].secret_file) or O(tokens[].return_secret)
            ask for it, before the old one is deleted.
        type: bool
        default: false
      renew_before:
        description:
          - Renew the token when it expires in less than this many seconds. Must be less than
            its lifetime.
          - Needs O(tokens[].secret_file) or O(tokens[].return_secret). A disabled token is
            not renewed.
          - The new token is created as C(<name>~next), its secret is handed over, and it is
            proven. It is read by its id, and used for a read where its audience allows one.
            Then the old token is renamed to C(<name>~old-<id>) and disabled, the new one gets
            the name, and the old one is deleted after O(tokens[].grace).
        type: int
      retire_old:
        description:
          - Whether a renewal goes on to retire the old token. With V(false) the new token stays
            beside it as C(<name>~next), until a run with V(true), and with O(tokens[].secret_file)
            or O(tokens[].return_secret), finishes the renewal.
        type: bool
        default: true
      grace:
        description:
          - Seconds between disabling an old token and deleting it.
          - The task waits for up to a minute. A longer time is left to the next task that manages
            this token after it.
        type: int
        default: 0
      secret_file:
        description:
          - Save the secret of a new token in this file, bare and with a newline, with mode
            0600, before success is reported. A token whose secret cannot be saved is revoked.
          - The folder has to exist. A file that is missing for an existing token is written
            again; one that exists is not compared.
        type: path
      return_secret:
        description:
          - Whether to return the secret as C(token.secret), also that of an existing token,
            and in check mode.
        type: bool
        default: false
      only_existing:
        description:
          - Whether the token is left alone where it does not exist. For one that is to be disabled,
            if there at all.
        type: bool
        default: false
      state:
        description:
          - V(present) creates the token or brings it in line, V(absent) deletes it, with what
            an unfinished renewal left.
        type: str
        choices: [present, absent]
        default: present
      # END suboptions
  tokens_file:
    description:
      - A JSON or YAML file with the list O(tokens), on the host where the module runs, for lists that are too long for
        a task.
    type: path
notes:
  - Replacing and renewing a token do not count for O(max_deletions). Disabling does.
  - The token in use is known by its value. With O(purge), enabled tokens that are not declared are read one by one
    until it is found.
seealso:
  - module: dataops.access.devo_token
  - module: dataops.access.devo_token_info
"""

EXAMPLES = r"""
- name: Exactly these tokens, but for those that people made for themselves
  dataops.access.devo_tokens:
    api_url: https://api-eu.devo.com
    api_token: "{{ vault_devo_token }}"
    account: example
    tokens:
      - name: payments-reader
        audience: [apiv2]
        scopes: [table://my.app.payments]
        expires_in: 7776000
        renew_before: 604800
        secret_file: /etc/payments/devo.token
      - name: ingestion
        audience: [http]
        expires_in: -1
    purge: true
    purge_exclude:
      - personal-.*

- name: What would change, with the list in a file
  dataops.access.devo_tokens:
    account: example
    tokens_file: /srv/access/devo-tokens.yml
  check_mode: true
  diff: true
  register: planned
"""

RETURN = r"""
# BEGIN results (tools/document.py)
tokens:
  description: The declared objects that exist, as they are now or would be in check mode.
  returned: with O(return_objects)
  type: list
  elements: dict
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
      sample:
        - table://my.app.payments
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
      description: Seconds from creation to expiration, V(-1) for a permanent token; null where
        nothing tells.
      type: int
      returned: when it exists
      sample: 7776000
    secret:
      description:
        - The token itself. After a renewal with C(retire_old=false) that of the new token.
      type: str
      returned: with C(return_secret), when it exists
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
unmanaged:
  description:
    - What exists on the tenant and is not declared, sorted by key, whether or not it is in
      the scope of a purge.
    - Null where the platform refused the listing.
  returned: once the tenant was read
  type: list
  elements: dict
  contains:
    key:
      description: What the object is called.
      type: str
      returned: always
    reason:
      description:
        - V(undeclared) for what O(purge) removes.
        - V(excluded) by O(purge_exclude), V(in_use), V(protected) or V(out_of_scope) for what
          it leaves alone.
      type: str
      returned: always
      sample: undeclared
existing:
  description:
    - Everything that exists on the tenant, declared or not, sorted by key. What a platform
      does not tell is null.
    - Holds no secret.
  returned: when O(return_existing=true) and the tenant was read
  type: list
  elements: dict
  contains:
    key:
      description: What the object is called.
      type: str
      returned: always
    identity:
      description: The options of the singular module that name this very object.
      type: dict
      returned: always
      sample:
        email: ann@example.com
    declared:
      description: The state that it is declared in; null where nobody declared it.
      type: str
      returned: always
      sample: present
    protected:
      description: Why it is never removed, in words, or null.
      type: str
      returned: always
    nature:
      description: What it is to a reviewer of access, V(user), V(license), V(token), V(group)
        or V(client).
      type: str
      returned: always
      sample: user
    people:
      description: Who uses it, by lower-cased e-mail, or by name where the platform knows no
        e-mail.
      type: list
      elements: str
      returned: always
    entitlements:
      description: What it allows, one text for each right.
      type: list
      elements: str
      returned: always
      sample: [privilege read, role billing]
    enabled:
      description: Whether it works.
      type: bool
      returned: always
    administrator:
      description: Whether it allows to administrate the platform.
      type: bool
      returned: always
    unrestricted:
      description: Whether nothing restricts what it may see, on a platform where that can be
        restricted.
      type: bool
      returned: always
    created:
      description: When it was made, in ISO 8601.
      type: str
      returned: always
      sample: "2026-01-31T06:00:00Z"
    expires:
      description: When it ends to work, in ISO 8601.
      type: str
      returned: always
    permanent:
      description: Whether it never ends to work.
      type: bool
      returned: always
    wide:
      description: Those of the entitlements that allow nearly everything.
      type: list
      elements: str
      returned: always
    users:
      description: How many users are in it.
      type: int
      returned: always
    workflows:
      description: How many workflows are in it.
      type: int
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
plan_sha256:
  description: The SHA-256 over the keys, actions and fields of RV(changes), for O(approved_plan).
  returned: once the tenant was read
  type: str
  sample: 4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945
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
    """Manage many tokens."""
    runner.run_many(DevoTokens)


if __name__ == "__main__":
    main()
