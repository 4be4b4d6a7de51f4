# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulated vendors, by name."""

from __future__ import annotations

from .alteryx import Alteryx
from .dbsync import DBSync
from .platform import Platform

PLATFORMS: dict[str, type[Platform]] = {platform.name: platform for platform in (DBSync, Alteryx)}
