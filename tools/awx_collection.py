# SPDX-License-Identifier: GPL-3.0-or-later
"""Print the directory that holds the collection awx.awx, for ANSIBLE_COLLECTIONS_PATH; get it where it is not there.

Usage: awx_collection.py WORK_DIRECTORY REQUIREMENTS_FILE

It comes out of the wheel of the package `ansible`, the only one that has it. pip downloads the wheel by its hash, and
all else in it is thrown away: installed, it would take up hundreds of megabytes. Two runs at once share one copy.
"""

import fcntl
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

COLLECTION = "ansible_collections/awx/awx/"


def collection(work: Path, requirements: Path) -> Path:
    """Raises CalledProcessError where pip cannot download what is pinned, which it has said then."""
    place = work / "awx" / hashlib.sha256(requirements.read_bytes()).hexdigest()[:12]
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            with tempfile.TemporaryDirectory(dir=place.parent) as directory:
                unpacked = Path(directory, "unpacked")
                _unpack(_download(Path(directory), requirements), unpacked)
                unpacked.rename(place)
    return place


def _download(directory: Path, requirements: Path) -> Path:
    pip = [sys.executable, "-m", "pip", "download", "-qq", "--require-hashes", "--no-deps", "--only-binary", ":all:"]
    options = ["--dest", str(directory), "--requirement", str(requirements)]
    subprocess.run([*pip, *options], check=True, stdout=sys.stderr)
    (wheel,) = directory.glob("*.whl")
    return wheel


def _unpack(wheel: Path, directory: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        wanted = [name for name in archive.namelist() if name.startswith(COLLECTION)]
        archive.extractall(directory, wanted)


if __name__ == "__main__":
    print(collection(Path(sys.argv[1]), Path(sys.argv[2])))
