# SPDX-License-Identifier: GPL-3.0-or-later
"""Does nothing: takes what ds_users takes, by the same argument spec, and leaves the way that modules usually leave."""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.dataops.access.plugins.module_utils.runner import many_spec
from ansible_collections.dataops.access.plugins.module_utils.services.datasentinel import DatasentinelUsers

if __name__ == "__main__":
    AnsibleModule(argument_spec=many_spec(DatasentinelUsers), supports_check_mode=True).exit_json(changed=False)
