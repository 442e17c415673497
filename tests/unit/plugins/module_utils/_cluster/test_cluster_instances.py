# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of instance families against another copy of EC2's own answer."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
import yaml

from ansible_collections.llmops.platform.plugins.module_utils._cluster.instances import ami_type
from ansible_collections.llmops.platform.plugins.module_utils._cluster.instances import instance

FILE = Path(__file__).resolve().parents[5] / "roles" / "cluster" / "files" / "instance_families.yml"
FAMILIES = yaml.safe_load(FILE.read_text(encoding="utf-8"))["families"]
NAMES = [f"{family}.{size}" for family, row in FAMILIES.items() for size in row["sizes"]]


@pytest.fixture(scope="module")
def described():
    moto = pytest.importorskip("moto")
    return json.loads(gzip.decompress((Path(moto.__file__).parent / "ec2" / "resources" / "instance_types.json.gz").read_bytes()))


def test_every_type_is_what_ec2_says_it_is(described):
    assert len(NAMES) > 900
    for name in NAMES:
        found, true = instance(name, FAMILIES), described[name]
        assert found.architecture in true["ProcessorInfo"]["SupportedArchitectures"], name
        assert (found.vcpus, found.memory_gib) == (true["VCpuInfo"]["DefaultVCpus"], true["MemoryInfo"]["SizeInMiB"] / 1024), name
        # Prefix delegation needs it.
        assert true["Hypervisor"] == "nitro", name
        gpus = [gpu["Manufacturer"] for gpu in true.get("GpuInfo", {}).get("Gpus", [])]
        assert (found.accelerator == "nvidia") == (gpus == ["NVIDIA"]), name


def test_every_family_has_an_ami():
    for name in NAMES:
        assert ami_type(instance(name, FAMILIES)), name
