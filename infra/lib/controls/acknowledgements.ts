/** A finding that is left as it is, and why. */
export interface Acknowledgement {
  /** Id of the rule, or a pattern where several rules ask for the same or an id names the resource. */
  rule: string | RegExp;
  /** Paths in the construct tree for which it holds. */
  where: RegExp;
  reason: string;
}

/** Functions that only a deployment runs, with the library's own in front of each. */
const FUNCTIONS =
  /(\/(Function|Provider\/framework-onEvent)\/Resource|VpcRestrictDefaultSGCustomResourceProvider\/Handler)$/;
const INSTANCE_POLICY = /-web\/Environment\/Roles\/Instance\/DefaultPolicy\/Resource$/;
const SANDBOX_DATABASE = /^sealed-sandbox-data\/Database\/Resource\/Resource$/;
const LOG_BUCKET = /-web\/Logs\/Resource\/Resource$/;
const BUCKETS = /-web\/(Logs|SourceBundle\/Bundles)\/Resource\/Resource$/;
const NAT = /NatInstance\/Resource$/;

/** Every finding that is left as it is. One that no finding calls for any more is an error of `npm run validate`. */
export const acknowledgements: readonly Acknowledgement[] = [
  {
    rule: "NIST.800.53.R5-ELBv2ACMCertificateRequired",
    where: /-web\/Front\/LoadBalancer\/Resource\/HttpRedirect\/Resource$/,
    reason:
      "the setting `httpRedirect`, off by default, adds a listener that sends plain HTTP on to HTTPS and serves nothing (own rule alb/redirect-only)",
  },
  {
    rule: "AwsSolutions-EC23",
    where: /-network\/Groups\/(LoadBalancer|Instances)\/Resource$/,
    reason:
      "clients come from the Internet: port 443 alone is open, on the load balancer or on what clients reach directly; the setting `clients` narrows it (own rule groups/only-443-from-clients)",
  },
  {
    rule: "NIST.800.53.R5-VPCNoUnrestrictedRouteToIGW",
    where: /PublicSubnet\d\/DefaultRoute$/,
    reason:
      "a public load balancer needs a route to the Internet gateway; no instance behind one lies in these subnets",
  },
  {
    rule: /^(NIST\.800\.53\.R5-EC2InstanceNoPublicIp|ec2_instance_no_public_ip_check)$/,
    where: NAT,
    reason:
      "a NAT instance is the way out of the private subnets: it must have a public address, and admits none from outside",
  },
  {
    rule: "NIST.800.53.R5-EC2InstancesInVPC",
    where: NAT,
    reason:
      "false alarm: the instance names its subnet in its network interface, where the rule does not look",
  },
  {
    rule: "AwsSolutions-EC29",
    where: NAT,
    reason: "the NAT instance of a sandbox holds nothing: it may be terminated with the sandbox",
  },
  {
    rule: "ec2_instance_nitro_encryption_in_transit_check",
    where: NAT,
    reason:
      "the smallest instances do not encrypt between each other; all that passes the NAT is TLS already",
  },
  {
    rule: "NIST.800.53.R5-IAMNoInlinePolicy",
    where: /\/DefaultPolicy\/Resource$/,
    reason: "each policy belongs to one role and goes with it; a managed one could be attached elsewhere",
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::<\w+\.Arn>:\*\]$/,
    where: /\/FrameworkRole\/DefaultPolicy\/Resource$/,
    reason: "the library's provider may call every version of the one function that it stands before",
  },
  {
    rule: "AwsSolutions-IAM5[Resource::*]",
    where: /-data\/Preparation\/PrepareDatabase\/Role\/DefaultPolicy\/Resource$/,
    reason:
      "network interfaces of a function in a VPC have no name before they exist; no other action has a wildcard",
  },
  {
    rule: "AwsSolutions-IAM5[Resource::*]",
    where: /-web\/AccountGuards\/(EbsEncryption|ServiceBucket)\/Role\/DefaultPolicy\/Resource$/,
    reason:
      "EBS encryption by default and Elastic Beanstalk's storage location belong to the account: their actions know no resource",
  },
  {
    rule: "AwsSolutions-IAM5[Resource::*]",
    where: /-web\/Front\/Certificate\/ImportedCertificate\/Role\/DefaultPolicy\/Resource$/,
    reason:
      "a certificate has no name before it is imported: conditions on the deployment's tag limit both import and removal",
  },
  {
    rule: "AwsSolutions-IAM5[Resource::*]",
    where: INSTANCE_POLICY,
    reason: "the actions of Session Manager's agent know no resource",
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:aws:(s3:::elasticbeanstalk-|logs:.*:log-group:\/aws\/elasticbeanstalk\/).*\/\*\]$/,
    where: INSTANCE_POLICY,
    reason:
      "Elastic Beanstalk chooses the names below these prefixes; they are those of this application and environment",
  },
  {
    rule: /^AwsSolutions-IAM4\[Policy::.*AWSElasticBeanstalk(EnhancedHealth|ManagedUpdatesCustomerRolePolicy)\]$/,
    where: /-web\/Environment\/Roles\/Service\/Resource$/,
    reason:
      "AWS changes what Elastic Beanstalk itself may do with these policies whenever the service learns something new",
  },
  {
    rule: /^AwsSolutions-IAM4\[Policy::.*AmazonRDSEnhancedMonitoringRole\]$/,
    where: /-data\/Database\/Resource\/MonitoringRole\/Resource$/,
    reason: "RDS's own policy for its monitoring: it may write to one log group of the service",
  },
  {
    rule: /^AwsSolutions-IAM4\[Policy::.*AWSBackupServiceRolePolicyForBackup\]$/,
    where: /-data\/Backup\/Plan\/Database\/Role\/Resource$/,
    reason: "AWS Backup's own policy: what it needs depends on the kind of what is backed up",
  },
  {
    rule: "NIST.800.53.R5-LambdaConcurrency",
    where: FUNCTIONS,
    reason:
      "runs once in a deployment; a reservation would take from the account, and fail where the limit is low",
  },
  {
    rule: "NIST.800.53.R5-LambdaDLQ",
    where: FUNCTIONS,
    reason:
      "called by the deployment, which fails when the function does: nothing is lost that a queue could keep",
  },
  {
    rule: /^(NIST\.800\.53\.R5-LambdaInsideVPC|lambda_inside_vpc_check)$/,
    where: FUNCTIONS,
    reason:
      "calls services of AWS only; the one function that speaks to the database is in the VPC (own rule database/prepared)",
  },
  {
    rule: "lambda_inside_vpc_check",
    where: /-data\/Preparation\/PrepareDatabase\/Function\/Resource$/,
    reason:
      "false alarm: it is in the VPC, its subnets and group are imported from the network stack (own rule database/prepared)",
  },
  {
    rule: "cloudwatch_log_group_encrypted_check",
    where: /-(data|web)\//,
    reason: "false alarm: the key is imported from the network stack (own rule logs/kept-and-encrypted)",
  },
  {
    rule: /^(NIST\.800\.53\.R5-S3DefaultEncryptionKMS|s3_bucket_default_encryption_kms_check)$/,
    where: LOG_BUCKET,
    reason: "load balancers write access logs only where S3 manages the key",
  },
  {
    rule: "s3_bucket_logging_enabled_check",
    where: LOG_BUCKET,
    reason: "it is where access logs go: logging to itself would never end",
  },
  {
    rule: "NIST.800.53.R5-S3BucketReplicationEnabled",
    where: BUCKETS,
    reason:
      "bundles are made again from source and logs are also in CloudWatch: another Region would add cost and no evidence",
  },
  {
    rule: "s3_bucket_object_lock_enabled_check",
    where: BUCKETS,
    reason:
      "versions are kept; a lock would keep a sandbox from being removed, and must be chosen when a bucket is made",
  },
  {
    rule: "s3_event_notifications_enabled_check",
    where: BUCKETS,
    reason: "nothing acts on single objects here; access is logged",
  },
  {
    rule: "rds_instance_logging_enabled_check",
    where: /-data\/Database\/Resource\/Resource$/,
    reason:
      "wants exactly audit, error, general and slowquery: iam-db-auth-error, which says why a token was refused, is one more",
  },
  {
    rule: /^(NIST\.800\.53\.R5-RDSMultiAZSupport|AwsSolutions-RDS3|rds_instance_multi_az_support_check)$/,
    where: SANDBOX_DATABASE,
    reason:
      "a sandbox is cheap: its database has no standby; production has one (own rule database/two-zones)",
  },
  {
    rule: /^(NIST\.800\.53\.R5-RDSInstanceDeletionProtectionEnabled|AwsSolutions-RDS10|rds_instance_deletion_protection_enabled_check)$/,
    where: SANDBOX_DATABASE,
    reason: "a sandbox is removed as a whole; production is protected (own rule database/deletion-protected)",
  },
  {
    rule: "NIST.800.53.R5-RDSInBackupPlan",
    where: SANDBOX_DATABASE,
    reason:
      "RDS's own backups of a week are enough for a sandbox; production has a plan (own rule database/backup-plan)",
  },
  {
    rule: /^(NIST\.800\.53\.R5-ELBDeletionProtectionEnabled|elbv2_deletion_protection_enabled_check)$/,
    where: /^sealed-sandbox-web\/Front\/LoadBalancer\/Resource\/Resource$/,
    reason: "a sandbox is removed as a whole; production is protected (own rule alb/deletion-protected)",
  },
  {
    rule: "NIST.800.53.R5-ALBWAFEnabled",
    where: /^sealed-sandbox-web\/Front\/LoadBalancer\/Resource\/Resource$/,
    reason:
      "a web ACL costs more than the rest of a sandbox: a setting turns it on; production has one (own rule alb/web-acl)",
  },
  {
    rule: "elbv2_acm_certificate_required_check",
    where: /^sealed-sandbox-web\/Front\/LoadBalancer\/Resource\/Https\/Resource$/,
    reason:
      "false alarm: without a domain the certificate is imported into ACM by the deployment, so its ARN is known then",
  },
  {
    rule: /^(AwsSolutions-SMG4|NIST\.800\.53\.R5-SecretsManagerRotationEnabled)$/,
    where: /-web\/AppCertificate\/(Key\d+|Exported)\/Resource$/,
    reason:
      "a pinned key cannot rotate by itself: the setting `backendKeys` changes it while two are trusted; an exported certificate is renewed by ACM and exported again",
  },
];
