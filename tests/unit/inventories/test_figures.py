# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures that the platforms' documents ask for stand in the inventories, after all layers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.support.inventories import of_host

SERVICES = {
    "llm_marketplace": {"publishing", "discovery", "consumption", "admin"},
    "connector_hub": {"llm-connector-hub", "redis"},
    "copilot_agent": {"llm-copilot-agent"},
    "workflow_platform": {
        "bff-service",
        "llm-agent-service",
        "workflow-orchestrator-service",
        "validation-service",
        "notification-service",
        "audit-logging-service",
        "file-storage-service",
    },
    "cloudtolocalllm": {"web", "api-backend"},
}

# The host without its region group (which is then `primary`), and paths to expected values.
FIGURES = {
    "llm_marketplace_local": {
        "cluster_node_pools/compute/instance_type": "c5.2xlarge",
        "application_services_common/scaling/max": 200,
        "application_services_common/ports/http/containerPort": 3001,
        "postgresql_provider": "in_cluster",
        "platform_region": "us-east-1",
    },
    "llm_marketplace_dev": {
        "network_nat": "single",
        "backup_retention_days": 7,
        "postgresql_backup_retention_days": 7,
        "backup_copy_to_standby": False,
        "release_strategy": "rolling",
        "cluster_node_pools/general/instance_type": "t3.large",
        "cluster_spot_enabled": True,
    },
    "llm_marketplace_staging": {
        "network_nat": "per_az",
        "backup_retention_days": 14,
        "release_strategy": "blue_green",
        "cluster_node_pools/general/instance_type": "t3.xlarge",
    },
    "llm_marketplace_production": {
        "cluster_name": "llm-marketplace-production-eks",
        "platform_region": "us-east-1",
        "network_nat": "per_az",
        "network_subnets/database/zones": 3,
        "cluster_node_pools/general/instance_type": "t3.xlarge",
        "cluster_node_pools/memory/instance_type": "r5.xlarge",
        "postgresql_instances/marketplace/instance_class": "db.r6g.xlarge",
        "postgresql_instances/marketplace/storage_gib": 100,
        "postgresql_instances/marketplace/storage_max_gib": 1024,
        "postgresql_instances/marketplace/database": "llm_marketplace",
        "postgresql_instances/marketplace/user": "marketplace_user",
        "postgresql_multi_az": True,
        "redis_clusters/marketplace/nodes": 3,
        "redis_clusters/marketplace/node_class": "cache.r6g.xlarge",
        "elasticsearch_domains/marketplace/nodes": 3,
        "elasticsearch_domains/marketplace/storage_gib": 200,
        "kafka_clusters/marketplace/broker_class": "kafka.m5.xlarge",
        "kafka_clusters/marketplace/brokers": 3,
        "kafka_clusters/marketplace/storage_gib": 1024,
        "istio_mtls": "strict",
        "edge_tls_minimum_version": "1.3",
        "release_strategy": "canary",
        "release_canary_steps": [10, 50, 100],
        "monitoring_alerts/service_down/for": "2m",
        "monitoring_alerts/error_rate_critical/threshold": 1,
        "monitoring_alerts/latency_critical/threshold": 1000,
        "monitoring_alerts/error_rate_warning/threshold": 0.5,
        "monitoring_alerts/latency_warning/threshold": 500,
        "monitoring_alerts/disk_warning/threshold": 80,
        "monitoring_alerts/memory_warning/threshold": 85,
        "monitoring_routes/critical/receiver": "pagerduty",
        "monitoring_routes/warning/receiver": "slack",
        "logging_saved_queries/slow_requests": '{namespace="llm-marketplace"} | json | duration > 1s',
        "backup_retention_days": 30,
        "backup_copy_to_standby": True,
        "backup_schedules/postgresql_daily/schedule": "0 3 * * *",
        "disaster_recovery_rto_minutes": 60,
        "disaster_recovery_rpo_minutes": 15,
        "disaster_recovery_failover_steps/promote_database/order": 1,
        "cost_documented_total_usd": "2958.00",
        "cost_target_monthly_usd": "1800.00",
        "cost_savings_assumed/spot/percent": 60,
        "platform_contacts/slack": "#llm-marketplace-ops",
    },
    "llm_marketplace_production_standby": {
        "platform_region": "us-west-2",
        "cluster_zones": {"a": "us-west-2a", "b": "us-west-2b", "c": "us-west-2c"},
        "cluster_name": "llm-marketplace-production-eks",
    },
    "connector_hub_production": {
        "platform_provider": "existing",
        "application_services/llm-connector-hub/scaling/max": 10,
        "application_services/redis/replicas": 1,
        "monitoring_retention_days": 30,
        "ci_pipeline_image/user_id": 1001,
        "release_strategy": "rolling",
        "application_services/llm-connector-hub/service/headless": True,
        "ci_pipeline_workflows/release/triggers/tags": ["v*.*.*"],
    },
    "copilot_agent_production": {
        "cluster_name": "llm-copilot-production",
        "cluster_node_pools/general-nodes/desired": 5,
        "cluster_node_pools/general-nodes/nodes_by_zone": {"a": 2, "b": 2, "c": 1},
        "application_services/llm-copilot-agent/service/sessionAffinity": "ClientIP",
        "application_services/llm-copilot-agent/scaling/max": 20,
        "postgresql_version": "15",
        "postgresql_instances/llm-copilot-postgres/instance_class": "db.r6g.xlarge",
        "postgresql_instances/llm-copilot-postgres/storage_gib": 200,
        "postgresql_instances/llm-copilot-postgres/replicas": 2,
        "postgresql_instances/llm-copilot-postgres/performance_insights": True,
        "postgresql_failover_seconds_maximum": 60,
        "postgresql_backup_retention_days": 30,
        "redis_clusters/llm-copilot/nodes": 3,
        "redis_clusters/llm-copilot/shards": 1,
        "backup_schedules/llm-copilot-daily/schedule": "0 1 * * *",
        "backup_schedules/llm-copilot-daily/ttl": "720h",
        "backup_schedules/llm-copilot-hourly/schedule": "0 * * * *",
        "monitoring_alerts/error_rate_critical/threshold": 5,
        "monitoring_alerts/availability/threshold": 99.9,
        # Not named by the document: the shared one holds.
        "monitoring_alerts/disk_warning/threshold": 80,
        "edge_health_check/interval_seconds": 30,
        "edge_health_check/failure_threshold": 3,
        "disaster_recovery_rto_minutes": 15,
        "disaster_recovery_rpo_minutes": 60,
        "restore_instance_name": "llm-copilot-restored",
        "application_services/llm-copilot-agent/vertical/mode": "Off",
    },
    "copilot_agent_staging": {"cluster_name": "llm-copilot-staging", "postgresql_backup_retention_days": 14},
    "workflow_platform_local": {
        "cluster_node_pools/application-pool/capacity_type": "spot",
        "cluster_node_pools/data-pool/taints/workload/effect": "NoSchedule",
        "application_services/llm-agent-service/image/tag": "v1.2.3",
        "application_services_common/probes/startup/failureThreshold": 30,
        "cluster_baseline_namespaces/data/pod_security": "baseline",
    },
    "workflow_platform_production": {
        "cluster_node_pools/application-pool/capacity_type": "on_demand",
        "cluster_node_pools/application-pool/min": 3,
        "cluster_node_pools/application-pool-spot/max": 17,
        "cluster_node_pools/data-pool/max": 6,
        "application_services/llm-agent-service/vertical/mode": "Off",
        "application_services/llm-agent-service/secrets/llm-agent-db-credentials/DATABASE_URL": "url",
        "cluster_addons_components/external_dns/txt_owner_id": "platform-cluster",
        "cluster_addons_components/cluster_autoscaler/scale_down_unneeded_time": "5m",
        "postgresql_instances_common/replicas": 2,
        "postgresql_instances_common/storage_gib": 100,
        "postgresql_point_in_time_recovery_days": 7,
        "rabbitmq_clusters/rabbitmq/replicas": 3,
        "keycloak_replicas": 3,
        "keycloak_hostname": "keycloak.platform.local",
        "vault_replicas": 3,
        "kong_replicas": {"min": 3, "max": 10},
        "argocd_replicas": {"server": 2, "repo_server": 2, "controller": 1},
        "istio_gateways/ingress/ports/https/target_port": 8443,
        "istio_egress_hosts/openai/host": "api.openai.com",
        "release_blue_green/keep_old_minutes": 60,
        "release_canary_header": {"name": "x-canary", "value": "true"},
        "monitoring_objectives/availability/target_percent": 99.9,
        "monitoring_objectives/latency/threshold_milliseconds": 200,
        "monitoring_alerts/certificate_expiry/threshold": 7,
        "monitoring_alerts/volume_full/threshold": 90,
        "logging_retention/detail/days": 7,
        "logging_retention/important/days": 30,
        "logging_retention/audit/days": 365,
        "backup_schedules/postgresql_full/schedule": "0 */6 * * *",
        "backup_retention/weekly/keep_days": 90,
        "backup_retention/monthly/keep_months": 12,
        "backup_remote_retention_days": 90,
        "disaster_recovery_rto_minutes": 60,
        "disaster_recovery_scenarios/data_corruption/rto_minutes": 30,
        "disaster_recovery_scenarios/cluster_loss/rto_minutes": 120,
        "cost_budget_monthly_usd": "10000.00",
        "cost_documented_total_usd": "2070.00",
    },
    "cloudtolocalllm_dev": {
        "network_cidr": "10.0.0.0/16",
        "network_name": "cloudtolocalllm-vpc",
        "network_subnets/public/zones": 2,
        "cluster_name": "cloudtolocalllm-eks",
        "cluster_node_pools/general/instance_type": "t3.medium",
        "identity_github_oidc/role": "github-actions-role",
        "cost_budget_monthly_usd": "300.00",
        "cost_target_monthly_usd": "91.00",
        "cloudwatch_container_insights": True,
    },
    "cloudtolocalllm_production": {
        "platform_provider": "azure",
        "cluster_provider": "existing",
        "cluster_name": "cloudtolocalllm-aks",
        "cluster_resource_group": "cloudtolocalllm-rg",
        "registry_provider": "acr",
        "registry_name": "imrightguycloudtolocalllm",
        "edge_dns_provider": "cloudflare",
        "disaster_recovery_rto_minutes": 120,
        "disaster_recovery_rpo_minutes": 60,
        "backup_schedules/postgresql_full/schedule": "0 */6 * * *",
    },
}


