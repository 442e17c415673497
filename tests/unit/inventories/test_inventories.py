# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventories: names, layers, address ranges, and that every variable belongs to somebody."""

from __future__ import annotations

import ipaddress
import itertools
import re
from functools import cache

import pytest
import yaml

from ansible_collections.llmops.platform.plugins.module_utils._inventory.layering import merge
from ansible_collections.llmops.platform.plugins.module_utils._registry.account import account_settings
from tests.support.inventories import FILES
from tests.support.inventories import GROUP_VARS
from tests.support.inventories import ROOT
from tests.support.inventories import inventory
from tests.support.inventories import of_host

PLATFORMS = {"llm_marketplace", "connector_hub", "copilot_agent", "workflow_platform", "cloudtolocalllm"}
ENVIRONMENTS = {"local": {"primary"}, "dev": {"primary"}, "staging": {"primary"}, "production": {"primary", "standby"}}
PRIORITIES = {
    **dict.fromkeys(("aws", "azure", "gcp", "existing"), 10),
    **dict.fromkeys((*PLATFORMS, "shared"), 20),
    **dict.fromkeys(("primary", "standby"), 25),
    **dict.fromkeys(ENVIRONMENTS, 30),
    **{f"{platform}_{environment}": 40 for platform in PLATFORMS for environment in ENVIRONMENTS},
}
LAYERS = ("_shared", "_common", "_environment", "_deployment")
HOSTS = [host for name in ENVIRONMENTS for host in inventory(name).hosts]
PLANNED = yaml.safe_load((ROOT / "roles" / "preflight" / "files" / "planned_roles.yml").read_text())


@cache
def documented() -> dict[str, dict[str, dict]]:
    """Options by role: those of the argument specs, and those of the planned roles."""
    options = {role: dict(entry["options"]) for role, entry in PLANNED.items()}
    for path in (ROOT / "roles").glob("*/meta/argument_specs.yml"):
        options.setdefault(path.parts[-3], {}).update(yaml.safe_load(path.read_text())["argument_specs"]["main"]["options"])
    return options


def test_there_is_an_inventory_for_every_environment():
    assert {path.stem for path in FILES} == set(ENVIRONMENTS)


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_hosts_are_every_platform_in_every_region_group(name):
    wanted = {f"{platform}_{name}_{group}" for platform in PLATFORMS for group in ENVIRONMENTS[name]}
    assert set(inventory(name).hosts) == wanted


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_what_is_shared_has_a_host_in_every_region_group(name):
    assert set(inventory(name).shared) == {f"shared_{name}_{group}" for group in ENVIRONMENTS[name]}


def test_no_host_stands_in_two_inventories():
    assert len(HOSTS) == len(set(HOSTS))


def test_what_is_shared_is_the_same_in_every_environment():
    # Inventories that share an account would take turns at changing it.
    seen = {}
    for name in ENVIRONMENTS:
        for host in inventory(name).shared:
            own = inventory(name)
            assert own.value(host, "platform_tags")["environment"] == "shared"
            assert "platform_components" not in own.variables(host)
            found = {variable: own.value(host, variable) for variable in own.variables(host) if variable.startswith(("account_", "stacks_", "platform_tags"))}
            assert seen.setdefault("shared", found) == found, host


def test_images_are_copied_and_cached_as_the_platforms_want_it():
    names = ("name", "environment", "account", "region", "regions")
    asked = []
    for host in HOSTS:
        own = of_host(host)
        if own.value(host, "platform_provider") == "aws":
            more = [name for name in ("registry_replicate_to_standby", "registry_pull_through", "registry_prefix") if name in own.variables(host)]
            asked.append({name: own.value(host, name) for name in (*(f"platform_{name}" for name in names), "registry_provider", *more)})
    wanted = account_settings(asked)
    shared = inventory("production").shared[0]
    primary = inventory("production").value(shared, "platform_regions")["primary"]
    copies = {(rule["prefix"], rule["region"]) for rule in inventory("production").value(shared, "account_registry_replication").values()}
    rules = {account: entry["replication"] for account, entry in wanted.items()}
    assert {account.split("/")[1] for account, found in rules.items() if found} == {primary}
    assert copies == {(prefix, region) for found in rules.values() for rule in found for prefix in rule["prefixes"] for region in rule["regions"]}
    caches = inventory("production").value(shared, "account_registry_pull_through")
    assert {prefix: entry["upstream"] for found in wanted.values() for prefix, entry in found["pull_through"].items()}.items() <= {
        prefix: entry["upstream"] for prefix, entry in caches.items()
    }.items()


