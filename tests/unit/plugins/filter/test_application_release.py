# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract with role release, as a table."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.filter.application_release import held_services
from ansible_collections.llmops.platform.plugins.filter.application_release import release_problems


def record(service: str, namespace: str = "shop", **data: str) -> dict:
    return {"metadata": {"name": f"release-{service}", "namespace": namespace, "labels": {"llmops.platform/release": service}}, "data": data}


SERVICES = {"cart": {"namespace": "shop", "image": {"tag": "1.0.0"}}, "web": {"namespace": "shop", "image": {"tag": "2.0.0"}}}


@pytest.mark.parametrize(
    ("records", "held", "problem"),
    [
        ([], [], None),
        ([record("cart", phase="progressing", version="2.0.0")], ["cart"], None),
        ([record("cart", phase="paused", version="2.0.0")], ["cart"], None),
        ([record("cart", phase="promoted", version="1.0.0")], [], None),
        ([record("cart", phase="promoted", version="2.0.0")], [], "cart.image.tag is 1.0.0, but 2.0.0 was released and promoted; write 2.0.0"),
        ([record("cart", phase="rolled_back", version="2.0.0", stable_version="1.0.0")], [], None),
        ([record("web", phase="rolled_back", version="2.0.0", stable_version="1.0.0")], [], "web.image.tag is 2.0.0, which a release rolled back to 1.0.0"),
        # Another namespace's service of the same name.
        ([record("cart", "other", phase="progressing")], [], None),
        ([record("gone", phase="progressing")], [], None),
    ],
)
def test_contract(records, held, problem):
    assert held_services(SERVICES, records) == held
    found = release_problems(SERVICES, records)
    assert (found == []) if problem is None else (len(found) == 1 and problem in found[0])
