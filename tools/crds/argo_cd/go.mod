// Definitions of Argo CD, see docs/crds.md.
module llmops.platform/tools/crds/argo_cd

go 1.26.3

require github.com/argoproj/argo-cd/v3 v3.5.7 // indirect
