# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Kubeconfig of an EKS cluster: no secret in it, the AWS CLI gives the token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

UNKNOWN = "(known after apply)"
HINT = "Install the AWS CLI, version 2: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"


def kubeconfig(outputs: Mapping[str, str], *, region: str, role: str = "", proxy: str = "", tunnel: str = "") -> dict[str, Any]:
    """The document. `outputs`: those of the cluster's stack. `role`: ARN to take before asking for a token.

    `proxy`: address of an HTTP or SOCKS5 proxy inside the network. `tunnel`: address of the near end of a tunnel, like https://127.0.0.1:8443; the
    certificate is still that of the endpoint. Raises ValueError for both at once, or an address that is none; KeyError for a missing output.
    """
    name, server = outputs["ClusterName"], outputs["Endpoint"]
    if proxy and tunnel:
        raise ValueError("cluster_proxy_url and cluster_tunnel_server are both set; a connection goes one way: leave one of them empty")
    if proxy and urlsplit(proxy).scheme not in ("http", "https", "socks5"):
        raise ValueError(f"cluster_proxy_url is {proxy!r}; write it like http://127.0.0.1:8888 or socks5://127.0.0.1:1080")
    if tunnel and (urlsplit(tunnel).scheme != "https" or not urlsplit(tunnel).hostname):
        raise ValueError(f"cluster_tunnel_server is {tunnel!r}; write it like https://127.0.0.1:8443")
    cluster: dict[str, Any] = {"server": tunnel or server, "certificate-authority-data": outputs["CertificateAuthorityData"]}
    if proxy:
        cluster["proxy-url"] = proxy
    if tunnel:
        cluster["tls-server-name"] = urlsplit(server).hostname
    arguments = ["--region", region, "eks", "get-token", "--cluster-name", name, "--output", "json", *(["--role-arn", role] if role else [])]
    # The version that the AWS CLI writes.
    plugin = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "aws",
        "args": arguments,
        "installHint": HINT,
        "interactiveMode": "Never",
        "provideClusterInfo": False,
    }
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "clusters": [{"name": name, "cluster": cluster}],
        "users": [{"name": name, "user": {"exec": plugin}}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
    }
