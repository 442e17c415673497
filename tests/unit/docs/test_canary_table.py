# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of requests in the guide is what the code computes."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.llmops.platform.plugins.filter.canary_requests_needed import canary_requests_needed
from ansible_collections.llmops.platform.plugins.module_utils._canary import needs

PAGE = Path(__file__).resolve().parents[3] / "docs" / "docsite" / "rst" / "canary_analysis.rst"


def test_the_page_shows_what_the_code_computes():
    assert "\n".join(needs.table()) in PAGE.read_text(encoding="utf-8")


def test_the_filter():
    assert canary_requests_needed(0.01)["promote"] < canary_requests_needed(0.01, harm=1.5)["promote"]
    with pytest.raises(AnsibleFilterError, match="share between 0 and 1"):
        canary_requests_needed(0.01, share=2)
