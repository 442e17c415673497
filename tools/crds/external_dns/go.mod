// Definitions of ExternalDNS, see docs/crds.md.
module llmops.platform/tools/crds/external_dns

go 1.26.6

require sigs.k8s.io/external-dns v0.22.0 // indirect