@pytest.mark.parametrize(("deployment", "path"), [(deployment, path) for deployment, paths in FIGURES.items() for path in paths])
def test_figures(deployment, path):
    host = deployment if deployment.endswith("_standby") else f"{deployment}_primary"
    assert of_host(host).figure(host, path) == FIGURES[deployment][path]


@pytest.mark.parametrize("platform", SERVICES)
@pytest.mark.parametrize("environment", ["local", "dev", "staging", "production"])
def test_services(platform, environment):
    host = f"{platform}_{environment}_primary"
    assert set(of_host(host).value(host, "application_services")) == SERVICES[platform]


@pytest.mark.parametrize(("platform", "difference"), [("llm_marketplace", "0.00"), ("workflow_platform", "0.00"), ("cloudtolocalllm", "0.04")])
def test_documented_costs_add_up_to_the_documented_total(platform, difference):
    # 97.04 is "~97" in the document.
    host = f"{platform}_production_primary"
    lines = of_host(host).value(host, "cost_documented_monthly_usd")
    assert sum(map(Decimal, lines.values())) - Decimal(of_host(host).value(host, "cost_documented_total_usd")) == Decimal(difference)


def test_the_marketplace_has_six_dashboards():
    host = "llm_marketplace_production_primary"
    assert len(of_host(host).value(host, "monitoring_dashboards")) == 6


def test_only_production_has_a_second_region_and_objectives_for_its_loss():
    for platform in SERVICES:
        for environment in ("dev", "staging", "production"):
            host = f"{platform}_{environment}_primary"
            assert ("disaster_recovery" in of_host(host).value(host, "platform_components")) == (environment == "production"), host


@pytest.mark.parametrize("platform", SERVICES)
@pytest.mark.parametrize(
    ("environment", "nat", "days", "strategies"),
    [("dev", "single", 7, {"rolling"}), ("staging", "per_az", 14, {"blue_green"}), ("production", "per_az", 30, {"canary", "rolling"})],
)
def test_posture_of_an_environment(platform, environment, nat, days, strategies):
    host = f"{platform}_{environment}_primary"
    own = of_host(host)
    assert own.value(host, "network_nat") == nat
    assert own.value(host, "backup_retention_days") == own.value(host, "postgresql_backup_retention_days") == days
    assert own.value(host, "backup_copy_to_standby") == own.value(host, "edge_failover") == (environment == "production")
    assert own.value(host, "release_strategy") in strategies
    # A canary needs the mesh's weights.
    assert own.value(host, "release_strategy") != "canary" or "istio" in own.value(host, "platform_components")
