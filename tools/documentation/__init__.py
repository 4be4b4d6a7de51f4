# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the parts of documentation and argument specs that follow from others, from one source each."""
