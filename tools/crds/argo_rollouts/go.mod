// Definitions of Argo Rollouts, see docs/crds.md.
module llmops.platform/tools/crds/argo_rollouts

go 1.26.1

require github.com/argoproj/argo-rollouts v1.10.1 // indirect
