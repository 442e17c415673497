# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients for moto inside the process: it throws boto3's own session away at each start, and the services' descriptions with it, which take long to read."""

from __future__ import annotations

import functools
from typing import Any

import boto3


@functools.cache
def _session() -> boto3.Session:
    return boto3.Session()


def client(service: str, region: str) -> Any:
    """A client of this service; to be asked for while moto is on and the environment has credentials."""
    return _session().client(service, region_name=region)
