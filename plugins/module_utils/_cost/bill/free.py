# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Variables of data services, telemetry and backups that cost nothing, and why. A test finds each planned variable here or in what reads it."""

from __future__ import annotations

POD = "pods run on nodes that are counted with component cluster"
NAME = "a name or an address"
SWITCH = "free at the provider"
TIME = "a time or a duration, which is not billed"
KEY = "encryption is free; keys and their calls are component encryption's"
PEOPLE = "what people see or are told, made by pods that are counted"
ALERT = "an alert in the cluster is a rule of Prometheus; the provider bills alarms by their number"

FREE: dict[str, str] = {
    "postgresql_namespace": NAME,
    "postgresql_in_cluster_name": NAME,
    "postgresql_deletion_protection": SWITCH,
    "postgresql_failover_seconds_maximum": TIME,
    "postgresql_maintenance_window": TIME,
    "postgresql_upgrade_snapshot_prefix": NAME,
    "postgresql_instances.volume": NAME,
    "postgresql_instances.zones": "instances are counted by replicas and multi_az; replication between zones to a standby is free",
    "postgresql_instances.database": NAME,
    "postgresql_instances.user": NAME,
    "postgresql_instances.port": NAME,
    "postgresql_instances.encrypted": KEY,
    "postgresql_instances.performance_insights": "seven days are free",
    "postgresql_instances.automatic_minor_upgrades": SWITCH,
    "postgresql_instances.connection_pool": POD,
    "postgresql_instances.tolerate": POD,
    "redis_multi_az": "nodes are counted, wherever they stand",
    "redis_clusters.automatic_failover": SWITCH,
    "redis_clusters.encrypt_at_rest": KEY,
    "redis_clusters.encrypt_in_transit": SWITCH,
    "redis_clusters.port": NAME,
    "redis_clusters.snapshot_window": TIME,
    "redis_clusters.tolerate": POD,
    "kafka_clusters.min_in_sync_replicas": SWITCH,
    "kafka_clusters.encrypt_at_rest": KEY,
    "kafka_clusters.encrypt_in_transit": SWITCH,
    "kafka_clusters.port": NAME,
    "elasticsearch_domains.encrypt_at_rest": KEY,
    "elasticsearch_domains.encrypt_in_transit": SWITCH,
    "rabbitmq_clusters.port": NAME,
    "rabbitmq_clusters.tolerate": POD,
    "rabbitmq_clusters.queues": "queues share the nodes and volumes that are counted",
    "vault_version": POD,
    "vault_namespace": NAME,
    "vault_address": NAME,
    "vault_auto_unseal": KEY,
    "vault_engines": POD,
    "vault_placement": POD,
    "monitoring_namespace": NAME,
    "monitoring_release": NAME,
    "monitoring_chart_version": POD,
    "monitoring_grafana_version": POD,
    "monitoring_prometheus_port": NAME,
    "monitoring_grafana_port": NAME,
    "monitoring_grafana_admin_secret": "the secret is component encryption's",
    "monitoring_service_names": NAME,
    "monitoring_metrics": "series are counted by cost_usage.metric_series",
    "monitoring_scrape_targets": "series are counted by cost_usage.metric_series",
    "monitoring_datasources": PEOPLE,
    "monitoring_objectives": PEOPLE,
    "monitoring_receivers": PEOPLE,
    "monitoring_routes": PEOPLE,
    "monitoring_alerts.severity": ALERT,
    "monitoring_alerts.for": ALERT,
    "monitoring_alerts.expression_kind": ALERT,
    "monitoring_alerts.threshold": ALERT,
    "monitoring_alerts.unit": ALERT,
    "monitoring_alerts.quantile": ALERT,
    "monitoring_dashboards.title": PEOPLE,
    "monitoring_dashboards.panels": PEOPLE,
    "monitoring_dashboards.by": PEOPLE,
    "logging_namespace": NAME,
    "logging_loki_version": POD,
    "logging_collector": POD,
    "logging_streams": "cost_usage.log_gb is of the streams that are kept",
    "logging_saved_queries": PEOPLE,
    "tracing_namespace": NAME,
    "tracing_collector": POD,
    "tracing_tempo_version": POD,
    "tracing_ui_port": NAME,
    "tracing_ui_service": NAME,
    "backup_velero_version": POD,
    "backup_encrypted": KEY,
    "backup_local_retention_days": "local copies lie on the volumes that are counted",
    "backup_schedules.encrypted": KEY,
}
