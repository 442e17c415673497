// Definitions of the Prometheus operator, see docs/crds.md.
module llmops.platform/tools/crds/prometheus_operator

go 1.26.0

require github.com/prometheus-operator/prometheus-operator v0.94.0 // indirect
