# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach the DBSync Partner API."""

from __future__ import annotations


class ModuleDocFragment:
    """Standard fragment: address and credentials."""

    DOCUMENTATION = r"""
options:
  api_url:
    description:
      - Endpoint of the Partner API, as in V(https://env.mydbsync.com/appcenter-2-2/appcode/v2/partner).
      - Required, here or in E(DBSYNC_API_URL).
    type: str
  api_method_url:
    description:
      - Address of a method. V({api_url}) and V({method}) stand for O(api_url) and the name of the method.
      - The vendor does not publish where the method's name goes. If the server does not know the default address, the
        Swagger page of the environment shows the right one, for example V({api_url}?method={method}).
      - It must lead to the host of O(api_url), since the credentials are sent there.
      - Taken from E(DBSYNC_METHOD_URL) if not given.
    type: str
    default: "{api_url}/{method}"
  partner_app_key:
    description:
      - Key of the partner application.
      - Taken from E(DBSYNC_PARTNER_APP_KEY) if no credential is given as an option.
    type: str
  partner_app_token:
    description:
      - Token of the partner application.
      - Taken from E(DBSYNC_PARTNER_APP_TOKEN) if no credential is given as an option.
    type: str
"""
