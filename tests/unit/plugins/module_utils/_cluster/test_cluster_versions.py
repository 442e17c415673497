# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways of a control plane's version, and the kubeconfig that leads to it."""

from __future__ import annotations

import pytest
import yaml

from ansible_collections.llmops.platform.plugins.module_utils._cluster.kubeconfig import kubeconfig
from ansible_collections.llmops.platform.plugins.module_utils._cluster.versions import change_problem
from ansible_collections.llmops.platform.plugins.module_utils._cluster.versions import nodes_problem
from ansible_collections.llmops.platform.plugins.module_utils._k8s import connection

OUTPUTS = {"ClusterName": "shop-dev", "Endpoint": "https://ABC.gr7.us-east-1.eks.amazonaws.com", "CertificateAuthorityData": "LS0tLS0="}


@pytest.mark.parametrize(
    ("live", "wanted", "said"),
    [
        ("", "1.36", ""),
        ("1.36", "1.36", ""),
        ("1.36", "1.35", 'EKS never goes down; write cluster_version: "1.36"'),
        ("1.34", "1.36", 'one minor at a time; write cluster_version: "1.35"'),
        ("1.35", "1.36", "playbooks/upgrade.yml takes it to 1.36"),
        ("1.9", "1.10", "playbooks/upgrade.yml"),
    ],
)
def test_which_way_a_control_plane_goes(live, wanted, said):
    found = change_problem(live, wanted)
    assert said in found and bool(found) == bool(said)


@pytest.mark.parametrize(("nodes", "refused"), [("1.36", False), ("1.33", False), ("1.32", True), ("1.37", True)])
def test_how_far_nodes_are_behind(nodes, refused):
    assert bool(nodes_problem(nodes, "1.36")) == refused


def read(tmp_path, **more):
    path = tmp_path / "kubeconfig"
    path.write_text(yaml.safe_dump(kubeconfig(OUTPUTS, region="us-east-1", **more)), encoding="utf-8")
    return connection.selected(connection.merged([path]), str(path), None)


def test_a_kubeconfig_asks_the_cli_for_a_token(tmp_path):
    name, cluster, user, _namespace = read(tmp_path, role="arn:aws:iam::123456789012:role/admin")
    assert (name, cluster["server"], cluster["certificate-authority-data"]) == ("shop-dev", OUTPUTS["Endpoint"], "LS0tLS0=")
    assert user["exec"]["command"] == "aws" and user["exec"]["args"] == [
        "--region", "us-east-1", "eks", "get-token", "--cluster-name", "shop-dev", "--output", "json", "--role-arn", "arn:aws:iam::123456789012:role/admin",
    ]  # fmt: skip
    assert "proxy-url" not in cluster and "tls-server-name" not in cluster


def test_a_private_endpoint_by_proxy_or_tunnel(tmp_path):
    assert read(tmp_path, proxy="socks5://127.0.0.1:1080")[1]["proxy-url"] == "socks5://127.0.0.1:1080"
    cluster = read(tmp_path, tunnel="https://127.0.0.1:8443")[1]
    assert cluster["server"] == "https://127.0.0.1:8443" and cluster["tls-server-name"] == "abc.gr7.us-east-1.eks.amazonaws.com"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"proxy": "http://a:1", "tunnel": "https://b:2"}, "both set"),
        ({"proxy": "127.0.0.1:8888"}, "cluster_proxy_url is '127.0.0.1:8888'"),
        ({"tunnel": "http://127.0.0.1:8443"}, "cluster_tunnel_server is 'http://127.0.0.1:8443'"),
    ],
)
def test_ways_that_lead_nowhere(more, said):
    with pytest.raises(ValueError, match=said):
        kubeconfig(OUTPUTS, region="us-east-1", **more)
