# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What the platforms ask of an account's registry: copies in other regions and caches of other registries, which exist once per account and region."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._registry import repositories

# https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreatePullThroughCacheRule.html
CACHE = re.compile(r"(?=.{2,30}$)(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*")
ANONYMOUS = ("public.ecr.aws", "quay.io", "registry.k8s.io")
AUTHENTICATED = ("ghcr.io", "registry-1.docker.io", "registry.gitlab.com")
CREDENTIAL = "ecr-pullthroughcache/"
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
MOST_RULES, MOST_FILTERS = 10, 100


def account_settings(hosts: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """`{"<account>/<region>": {account, region, replication: [{regions, prefixes}], pull_through: {prefix: {upstream, credential}}}}`.

    `hosts`: variables of the deployments, as in the inventory: platform_name, platform_environment, platform_account, platform_region, platform_regions,
    registry_provider, and where there are such registry_prefix, registry_replicate_to_standby, registry_pull_through. Those elsewhere than at ECR are left out.
    `replication`: images whose repositories begin with one of `prefixes` (they end in a slash) are copied to all of `regions`.
    Raises ValueError: a cache that two platforms want of different registries, a cache without its credential, a prefix that would copy all repositories.
    """
    found: dict[str, dict[str, Any]] = {}
    copies: dict[str, dict[tuple[str, ...], set[str]]] = {}
    for host in hosts:
        if host.get("registry_provider") != "ecr":
            continue
        account, region = str(host["platform_account"]), str(host["platform_region"])
        key = f"{account}/{region}"
        entry = found.setdefault(key, {"account": account, "region": region, "replication": [], "pull_through": {}})
        for prefix, cache in (host.get("registry_pull_through") or {}).items():
            _add_cache(entry["pull_through"], prefix, cache, key)
        standby = (host.get("platform_regions") or {}).get("standby")
        if host.get("registry_replicate_to_standby") and standby and standby != region and region == host["platform_regions"].get("primary"):
            before = host.get("registry_prefix")
            before = repositories.prefix("ecr", "", host["platform_name"], host["platform_environment"]) if before is None else before
            if not before:
                raise ValueError(
                    f"registry_replicate_to_standby of {host['platform_name']} {host['platform_environment']}: without registry_prefix "
                    f"all repositories of {key} would be copied; give a prefix"
                )
            copies.setdefault(key, {}).setdefault((standby,), set()).add(f"{before}/")
    for key, rules in copies.items():
        found[key]["replication"] = [{"regions": list(regions), "prefixes": sorted(prefixes)} for regions, prefixes in sorted(rules.items())]
        if len(rules) > MOST_RULES or any(len(prefixes) > MOST_FILTERS for prefixes in rules.values()):
            raise ValueError(
                f"replication of {key}: ECR takes {MOST_RULES} rules of {MOST_FILTERS} prefixes; let platforms share a prefix or take another account"
            )
    return dict(sorted(found.items()))


def _add_cache(caches: dict[str, Any], prefix: str, cache: Any, key: str) -> None:
    where = f"registry_pull_through.{prefix}"
    if not CACHE.fullmatch(prefix):
        raise ValueError(f"{where}: ECR takes 2 to 30 lower-case letters and digits with single '.', '_', '-' or '/' between them; rename it")
    if not isinstance(cache, Mapping) or set(cache) - {"upstream", "credential"} or cache.get("upstream") not in ANONYMOUS + AUTHENTICATED:
        raise ValueError(f"{where} is {cache!r}; give {{upstream, credential}}, upstream one of {', '.join(ANONYMOUS + AUTHENTICATED)}")
    credential = cache.get("credential") or ""
    if cache["upstream"] in AUTHENTICATED and not str(credential).startswith(CREDENTIAL):
        raise ValueError(f"{where}.credential is {credential!r}; {cache['upstream']} lets nobody in without: name a secret whose name begins with {CREDENTIAL}")
    wanted = {"upstream": cache["upstream"], "credential": credential}
    if caches.setdefault(prefix, wanted) != wanted:
        raise ValueError(f"{where}: another platform of {key} has this cache for {caches[prefix]['upstream']}; rename one of them, or make them one")
