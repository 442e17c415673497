# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ready-made programs instead of built ones: the layout of the projects' release files, served from this machine."""

from __future__ import annotations

import functools
import hashlib
import http.server
import os
import platform
import subprocess
import sys
import tarfile
import threading
from pathlib import Path

import pytest

from tests.support.modules import DEFAULTS
from tests.support.modules import ROOT

KUBERNETES, KWOK, ETCD = (DEFAULTS[f"local_platform_{name}_version"] for name in ("kubernetes", "kwok", "etcd"))
PROGRAMS = ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl")
ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64", "arm64": "arm64"}[platform.machine()]
MACHINE = f"{platform.system().lower()}-{ARCHITECTURE}"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words):
        pass


@pytest.fixture
def releases(tmp_path):
    """A folder as the release servers have it, and its address."""
    folder = tmp_path / "releases"
    kubernetes = folder / f"v{KUBERNETES}" / "bin" / MACHINE.replace("-", "/")
    kubernetes.mkdir(parents=True)
    for name in PROGRAMS:
        (kubernetes / name).write_text(f"#!/bin/sh\necho {name}\n")
        (kubernetes / f"{name}.sha256").write_text(hashlib.sha256((kubernetes / name).read_bytes()).hexdigest())
    kwok = folder / "kubernetes-sigs" / "kwok" / "releases" / "download" / f"v{KWOK}"
    kwok.mkdir(parents=True)
    for name in ("kwok", "kwokctl"):
        (kwok / f"{name}-{MACHINE}").write_text(f"#!/bin/sh\necho {name}\n")
    etcd = folder / "etcd-io" / "etcd" / "releases" / "download" / f"v{ETCD}"
    etcd.mkdir(parents=True)
    archive = etcd / f"etcd-v{ETCD}-{MACHINE}.tar.gz"
    source = tmp_path / "etcd"
    source.write_text("#!/bin/sh\necho etcd\n")
    source.chmod(0o755)
    with tarfile.open(archive, "w:gz") as packed:
        packed.add(source, arcname=f"etcd-v{ETCD}-{MACHINE}/etcd")
    (etcd / "SHA256SUMS").write_text(f"{hashlib.sha256(archive.read_bytes()).hexdigest()}  {archive.name}\n")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


def download(destination: Path, address: str) -> subprocess.CompletedProcess:
    command = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", "inventories/local.yml", "playbooks/local_up.yml", "--tags", "binaries"]
    command += ["-e", "local_platform_binaries=download", "-e", f"local_platform_binaries_directory={destination}"]
    command += ["-e", f"local_platform_download_kubernetes={address}", "-e", f"local_platform_download_github={address}"]
    # The way of a machine without Go.
    command += ["-e", "local_platform_go=/no/such/go", "-e", f"local_platform_crds_directory={destination}/crds"]
    environment = {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_all_programs_are_fetched_once(releases, tmp_path):
    _folder, address = releases
    destination = tmp_path / "bin"
    done = download(destination, address)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "no Go: CRDs not installed (argo_cd, " in done.stdout
    for name in (*PROGRAMS, "kwok", "kwokctl", "etcd"):
        assert subprocess.run([str(destination / name)], capture_output=True, text=True, check=True).stdout == f"{name}\n"
    assert "changed=0" in download(destination, address).stdout


def test_a_changed_program_is_refused(releases, tmp_path):
    folder, address = releases
    next(folder.rglob("kube-scheduler")).write_text("something else")
    done = download(tmp_path / "bin", address)
    assert done.returncode != 0
    assert "checksum" in done.stdout
