# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the filters of role cluster do beside the pure functions."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.llmops.platform.plugins.filter.cluster import FilterModule

FILTERS = FilterModule().filters()


def test_a_file_of_the_run_stays_the_same_in_a_folder_of_our_own():
    path = Path(FILTERS["cluster_run_file"]("shop.kubeconfig"))
    assert str(path) == FILTERS["cluster_run_file"]("shop.kubeconfig")
    assert path.parent.is_dir() and path.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["", "../other", "a/b", "/etc/passwd"])
def test_a_file_of_the_run_is_nowhere_else(name):
    with pytest.raises(AnsibleFilterError, match="no name of a file"):
        FILTERS["cluster_run_file"](name)
