# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection options that every module has."""

from __future__ import annotations


class ModuleDocFragment:
    """Standard fragment: the options of the HTTP client. The variables carry the prefix of each platform."""

    DOCUMENTATION = r"""
options:
  api_timeout:
    description:
      - Seconds to wait for the connection, and for each read of an answer.
      - One answer may take ten times as long in all.
      - Taken from C(<PREFIX>_TIMEOUT) if not given.
    type: float
    default: 30.0
  api_retries:
    description:
      - How often a request that may be repeated safely is sent again, after the first try.
      - Reads are repeated after connection errors and the statuses 429, 500, 502, 503 and 504. Writes are repeated
        after 429 alone, which says that nothing was done. A C(Retry-After) header is honoured.
      - Taken from C(<PREFIX>_RETRIES) if not given.
    type: int
    default: 4
  api_deadline:
    description:
      - Seconds for the whole run of the module, waiting included. V(0) means no deadline.
      - Taken from C(<PREFIX>_DEADLINE) if not given.
    type: float
    default: 0.0
  api_rate_limit:
    description:
      - Requests a second over all connections. V(0) means no limit.
      - Taken from C(<PREFIX>_RATE_LIMIT) if not given.
    type: float
    default: 0.0
  api_concurrency:
    description:
      - How many connections are used in parallel, where there is more than one object to read or write.
      - Taken from C(<PREFIX>_CONCURRENCY) if not given.
    type: int
    default: 8
  api_proxy:
    description:
      - URL of a proxy. Without it the usual variables hold, such as E(HTTPS_PROXY) and E(NO_PROXY).
      - Taken from C(<PREFIX>_PROXY) if not given.
    type: str
  api_allow_http:
    description:
      - Whether credentials may go over plain HTTP. To the loopback interface they always may.
      - Taken from C(<PREFIX>_ALLOW_HTTP) if not given.
    type: bool
    default: false
  validate_certs:
    description:
      - Whether the certificate of the server is checked. To trust an authority of your own, set O(ca_path) instead.
      - Taken from C(<PREFIX>_VALIDATE_CERTS) if not given.
    type: bool
    default: true
  ca_path:
    description:
      - File with the certificates (PEM) of the authorities that are trusted.
      - Taken from C(<PREFIX>_CA_PATH) if not given.
    type: path
  client_cert:
    description:
      - File with a client certificate (PEM), with its key in it unless O(client_key) names another file.
      - Taken from C(<PREFIX>_CLIENT_CERT) if not given.
    type: path
  client_key:
    description:
      - File with the key of the client certificate.
      - Taken from C(<PREFIX>_CLIENT_KEY) if not given.
    type: path
requirements:
  - requests on the host where the module runs
notes:
  - C(<PREFIX>) in the name of an environment variable stands for the platform in capitals, C(ALTERYX), C(DATASENTINEL),
    C(DBSYNC), C(DEVO) or C(DQM), as in E(DATASENTINEL_TIMEOUT).
  - An environment variable that is empty or blank counts as unset.
  - Credentials are resolved as a set. If one credential of the platform is given as an option, none is taken from the
    environment.
"""
