// Definitions of External Secrets, see docs/crds.md.
module llmops.platform/tools/crds/external_secrets

go 1.26.0

require github.com/external-secrets/external-secrets v1.3.2 // indirect
