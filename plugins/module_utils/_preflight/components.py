# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What a deployment declares against what this collection can build."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._preflight.findings import finding

CHECK = "components"
PROVIDERS = ("aws", "azure", "gcp", "existing")


def declared(components: Mapping[str, Any]) -> list[str]:
    """Names of the components that are switched on. Raises ValueError for a value that is no yes or no."""
    for name, value in components.items():
        if value is not None and not isinstance(value, bool):
            raise ValueError(f"platform_components.{name} is {value!r}; write true, or false to leave it out")
    return [name for name, value in components.items() if value]


def judge_components(components: Mapping[str, Any], built: Collection[str], allowed: Mapping[str, Any], local: bool) -> list[dict[str, str]]:
    """Declared components without a role: named on `local`, refused elsewhere unless `allowed` (`{component: reason}`)."""
    names = declared(components)
    if not names:
        return [finding(CHECK, "platform_components", "nothing declared", "{<role>: true}", "info")]
    missing = [name for name in names if name not in built]
    # `all` accepts whatever is not built.
    accepted = [name for name in missing if _reason("all" if "all" in allowed else name, allowed)]
    refused = [name for name in missing if name not in accepted]
    found = [finding(CHECK, name, f"not built, allowed: {_reason('all' if 'all' in allowed else name, allowed)}", "a role", "info") for name in accepted]
    if refused and local:
        found.append(finding(CHECK, "not built", ", ".join(refused), "roles of these names", "info"))
    elif refused:
        remedy = (
            "These parts of the platform would be left out. Switch them off in platform_components, or accept each with "
            "preflight_allow_not_built: {<component>: <reason>}, all of them with {all: <reason>}."
        )
        found.append(finding(CHECK, "not built", ", ".join(refused), "roles of these names", "error", remedy))
    for name in allowed:
        if name not in missing and name != "all":
            why = "it is built" if name in names else "it is not declared"
            found.append(finding(CHECK, f"preflight_allow_not_built.{name}", why, "a declared component that is not built", "warning", "Remove the entry."))
    return found or [finding(CHECK, "platform_components", "all built", "all built", "ok")]


def _reason(name: str, allowed: Mapping[str, Any]) -> str:
    if name not in allowed:
        return ""
    reason = str(allowed[name] or "").strip()
    if not reason or isinstance(allowed[name], bool):
        raise ValueError(f"preflight_allow_not_built.{name} needs a reason as text")
    return reason


def judge_provider(platform_provider: str, cluster_provider: str, built: Collection[str]) -> list[dict[str, str]]:
    """Whether somebody can make, or reach, the cluster."""
    known = (*PROVIDERS, "local")
    for variable, value, choices in (("platform_provider", platform_provider, PROVIDERS), ("cluster_provider", cluster_provider, known)):
        if value not in choices:
            return [finding(CHECK, variable, value or "not set", f"one of {', '.join(choices)}", "error", f"Correct {variable} of this deployment.")]
    if cluster_provider in built:
        return [finding(CHECK, "cluster_provider", cluster_provider, f"one of {', '.join(built)}", "ok")]
    remedy = (
        f"No role makes a cluster at provider {cluster_provider}. Set cluster_provider to 'existing' and cluster_kubeconfig "
        "to a kubeconfig of a cluster that is there."
    )
    return [finding(CHECK, "cluster_provider", cluster_provider, f"one of {', '.join(built)}", "error", remedy)]


def judge(
    components: Mapping[str, Any], built: Collection[str], allowed: Mapping[str, Any], local: bool, providers: Mapping[str, str], clusters: Collection[str]
) -> list[dict[str, str]]:
    """Both: `providers` is `{platform, cluster}`, `clusters` the cluster providers that are built."""
    return judge_provider(providers["platform"], providers["cluster"], list(clusters)) + judge_components(components, built, allowed, local)
