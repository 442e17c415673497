# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scriptable proxy in front of the AWS endpoint or of an API server: it delays, refuses, breaks off, and notes each call.

with WireProxy("http://127.0.0.1:5000") as proxy:
    proxy.rules.add(service="cloudformation", action="CreateStack", nth=1, do="drop_answer_after_effect")
    ...
    assert proxy.mutating("llmops.platform/") == []
"""

from __future__ import annotations

from tests.support.wire_proxy.calls import Call
from tests.support.wire_proxy.rules import Rule
from tests.support.wire_proxy.rules import Rules
from tests.support.wire_proxy.server import WireProxy

__all__ = ["Call", "Rule", "Rules", "WireProxy"]
