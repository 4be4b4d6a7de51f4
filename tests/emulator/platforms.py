# SPDX-License-Identifier: GPL-3.0-or-later
"""The platforms that can be emulated, by name."""

from __future__ import annotations

from .alteryx import Alteryx
from .datasentinel import Datasentinel
from .dbsync import DBSync
from .devo import Devo
from .dqm import DQM
from .platform import Platform

_ALL: tuple[type[Platform], ...] = (
    DBSync,
    Alteryx,
    DQM,
    Datasentinel,
    Devo,
)
PLATFORMS: dict[str, type[Platform]] = {platform.name: platform for platform in _ALL}
