# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture of the demo: real lines of it, and an error where there are none."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

import picture

COMMAND = "ansible-playbook -i inventory.yml dataops.access"
APPLY = f"   $ {COMMAND}.apply -e access_report_dir=here\n\nChanged: {{}}, on 2 tenants\n\n"
SAID = {
    "validate": f"   $ {COMMAND}.validate\n\nWho gets what\n\n",
    "apply": APPLY.format("2 created")
    + "datasentinel-eu (datasentinel): 1 created\n  + user a@example.com\n  ~ user b@example.com (roles [] -> [x])\n\n"
    + "dbsync-partner (dbsync): 1 created\n  + license_user <Acme & Co>/a@example.com\n\nRecord\n",
    "again": APPLY.format("nothing"),
    "audit": f"   $ {COMMAND}.audit\n\nAccess audit: CLEAN\n\n  tenant  verdict\n  devo-eu  clean\n\n",
}


def said(*steps: str) -> str:
    return "".join(f"{'=' * 100}\n{SAID[step]}" for step in steps)


def test_it_shows_what_the_demo_printed() -> None:
    lines = picture.chosen(said("validate", "apply", "again", "audit"))
    assert lines == [
        f"$ {COMMAND}.apply",
        "Changed: 2 created, on 2 tenants",
        "",
        "datasentinel-eu (datasentinel): 1 created",
        "  + user a@example.com",
        "  ~ user b@example.com (roles [] -> [x])",
        "",
        "dbsync-partner (dbsync): 1 created",
        "  + license_user <Acme & Co>/a@example.com",
        "",
        f"$ {COMMAND}.apply",
        "Changed: nothing, on 2 tenants",
        "",
        f"$ {COMMAND}.audit",
        "Access audit: CLEAN",
        "",
        "  tenant  verdict",
        "  devo-eu  clean",
    ]
    # A picture without script or anything from elsewhere, whatever the lines hold.
    root = ET.fromstring("\n".join(picture.drawn(lines)))  # noqa: S314 - drawn here
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == [line for line in lines if line]


@pytest.mark.parametrize("steps", [(), ("validate", "apply"), ("validate", "again", "again", "audit")])
def test_a_demo_that_broke_off_is_not_drawn(steps: tuple[str, ...]) -> None:
    with pytest.raises(picture.Missing):
        picture.chosen(said(*steps))
