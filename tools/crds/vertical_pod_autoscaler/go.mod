// Definitions of the Vertical Pod Autoscaler, see docs/crds.md.
module llmops.platform/tools/crds/vertical_pod_autoscaler

go 1.26.0

require k8s.io/autoscaler/vertical-pod-autoscaler v1.8.1 // indirect
