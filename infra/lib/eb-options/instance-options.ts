import { boolean, choice, integer, list, type NamespaceRule, shaped, text } from "./kinds.ts";
import { GENERAL, INSTANCES } from "./sources.ts";

const duration = shaped(/^PT(?=\d)(\d+H)?(\d+M)?(\d+S)?$/, "an ISO 8601 duration such as PT30M");
const timestamp = shaped(
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{1,2}Z$/,
  "a UTC time such as 2030-01-31T04:00:00Z",
);
const instanceType = /^[a-z0-9-]+\.[a-z0-9]+$/;

const TRIGGER_METRICS = [
  "CPUUtilization",
  "NetworkIn",
  "NetworkOut",
  "DiskWriteOps",
  "DiskReadBytes",
  "DiskReadOps",
  "DiskWriteBytes",
  "Latency",
  "RequestCount",
  "HealthyHostCount",
  "UnhealthyHostCount",
  "TargetResponseTime",
] as const;
const TRIGGER_UNITS = [
  "Seconds",
  "Percent",
  "Bytes",
  "Bits",
  "Count",
  "Bytes/Second",
  "Bits/Second",
  "Count/Second",
  "None",
] as const;

/** Namespaces of the instances and their Auto Scaling group. */
export const instanceOptions = {
  "aws:autoscaling:asg": {
    source: GENERAL,
    options: {
      "Availability Zones": { kind: choice("Any", "Any 1", "Any 2", "Any 3") },
      Cooldown: { kind: integer(0, 10_000) },
      "Custom Availability Zones": { kind: list() },
      MinSize: { kind: integer(1, 10_000) },
      MaxSize: { kind: integer(1, 10_000) },
      EnableCapacityRebalancing: { kind: boolean },
    },
  },
  "aws:autoscaling:launchconfiguration": {
    source: GENERAL,
    options: {
      DisableIMDSv1: { kind: boolean },
      DisableDefaultEC2SecurityGroup: { kind: boolean, source: INSTANCES },
      LaunchTemplateTagPropagationEnabled: { kind: boolean, source: INSTANCES },
      EC2KeyName: { kind: text },
      IamInstanceProfile: { kind: text },
      ImageId: { kind: shaped(/^ami-[0-9a-f]+$/, "an image id such as ami-0123abcd") },
      InstanceType: {
        kind: shaped(instanceType, "an instance type"),
        obsolete: "aws:ec2:instances InstanceTypes",
      },
      MonitoringInterval: { kind: choice("1 minute", "5 minute") },
      SecurityGroups: { kind: list() },
      SSHSourceRestriction: {
        kind: shaped(
          /^tcp, *\d+, *\d+, *\S+$/,
          "`tcp, 22, 22, source`, where the source is a CIDR or a security group",
        ),
      },
      BlockDeviceMappings: {
        kind: shaped(/^\/dev\/\w+=\S+(,\/dev\/\w+=\S+)*$/, "`/dev/sdj=:100:true:gp3` and more after commas"),
      },
      RootVolumeType: { kind: choice("standard", "gp2", "gp3", "io1") },
      RootVolumeSize: { kind: integer(8, 16_384) },
      RootVolumeIOPS: { kind: integer(100, 20_000) },
      RootVolumeThroughput: { kind: integer(125, 1_000) },
    },
  },
  "aws:autoscaling:scheduledaction": {
    source: GENERAL,
    options: {
      StartTime: { kind: timestamp },
      EndTime: { kind: timestamp },
      MaxSize: { kind: integer(0, 10_000) },
      MinSize: { kind: integer(0, 10_000) },
      DesiredCapacity: { kind: integer(0, 10_000) },
      Recurrence: { kind: shaped(/^(\S+ ){4}\S+$/, "a cron expression of five fields") },
      Suspend: { kind: boolean },
    },
  },
  "aws:autoscaling:trigger": {
    source: GENERAL,
    balancers: ["application", "classic", "network"],
    options: {
      BreachDuration: { kind: integer(1, 600) },
      LowerBreachScaleIncrement: { kind: integer(-10_000, 0) },
      LowerThreshold: { kind: integer(0, 20_000_000) },
      MeasureName: { kind: choice(...TRIGGER_METRICS) },
      Period: { kind: integer(1, 600) },
      EvaluationPeriods: { kind: integer(1, 600) },
      Statistic: { kind: choice("Minimum", "Maximum", "Sum", "Average") },
      Unit: { kind: choice(...TRIGGER_UNITS) },
      UpperBreachScaleIncrement: { kind: integer(0, 10_000) },
      UpperThreshold: { kind: integer(0, 20_000_000) },
    },
  },
  "aws:autoscaling:updatepolicy:rollingupdate": {
    source: GENERAL,
    options: {
      MaxBatchSize: { kind: integer(1, 10_000) },
      MinInstancesInService: { kind: integer(0, 9_999) },
      RollingUpdateEnabled: { kind: boolean },
      RollingUpdateType: { kind: choice("Time", "Health", "Immutable") },
      PauseTime: { kind: duration },
      Timeout: { kind: duration },
    },
  },
  "aws:ec2:instances": {
    source: GENERAL,
    options: {
      EnableSpot: { kind: boolean },
      InstanceTypes: { kind: list({ max: 10 }) },
      SupportedArchitectures: { kind: list({ values: ["x86_64", "arm64"] }), source: INSTANCES },
      SpotFleetOnDemandBase: { kind: integer(0, 10_000) },
      SpotFleetOnDemandAboveBasePercentage: { kind: integer(0, 100) },
      SpotMaxPrice: { kind: shaped(/^(null|\d+(\.\d+)?)$/, "a price in US$ from 0.001 to 20.0, or null") },
    },
  },
  "aws:ec2:vpc": {
    source: GENERAL,
    options: {
      VPCId: { kind: shaped(/^vpc-[0-9a-f]+$/, "a VPC id such as vpc-0123abcd") },
      Subnets: { kind: list() },
      ELBSubnets: { kind: list(), balancers: ["application", "classic", "network"] },
      ELBScheme: { kind: choice("public", "internal"), balancers: ["application", "classic", "network"] },
      DBSubnets: { kind: list() },
      AssociatePublicIpAddress: { kind: boolean },
    },
  },
} as const satisfies { readonly [namespace: string]: NamespaceRule };