@pytest.mark.parametrize("host", HOSTS)
def test_every_resource_tells_whose_it_is(host):
    assert set(of_host(host).value(host, "platform_tags")) == {"platform", "environment", "owner", "cost-center", "managed-by"}


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_later_layers_win_in_every_inventory(name):
    # Ansible ignores the priority in group_vars, so each inventory file repeats it.
    for group in inventory(name).groups.values():
        assert group.priority == PRIORITIES[group.name], group.name


@pytest.mark.parametrize("host", HOSTS)
def test_the_groups_of_a_host_are_those_in_its_name(host):
    variables = of_host(host).variables(host)
    platform, environment, region_group = host.rsplit("_", 2)
    names = set(variables["group_names"])
    assert {platform, environment, region_group} <= names
    assert (variables["platform_name"], variables["platform_environment"]) == (platform, environment)
    assert variables["platform_region_group"] == region_group
    assert len(names & {"aws", "azure", "gcp", "existing"}) == 1


@pytest.mark.parametrize("path", GROUP_VARS, ids=lambda path: str(path.relative_to(ROOT / "inventories" / "group_vars")))
def test_every_file_belongs_to_a_group(path):
    # A file of a misspelt group is read by nobody. gcp is for whoever moves there.
    group = path.relative_to(ROOT / "inventories" / "group_vars").parts[0].removesuffix(".yml")
    assert group in {"all", "gcp"} or any(group in inventory(name).groups for name in ENVIRONMENTS)


@pytest.mark.parametrize("path", GROUP_VARS, ids=lambda path: str(path.relative_to(ROOT / "inventories" / "group_vars")))
def test_things_are_kept_in_maps_by_name_never_in_lists(path):
    # Kubernetes' own structures are lists of things; they are values of single fields, judged by the API server.
    kubernetes = {"policies", "metrics"}

    def look(value, where):
        if isinstance(value, dict):
            for key, item in value.items():
                assert isinstance(key, str), f"{'.'.join(map(str, where))} has the key {key!r}; quote it"
                look(item, (*where, key))
        elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
            assert where[-1] in kubernetes, ".".join(map(str, where))

    look(yaml.safe_load(path.read_text()) or {}, ())


@pytest.mark.parametrize("path", GROUP_VARS, ids=lambda path: str(path.relative_to(ROOT / "inventories" / "group_vars")))
def test_every_variable_is_documented_under_its_role(path):
    options = documented()
    for name in yaml.safe_load(path.read_text()) or {}:
        if name.startswith("ansible_"):
            continue
        # cluster_addons_cni is of cluster_addons, not of cluster.
        role = max((role for role in options if name.startswith(f"{role}_")), key=len, default=None)
        assert role, f"{name} bears no role's name"
        assert name in options[role], f"{name} is neither in the argument specs of {role} nor in planned_roles.yml"


@pytest.mark.parametrize("path", GROUP_VARS, ids=lambda path: str(path.relative_to(ROOT / "inventories" / "group_vars")))
def test_no_real_account_and_no_secret_stands_in_an_inventory(path):
    text = path.read_text()
    assert set(re.findall(r"(?<!\d)\d{12}(?!\d)", text)) <= {"123456789012"}
    assert not re.search(r"AKIA|ASIA|BEGIN [A-Z ]*PRIVATE KEY|xox[bp]-|ghp_", text)
    # What is named like a secret is a path, a name or a switch.
    assert not re.findall(r"(?im)^\s*(?:password|token|api_key|client_secret):\s*[^\s{]", text)


def test_versions_stand_in_one_place():
    # Another major of one platform, and versions of APIs and protocols, which are no programs'.
    allowed = {"copilot_agent/data_services.yml": {"postgresql_version"}}
    for path in GROUP_VARS:
        name = str(path.relative_to(ROOT / "inventories" / "group_vars"))
        if name == "all/versions.yml":
            continue
        found = {variable for variable in yaml.safe_load(path.read_text()) or {} if variable.endswith("_version")}
        found = {variable for variable in found if not variable.endswith(("_api_version", "_minimum_version"))}
        assert found <= allowed.get(name, set()), name


def test_every_planned_option_has_the_shape_of_argument_specs():
    known = {"description", "type", "required", "choices", "elements", "options", "values", "minimum", "maximum", "format"}
    formats = {"cidr", "cron", "duration", "version", "hostname", "email", "port", "percent", "usd"}

    def look(option, where):
        assert set(option) <= known, where
        assert option["type"] in {"str", "int", "float", "bool", "dict", "list"}, where
        assert option["description"].endswith("."), where
        assert option.get("format") in formats | {None}, where
        assert "values" not in option or option["type"] == "dict", where
        assert not ({"minimum", "maximum"} & set(option)) or option["type"] in {"int", "float"} or option.get("elements") == "int", where
        if "values" in option:
            look(option["values"], f"{where}.*")
        for name, inner in option.get("options", {}).items():
            look(inner, f"{where}.{name}")

    for role, entry in PLANNED.items():
        assert set(entry) == {"options"}
        for name, option in entry["options"].items():
            assert name.startswith(f"{role}_"), name
            look(option, name)


