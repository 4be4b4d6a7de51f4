# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach Crownpeak DQM."""

from __future__ import annotations


class ModuleDocFragment:
    """Standard fragment: address and credentials."""

    DOCUMENTATION = r"""
options:
  api_url:
    description:
      - Base URL of the API.
      - Taken from E(DQM_API_URL) if not given.
    type: str
    default: https://api.crownpeak.net
  api_username:
    description:
      - E-mail with which a person logs in to Crownpeak DQM.
      - Taken from E(DQM_USERNAME) if no credential is given as an option.
    type: str
  api_password:
    description:
      - Password of that person.
      - Taken from E(DQM_PASSWORD) if no credential is given as an option.
    type: str
  api_token:
    description:
      - A session token, instead of O(api_username) and O(api_password), for people who log in through single sign-on.
        It lives two hours.
      - Taken from E(DQM_API_TOKEN) if no credential is given as an option.
    type: str
"""
