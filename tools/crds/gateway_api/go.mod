// Definitions of the Gateway API, see docs/crds.md.
module llmops.platform/tools/crds/gateway_api

go 1.26.0

require sigs.k8s.io/gateway-api v1.6.3 // indirect
