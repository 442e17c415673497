// Definitions of cert-manager, see docs/crds.md.
module llmops.platform/tools/crds/cert_manager

go 1.26.0

require github.com/cert-manager/cert-manager v1.21.2 // indirect
