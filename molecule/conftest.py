# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the scenarios' tests reach the environment that scenario default makes for all of them."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

# It makes the collection importable.
importlib.import_module("tests.conftest")


@pytest.fixture(scope="module")
def releases():
    """A service under release, at rest before and after."""
    from tests.support.releases import Releases

    service = Releases(Path(os.environ["LOCAL_PLATFORM_DIRECTORY"]))
    service.rest()
    yield service
    service.rest()


@pytest.fixture(scope="module")
def fake(tmp_path_factory):
    """A fake of AWS of the scenario's own, behind the wire proxy."""
    from tests.support.proxied_aws import ProxiedAws

    with ProxiedAws(tmp_path_factory.mktemp("aws")) as fake:
        yield fake


@pytest.fixture
def playbook(fake, tmp_path):
    """`playbook.run(graph, check=False, **options)`: aws_stacks in a playbook, on an AWS that knows nothing yet."""
    from tests.support.stacks import Stacks

    fake.reset()
    return Stacks(tmp_path, fake.environment)


@pytest.fixture
def direct(fake, tmp_path):
    """The same in this process, for many cases."""
    from tests.support.stacks import Direct

    fake.reset()
    return Direct(tmp_path, fake.environment)
