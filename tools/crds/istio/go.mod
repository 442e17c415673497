// Definitions of Istio, see docs/crds.md.
module llmops.platform/tools/crds/istio

go 1.26.0

require istio.io/api v1.31.1 // indirect
