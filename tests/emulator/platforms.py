# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulated vendors, by name."""

from __future__ import annotations

from .datasentinel import Datasentinel
from .dqm import DQM
from .platform import Platform

PLATFORMS: dict[str, type[Platform]] = {platform.name: platform for platform in (Datasentinel, DQM)}
