# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach Devo."""

from __future__ import annotations


class ModuleDocFragment:
    """Standard fragment: address, credentials and paths."""

    DOCUMENTATION = r"""
options:
  api_url:
    description:
      - Base URL of the region, as in V(https://api-eu.devo.com).
      - Required, here or in E(DEVO_API_URL).
    type: str
  api_token:
    description:
      - An authentication token of the domain. The token API takes nothing else.
      - It may be given together with O(api_key) and O(api_secret), since one tenant may need both.
      - Taken from E(DEVO_API_TOKEN) if no credential is given as an option.
    type: str
  api_key:
    description:
      - API key with which requests to the Provisioning API are signed. Needs O(api_secret).
      - If it is given, the Provisioning API gets no O(api_token).
      - Taken from E(DEVO_API_KEY) if no credential is given as an option.
    type: str
  api_secret:
    description:
      - API secret that belongs to O(api_key).
      - Taken from E(DEVO_API_SECRET) if no credential is given as an option.
    type: str
  api_key_type:
    description:
      - Whether O(api_key) is the key of a V(domain) or the V(multitenant) key.
      - Taken from E(DEVO_KEY_TYPE) if not given.
    type: str
    choices: [domain, multitenant]
    default: domain
  api_token_header:
    description:
      - In which header the Provisioning API gets O(api_token), V(standAloneToken) as documented, or V(bearer), which
        works as well in places.
      - Taken from E(DEVO_TOKEN_HEADER) if not given.
    type: str
    choices: [standAloneToken, bearer]
    default: standAloneToken
  tokens_path:
    description:
      - Where the token API stands below O(api_url). C({account}) stands for the account.
      - The other published layout is V(/ws/accounts/{account}/credentials/tokens).
      - Taken from E(DEVO_TOKENS_PATH) if not given.
    type: str
    default: /v2/accounts/{account}/tokens
  provisioning_path:
    description:
      - Where the Provisioning API stands below O(api_url).
      - Taken from E(DEVO_PROVISIONING_PATH) if not given.
    type: str
    default: /probio
"""
