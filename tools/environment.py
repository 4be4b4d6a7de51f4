# SPDX-License-Identifier: GPL-3.0-or-later
"""Print the virtual environment that holds a requirements file; make it where it does not exist yet.

Usage: environment.py WORK_DIRECTORY REQUIREMENTS_FILE

It is keyed by the interpreter and the file's content, so a changed pin makes a new one, and two runs at once share one.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path


def environment(work: Path, requirements: Path) -> Path:
    key = hashlib.sha256(f"{sys.base_prefix} {sys.version}\n{requirements.read_text()}".encode()).hexdigest()[:12]
    place = work / "environments" / f"{requirements.stem}-{key}"
    complete = place / "complete"
    place.parent.mkdir(parents=True, exist_ok=True)
    with (place.parent / f"{place.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not complete.exists():
            shutil.rmtree(place, ignore_errors=True)
            version = sys.version.split()[0]
            print(f"Installing {requirements} for Python {version} into {work.name}/ …", file=sys.stderr, flush=True)
            subprocess.run([sys.executable, "-m", "venv", place], check=True)
            # Whatever an index or a cache serves: only what was pinned is installed, down to the last byte.
            pip = [str(place / "bin" / "python"), "-m", "pip", "install", "-qq", "--require-hashes"]
            subprocess.run([*pip, "--requirement", str(requirements)], check=True, stdout=sys.stderr)
            complete.touch()
    return place


if __name__ == "__main__":
    print(environment(Path(sys.argv[1]), Path(sys.argv[2])))
