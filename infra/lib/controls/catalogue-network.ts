import { acknowledged, type Control, inProductionOnly, met, ofAccount } from "./control.ts";

/** Demands on the network, rights, logs, alarms and functions, and on the account as a whole. */
export const networkControls: readonly Control[] = [
  met("EC2.2 CIS-6.5", "a default security group that admits nothing", "network/default-group-closed"),
  met("EC2.6 CIS-4.7 NIST-VPCFlowLogsEnabled", "flow logs", "network/flow-logs"),
  met(
    "EC2.10 EC2.57",
    "private ways to the services of AWS, where egress is by endpoints",
    "network/no-way-out",
    "network/s3-endpoint-limited",
  ),
  met("EC2.15 CT.EC2.PR.11", "subnets that give out no public addresses", "network/no-public-addresses"),
  met(
    "EC2.18 EC2.19 CT.EC2.PR.3 NIST-RestrictedCommonPorts NIST-RestrictedSSH",
    "no open port but 443 of what clients reach",
    "groups/only-443-from-clients",
    "groups/nat-from-inside",
  ),
  acknowledged(
    "AwsSolutions-EC23 CT.EC2.PR.4",
    "no port open to everybody",
    "clients come from the Internet: 443 alone is open; the setting `clients` narrows it",
  ),
  acknowledged(
    "EC2.21 CT.EC2.PR.5",
    "network ACLs without open administration ports",
    "security groups, which keep state, decide here; the default ACLs are left as they are",
  ),
  acknowledged(
    "NIST-VPCNoUnrestrictedRouteToIGW",
    "no route to the Internet gateway",
    "a public load balancer needs one; no instance behind a load balancer lies in its subnets",
  ),
  ofAccount(
    "EC2.172",
    "VPC block public access",
    "it would cut a public load balancer off: it can be on for networks that have none",
  ),

  met(
    "IAM.1 IAM.21 CT.IAM.PR.1 CT.IAM.PR.5",
    "no policy for every action",
    "access/no-admin",
    "access/instances-least",
  ),
  acknowledged(
    "AwsSolutions-IAM4",
    "no managed policies of AWS",
    "Elastic Beanstalk, RDS monitoring and AWS Backup act with those that AWS keeps for them; instances have none",
  ),
  acknowledged(
    "AwsSolutions-IAM5",
    "no wildcards in policies",
    "where an action knows no resource, or Elastic Beanstalk chooses names below a prefix; each is listed with its reason",
  ),
  acknowledged(
    "NIST-IAMNoInlinePolicy",
    "no inline policies",
    "each policy belongs to one role and goes with it",
  ),

  met(
    "CT.CLOUDWATCH.PR.1 CT.CLOUDWATCH.PR.4 NIST-CloudWatchAlarmAction",
    "alarms that reach somebody",
    "alarms/reach-the-topic",
    "alarms/watch-what-matters",
  ),
  met(
    "CT.CLOUDWATCH.PR.2 NIST-CloudWatchLogGroupRetentionPeriod",
    "logs kept for a year",
    "logs/kept-and-encrypted",
  ),
  met(
    "CT.CLOUDWATCH.PR.3 NIST-CloudWatchLogGroupEncrypted",
    "logs under a key of one's own",
    "logs/kept-and-encrypted",
  ),
  met("SNS.1 AwsSolutions-SNS3 NIST-SNSEncryptedKMS", "topics encrypted, TLS only", "alarms/topic-sealed"),

  met("Lambda.1 CT.LAMBDA.PR.2 CT.LAMBDA.PR.5", "functions that nobody else may call", "functions/private"),
  acknowledged(
    "Lambda.3 CT.LAMBDA.PR.3 NIST-LambdaInsideVPC",
    "functions in a VPC",
    "the one that speaks to the database is; the others call services of AWS only",
  ),
  acknowledged(
    "NIST-LambdaConcurrency NIST-LambdaDLQ",
    "reserved concurrency and a dead-letter queue",
    "functions run once in a deployment, which fails when they do",
  ),
  met("Lambda.2", "a supported runtime", "functions/supported-runtime"),
  acknowledged(
    "Lambda.5",
    "functions in several zones",
    "they run once in a deployment; the one in the VPC has both zones",
  ),

  inProductionOnly(
    "Backup.1",
    "recovery points encrypted",
    ["database/backup-plan"],
    "a sandbox has no backup plan",
  ),
  ofAccount(
    "Route53.2",
    "DNS query logs",
    "the zone belongs to the account: it is named here, not made here",
  ),
  ofAccount(
    "CloudTrail.1 CloudTrail.2 CloudTrail.4 CloudTrail.5 CT.CLOUDTRAIL.PR.1 CT.CLOUDTRAIL.PR.2 CT.CLOUDTRAIL.PR.3 CIS-4.1",
    "a trail of all calls",
    "one trail serves the whole account or organisation",
  ),
  ofAccount(
    "GuardDuty.1 GuardDuty.9 GuardDuty.10 GuardDuty.11",
    "threat detection",
    "switched on once for an account or organisation",
  ),
  ofAccount("Inspector.1", "scans for vulnerabilities", "switched on once for an account or organisation"),
  ofAccount(
    "Config.1 Account.1",
    "recording of configuration, a security contact",
    "set once for an account",
  ),
  ofAccount(
    "CIS-2.1 CIS-5.1",
    "root and user hygiene, metric filters on the trail",
    "belong to the account, not to one application",
  ),
];
