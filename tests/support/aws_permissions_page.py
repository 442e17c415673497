# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/docsite/rst/aws_permissions.rst: the IAM policies of one deployment. `python -m tests.support.aws_permissions_page`; a unit test compares."""

from __future__ import annotations

import json
import sys
from typing import Any

import yaml

from ansible_collections.llmops.platform.plugins.module_utils._stacks.names import aws_name
from ansible_collections.llmops.platform.plugins.module_utils._stacks.permissions import controller_policies
from ansible_collections.llmops.platform.plugins.module_utils._stacks.permissions import service_role_policies
from tests.support import stack_permissions
from tests.support.inventories import ROOT
from tests.support.inventories import of_host

PAGE = ROOT / "docs" / "docsite" / "rst" / "aws_permissions.rst"
HOST = "llm_marketplace_production_primary"
HEAD = """\
.. _ansible_collections.llmops.platform.docsite.aws_permissions:

Permissions at AWS
==================

Two identities act on an account. Neither is written by hand: the policies come from the handlers in the resource schemas of the very types that the roles'
templates have (``roles/stacks/files/permissions.yml``). This page shows them for {platform} in {environment}; it is written by ``python -m
tests.support.aws_permissions_page``, and a test compares.

- **Who runs the collection** has CloudFormation on the names of the deployment's stacks, may pass the role below and no other, and has the state bucket
  and the checks of preflight. The stacks ``…-state`` and ``…-cloudformation`` come before there is a role, so it has what these two need. Of operations
  it has what ``playbooks/off_hours.yml`` calls, on node groups and databases that bear the deployment's tags ``platform`` and ``environment``, and reading of
  Cost Explorer and of the Price List. Operations on other services are added with their roles.
- **CloudFormation** takes the role ``…-cloudformation-<account>-<region>`` for all other stacks. It may what the declared components need, on the
  deployment's names where a service knows names, else in the platform's regions only, and nothing to itself. Only CloudFormation, for stacks of these
  names in this account, can take it.

What these policies do not limit: keys, secrets and log groups of the account by name, as their ids and paths are not ours to choose, and what
``Describe``, ``Get`` and ``List`` calls tell without content. That a real account accepts them has not been tried.
"""


def _scope() -> tuple[dict[str, Any], list[str]]:
    own = of_host(HOST)
    platform, environment, account = (own.value(HOST, f"platform_{name}") for name in ("name", "environment", "account"))
    regions = sorted(set(own.value(HOST, "platform_regions").values()))
    here = own.value(HOST, "platform_region")

    def named(thing: str, kind: str, region: str = here) -> str:
        return aws_name(thing, kind, platform, environment, region=region, account=account)

    scope = {
        "platform": platform,
        "environment": environment,
        "prefix": f"{platform}-{environment}".replace("_", "-"),
        "account": account,
        "regions": regions,
        "role_name": named("cloudformation", "iam"),
        "policy_names": [named(f"cloudformation-{number}", "iam") for number in range(1, 11)],
        "role_names": [named("cloudformation", "iam", region) for region in regions],
        "buckets": [named("state", "bucket", region) for region in regions],
        "key_alias": f"alias/{named('state', 'alias')}",
        "tags": {"platform": platform, "environment": environment},
    }
    return scope, [name for name, wanted in own.value(HOST, "platform_components").items() if wanted]


def page() -> str:
    """The page."""
    table = yaml.safe_load(stack_permissions.FILE.read_text(encoding="utf-8"))
    scope, components = _scope()
    types = sorted({name for role in components for name in table["roles"].get(role, ())})
    parts = [HEAD.format(**scope)]
    for title, documents in (
        ("Who runs the collection", controller_policies(table["types"], table["roles"]["stacks"], scope)),
        ("CloudFormation", service_role_policies(table["types"], types, scope)),
    ):
        parts += ["", title, "-" * len(title), ""]
        for number, document in enumerate(documents, 1):
            text = json.dumps(document, indent=2)
            parts += [f"Policy {number} of {len(documents)}:", "", ".. code-block:: json", "", *(f"    {line}" for line in text.splitlines()), ""]
    return "\n".join(parts).rstrip() + "\n"


def main() -> int:
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
