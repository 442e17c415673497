# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What the CloudFormation resource schemas say of replacement. Written by tests/support/stack_schemas.py, not by hand."""

from __future__ import annotations

# A change of these replaces the resource.
CREATE_ONLY: dict[str, str] = {
    "AWS::AmazonMQ::Broker": "AuthenticationStrategy BrokerName DeploymentMode EncryptionOptions EngineType PubliclyAccessible StorageType SubnetIds",
    "AWS::AmazonMQ::Configuration": "AuthenticationStrategy EngineType EngineVersion Name",
    "AWS::AmazonMQ::ConfigurationAssociation": "Broker",
    "AWS::Backup::BackupSelection": "BackupPlanId BackupSelection",
    "AWS::Backup::BackupVault": "BackupVaultName EncryptionKeyArn",
    "AWS::Backup::RestoreTestingPlan": "RestoreTestingPlanName",
    "AWS::Backup::RestoreTestingSelection": "ProtectedResourceType RestoreTestingPlanName RestoreTestingSelectionName",
    "AWS::Budgets::Budget": "Budget.BudgetName NotificationsWithSubscribers",
    "AWS::CE::AnomalyMonitor": "MonitorDimension MonitorSpecification MonitorType ResourceTags",
    "AWS::CE::AnomalySubscription": "ResourceTags",
    "AWS::CertificateManager::Certificate": (
        "CertificateAuthorityArn CertificateExport DomainName DomainValidationOptions KeyAlgorithm SubjectAlternativeNames "
    ),
    "AWS::CloudTrail::Trail": "TrailName",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CloudWatch::CompositeAlarm": "AlarmName",
    "AWS::CloudWatch::Dashboard": "DashboardName",
    "AWS::DynamoDB::Table": "ImportSourceSpecification TableName",
    "AWS::EC2::EIP": "Address IpamPoolId NetworkBorderGroup TransferAddress",
    "AWS::EC2::EgressOnlyInternetGateway": "VpcId",
    "AWS::EC2::FlowLog": (
        "DeliverCrossAccountRole DeliverLogsPermissionArn DestinationOptions LogDestination LogDestinationType LogFormat LogGroupName "
        "MaxAggregationInterval ResourceId ResourceType TagFieldSpecifications TrafficType "
    ),
    "AWS::EC2::LaunchTemplate": "LaunchTemplateName",
    "AWS::EC2::NatGateway": "AllocationId AvailabilityMode ConnectivityType PrivateIpAddress SubnetId VpcId",
    "AWS::EC2::NetworkAcl": "VpcId",
    "AWS::EC2::NetworkAclEntry": "Egress NetworkAclId RuleNumber",
    "AWS::EC2::Route": "DestinationCidrBlock DestinationIpv6CidrBlock DestinationPrefixListId RouteTableId",
    "AWS::EC2::RouteTable": "VpcId",
    "AWS::EC2::SecurityGroup": "GroupDescription GroupName VpcId",
    "AWS::EC2::SecurityGroupEgress": "CidrIp CidrIpv6 DestinationPrefixListId DestinationSecurityGroupId FromPort GroupId IpProtocol ToPort",
    "AWS::EC2::SecurityGroupIngress": (
        "CidrIp CidrIpv6 FromPort GroupId GroupName IpProtocol SourcePrefixListId SourceSecurityGroupId SourceSecurityGroupName "
        "SourceSecurityGroupOwnerId ToPort "
    ),
    "AWS::EC2::Subnet": (
        "AvailabilityZone AvailabilityZoneId CidrBlock Ipv4IpamPoolId Ipv4NetmaskLength Ipv6IpamPoolId Ipv6Native Ipv6NetmaskLength OutpostArn VpcId "
    ),
    "AWS::EC2::SubnetCidrBlock": "Ipv6CidrBlock Ipv6IpamPoolId Ipv6NetmaskLength SubnetId",
    "AWS::EC2::SubnetNetworkAclAssociation": "NetworkAclId SubnetId",
    "AWS::EC2::SubnetRouteTableAssociation": "RouteTableId SubnetId",
    "AWS::EC2::VPC": "CidrBlock Ipv4IpamPoolId Ipv4NetmaskLength VpcEncryptionControl",
    "AWS::EC2::VPCCidrBlock": (
        "AmazonProvidedIpv6CidrBlock CidrBlock Ipv4IpamPoolId Ipv4NetmaskLength Ipv6CidrBlock Ipv6CidrBlockNetworkBorderGroup Ipv6IpamPoolId "
        "Ipv6NetmaskLength Ipv6Pool VpcId "
    ),
    "AWS::EC2::VPCEndpoint": (
        "DnsOptions.PrivateDnsPreference DnsOptions.PrivateDnsSpecifiedDomains ResourceConfigurationArn ServiceName ServiceNetworkArn ServiceRegion "
        "VpcEndpointType VpcId "
    ),
    "AWS::EC2::VPCGatewayAttachment": "VpcId",
    "AWS::EC2::VPCPeeringConnection": "PeerOwnerId PeerRegion PeerVpcId VpcId",
    "AWS::ECR::PullThroughCacheRule": "CredentialArn CustomRoleArn EcrRepositoryPrefix UpstreamRegistry UpstreamRegistryUrl UpstreamRepositoryPrefix",
    "AWS::ECR::Repository": "EncryptionConfiguration EncryptionConfiguration.EncryptionType EncryptionConfiguration.KmsKey RepositoryName",
    "AWS::ECR::RepositoryCreationTemplate": "Prefix",
    "AWS::EFS::AccessPoint": (
        "ClientToken FileSystemId PosixUser PosixUser.Gid PosixUser.SecondaryGids PosixUser.Uid RootDirectory RootDirectory.CreationInfo "
        "RootDirectory.CreationInfo.OwnerGid RootDirectory.CreationInfo.OwnerUid RootDirectory.CreationInfo.Permissions RootDirectory.Path "
    ),
    "AWS::EFS::FileSystem": "AvailabilityZoneName Encrypted KmsKeyId PerformanceMode",
    "AWS::EFS::MountTarget": "FileSystemId IpAddress IpAddressType Ipv6Address SubnetId",
    "AWS::EKS::AccessEntry": "ClusterName PrincipalArn Type",
    "AWS::EKS::Addon": "AddonName ClusterName NamespaceConfig",
    "AWS::EKS::Cluster": (
        "AccessConfig.BootstrapClusterCreatorAdminPermissions BootstrapSelfManagedAddons EncryptionConfig KubernetesNetworkConfig.IpFamily "
        "KubernetesNetworkConfig.ServiceIpv4Cidr Name OutpostConfig RoleArn "
    ),
    "AWS::EKS::IdentityProviderConfig": "ClusterName IdentityProviderConfigName Oidc Type",
    "AWS::EKS::Nodegroup": "AmiType CapacityType ClusterName DiskSize InstanceTypes NodeRole NodegroupName RemoteAccess Subnets",
    "AWS::EKS::PodIdentityAssociation": "ClusterName Namespace ServiceAccount",
    "AWS::ElastiCache::ParameterGroup": "CacheParameterGroupFamily",
    "AWS::ElastiCache::ReplicationGroup": (
        "AtRestEncryptionEnabled CacheSubnetGroupName DataTieringEnabled GlobalReplicationGroupId KmsKeyId NetworkType Port PreferredCacheClusterAZs "
        "ReplicationGroupId SnapshotArns SnapshotName "
    ),
    "AWS::ElastiCache::ServerlessCache": "ConnectionType KmsKeyId NetworkType ServerlessCacheName SnapshotArnsToRestore SubnetIds",
    "AWS::ElastiCache::SubnetGroup": "CacheSubnetGroupName",
    "AWS::ElastiCache::User": "UserId UserName",
    "AWS::ElastiCache::UserGroup": "UserGroupId",
    "AWS::ElasticLoadBalancingV2::Listener": "LoadBalancerArn",
    "AWS::ElasticLoadBalancingV2::ListenerRule": "ListenerArn",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "Name Scheme Type",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "IpAddressType Name Port Protocol ProtocolVersion TargetType VpcId",
    "AWS::Events::Rule": "Name",
    "AWS::IAM::InstanceProfile": "InstanceProfileName Path",
    "AWS::IAM::ManagedPolicy": "Description ManagedPolicyName Path",
    "AWS::IAM::OIDCProvider": "Url",
    "AWS::IAM::Role": "Path RoleName",
    "AWS::IAM::RolePolicy": "PolicyName RoleName",
    "AWS::IAM::ServiceLinkedRole": "AWSServiceName CustomSuffix",
    "AWS::KMS::Alias": "AliasName",
    "AWS::KMS::ReplicaKey": "PrimaryKeyArn",
    "AWS::KinesisFirehose::DeliveryStream": (
        "AmazonOpenSearchServerlessDestinationConfiguration.VpcConfiguration AmazonopensearchserviceDestinationConfiguration.VpcConfiguration "
        "DatabaseSourceConfiguration DeliveryStreamName DeliveryStreamType DirectPutSourceConfiguration "
        "ElasticsearchDestinationConfiguration.VpcConfiguration IcebergDestinationConfiguration.CatalogConfiguration KinesisStreamSourceConfiguration "
        "MSKSourceConfiguration SnowflakeDestinationConfiguration.SnowflakeVpcConfiguration "
    ),
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::Logs::MetricFilter": "FilterName LogGroupName",
    "AWS::Logs::ResourcePolicy": "PolicyName",
    "AWS::Logs::SubscriptionFilter": "FilterName LogGroupName",
    "AWS::MSK::BatchScramSecret": "ClusterArn",
    "AWS::MSK::Cluster": (
        "BrokerNodeGroupInfo.BrokerAZDistribution BrokerNodeGroupInfo.ClientSubnets BrokerNodeGroupInfo.SecurityGroups ClusterName "
        "EncryptionInfo.EncryptionAtRest EncryptionInfo.EncryptionInTransit.InCluster "
    ),
    "AWS::MSK::ClusterPolicy": "ClusterArn",
    "AWS::MSK::Configuration": "KafkaVersionsList Name",
    "AWS::OpenSearchService::Domain": "DomainName EngineMode",
    "AWS::RDS::DBCluster": (
        "ClusterScalabilityType DBClusterIdentifier DBSubnetGroupName DBSystemId DatabaseName EngineMode KmsKeyId PubliclyAccessible RestoreToTime "
        "RestoreType SnapshotIdentifier SourceDBClusterIdentifier SourceDbClusterResourceId SourceRegion StorageEncrypted UseLatestRestorableTime "
    ),
    "AWS::RDS::DBInstance": (
        "BackupTarget CharacterSetName CustomIAMInstanceProfile DBClusterIdentifier DBInstanceIdentifier DBName DBSubnetGroupName DBSystemId KmsKeyId "
        "MasterUsername NcharCharacterSetName SourceRegion StorageEncrypted Timezone "
    ),
    "AWS::RDS::DBParameterGroup": "DBParameterGroupName Description Family",
    "AWS::RDS::DBSubnetGroup": "DBSubnetGroupName",
    "AWS::RDS::EventSubscription": "SnsTopicArn SubscriptionName",
    "AWS::RDS::OptionGroup": "EngineName MajorEngineVersion OptionGroupDescription OptionGroupName",
    "AWS::Route53::HealthCheck": "HealthCheckConfig.MeasureLatency HealthCheckConfig.RequestInterval HealthCheckConfig.Type",
    "AWS::Route53::HostedZone": "DelegationSetId Name",
    "AWS::Route53::RecordSet": "HostedZoneId HostedZoneName",
    "AWS::Route53::RecordSetGroup": "HostedZoneId HostedZoneName",
    "AWS::S3::Bucket": "BucketName BucketNamePrefix BucketNamespace",
    "AWS::S3::BucketPolicy": "Bucket",
    "AWS::SNS::Subscription": "Endpoint Protocol TopicArn",
    "AWS::SNS::Topic": "FifoTopic TopicName",
    "AWS::SQS::Queue": "FifoQueue QueueName",
    "AWS::SSM::Parameter": "Name",
    "AWS::SecretsManager::ResourcePolicy": "SecretId",
    "AWS::SecretsManager::RotationSchedule": "SecretId",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::SecretsManager::SecretTargetAttachment": "SecretId",
    "AWS::WAFv2::IPSet": "Name Scope",
    "AWS::WAFv2::LoggingConfiguration": "ResourceArn",
    "AWS::WAFv2::RegexPatternSet": "Name Scope",
    "AWS::WAFv2::RuleGroup": "Name Scope",
    "AWS::WAFv2::WebACL": "Name Scope",
    "AWS::WAFv2::WebACLAssociation": "ResourceArn WebACLArn",
}
# A change of these may replace it; replacement_table.py decides.
CONDITIONAL: dict[str, str] = {
    "AWS::DynamoDB::Table": "KeySchema",
    "AWS::EC2::Subnet": "Ipv6CidrBlock",
    "AWS::EC2::VPC": "InstanceTenancy",
    "AWS::ElastiCache::ReplicationGroup": "AuthToken NodeGroupConfiguration",
    "AWS::Events::Rule": "EventBusName",
    "AWS::OpenSearchService::Domain": "AdvancedSecurityOptions.Enabled EncryptionAtRestOptions.Enabled EncryptionAtRestOptions.KmsKeyId",
    "AWS::RDS::DBCluster": "AvailabilityZones Engine GlobalClusterIdentifier MasterUsername",
    "AWS::RDS::DBInstance": (
        "AutoMinorVersionUpgrade AvailabilityZone BackupRetentionPeriod DBClusterSnapshotIdentifier DBParameterGroupName DBSnapshotIdentifier Engine "
        "MultiAZ PerformanceInsightsKMSKeyId PreferredMaintenanceWindow RestoreTime SourceDBClusterIdentifier SourceDBInstanceAutomatedBackupsArn "
        "SourceDBInstanceIdentifier SourceDbiResourceId UseLatestRestorableTime "
    ),
    "AWS::SNS::Subscription": "Region",
}
# All that can be set, first level.
PROPERTIES: dict[str, str] = {
    "AWS::AmazonMQ::Broker": (
        "AuthenticationStrategy AutoMinorVersionUpgrade BrokerName Configuration DataReplicationMode DataReplicationPrimaryBrokerArn DeploymentMode "
        "EncryptionOptions EngineType EngineVersion HostInstanceType LdapServerMetadata Logs MaintenanceWindowStartTime PubliclyAccessible "
        "ResourceShareArns SecurityGroups StorageSize StorageType SubnetIds Tags Users "
    ),
    "AWS::AmazonMQ::Configuration": "AuthenticationStrategy Data Description EngineType EngineVersion Name Tags",
    "AWS::AmazonMQ::ConfigurationAssociation": "Broker Configuration",
    "AWS::Backup::BackupPlan": "BackupPlan BackupPlanTags",
    "AWS::Backup::BackupSelection": "BackupPlanId BackupSelection",
    "AWS::Backup::BackupVault": "AccessPolicy BackupVaultName BackupVaultTags EncryptionKeyArn LockConfiguration Notifications",
    "AWS::Backup::RestoreTestingPlan": ("RecoveryPointSelection RestoreTestingPlanName ScheduleExpression ScheduleExpressionTimezone StartWindowHours Tags "),
    "AWS::Backup::RestoreTestingSelection": (
        "IamRoleArn ProtectedResourceArns ProtectedResourceConditions ProtectedResourceType RestoreMetadataOverrides RestoreTestingPlanName "
        "RestoreTestingSelectionName ValidationWindowHours "
    ),
    "AWS::Budgets::Budget": "Budget NotificationsWithSubscribers ResourceTags",
    "AWS::CE::AnomalyMonitor": "MonitorDimension MonitorName MonitorSpecification MonitorType ResourceTags",
    "AWS::CE::AnomalySubscription": "Frequency MonitorArnList ResourceTags Subscribers SubscriptionName Threshold ThresholdExpression",
    "AWS::CertificateManager::Certificate": (
        "CertificateAuthorityArn CertificateExport CertificateTransparencyLoggingPreference DomainName DomainValidationOptions Id KeyAlgorithm "
        "SubjectAlternativeNames Tags ValidationMethod "
    ),
    "AWS::CloudFront::CachePolicy": "CachePolicyConfig",
    "AWS::CloudFront::Distribution": "DistributionConfig Tags",
    "AWS::CloudFront::OriginAccessControl": "OriginAccessControlConfig",
    "AWS::CloudFront::ResponseHeadersPolicy": "ResponseHeadersPolicyConfig",
    "AWS::CloudTrail::Trail": (
        "AdvancedEventSelectors AggregationConfigurations CloudWatchLogsLogGroupArn CloudWatchLogsRoleArn EnableLogFileValidation EventSelectors "
        "IncludeGlobalServiceEvents InsightSelectors IsLogging IsMultiRegionTrail IsOrganizationTrail KMSKeyId S3BucketName S3KeyPrefix SnsTopicName "
        "Tags TrailName "
    ),
    "AWS::CloudWatch::Alarm": (
        "ActionConfiguration ActionsEnabled AlarmActions AlarmDescription AlarmName ComparisonOperator DatapointsToAlarm Dimensions "
        "EvaluateLowSampleCountPercentile EvaluationCriteria EvaluationInterval EvaluationPeriods EvaluationWindow ExtendedStatistic "
        "InsufficientDataActions MetricName Metrics Namespace OKActions Period Statistic Tags Threshold ThresholdMetricId TreatMissingData Unit "
        "WarmUpConfiguration "
    ),
    "AWS::CloudWatch::CompositeAlarm": (
        "ActionConfiguration ActionsEnabled ActionsSuppressor ActionsSuppressorExtensionPeriod ActionsSuppressorWaitPeriod AlarmActions "
        "AlarmDescription AlarmName AlarmRule InsufficientDataActions OKActions Tags "
    ),
    "AWS::CloudWatch::Dashboard": "DashboardBody DashboardName Tags",
    "AWS::DynamoDB::Table": (
        "AttributeDefinitions BillingMode ContributorInsightsSpecification DeletionProtectionEnabled GlobalSecondaryIndexes ImportSourceSpecification "
        "KeySchema KinesisStreamSpecification LocalSecondaryIndexes OnDemandThroughput PointInTimeRecoverySpecification ProvisionedThroughput "
        "ResourcePolicy SSESpecification StreamSpecification TableClass TableName Tags TimeToLiveSpecification VectorIndexes WarmThroughput "
    ),
    "AWS::EC2::EIP": "Address Domain InstanceId IpamPoolId NetworkBorderGroup PublicIpv4Pool Tags TransferAddress",
    "AWS::EC2::EgressOnlyInternetGateway": "Tags VpcId",
    "AWS::EC2::FlowLog": (
        "DeliverCrossAccountRole DeliverLogsPermissionArn DestinationOptions LogDestination LogDestinationType LogFormat LogGroupName "
        "MaxAggregationInterval ResourceId ResourceType TagFieldSpecifications Tags TrafficType "
    ),
    "AWS::EC2::InternetGateway": "Tags",
    "AWS::EC2::LaunchTemplate": "LaunchTemplateData LaunchTemplateName TagSpecifications VersionDescription",
    "AWS::EC2::NatGateway": (
        "AllocationId AvailabilityMode AvailabilityZoneAddresses ConnectivityType MaxDrainDurationSeconds PrivateIpAddress SecondaryAllocationIds "
        "SecondaryPrivateIpAddressCount SecondaryPrivateIpAddresses SubnetId Tags VpcId "
    ),
    "AWS::EC2::NetworkAcl": "Tags VpcId",
    "AWS::EC2::NetworkAclEntry": "CidrBlock Egress Icmp Ipv6CidrBlock NetworkAclId PortRange Protocol RuleAction RuleNumber",
    "AWS::EC2::PrefixList": "AddressFamily Entries MaxEntries PrefixListName Tags",
    "AWS::EC2::Route": (
        "CarrierGatewayId CoreNetworkArn DestinationCidrBlock DestinationIpv6CidrBlock DestinationPrefixListId EgressOnlyInternetGatewayId GatewayId "
        "InstanceId LocalGatewayId NatGatewayId NetworkInterfaceId OdbNetworkArn RouteTableId TransitGatewayId VpcEndpointId VpcPeeringConnectionId "
    ),
    "AWS::EC2::RouteTable": "Tags VpcId",
    "AWS::EC2::SecurityGroup": "GroupDescription GroupName SecurityGroupEgress SecurityGroupIngress Tags VpcId",
    "AWS::EC2::SecurityGroupEgress": ("CidrIp CidrIpv6 Description DestinationPrefixListId DestinationSecurityGroupId FromPort GroupId IpProtocol ToPort "),
    "AWS::EC2::SecurityGroupIngress": (
        "CidrIp CidrIpv6 Description FromPort GroupId GroupName IpProtocol SourcePrefixListId SourceSecurityGroupId SourceSecurityGroupName "
        "SourceSecurityGroupOwnerId ToPort "
    ),
    "AWS::EC2::SnapshotBlockPublicAccess": "State",
    "AWS::EC2::Subnet": (
        "AssignIpv6AddressOnCreation AvailabilityZone AvailabilityZoneId CidrBlock EnableDns64 EnableLniAtDeviceIndex Ipv4IpamPoolId "
        "Ipv4NetmaskLength Ipv6CidrBlock Ipv6IpamPoolId Ipv6Native Ipv6NetmaskLength MapPublicIpOnLaunch OutpostArn PrivateDnsNameOptionsOnLaunch "
        "Tags VpcId "
    ),
    "AWS::EC2::SubnetCidrBlock": "Ipv6CidrBlock Ipv6IpamPoolId Ipv6NetmaskLength SubnetId",
    "AWS::EC2::SubnetNetworkAclAssociation": "NetworkAclId SubnetId",
    "AWS::EC2::SubnetRouteTableAssociation": "RouteTableId SubnetId",
    "AWS::EC2::VPC": "CidrBlock EnableDnsHostnames EnableDnsSupport InstanceTenancy Ipv4IpamPoolId Ipv4NetmaskLength Tags VpcEncryptionControl",
    "AWS::EC2::VPCCidrBlock": (
        "AmazonProvidedIpv6CidrBlock CidrBlock Ipv4IpamPoolId Ipv4NetmaskLength Ipv6CidrBlock Ipv6CidrBlockNetworkBorderGroup Ipv6IpamPoolId "
        "Ipv6NetmaskLength Ipv6Pool VpcId "
    ),
    "AWS::EC2::VPCEndpoint": (
        "DnsOptions IpAddressType PolicyDocument PrivateDnsEnabled ResourceConfigurationArn RouteTableIds SecurityGroupIds ServiceName "
        "ServiceNetworkArn ServiceRegion SubnetIds Tags VpcEndpointType VpcId "
    ),
    "AWS::EC2::VPCGatewayAttachment": "InternetGatewayId VpcId VpnGatewayId",
    "AWS::EC2::VPCPeeringConnection": "AssumeRoleRegion PeerOwnerId PeerRegion PeerRoleArn PeerVpcId Tags VpcId",
    "AWS::ECR::PullThroughCacheRule": "CredentialArn CustomRoleArn EcrRepositoryPrefix UpstreamRegistry UpstreamRegistryUrl UpstreamRepositoryPrefix",
    "AWS::ECR::RegistryPolicy": "PolicyText",
    "AWS::ECR::RegistryScanningConfiguration": "Rules ScanType",
    "AWS::ECR::ReplicationConfiguration": "ReplicationConfiguration",
    "AWS::ECR::Repository": (
        "EmptyOnDelete EncryptionConfiguration ImageScanningConfiguration ImageTagMutability ImageTagMutabilityExclusionFilters LifecyclePolicy "
        "RepositoryName RepositoryPolicyText Tags "
    ),
    "AWS::ECR::RepositoryCreationTemplate": (
        "AppliedFor CustomRoleArn Description EncryptionConfiguration ImageTagMutability ImageTagMutabilityExclusionFilters LifecyclePolicy Prefix "
        "RepositoryPolicy ResourceTags "
    ),
    "AWS::EFS::AccessPoint": "AccessPointTags ClientToken FileSystemId PosixUser RootDirectory",
    "AWS::EFS::FileSystem": (
        "AvailabilityZoneName BackupPolicy BypassPolicyLockoutSafetyCheck Encrypted FileSystemPolicy FileSystemProtection FileSystemTags KmsKeyId "
        "LifecyclePolicies PerformanceMode ProvisionedThroughputInMibps ReplicationConfiguration ThroughputMode "
    ),
    "AWS::EFS::MountTarget": "FileSystemId IpAddress IpAddressType Ipv6Address SecurityGroups SubnetId",
    "AWS::EKS::AccessEntry": "AccessPolicies ClusterName KubernetesGroups PrincipalArn Tags Type Username",
    "AWS::EKS::Addon": (
        "AddonName AddonVersion ClusterName ConfigurationValues NamespaceConfig PodIdentityAssociations PreserveOnDelete ResolveConflicts "
        "ServiceAccountRoleArn Tags "
    ),
    "AWS::EKS::Cluster": (
        "AccessConfig ActiveCertificateAuthorityId BootstrapSelfManagedAddons CertificateAuthority ComputeConfig ControlPlaneScalingConfig "
        "DeletionProtection EncryptionConfig Force KubeApiServerConfig KubeControllerManagerConfig KubeSchedulerConfig KubernetesNetworkConfig "
        "Logging Name OutpostConfig RemoteNetworkConfig ResourcesVpcConfig RoleArn RollbackConfig StorageConfig Tags UpgradePolicy Version "
        "ZonalShiftConfig "
    ),
    "AWS::EKS::IdentityProviderConfig": "ClusterName IdentityProviderConfigName Oidc Tags Type",
    "AWS::EKS::Nodegroup": (
        "AmiType CapacityType ClusterName DiskSize ForceUpdateEnabled InstanceTypes Labels LaunchTemplate NodeRepairConfig NodeRole NodegroupName "
        "ReleaseVersion RemoteAccess ScalingConfig Subnets Tags Taints UpdateConfig Version WarmPoolConfig "
    ),
    "AWS::EKS::PodIdentityAssociation": "ClusterName DisableSessionTags Namespace Policy RoleArn ServiceAccount Tags TargetRoleArn",
    "AWS::ElastiCache::ParameterGroup": "CacheParameterGroupFamily Description Properties Tags",
    "AWS::ElastiCache::ReplicationGroup": (
        "AtRestEncryptionEnabled AuthToken AutoMinorVersionUpgrade AutomaticFailoverEnabled CacheNodeType CacheParameterGroupName "
        "CacheSecurityGroupNames CacheSubnetGroupName ClusterMode DataTieringEnabled Durability Engine EngineVersion GlobalReplicationGroupId "
        "IpDiscovery KmsKeyId LogDeliveryConfigurations MultiAZEnabled NetworkType NodeGroupConfiguration NotificationTopicArn NumCacheClusters "
        "NumNodeGroups Port PreferredCacheClusterAZs PreferredMaintenanceWindow PrimaryClusterId ReplicasPerNodeGroup ReplicationGroupDescription "
        "ReplicationGroupId SecurityGroupIds SnapshotArns SnapshotName SnapshotRetentionLimit SnapshotWindow SnapshottingClusterId Tags "
        "TransitEncryptionEnabled TransitEncryptionMode UserGroupIds "
    ),
    "AWS::ElastiCache::ServerlessCache": (
        "CacheUsageLimits ConnectionType DailySnapshotTime Description Endpoint Engine FinalSnapshotName KmsKeyId MajorEngineVersion NetworkType "
        "ReaderEndpoint SecurityGroupIds ServerlessCacheName SnapshotArnsToRestore SnapshotRetentionLimit SubnetIds Tags UserGroupId "
    ),
    "AWS::ElastiCache::SubnetGroup": "CacheSubnetGroupName Description SubnetIds Tags",
    "AWS::ElastiCache::User": "AccessString AuthenticationMode Engine NoPasswordRequired Passwords Tags UserId UserName",
    "AWS::ElastiCache::UserGroup": "Engine Tags UserGroupId UserIds",
    "AWS::ElasticLoadBalancingV2::Listener": (
        "AlpnPolicy Certificates DefaultActions ListenerAttributes LoadBalancerArn MutualAuthentication Port Protocol SslPolicy Tags "
    ),
    "AWS::ElasticLoadBalancingV2::ListenerRule": "Actions Conditions ListenerArn Priority Tags Transforms",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": (
        "EnableCapacityReservationProvisionStabilize EnablePrefixForIpv6SourceNat EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic IpAddressType "
        "Ipv4IpamPoolId LoadBalancerAttributes MinimumLoadBalancerCapacity Name Scheme SecurityGroups SubnetMappings Subnets Tags Type "
    ),
    "AWS::ElasticLoadBalancingV2::TargetGroup": (
        "HealthCheckEnabled HealthCheckIntervalSeconds HealthCheckPath HealthCheckPort HealthCheckProtocol HealthCheckTimeoutSeconds "
        "HealthyThresholdCount IpAddressType Matcher Name Port Protocol ProtocolVersion Tags TargetControlPort TargetGroupAttributes TargetType "
        "Targets UnhealthyThresholdCount VpcId "
    ),
    "AWS::Events::Rule": "Description EventBusName EventPattern Name RoleArn ScheduleExpression State Tags Targets",
    "AWS::IAM::InstanceProfile": "InstanceProfileName Path Roles",
    "AWS::IAM::ManagedPolicy": "Description Groups ManagedPolicyName Path PolicyDocument Roles Users",
    "AWS::IAM::OIDCProvider": "ClientIdList Tags ThumbprintList Url",
    "AWS::IAM::Policy": "Groups PolicyDocument PolicyName Roles Users",
    "AWS::IAM::Role": "AssumeRolePolicyDocument Description ManagedPolicyArns MaxSessionDuration Path PermissionsBoundary Policies RoleName Tags",
    "AWS::IAM::RolePolicy": "PolicyDocument PolicyName RoleName",
    "AWS::IAM::ServiceLinkedRole": "AWSServiceName CustomSuffix Description",
    "AWS::KMS::Alias": "AliasName TargetKeyId",
    "AWS::KMS::Key": (
        "BypassPolicyLockoutSafetyCheck Description EnableKeyRotation Enabled KeyPolicy KeySpec KeyUsage MultiRegion Origin PendingWindowInDays "
        "RotationPeriodInDays Tags "
    ),
    "AWS::KMS::ReplicaKey": "Description Enabled KeyPolicy PendingWindowInDays PrimaryKeyArn Tags",
    "AWS::KinesisFirehose::DeliveryStream": (
        "AmazonOpenSearchServerlessDestinationConfiguration AmazonopensearchserviceDestinationConfiguration DatabaseSourceConfiguration "
        "DeliveryStreamEncryptionConfigurationInput DeliveryStreamName DeliveryStreamType DirectPutSourceConfiguration "
        "ElasticsearchDestinationConfiguration ExtendedS3DestinationConfiguration HttpEndpointDestinationConfiguration "
        "IcebergDestinationConfiguration KinesisStreamSourceConfiguration MSKSourceConfiguration RedshiftDestinationConfiguration "
        "S3DestinationConfiguration SnowflakeDestinationConfiguration SplunkDestinationConfiguration Tags "
    ),
    "AWS::Logs::LogGroup": (
        "BearerTokenAuthenticationEnabled DataProtectionPolicy DeletionProtectionEnabled FieldIndexPolicies KmsKeyId LogGroupClass LogGroupName "
        "ResourcePolicyDocument RetentionInDays Tags "
    ),
    "AWS::Logs::MetricFilter": (
        "ApplyOnTransformedLogs EmitSystemFieldDimensions FieldSelectionCriteria FilterName FilterPattern LogGroupName MetricTransformations "
    ),
    "AWS::Logs::ResourcePolicy": "PolicyDocument PolicyName",
    "AWS::Logs::SubscriptionFilter": (
        "ApplyOnTransformedLogs DestinationArn Distribution EmitSystemFields FieldSelectionCriteria FilterName FilterPattern LogGroupName RoleArn "
    ),
    "AWS::MSK::BatchScramSecret": "ClusterArn SecretArnList",
    "AWS::MSK::Cluster": (
        "BrokerNodeGroupInfo ClientAuthentication ClusterName ConfigurationInfo EncryptionInfo EnhancedMonitoring KafkaVersion LoggingInfo "
        "NumberOfBrokerNodes OpenMonitoring Rebalancing StorageMode Tags ZookeeperAccess "
    ),
    "AWS::MSK::ClusterPolicy": "ClusterArn Policy",
    "AWS::MSK::Configuration": "Description KafkaVersionsList LatestRevision Name ServerProperties",
    "AWS::OpenSearchService::Domain": (
        "AIMLOptions AccessPolicies AdvancedOptions AdvancedSecurityOptions AutomatedSnapshotPauseOptions ClusterConfig CognitoOptions "
        "DeploymentStrategyOptions DomainEndpointOptions DomainName EBSOptions EncryptionAtRestOptions EngineMode EngineVersion IPAddressType "
        "IdentityCenterOptions LogPublishingOptions NodeToNodeEncryptionOptions OffPeakWindowOptions SkipShardMigrationWait SnapshotOptions "
        "SoftwareUpdateOptions Tags UseCase VPCOptions "
    ),
    "AWS::RDS::DBCluster": (
        "AllocatedStorage AssociatedRoles AutoMinorVersionUpgrade AvailabilityZones BacktrackWindow BackupRetentionPeriod ClusterScalabilityType "
        "CopyTagsToSnapshot DBClusterIdentifier DBClusterInstanceClass DBClusterParameterGroupName DBInstanceParameterGroupName DBSubnetGroupName "
        "DBSystemId DatabaseInsightsMode DatabaseName DeleteAutomatedBackups DeletionProtection Domain DomainIAMRoleName EnableCloudwatchLogsExports "
        "EnableGlobalWriteForwarding EnableHttpEndpoint EnableIAMDatabaseAuthentication EnableLocalWriteForwarding Engine EngineLifecycleSupport "
        "EngineMode EngineVersion GlobalClusterIdentifier Iops KmsKeyId ManageMasterUserPassword MasterUserAuthenticationType MasterUserPassword "
        "MasterUserSecret MasterUsername MonitoringInterval MonitoringRoleArn NetworkType PerformanceInsightsEnabled PerformanceInsightsKmsKeyId "
        "PerformanceInsightsRetentionPeriod Port PreferredBackupWindow PreferredMaintenanceWindow PubliclyAccessible ReplicationSourceIdentifier "
        "RestoreToTime RestoreType ScalingConfiguration ServerlessV2ScalingConfiguration SnapshotIdentifier SourceDBClusterIdentifier "
        "SourceDbClusterResourceId SourceRegion StorageEncrypted StorageType Tags UseLatestRestorableTime VpcSecurityGroupIds "
    ),
    "AWS::RDS::DBInstance": (
        "AdditionalStorageVolumes AllocatedStorage AllowMajorVersionUpgrade ApplyImmediately AssociatedRoles AutoMinorVersionUpgrade "
        "AutomaticBackupReplicationKmsKeyId AutomaticBackupReplicationRegion AutomaticBackupReplicationRetentionPeriod AvailabilityZone "
        "BackupRetentionPeriod BackupTarget CACertificateIdentifier CertificateRotationRestart CharacterSetName CopyTagsToSnapshot "
        "CustomIAMInstanceProfile DBClusterIdentifier DBClusterSnapshotIdentifier DBInstanceClass DBInstanceIdentifier DBName DBParameterGroupName "
        "DBSecurityGroups DBSnapshotIdentifier DBSubnetGroupName DBSystemId DatabaseInsightsMode DedicatedLogVolume DeleteAutomatedBackups "
        "DeletionProtection Domain DomainAuthSecretArn DomainDnsIps DomainFqdn DomainIAMRoleName DomainOu EnableCloudwatchLogsExports "
        "EnableIAMDatabaseAuthentication EnablePerformanceInsights Engine EngineLifecycleSupport EngineVersion Iops KmsKeyId LicenseModel "
        "ManageMasterUserPassword MasterUserAuthenticationType MasterUserPassword MasterUserSecret MasterUsername MaxAllocatedStorage "
        "MonitoringInterval MonitoringRoleArn MultiAZ NcharCharacterSetName NetworkType OptionGroupName PerformanceInsightsKMSKeyId "
        "PerformanceInsightsRetentionPeriod Port PreferredBackupWindow PreferredMaintenanceWindow ProcessorFeatures PromotionTier PubliclyAccessible "
        "ReplicaMode RestoreTime SourceDBClusterIdentifier SourceDBInstanceAutomatedBackupsArn SourceDBInstanceIdentifier SourceDbiResourceId "
        "SourceRegion StorageEncrypted StorageThroughput StorageType Tags TdeCredentialArn TdeCredentialPassword Timezone UseDefaultProcessorFeatures "
        "UseLatestRestorableTime VPCSecurityGroups "
    ),
    "AWS::RDS::DBParameterGroup": "DBParameterGroupName Description Family Parameters Tags",
    "AWS::RDS::DBSubnetGroup": "DBSubnetGroupDescription DBSubnetGroupName SubnetIds Tags",
    "AWS::RDS::EventSubscription": "Enabled EventCategories SnsTopicArn SourceIds SourceType SubscriptionName Tags",
    "AWS::RDS::OptionGroup": "EngineName MajorEngineVersion OptionConfigurations OptionGroupDescription OptionGroupName Tags",
    "AWS::Route53::HealthCheck": "HealthCheckConfig HealthCheckTags",
    "AWS::Route53::HostedZone": "DelegationSetId HostedZoneConfig HostedZoneFeatures HostedZoneTags Name QueryLoggingConfig VPCs",
    "AWS::Route53::RecordSet": (
        "AliasTarget CidrRoutingConfig Comment Failover GeoLocation GeoProximityLocation HealthCheckId HostedZoneId HostedZoneName MultiValueAnswer "
        "Name Region ResourceRecords SetIdentifier TTL Type Weight "
    ),
    "AWS::Route53::RecordSetGroup": "Comment HostedZoneId HostedZoneName RecordSets",
    "AWS::S3::Bucket": (
        "AbacStatus AccelerateConfiguration AccessControl AnalyticsConfigurations BucketEncryption BucketName BucketNamePrefix BucketNamespace "
        "CorsConfiguration IntelligentTieringConfigurations InventoryConfigurations LifecycleConfiguration LoggingConfiguration MetadataConfiguration "
        "MetadataTableConfiguration MetricsConfigurations NotificationConfiguration ObjectLockConfiguration ObjectLockEnabled OwnershipControls "
        "PublicAccessBlockConfiguration ReplicationConfiguration Tags VersioningConfiguration WebsiteConfiguration "
    ),
    "AWS::S3::BucketPolicy": "Bucket PolicyDocument",
    "AWS::SNS::Subscription": (
        "DeliveryPolicy Endpoint FilterPolicy FilterPolicyScope Protocol RawMessageDelivery RedrivePolicy Region ReplayPolicy SubscriptionRoleArn TopicArn "
    ),
    "AWS::SNS::Topic": (
        "ArchivePolicy ContentBasedDeduplication DataProtectionPolicy DeliveryStatusLogging DisplayName FifoThroughputScope FifoTopic KmsMasterKeyId "
        "MaximumMessageSize SignatureVersion Subscription Tags TopicName TracingConfig "
    ),
    "AWS::SNS::TopicPolicy": "PolicyDocument Topics",
    "AWS::SQS::Queue": (
        "ContentBasedDeduplication DeduplicationScope DelaySeconds FifoQueue FifoThroughputLimit KmsDataKeyReusePeriodSeconds KmsMasterKeyId "
        "MaximumMessageSize MessageRetentionPeriod QueueName ReceiveMessageWaitTimeSeconds RedriveAllowPolicy RedrivePolicy SqsManagedSseEnabled Tags "
        "VisibilityTimeout "
    ),
    "AWS::SQS::QueuePolicy": "PolicyDocument Queues",
    "AWS::SSM::Parameter": "AllowedPattern DataType Description Name Policies Tags Tier Type Value",
    "AWS::SecretsManager::ResourcePolicy": "BlockPublicPolicy ResourcePolicy SecretId",
    "AWS::SecretsManager::RotationSchedule": (
        "ExternalSecretRotationMetadata ExternalSecretRotationRoleArn HostedRotationLambda RotateImmediatelyOnUpdate RotationLambdaARN RotationRules SecretId "
    ),
    "AWS::SecretsManager::Secret": "Description GenerateSecretString KmsKeyId Name ReplicaRegions SecretString Tags Type",
    "AWS::SecretsManager::SecretTargetAttachment": "SecretId TargetId TargetType",
    "AWS::WAFv2::IPSet": "Addresses Description IPAddressVersion Name Scope Tags",
    "AWS::WAFv2::LoggingConfiguration": "LogDestinationConfigs LoggingFilter RedactedFields ResourceArn",
    "AWS::WAFv2::RegexPatternSet": "Description Name RegularExpressionList Scope Tags",
    "AWS::WAFv2::RuleGroup": (
        "AvailableLabels Capacity ConsumedLabels CustomResponseBodies Description MonetizationConfig Name Rules Scope Tags VisibilityConfig "
    ),
    "AWS::WAFv2::WebACL": (
        "ApplicationConfig AssociationConfig CaptchaConfig ChallengeConfig CustomResponseBodies DataProtectionConfig DefaultAction Description "
        "MonetizationConfig Name OnSourceDDoSProtectionConfig Rules Scope Tags TokenDomains VisibilityConfig "
    ),
    "AWS::WAFv2::WebACLAssociation": "ResourceArn WebACLArn",
}
