# SPDX-License-Identifier: GPL-3.0-or-later
"""Copy the files that standard input names, ended by NUL, into a directory; a file that is listed but gone is left out.

Usage: git ls-files -z | copy_listed.py DIRECTORY
"""

import shutil
import sys
from pathlib import Path

target = Path(sys.argv[1])
for name in filter(None, sys.stdin.read().split("\0")):
    source = Path(name)
    if source.is_symlink() or source.is_file():
        copy = target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, copy, follow_symlinks=False)
