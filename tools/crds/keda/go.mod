// Definitions of KEDA, see docs/crds.md.
module llmops.platform/tools/crds/keda

go 1.26.0

require github.com/kedacore/keda/v2 v2.21.0 // indirect
