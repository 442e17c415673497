# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Every resource type of any template: the components that bill it, or why it costs nothing."""

from __future__ import annotations

# Components whose lines name the type as their `resource`. Types of templates to come stand here with the component that bills them already.
MAPPED: dict[str, tuple[str, ...]] = {
    "AWS::AmazonMQ::Broker": ("rabbitmq",),
    "AWS::Backup::BackupVault": ("backup",),
    "AWS::CloudFront::Distribution": ("edge",),
    "AWS::CloudWatch::Alarm": ("cloudwatch",),
    "AWS::CloudWatch::Dashboard": ("cloudwatch",),
    "AWS::EC2::EIP": ("network",),
    "AWS::EC2::FlowLog": ("network",),
    "AWS::EC2::LaunchTemplate": ("cluster",),
    "AWS::EC2::NatGateway": ("network",),
    "AWS::EC2::VPCEndpoint": ("network",),
    "AWS::ECR::Repository": ("registry",),
    "AWS::EKS::Addon": ("cloudwatch",),
    "AWS::EKS::Cluster": ("cluster",),
    "AWS::EKS::Nodegroup": ("cluster",),
    "AWS::ElastiCache::ReplicationGroup": ("redis",),
    "AWS::KMS::Key": ("account", "encryption", "stacks"),
    "AWS::KMS::ReplicaKey": ("encryption",),
    "AWS::Logs::LogGroup": ("account", "cloudwatch", "cluster", "edge", "network"),
    "AWS::MSK::Cluster": ("kafka",),
    "AWS::OpenSearchService::Domain": ("elasticsearch",),
    "AWS::RDS::DBInstance": ("backup", "postgresql"),
    "AWS::Route53::HealthCheck": ("edge",),
    "AWS::Route53::HostedZone": ("edge",),
    "AWS::S3::Bucket": ("account", "backup", "object_storage", "stacks"),
    "AWS::SNS::Topic": ("cloudwatch",),
    "AWS::SQS::Queue": ("cluster",),
    "AWS::SecretsManager::Secret": ("encryption",),
    "AWS::WAFv2::WebACL": ("edge",),
}

_VPC = "no charge of its own: https://aws.amazon.com/vpc/pricing/"
_IAM = "IAM is free: https://aws.amazon.com/iam/faqs/"
_POLICY = "a policy on a resource that is billed itself"
_REGISTRY = "a setting; its images are billed as those of repositories: https://aws.amazon.com/ecr/pricing/"
_EKS = "part of the cluster's hours: https://aws.amazon.com/eks/pricing/"

FREE: dict[str, str] = {
    "AWS::Budgets::Budget": "without actions budgets are free: https://aws.amazon.com/aws-cost-management/aws-budgets/pricing/",
    "AWS::CertificateManager::Certificate": "public certificates for AWS' own services are free: https://aws.amazon.com/certificate-manager/pricing/",
    "AWS::CloudFront::CachePolicy": "a setting of a distribution",
    "AWS::CloudTrail::Trail": "the first copy of management events is free; files, key and log are billed: https://aws.amazon.com/cloudtrail/pricing/",
    "AWS::EC2::EgressOnlyInternetGateway": _VPC,
    "AWS::EC2::InternetGateway": _VPC,
    "AWS::EC2::Route": _VPC,
    "AWS::EC2::RouteTable": _VPC,
    "AWS::EC2::SecurityGroup": _VPC,
    "AWS::EC2::SecurityGroupEgress": _VPC,
    "AWS::EC2::SecurityGroupIngress": _VPC,
    "AWS::EC2::SnapshotBlockPublicAccess": "a setting of the account",
    "AWS::EC2::Subnet": _VPC,
    "AWS::EC2::SubnetRouteTableAssociation": _VPC,
    "AWS::EC2::VPC": _VPC,
    "AWS::EC2::VPCCidrBlock": _VPC,
    "AWS::EC2::VPCGatewayAttachment": _VPC,
    "AWS::ECR::PullThroughCacheRule": _REGISTRY,
    "AWS::ECR::RegistryPolicy": _POLICY,
    "AWS::ECR::RegistryScanningConfiguration": "scans of type BASIC are free, those of Inspector are counted by cost_usage.registry_scanned_images",
    "AWS::ECR::ReplicationConfiguration": "a setting of the account; copies are billed by the registry of whoever asks for them",
    "AWS::ECR::RepositoryCreationTemplate": _REGISTRY,
    "AWS::EKS::AccessEntry": _EKS,
    "AWS::EKS::PodIdentityAssociation": _EKS,
    "AWS::Events::Rule": "events of AWS' own services are free: https://aws.amazon.com/eventbridge/pricing/",
    "AWS::IAM::InstanceProfile": _IAM,
    "AWS::IAM::ManagedPolicy": _IAM,
    "AWS::IAM::OIDCProvider": _IAM,
    "AWS::IAM::Role": _IAM,
    "AWS::IAM::RolePolicy": _IAM,
    "AWS::IAM::ServiceLinkedRole": _IAM,
    "AWS::KMS::Alias": "keys are billed, their aliases are not: https://aws.amazon.com/kms/pricing/",
    "AWS::Logs::ResourcePolicy": _POLICY,
    "AWS::S3::BucketPolicy": _POLICY,
    "AWS::SNS::Subscription": "notifications are billed by the topic's figure: https://aws.amazon.com/sns/pricing/",
    "AWS::SNS::TopicPolicy": _POLICY,
    "AWS::SQS::QueuePolicy": _POLICY,
    "AWS::SecretsManager::ResourcePolicy": _POLICY,
    "AWS::WAFv2::LoggingConfiguration": "the log is billed as its group: https://aws.amazon.com/waf/pricing/",
}