def test_every_layer_has_what_it_is_laid_over():
    for role, options in documented().items():
        for name in options:
            base = next((name.removesuffix(layer) for layer in LAYERS if name.endswith(layer)), None)
            assert base in {None, "platform"} or base in options, f"{name} of {role}"


@pytest.mark.parametrize("host", HOSTS)
def test_components_are_roles_of_ours(host):
    assert set(of_host(host).value(host, "platform_components")) <= set(documented()) - {"platform"}


@pytest.mark.parametrize("host", HOSTS)
def test_the_variables_of_a_component_are_there_where_it_is_declared(host):
    # What a component cannot do without.
    needed = {
        "network": "network_cidr",
        "postgresql": "postgresql_instances",
        "redis": "redis_clusters",
        "kafka": "kafka_clusters",
        "elasticsearch": "elasticsearch_domains",
        "rabbitmq": "rabbitmq_clusters",
        "object_storage": "object_storage_buckets",
        "external_secrets": "external_secrets_stores",
        "istio": "istio_gateways",
        "argocd": "argocd_applications",
        "edge": "edge_hostnames",
        "monitoring": "monitoring_dashboards",
        "backup": "backup_schedules",
        "cost": "cost_savings_assumed",
    }
    for component in set(of_host(host).value(host, "platform_components")) & set(needed):
        assert of_host(host).value(host, needed[component]), f"{component} without {needed[component]}"


def test_address_ranges_do_not_overlap():
    ranges = {}
    for platform in PLATFORMS:
        by_environment = of_host(f"{platform}_local_primary").value(f"{platform}_local_primary", "network_cidrs")
        for environment, groups in by_environment.items():
            for group, cidr in groups.items():
                ranges[f"{platform}_{environment}_{group}"] = ipaddress.ip_network(cidr)
    assert set(HOSTS) <= set(ranges)
    assert all(network.prefixlen == 16 for network in ranges.values())
    for (one, left), (other, right) in itertools.combinations(ranges.items(), 2):
        assert not left.overlaps(right), f"{one} and {other} overlap"


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_has_its_own_address_range(host):
    _platform, environment, group = host.rsplit("_", 2)
    if not of_host(host).value(host, "platform_components").get("network"):
        # Its cluster's owner has a network; the range here is only kept free.
        assert of_host(host).value(host, "network_cidrs")[environment][group]
        return
    assert of_host(host).value(host, "network_cidr") == of_host(host).value(host, "network_cidrs")[environment][group]


def test_no_two_clusters_of_a_provider_share_name_and_region():
    outside = [host for host in HOSTS if "_local_" not in host]
    names = [tuple(of_host(host).value(host, name) for name in ("platform_provider", "platform_region", "cluster_name")) for host in outside]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("host", HOSTS)
def test_references_lead_somewhere(host):
    """Names that point to other names: receivers, buckets, pools, stores, zones, services."""
    own = of_host(host)
    components = own.value(host, "platform_components")
    severities = {alert["severity"] for alert in own.value(host, "monitoring_alerts").values()}
    assert severities <= set(own.value(host, "monitoring_routes"))
    assert {route["receiver"] for route in own.value(host, "monitoring_routes").values()} <= set(own.value(host, "monitoring_receivers"))
    if "object_storage" in components:
        assert own.value(host, "backup_bucket") in own.value(host, "object_storage_buckets")
    stores = set(own.value(host, "external_secrets_stores"))
    secrets = own.value(host, "external_secrets_secrets")
    assert {secret["store"] for secret in secrets.values()} <= stores
    common = own.value(host, "application_services_common") if "application_services_common" in own.variables(host) else {}
    for service in own.value(host, "application_services").values():
        for name, variables in merge(common, service).get("secrets", {}).items():
            assert set(variables.values()) <= set(secrets[name]["keys"]), name
    pools = own.value(host, "cluster_node_pools")
    zones = set(own.value(host, "cluster_zones"))
    for pool in pools.values():
        assert set(pool.get("nodes_by_zone", zones)) <= zones
        assert sum(pool.get("nodes_by_zone", {}).values()) in (0, pool.get("desired", pool["min"]))
        assert pool["min"] <= pool.get("desired", pool["min"]) <= pool["max"]
    namespaces = set(own.value(host, "cluster_baseline_namespaces"))
    assert own.value(host, "application_namespace") in namespaces
    behind = {service for entry in own.value(host, "edge_hostnames").values() for service in entry["services"]}
    assert behind <= set(own.value(host, "application_services")) | set(components)
