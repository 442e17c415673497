// Definitions of Karpenter with its AWS provider, see docs/crds.md.
module llmops.platform/tools/crds/karpenter

go 1.26.6

require github.com/aws/karpenter-provider-aws v1.14.1 // indirect
