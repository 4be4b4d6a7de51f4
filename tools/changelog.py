# SPDX-License-Identifier: GPL-3.0-or-later
"""Write CHANGELOG.md and changelogs/changelog.yaml of the version in galaxy.yml from the fragments and the plugins.

Works in the current directory. antsibull-changelog adds nothing to a version that it has already written, so what it
wrote for this version is taken out first; its date stays.
"""

import subprocess
from pathlib import Path

import yaml

written = Path("changelogs/changelog.yaml")
version = yaml.safe_load(Path("galaxy.yml").read_text())["version"]
command = ["antsibull-changelog", "release", "--reload-plugins"]

if written.exists():
    changelog = yaml.safe_load(written.read_text())
    previous = changelog["releases"].pop(version, None)
    if previous:
        command += ["--date", str(previous["release_date"])]
    written.write_text(yaml.safe_dump(changelog))

subprocess.run(command, check=True)
