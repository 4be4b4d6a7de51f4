#!/usr/bin/python
# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module: renew tokens and hand their secrets over. The work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: access_rotate
short_description: Renew the tokens of a Devo account, and hand their secrets over
version_added: 1.0.0
author:
  - dataops.access contributors (@dataops-collections)
description:
  - Renews those of O(tokens) that have C(renew_before) and are within it, by M(dataops.access.devo_tokens).
  - The new token is as the old one was. It is made beside the old one, its secret is handed over and it is proven. Then
    the old one is disabled, and deleted after its C(grace).
  - Where handing over fails the new token is revoked, and the old one stays. Where it cannot be told whether the secret
    has arrived, or an earlier run may have handed it over, both stay, and the next run goes on.
  - A run that was ended at any moment is completed by the next.
  - The playbook C(dataops.access.rotate_tokens) runs this for every Devo tenant. Handing over by tasks needs it.
extends_documentation_fragment:
  - dataops.access.attributes.controller
attributes:
  check_mode:
    details:
      - Says what would be renewed, and whether the places for the secrets can be reached. Writes nothing.
  diff_mode:
    support: full
    details:
      - Secrets show as changed, never as a value.
options:
  account:
    description:
      - The account of the tokens.
    type: str
    required: true
  tokens:
    description:
      - The declared tokens, each with the options of M(dataops.access.devo_token) and, if it has one, its C(handover).
      - Those without C(renew_before), disabled or absent are left out.
    type: list
    elements: raw
    required: true
  handover:
    description:
      - Where the secrets of tokens go that have no C(handover) of their own. A list, or one mapping, as the variable
        C(access_token_handover), which the guide about renewing tokens (C(docs/rotate-tokens.md)) describes.
      - A token that has a C(secret_file) keeps it besides. Without anything else that is where its secret goes.
    type: raw
  connection:
    description:
      - Connection options of M(dataops.access.devo_tokens), as P(dataops.access.connection#filter) gives them.
    type: dict
    required: true
  everything:
    description:
      - Whether the secrets of tokens that are not about to expire are handed over as well, without renewing them.
    type: bool
    default: false
  begun:
    description:
      - What an earlier call returned, whose RV(waiting) secrets have been handed over by tasks since.
    type: dict
  refused:
    description:
      - With O(begun), why tasks failed, by the name of the token.
    type: dict
    default: {}
seealso:
  - module: dataops.access.devo_tokens
"""

EXAMPLES = r"""
- name: Tokens that are about to expire are renewed
  dataops.access.access_rotate:
    account: example
    tokens:
      - name: collector
        renew_before: 604800
        secret_file: /run/secrets/devo-collector
    connection: {api_url: https://api-eu.devo.com, api_token: "{{ vault_devo_token }}"}
"""

RETURN = r"""
result:
  description:
    - What was done, as M(dataops.access.devo_tokens) returns it. Holds no secret. Its C(failed) says whether something
      went wrong, while the task itself does not fail.
  returned: success
  type: dict
  sample: {"changed": true, "changes": [{"key": "collector", "action": "update", "status": "applied"}]}
waiting:
  description: Tokens whose secrets are to be handed over by tasks.
  returned: success
  type: list
  elements: dict
  contains:
    token:
      description: Name of the token.
      type: str
      returned: always
      sample: collector
    id:
      description: Id of the token that has the secret.
      type: str
      returned: always
      sample: "105"
    files:
      description: Files of tasks.
      type: list
      elements: str
      returned: always
      sample: [/srv/ansible/hand-over.yml]
    origin:
      description: >-
        V(made) for the secret of a token that this run has made, and that may be revoked, V(found) for one that an
        earlier run has made, V(present) for one that is not renewed.
      type: str
      returned: always
      sample: made
    retires:
      description: Whether an old token is to be retired.
      type: bool
      returned: always
      sample: true
# BEGIN results (tools/document.py)
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
