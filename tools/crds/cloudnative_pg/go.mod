// Definitions of CloudNativePG, see docs/crds.md.
module llmops.platform/tools/crds/cloudnative_pg

go 1.26.4

require github.com/cloudnative-pg/cloudnative-pg v1.30.0 // indirect
