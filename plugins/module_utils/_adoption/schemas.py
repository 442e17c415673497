# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What the CloudFormation resource schemas say of importing. Written by tests/support/adoption_schemas.py, not by hand."""

from __future__ import annotations

# What names a resource to CloudFormation and to the Cloud Control API (primaryIdentifier).
IDENTIFIER: dict[str, str] = {
    "AWS::AmazonMQ::Broker": "Id",
    "AWS::AmazonMQ::Configuration": "Id",
    "AWS::AmazonMQ::ConfigurationAssociation": "Id",
    "AWS::Backup::BackupPlan": "BackupPlanId",
    "AWS::Backup::BackupSelection": "Id",
    "AWS::Backup::BackupVault": "BackupVaultName",
    "AWS::Backup::RestoreTestingPlan": "RestoreTestingPlanName",
    "AWS::Backup::RestoreTestingSelection": "RestoreTestingPlanName RestoreTestingSelectionName",
    "AWS::Budgets::Budget": "Id",
    "AWS::CE::AnomalyMonitor": "MonitorArn",
    "AWS::CE::AnomalySubscription": "SubscriptionArn",
    "AWS::CertificateManager::Certificate": "CertificateArn",
    "AWS::CloudFront::CachePolicy": "Id",
    "AWS::CloudFront::Distribution": "Id",
    "AWS::CloudFront::OriginAccessControl": "Id",
    "AWS::CloudFront::ResponseHeadersPolicy": "Id",
    "AWS::CloudTrail::Trail": "TrailName",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CloudWatch::CompositeAlarm": "AlarmName",
    "AWS::CloudWatch::Dashboard": "DashboardName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::EC2::EIP": "PublicIp AllocationId",
    "AWS::EC2::EgressOnlyInternetGateway": "Id",
    "AWS::EC2::FlowLog": "Id",
    "AWS::EC2::InternetGateway": "InternetGatewayId",
    "AWS::EC2::LaunchTemplate": "LaunchTemplateId",
    "AWS::EC2::NatGateway": "NatGatewayId",
    "AWS::EC2::NetworkAcl": "Id",
    "AWS::EC2::NetworkAclEntry": "Id",
    "AWS::EC2::PrefixList": "PrefixListId",
    "AWS::EC2::Route": "RouteTableId CidrBlock",
    "AWS::EC2::RouteTable": "RouteTableId",
    "AWS::EC2::SecurityGroup": "Id",
    "AWS::EC2::SecurityGroupEgress": "Id",
    "AWS::EC2::SecurityGroupIngress": "Id",
    "AWS::EC2::SnapshotBlockPublicAccess": "AccountId",
    "AWS::EC2::Subnet": "SubnetId",
    "AWS::EC2::SubnetCidrBlock": "Id",
    "AWS::EC2::SubnetNetworkAclAssociation": "AssociationId",
    "AWS::EC2::SubnetRouteTableAssociation": "Id",
    "AWS::EC2::VPC": "VpcId",
    "AWS::EC2::VPCCidrBlock": "Id VpcId",
    "AWS::EC2::VPCEndpoint": "Id",
    "AWS::EC2::VPCGatewayAttachment": "AttachmentType VpcId",
    "AWS::EC2::VPCPeeringConnection": "Id",
    "AWS::ECR::PullThroughCacheRule": "EcrRepositoryPrefix",
    "AWS::ECR::RegistryPolicy": "RegistryId",
    "AWS::ECR::RegistryScanningConfiguration": "RegistryId",
    "AWS::ECR::ReplicationConfiguration": "RegistryId",
    "AWS::ECR::Repository": "RepositoryName",
    "AWS::ECR::RepositoryCreationTemplate": "Prefix",
    "AWS::EFS::AccessPoint": "AccessPointId",
    "AWS::EFS::FileSystem": "FileSystemId",
    "AWS::EFS::MountTarget": "Id",
    "AWS::EKS::AccessEntry": "PrincipalArn ClusterName",
    "AWS::EKS::Addon": "ClusterName AddonName",
    "AWS::EKS::Cluster": "Name",
    "AWS::EKS::IdentityProviderConfig": "IdentityProviderConfigName ClusterName Type",
    "AWS::EKS::Nodegroup": "Id",
    "AWS::EKS::PodIdentityAssociation": "AssociationArn",
    "AWS::ElastiCache::ParameterGroup": "CacheParameterGroupName",
    "AWS::ElastiCache::ReplicationGroup": "ReplicationGroupId",
    "AWS::ElastiCache::ServerlessCache": "ServerlessCacheName",
    "AWS::ElastiCache::SubnetGroup": "CacheSubnetGroupName",
    "AWS::ElastiCache::User": "UserId",
    "AWS::ElastiCache::UserGroup": "UserGroupId",
    "AWS::ElasticLoadBalancingV2::Listener": "ListenerArn",
    "AWS::ElasticLoadBalancingV2::ListenerRule": "RuleArn",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "LoadBalancerArn",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "TargetGroupArn",
    "AWS::Events::Rule": "Arn",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "PolicyArn",
    "AWS::IAM::OIDCProvider": "Arn",
    "AWS::IAM::Policy": "Id",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::RolePolicy": "PolicyName RoleName",
    "AWS::IAM::ServiceLinkedRole": "RoleName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::KMS::Key": "KeyId",
    "AWS::KMS::ReplicaKey": "KeyId",
    "AWS::KinesisFirehose::DeliveryStream": "DeliveryStreamName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::Logs::MetricFilter": "LogGroupName FilterName",
    "AWS::Logs::ResourcePolicy": "PolicyName",
    "AWS::Logs::SubscriptionFilter": "FilterName LogGroupName",
    "AWS::MSK::BatchScramSecret": "ClusterArn",
    "AWS::MSK::Cluster": "Arn",
    "AWS::MSK::ClusterPolicy": "ClusterArn",
    "AWS::MSK::Configuration": "Arn",
    "AWS::OpenSearchService::Domain": "DomainName",
    "AWS::RDS::DBCluster": "DBClusterIdentifier",
    "AWS::RDS::DBInstance": "DBInstanceIdentifier",
    "AWS::RDS::DBParameterGroup": "DBParameterGroupName",
    "AWS::RDS::DBSubnetGroup": "DBSubnetGroupName",
    "AWS::RDS::EventSubscription": "SubscriptionName",
    "AWS::RDS::OptionGroup": "OptionGroupName",
    "AWS::Route53::HealthCheck": "HealthCheckId",
    "AWS::Route53::HostedZone": "Id",
    "AWS::Route53::RecordSet": "Name HostedZoneId Type SetIdentifier",
    "AWS::Route53::RecordSetGroup": "Id",
    "AWS::S3::Bucket": "BucketName",
    "AWS::S3::BucketPolicy": "Bucket",
    "AWS::SNS::Subscription": "Arn",
    "AWS::SNS::Topic": "TopicArn",
    "AWS::SNS::TopicPolicy": "Id",
    "AWS::SQS::Queue": "QueueUrl",
    "AWS::SQS::QueuePolicy": "Id",
    "AWS::SSM::Parameter": "Name",
    "AWS::SecretsManager::ResourcePolicy": "Id",
    "AWS::SecretsManager::RotationSchedule": "Id",
    "AWS::SecretsManager::Secret": "Id",
    "AWS::SecretsManager::SecretTargetAttachment": "Id",
    "AWS::WAFv2::IPSet": "Name Id Scope",
    "AWS::WAFv2::LoggingConfiguration": "ResourceArn",
    "AWS::WAFv2::RegexPatternSet": "Name Id Scope",
    "AWS::WAFv2::RuleGroup": "Name Id Scope",
    "AWS::WAFv2::WebACL": "Name Id Scope",
    "AWS::WAFv2::WebACLAssociation": "ResourceArn WebACLArn",
}
# What no template may declare.
READ_ONLY: dict[str, str] = {
    "AWS::AmazonMQ::Broker": (
        "Id Arn EngineVersionCurrent IpAddresses MqttEndpoints OpenWireEndpoints ConfigurationId ConfigurationRevision StompEndpoints WssEndpoints "
        "AmqpEndpoints ConsoleURLs "
    ),
    "AWS::AmazonMQ::Configuration": "Arn Id Revision",
    "AWS::AmazonMQ::ConfigurationAssociation": "Id",
    "AWS::Backup::BackupPlan": "BackupPlanId VersionId BackupPlanArn",
    "AWS::Backup::BackupSelection": "SelectionId Id",
    "AWS::Backup::BackupVault": "BackupVaultArn",
    "AWS::Backup::RestoreTestingPlan": "RestoreTestingPlanArn",
    "AWS::Budgets::Budget": "Id",
    "AWS::CE::AnomalyMonitor": "MonitorArn CreationDate LastEvaluatedDate LastUpdatedDate DimensionalValueCount",
    "AWS::CE::AnomalySubscription": "SubscriptionArn AccountId Subscribers.*.Status",
    "AWS::CertificateManager::Certificate": "CertificateArn",
    "AWS::CloudFront::CachePolicy": "Id LastModifiedTime",
    "AWS::CloudFront::Distribution": "Id DomainName",
    "AWS::CloudFront::OriginAccessControl": "Id",
    "AWS::CloudFront::ResponseHeadersPolicy": "Id LastModifiedTime",
    "AWS::CloudTrail::Trail": "Arn SnsTopicArn",
    "AWS::CloudWatch::Alarm": "Arn",
    "AWS::CloudWatch::CompositeAlarm": "Arn",
    "AWS::DynamoDB::Table": "Arn StreamArn",
    "AWS::EC2::EIP": "PublicIp AllocationId",
    "AWS::EC2::EgressOnlyInternetGateway": "Id",
    "AWS::EC2::FlowLog": "Id",
    "AWS::EC2::InternetGateway": "InternetGatewayId",
    "AWS::EC2::LaunchTemplate": "DefaultVersionNumber LaunchTemplateId LatestVersionNumber",
    "AWS::EC2::NatGateway": "NatGatewayId EniId AutoProvisionZones AutoScalingIps RouteTableId",
    "AWS::EC2::NetworkAcl": "Id",
    "AWS::EC2::NetworkAclEntry": "Id",
    "AWS::EC2::PrefixList": "PrefixListId OwnerId Version Arn",
    "AWS::EC2::Route": "CidrBlock",
    "AWS::EC2::RouteTable": "RouteTableId",
    "AWS::EC2::SecurityGroup": "Id GroupId",
    "AWS::EC2::SecurityGroupEgress": "Id",
    "AWS::EC2::SecurityGroupIngress": "Id",
    "AWS::EC2::SnapshotBlockPublicAccess": "AccountId",
    "AWS::EC2::Subnet": "NetworkAclAssociationId SubnetId Ipv6CidrBlocks BlockPublicAccessStates",
    "AWS::EC2::SubnetCidrBlock": "Id Ipv6AddressAttribute IpSource",
    "AWS::EC2::SubnetNetworkAclAssociation": "AssociationId",
    "AWS::EC2::SubnetRouteTableAssociation": "Id",
    "AWS::EC2::VPC": (
        "CidrBlockAssociations DefaultNetworkAcl DefaultSecurityGroup Ipv6CidrBlocks VpcId VpcEncryptionControl.VpcId "
        "VpcEncryptionControl.VpcEncryptionControlId VpcEncryptionControl.State VpcEncryptionControl.StateMessage "
        "VpcEncryptionControl.ResourceExclusions VpcEncryptionControl.ResourceExclusions.InternetGateway "
        "VpcEncryptionControl.ResourceExclusions.InternetGateway.State VpcEncryptionControl.ResourceExclusions.InternetGateway.StateMessage "
        "VpcEncryptionControl.ResourceExclusions.EgressOnlyInternetGateway VpcEncryptionControl.ResourceExclusions.EgressOnlyInternetGateway.State "
        "VpcEncryptionControl.ResourceExclusions.EgressOnlyInternetGateway.StateMessage VpcEncryptionControl.ResourceExclusions.NatGateway "
        "VpcEncryptionControl.ResourceExclusions.NatGateway.State VpcEncryptionControl.ResourceExclusions.NatGateway.StateMessage "
        "VpcEncryptionControl.ResourceExclusions.VirtualPrivateGateway VpcEncryptionControl.ResourceExclusions.VirtualPrivateGateway.State "
        "VpcEncryptionControl.ResourceExclusions.VirtualPrivateGateway.StateMessage VpcEncryptionControl.ResourceExclusions.VpcPeering "
        "VpcEncryptionControl.ResourceExclusions.VpcPeering.State VpcEncryptionControl.ResourceExclusions.VpcPeering.StateMessage "
        "VpcEncryptionControl.ResourceExclusions.Lambda VpcEncryptionControl.ResourceExclusions.Lambda.State "
        "VpcEncryptionControl.ResourceExclusions.Lambda.StateMessage VpcEncryptionControl.ResourceExclusions.VpcLattice "
        "VpcEncryptionControl.ResourceExclusions.VpcLattice.State VpcEncryptionControl.ResourceExclusions.VpcLattice.StateMessage "
        "VpcEncryptionControl.ResourceExclusions.ElasticFileSystem VpcEncryptionControl.ResourceExclusions.ElasticFileSystem.State "
        "VpcEncryptionControl.ResourceExclusions.ElasticFileSystem.StateMessage "
    ),
    "AWS::EC2::VPCCidrBlock": "Id Ipv6AddressAttribute IpSource",
    "AWS::EC2::VPCEndpoint": "NetworkInterfaceIds CreationTimestamp DnsEntries Id",
    "AWS::EC2::VPCGatewayAttachment": "AttachmentType",
    "AWS::EC2::VPCPeeringConnection": "Id",
    "AWS::ECR::RegistryPolicy": "RegistryId",
    "AWS::ECR::RegistryScanningConfiguration": "RegistryId",
    "AWS::ECR::ReplicationConfiguration": "RegistryId",
    "AWS::ECR::Repository": "Arn RepositoryUri",
    "AWS::ECR::RepositoryCreationTemplate": "CreatedAt UpdatedAt",
    "AWS::EFS::AccessPoint": "AccessPointId Arn",
    "AWS::EFS::FileSystem": "Arn FileSystemId ReplicationConfiguration.Destinations.*.Status ReplicationConfiguration.Destinations.*.StatusMessage",
    "AWS::EFS::MountTarget": "Id",
    "AWS::EKS::AccessEntry": "AccessEntryArn",
    "AWS::EKS::Addon": "Arn",
    "AWS::EKS::Cluster": (
        "Id Arn Endpoint CertificateAuthorityData CertificateAuthority.Data CertificateAuthority.Active.Id CertificateAuthority.Active.ActivatedBy "
        "ClusterSecurityGroupId EncryptionConfigKeyArn OpenIdConnectIssuerUrl KubernetesNetworkConfig.ServiceIpv6Cidr "
    ),
    "AWS::EKS::IdentityProviderConfig": "IdentityProviderConfigArn",
    "AWS::EKS::Nodegroup": "Id Arn",
    "AWS::EKS::PodIdentityAssociation": "AssociationArn AssociationId ExternalId",
    "AWS::ElastiCache::ParameterGroup": "CacheParameterGroupName",
    "AWS::ElastiCache::ReplicationGroup": (
        "ConfigurationEndPoint ConfigurationEndPoint.Address ConfigurationEndPoint.Port PrimaryEndPoint PrimaryEndPoint.Address PrimaryEndPoint.Port "
        "ReadEndPoint ReadEndPoint.Addresses ReadEndPoint.AddressesList ReadEndPoint.Ports ReadEndPoint.PortsList ReaderEndPoint "
        "ReaderEndPoint.Address ReaderEndPoint.Port EffectiveDurability "
    ),
    "AWS::ElastiCache::ServerlessCache": ("FullEngineVersion CreateTime Status Endpoint.Address Endpoint.Port ReaderEndpoint.Address ReaderEndpoint.Port ARN "),
    "AWS::ElastiCache::User": "Status Arn",
    "AWS::ElastiCache::UserGroup": "Status Arn",
    "AWS::ElasticLoadBalancingV2::Listener": "ListenerArn",
    "AWS::ElasticLoadBalancingV2::ListenerRule": "RuleArn IsDefault",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "LoadBalancerName LoadBalancerFullName CanonicalHostedZoneID LoadBalancerArn DNSName",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "LoadBalancerArns TargetGroupArn TargetGroupName TargetGroupFullName",
    "AWS::Events::Rule": "Arn RuleName",
    "AWS::IAM::InstanceProfile": "Arn",
    "AWS::IAM::ManagedPolicy": "PolicyArn AttachmentCount CreateDate DefaultVersionId IsAttachable PermissionsBoundaryUsageCount PolicyId UpdateDate",
    "AWS::IAM::OIDCProvider": "Arn",
    "AWS::IAM::Policy": "Id",
    "AWS::IAM::Role": "Arn RoleId",
    "AWS::IAM::ServiceLinkedRole": "RoleName",
    "AWS::KMS::Key": "Arn KeyId",
    "AWS::KMS::ReplicaKey": "Arn KeyId",
    "AWS::KinesisFirehose::DeliveryStream": "Arn",
    "AWS::Logs::LogGroup": "Arn",
    "AWS::MSK::Cluster": "Arn CurrentVersion",
    "AWS::MSK::ClusterPolicy": "CurrentVersion",
    "AWS::MSK::Configuration": "Arn LatestRevision.CreationTime LatestRevision.Revision LatestRevision.Description",
    "AWS::OpenSearchService::Domain": (
        "Id Arn DomainArn DomainEndpoint DomainEndpointV2 DomainEndpoints ServiceSoftwareOptions AdvancedSecurityOptions.AnonymousAuthDisableDate "
        "IdentityCenterOptions.IdentityCenterApplicationARN IdentityCenterOptions.IdentityStoreId "
    ),
    "AWS::RDS::DBCluster": (
        "DBClusterArn DBClusterResourceId Endpoint Endpoint.Address Endpoint.Port ReadEndpoint ReadEndpoint.Address MasterUserSecret.SecretArn "
        "StorageEncryptionType StorageThroughput "
    ),
    "AWS::RDS::DBInstance": (
        "AdditionalStorageVolumes.*.StorageOperationStatus AdditionalStorageVolumes.*.StorageOperationPercentProgress AutomaticRestartTime "
        "CertificateDetails CertificateDetails.CAIdentifier CertificateDetails.ValidTill Endpoint Endpoint.Address Endpoint.Port "
        "Endpoint.HostedZoneId DbiResourceId DBInstanceArn DBInstanceStatus InstanceCreateTime IsStorageConfigUpgradeAvailable LatestRestorableTime "
        "ListenerEndpoint ListenerEndpoint.Address ListenerEndpoint.Port ListenerEndpoint.HostedZoneId MasterUserSecret.SecretArn PercentProgress "
        "ReadReplicaDBClusterIdentifiers ReadReplicaDBInstanceIdentifiers ResumeFullAutomationModeTime SecondaryAvailabilityZone StatusInfos "
        "StorageOperationStatus StorageOperationPercentProgress "
    ),
    "AWS::RDS::DBParameterGroup": "DBParameterGroupArn",
    "AWS::RDS::DBSubnetGroup": "DBSubnetGroupArn",
    "AWS::Route53::HealthCheck": "HealthCheckId",
    "AWS::Route53::HostedZone": "Id NameServers",
    "AWS::Route53::RecordSetGroup": "Id",
    "AWS::S3::Bucket": (
        "Arn DomainName DualStackDomainName RegionalDomainName MetadataTableConfiguration.S3TablesDestination.TableNamespace "
        "MetadataTableConfiguration.S3TablesDestination.TableArn MetadataConfiguration.Destination "
        "MetadataConfiguration.JournalTableConfiguration.TableName MetadataConfiguration.JournalTableConfiguration.TableArn "
        "MetadataConfiguration.InventoryTableConfiguration.TableName MetadataConfiguration.InventoryTableConfiguration.TableArn "
        "MetadataConfiguration.AnnotationTableConfiguration.TableName MetadataConfiguration.AnnotationTableConfiguration.TableArn WebsiteURL "
    ),
    "AWS::SNS::Subscription": "Arn",
    "AWS::SNS::Topic": "TopicArn",
    "AWS::SNS::TopicPolicy": "Id",
    "AWS::SQS::Queue": "QueueUrl Arn",
    "AWS::SQS::QueuePolicy": "Id",
    "AWS::SSM::Parameter": "Arn",
    "AWS::SecretsManager::ResourcePolicy": "Id",
    "AWS::SecretsManager::RotationSchedule": "Id",
    "AWS::SecretsManager::Secret": "Id",
    "AWS::SecretsManager::SecretTargetAttachment": "Id",
    "AWS::WAFv2::IPSet": "Arn Id",
    "AWS::WAFv2::LoggingConfiguration": "ManagedByFirewallManager",
    "AWS::WAFv2::RegexPatternSet": "Arn Id",
    "AWS::WAFv2::RuleGroup": "Arn Id LabelNamespace AvailableLabels.*.Name ConsumedLabels.*.Name",
    "AWS::WAFv2::WebACL": "Arn Capacity Id LabelNamespace",
}
# What no service gives back.
WRITE_ONLY: dict[str, str] = {
    "AWS::AmazonMQ::Broker": "EngineVersion Users LdapServerMetadata.ServiceAccountPassword DataReplicationPrimaryBrokerArn Configuration",
    "AWS::AmazonMQ::Configuration": "Data",
    "AWS::Backup::BackupVault": "LockConfiguration.ChangeableForDays",
    "AWS::CertificateManager::Certificate": "DomainValidationOptions.*.HostedZoneId ValidationMethod",
    "AWS::DynamoDB::Table": "ImportSourceSpecification",
    "AWS::EC2::EIP": "TransferAddress IpamPoolId Address",
    "AWS::EC2::LaunchTemplate": "LaunchTemplateData VersionDescription TagSpecifications",
    "AWS::EC2::NatGateway": "MaxDrainDurationSeconds",
    "AWS::EC2::SecurityGroup": "SecurityGroupIngress.*.SourceSecurityGroupName",
    "AWS::EC2::Subnet": "EnableLniAtDeviceIndex Ipv4IpamPoolId Ipv4NetmaskLength Ipv6IpamPoolId Ipv6NetmaskLength",
    "AWS::EC2::SubnetCidrBlock": "Ipv6IpamPoolId Ipv6NetmaskLength",
    "AWS::EC2::VPC": (
        "Ipv4IpamPoolId Ipv4NetmaskLength VpcEncryptionControl.InternetGatewayExclusion VpcEncryptionControl.EgressOnlyInternetGatewayExclusion "
        "VpcEncryptionControl.NatGatewayExclusion VpcEncryptionControl.VirtualPrivateGatewayExclusion VpcEncryptionControl.VpcPeeringExclusion "
        "VpcEncryptionControl.LambdaExclusion VpcEncryptionControl.VpcLatticeExclusion VpcEncryptionControl.ElasticFileSystemExclusion "
    ),
    "AWS::EC2::VPCCidrBlock": "Ipv4IpamPoolId Ipv4NetmaskLength Ipv6IpamPoolId Ipv6NetmaskLength",
    "AWS::EC2::VPCPeeringConnection": "PeerRoleArn AssumeRoleRegion",
    "AWS::ECR::PullThroughCacheRule": "CredentialArn UpstreamRegistry CustomRoleArn",
    "AWS::ECR::Repository": "EmptyOnDelete",
    "AWS::EFS::FileSystem": (
        "BypassPolicyLockoutSafetyCheck ReplicationConfiguration.Destinations.*.AvailabilityZoneName ReplicationConfiguration.Destinations.*.KmsKeyId "
    ),
    "AWS::EFS::MountTarget": "IpAddressType",
    "AWS::EKS::Addon": "ResolveConflicts PreserveOnDelete PodIdentityAssociations",
    "AWS::EKS::Cluster": ("AccessConfig.BootstrapClusterCreatorAdminPermissions BootstrapSelfManagedAddons Force RollbackConfig ActiveCertificateAuthorityId "),
    "AWS::EKS::Nodegroup": "ForceUpdateEnabled",
    "AWS::ElastiCache::ReplicationGroup": (
        "AuthToken CacheParameterGroupName CacheSecurityGroupNames CacheSubnetGroupName EngineVersion NotificationTopicArn PreferredMaintenanceWindow "
        "SecurityGroupIds SnapshotArns SnapshotName NodeGroupConfiguration NumNodeGroups KmsKeyId PrimaryClusterId PreferredCacheClusterAZs "
    ),
    "AWS::ElastiCache::ServerlessCache": "SnapshotArnsToRestore FinalSnapshotName",
    "AWS::ElastiCache::User": "Passwords NoPasswordRequired AccessString AuthenticationMode",
    "AWS::ElasticLoadBalancingV2::Listener": "DefaultActions.*.AuthenticateOidcConfig.ClientSecret",
    "AWS::ElasticLoadBalancingV2::ListenerRule": "Actions.*.AuthenticateOidcConfig.ClientSecret ListenerArn",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "EnableCapacityReservationProvisionStabilize",
    "AWS::IAM::ServiceLinkedRole": "CustomSuffix AWSServiceName",
    "AWS::KMS::Key": "PendingWindowInDays BypassPolicyLockoutSafetyCheck RotationPeriodInDays",
    "AWS::KMS::ReplicaKey": "PendingWindowInDays",
    "AWS::KinesisFirehose::DeliveryStream": (
        "HttpEndpointDestinationConfiguration.EndpointConfiguration.AccessKey RedshiftDestinationConfiguration.Password "
        "ElasticsearchDestinationConfiguration.CloudWatchLoggingOptions.Enabled AmazonopensearchserviceDestinationConfiguration "
        "ElasticsearchDestinationConfiguration SnowflakeDestinationConfiguration AmazonOpenSearchServerlessDestinationConfiguration "
        "DatabaseSourceConfiguration IcebergDestinationConfiguration HttpEndpointDestinationConfiguration.SecretsManagerConfiguration "
        "RedshiftDestinationConfiguration.ProcessingConfiguration S3DestinationConfiguration MSKSourceConfiguration KinesisStreamSourceConfiguration "
        "SnowflakeDestinationConfiguration.SnowflakeVpcConfiguration HttpEndpointDestinationConfiguration.ProcessingConfiguration "
        "RedshiftDestinationConfiguration.S3Configuration.EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN "
        "SplunkDestinationConfiguration.BufferingHints SplunkDestinationConfiguration.SecretsManagerConfiguration "
        "SplunkDestinationConfiguration.ProcessingConfiguration SplunkDestinationConfiguration.CloudWatchLoggingOptions "
        "SplunkDestinationConfiguration.S3Configuration.EncryptionConfiguration.NoEncryptionConfig "
        "RedshiftDestinationConfiguration.S3BackupConfiguration.ErrorOutputPrefix "
        "RedshiftDestinationConfiguration.S3BackupConfiguration.EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN "
        "ExtendedS3DestinationConfiguration.FileExtension RedshiftDestinationConfiguration.S3Configuration.ErrorOutputPrefix "
        "RedshiftDestinationConfiguration.SecretsManagerConfiguration.Enabled RedshiftDestinationConfiguration.SecretsManagerConfiguration.SecretARN "
        "HttpEndpointDestinationConfiguration.S3Configuration.EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN "
        "ExtendedS3DestinationConfiguration.CustomTimeZone RedshiftDestinationConfiguration.SecretsManagerConfiguration.RoleARN "
        "DirectPutSourceConfiguration.ThroughputHintInMBs "
    ),
    "AWS::MSK::Cluster": "ZookeeperAccess",
    "AWS::MSK::Configuration": "ServerProperties",
    "AWS::OpenSearchService::Domain": (
        "AdvancedSecurityOptions.MasterUserOptions AdvancedSecurityOptions.SAMLOptions.MasterUserName "
        "AdvancedSecurityOptions.SAMLOptions.MasterBackendRole AdvancedSecurityOptions.JWTOptions.PublicKey "
    ),
    "AWS::RDS::DBCluster": (
        "ClusterScalabilityType DBInstanceParameterGroupName DeleteAutomatedBackups MasterUserAuthenticationType MasterUserPassword RestoreToTime "
        "RestoreType SnapshotIdentifier SourceDBClusterIdentifier SourceDbClusterResourceId SourceRegion UseLatestRestorableTime "
    ),
    "AWS::RDS::DBInstance": (
        "AllowMajorVersionUpgrade AutomaticBackupReplicationKmsKeyId CertificateRotationRestart DBSnapshotIdentifier DeleteAutomatedBackups "
        "MasterUserAuthenticationType MasterUserPassword RestoreTime SourceDBInstanceAutomatedBackupsArn SourceDBInstanceIdentifier "
        "SourceDbiResourceId SourceRegion TdeCredentialPassword UseDefaultProcessorFeatures UseLatestRestorableTime ApplyImmediately "
    ),
    "AWS::Route53::RecordSet": "Comment HostedZoneName",
    "AWS::S3::Bucket": (
        "AccessControl BucketNamePrefix BucketNamespace MetadataConfiguration.JournalTableConfiguration.EncryptionConfiguration "
        "MetadataConfiguration.InventoryTableConfiguration.EncryptionConfiguration "
        "MetadataConfiguration.AnnotationTableConfiguration.EncryptionConfiguration LifecycleConfiguration.Rules.*.NoncurrentVersionExpirationInDays "
        "LifecycleConfiguration.Rules.*.NoncurrentVersionTransition LifecycleConfiguration.Rules.*.Transition ReplicationConfiguration.Rules.*.Prefix "
        "LifecycleConfiguration.Rules.*.ExpiredObjectDeleteMarker "
    ),
    "AWS::SNS::Subscription": "Region",
    "AWS::SSM::Parameter": "Description Tier AllowedPattern Policies",
    "AWS::SecretsManager::ResourcePolicy": "BlockPublicPolicy",
    "AWS::SecretsManager::RotationSchedule": (
        "RotateImmediatelyOnUpdate HostedRotationLambda HostedRotationLambda.ExcludeCharacters HostedRotationLambda.KmsKeyArn "
        "HostedRotationLambda.MasterSecretArn HostedRotationLambda.MasterSecretKmsKeyArn HostedRotationLambda.RotationLambdaName "
        "HostedRotationLambda.RotationType HostedRotationLambda.Runtime HostedRotationLambda.SuperuserSecretArn "
        "HostedRotationLambda.SuperuserSecretKmsKeyArn HostedRotationLambda.VpcSecurityGroupIds HostedRotationLambda.VpcSubnetIds "
    ),
    "AWS::SecretsManager::Secret": "SecretString GenerateSecretString",
}
# What every template must declare.
REQUIRED: dict[str, str] = {
    "AWS::AmazonMQ::Broker": "BrokerName EngineType DeploymentMode HostInstanceType PubliclyAccessible",
    "AWS::AmazonMQ::Configuration": "EngineType Name",
    "AWS::AmazonMQ::ConfigurationAssociation": "Configuration Broker",
    "AWS::Backup::BackupPlan": "BackupPlan",
    "AWS::Backup::BackupSelection": "BackupSelection BackupPlanId",
    "AWS::Backup::BackupVault": "BackupVaultName",
    "AWS::Backup::RestoreTestingPlan": "RecoveryPointSelection ScheduleExpression RestoreTestingPlanName",
    "AWS::Backup::RestoreTestingSelection": "IamRoleArn ProtectedResourceType RestoreTestingPlanName RestoreTestingSelectionName",
    "AWS::Budgets::Budget": "Budget",
    "AWS::CE::AnomalyMonitor": "MonitorName MonitorType",
    "AWS::CE::AnomalySubscription": "MonitorArnList Subscribers Frequency SubscriptionName",
    "AWS::CertificateManager::Certificate": "DomainName",
    "AWS::CloudFront::CachePolicy": "CachePolicyConfig",
    "AWS::CloudFront::Distribution": "DistributionConfig",
    "AWS::CloudFront::OriginAccessControl": "OriginAccessControlConfig",
    "AWS::CloudFront::ResponseHeadersPolicy": "ResponseHeadersPolicyConfig",
    "AWS::CloudTrail::Trail": "S3BucketName IsLogging",
    "AWS::CloudWatch::CompositeAlarm": "AlarmRule",
    "AWS::CloudWatch::Dashboard": "DashboardBody",
    "AWS::DynamoDB::Table": "KeySchema",
    "AWS::EC2::EgressOnlyInternetGateway": "VpcId",
    "AWS::EC2::FlowLog": "ResourceType ResourceId",
    "AWS::EC2::LaunchTemplate": "LaunchTemplateData",
    "AWS::EC2::NetworkAcl": "VpcId",
    "AWS::EC2::NetworkAclEntry": "NetworkAclId RuleAction RuleNumber Protocol",
    "AWS::EC2::PrefixList": "PrefixListName AddressFamily",
    "AWS::EC2::Route": "RouteTableId",
    "AWS::EC2::RouteTable": "VpcId",
    "AWS::EC2::SecurityGroup": "GroupDescription",
    "AWS::EC2::SecurityGroupEgress": "IpProtocol GroupId",
    "AWS::EC2::SecurityGroupIngress": "IpProtocol",
    "AWS::EC2::SnapshotBlockPublicAccess": "State",
    "AWS::EC2::Subnet": "VpcId",
    "AWS::EC2::SubnetCidrBlock": "SubnetId",
    "AWS::EC2::SubnetNetworkAclAssociation": "NetworkAclId SubnetId",
    "AWS::EC2::SubnetRouteTableAssociation": "RouteTableId SubnetId",
    "AWS::EC2::VPCCidrBlock": "VpcId",
    "AWS::EC2::VPCEndpoint": "VpcId",
    "AWS::EC2::VPCGatewayAttachment": "VpcId",
    "AWS::EC2::VPCPeeringConnection": "VpcId PeerVpcId",
    "AWS::ECR::RegistryPolicy": "PolicyText",
    "AWS::ECR::RegistryScanningConfiguration": "Rules ScanType",
    "AWS::ECR::ReplicationConfiguration": "ReplicationConfiguration",
    "AWS::ECR::RepositoryCreationTemplate": "Prefix AppliedFor",
    "AWS::EFS::AccessPoint": "FileSystemId",
    "AWS::EFS::MountTarget": "FileSystemId SecurityGroups SubnetId",
    "AWS::EKS::AccessEntry": "PrincipalArn ClusterName",
    "AWS::EKS::Addon": "ClusterName AddonName",
    "AWS::EKS::Cluster": "RoleArn ResourcesVpcConfig",
    "AWS::EKS::IdentityProviderConfig": "Type ClusterName",
    "AWS::EKS::Nodegroup": "ClusterName NodeRole Subnets",
    "AWS::EKS::PodIdentityAssociation": "ClusterName RoleArn Namespace ServiceAccount",
    "AWS::ElastiCache::ParameterGroup": "Description CacheParameterGroupFamily",
    "AWS::ElastiCache::ReplicationGroup": "ReplicationGroupDescription",
    "AWS::ElastiCache::ServerlessCache": "ServerlessCacheName Engine",
    "AWS::ElastiCache::SubnetGroup": "Description SubnetIds",
    "AWS::ElastiCache::User": "UserId UserName Engine",
    "AWS::ElastiCache::UserGroup": "UserGroupId Engine UserIds",
    "AWS::ElasticLoadBalancingV2::Listener": "LoadBalancerArn DefaultActions",
    "AWS::ElasticLoadBalancingV2::ListenerRule": "Actions Priority Conditions",
    "AWS::IAM::InstanceProfile": "Roles",
    "AWS::IAM::ManagedPolicy": "PolicyDocument",
    "AWS::IAM::Policy": "PolicyDocument PolicyName",
    "AWS::IAM::Role": "AssumeRolePolicyDocument",
    "AWS::IAM::RolePolicy": "PolicyName RoleName",
    "AWS::KMS::Alias": "AliasName TargetKeyId",
    "AWS::KMS::ReplicaKey": "PrimaryKeyArn KeyPolicy",
    "AWS::Logs::MetricFilter": "FilterPattern LogGroupName MetricTransformations",
    "AWS::Logs::ResourcePolicy": "PolicyName PolicyDocument",
    "AWS::Logs::SubscriptionFilter": "DestinationArn FilterPattern LogGroupName",
    "AWS::MSK::BatchScramSecret": "ClusterArn",
    "AWS::MSK::Cluster": "BrokerNodeGroupInfo KafkaVersion NumberOfBrokerNodes ClusterName",
    "AWS::MSK::ClusterPolicy": "Policy ClusterArn",
    "AWS::MSK::Configuration": "ServerProperties Name",
    "AWS::RDS::DBParameterGroup": "Family Description",
    "AWS::RDS::DBSubnetGroup": "DBSubnetGroupDescription SubnetIds",
    "AWS::RDS::EventSubscription": "SnsTopicArn",
    "AWS::RDS::OptionGroup": "EngineName MajorEngineVersion OptionGroupDescription",
    "AWS::Route53::HealthCheck": "HealthCheckConfig",
    "AWS::Route53::RecordSet": "Type Name",
    "AWS::S3::BucketPolicy": "Bucket PolicyDocument",
    "AWS::SNS::Subscription": "TopicArn Protocol",
    "AWS::SNS::TopicPolicy": "PolicyDocument Topics",
    "AWS::SQS::QueuePolicy": "PolicyDocument Queues",
    "AWS::SSM::Parameter": "Value Type",
    "AWS::SecretsManager::ResourcePolicy": "ResourcePolicy SecretId",
    "AWS::SecretsManager::RotationSchedule": "SecretId",
    "AWS::SecretsManager::SecretTargetAttachment": "TargetType TargetId SecretId",
    "AWS::WAFv2::IPSet": "Addresses IPAddressVersion Scope",
    "AWS::WAFv2::LoggingConfiguration": "ResourceArn LogDestinationConfigs",
    "AWS::WAFv2::RegexPatternSet": "Scope RegularExpressionList",
    "AWS::WAFv2::RuleGroup": "Capacity Scope VisibilityConfig",
    "AWS::WAFv2::WebACL": "DefaultAction Scope VisibilityConfig",
    "AWS::WAFv2::WebACLAssociation": "ResourceArn WebACLArn",
}
# Types whose schema has no handler that reads: CloudFormation cannot import them.
NO_IMPORT = (
    "AWS::AmazonMQ::ConfigurationAssociation",
    "AWS::EC2::NetworkAclEntry",
    "AWS::IAM::Policy",
    "AWS::Route53::RecordSetGroup",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
)
