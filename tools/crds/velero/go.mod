// Definitions of Velero, see docs/crds.md.
module llmops.platform/tools/crds/velero

go 1.26.0

require github.com/vmware-tanzu/velero v1.18.3 // indirect
