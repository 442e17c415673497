# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The resource types that are really made in moto. All others are records of the core."""

from __future__ import annotations

from functools import cache

from fake_cloudformation import moto_patches
from fake_cloudformation.contract import Handler
from fake_cloudformation.resources import data
from fake_cloudformation.resources import ec2
from fake_cloudformation.resources import ec2_groups
from fake_cloudformation.resources import ec2_routes
from fake_cloudformation.resources import ecr
from fake_cloudformation.resources import edge
from fake_cloudformation.resources import eks
from fake_cloudformation.resources import iam
from fake_cloudformation.resources import kms
from fake_cloudformation.resources import monitoring
from fake_cloudformation.resources import s3
from fake_cloudformation.resources import secretsmanager
from fake_cloudformation.resources.table import Row

# Before any server of this process has made its routes.
moto_patches.apply()
TABLES = (data, ec2, ec2_groups, ec2_routes, ecr, edge, eks, iam, kms, monitoring, s3, secretsmanager)


@cache
def rows() -> dict[str, Row]:
    """Type name to row, over all tables."""
    return {row.type: row for table in TABLES for row in table.ROWS}


def handler_of(type_name: str) -> Handler | None:
    """The handler of a type; None where nothing is made of it, only a record kept."""
    return rows().get(type_name)


def supported() -> list[str]:
    """The types that are really made, sorted."""
    return sorted(rows())


def table_text() -> str:
    """The table as Markdown: type, service, what Ref gives, what Fn::GetAtt gives, what changes in place by calls of its own."""
    lines = ["| type | service | Ref | GetAtt | in place |", "|---|---|---|---|---|"]
    for row in sorted(rows().values(), key=lambda row: row.type):
        own = sorted(key for part in row.parts for key in part.properties)
        changing = [*own, *(["the rest"] if row.update_by else []), *([row.tagging.property] if row.tagging else [])]
        lines.append(f"| {row.type} | {row.service} | {row.ref.removeprefix('=')} | {', '.join(row.attributes) or '-'} | {', '.join(changing) or '-'} |")
    return "\n".join(lines)
