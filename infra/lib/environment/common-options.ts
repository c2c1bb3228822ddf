import type { DeploymentConfig } from "../config.ts";
import type { OptionSettings } from "../eb-options/index.ts";
import type { TopologyFacts } from "../topologies.ts";

/** Metrics that Elastic Beanstalk's health agent sends to CloudWatch each minute; alarms look at them. */
const ENVIRONMENT_METRICS = [
  "ApplicationRequests5xx",
  "ApplicationLatencyP99",
  "ApplicationRequestsTotal",
  "InstancesDegraded",
  "InstancesSevere",
  "InstancesNoData",
] as const;

/** What options refer to; values may be tokens. */
export interface OptionContext {
  config: DeploymentConfig;
  facts: TopologyFacts;
  vpcId: string;
  instanceSubnets: readonly string[];
  publicSubnets: readonly string[];
  instanceGroupId: string;
  loadBalancerGroupId: string;
  instanceProfileName: string;
  serviceRoleName: string;
  topicArn: string;
}

/** Sets what every environment has, whatever stands before it. */
export function commonOptions(options: OptionSettings, context: OptionContext): void {
  instances(options, context);
  deployments(options, context);
  observation(options, context);
}

function instances(options: OptionSettings, context: OptionContext): void {
  const { config, facts } = context;
  const { preset } = config;
  const isSingle = facts.loadBalancer === "none";
  options
    .set("aws:autoscaling:launchconfiguration", {
      // With it off, Elastic Beanstalk would add a group of its own that lets everything out.
      DisableDefaultEC2SecurityGroup: true,
      SecurityGroups: [context.instanceGroupId],
      DisableIMDSv1: true,
      IamInstanceProfile: context.instanceProfileName,
      MonitoringInterval: "1 minute",
      RootVolumeType: "gp3",
      RootVolumeSize: 12,
    })
    .set("aws:ec2:instances", { InstanceTypes: preset.instanceTypes, SupportedArchitectures: ["arm64"] })
    .set("aws:autoscaling:asg", {
      MinSize: isSingle ? 1 : preset.minInstances,
      MaxSize: isSingle ? 1 : preset.maxInstances,
      "Availability Zones": isSingle ? undefined : "Any 2",
    })
    .set("aws:ec2:vpc", {
      VPCId: context.vpcId,
      Subnets: context.instanceSubnets,
      AssociatePublicIpAddress: isSingle,
      ...(!isSingle && { ELBSubnets: context.publicSubnets, ELBScheme: "public" }),
    });
  if (!isSingle) {
    options.set("aws:autoscaling:trigger", {
      MeasureName: "CPUUtilization",
      Unit: "Percent",
      Statistic: "Average",
      UpperThreshold: 70,
      LowerThreshold: 25,
    });
  }
}

function deployments(options: OptionSettings, { config, facts, serviceRoleName }: OptionContext): void {
  const { preset } = config;
  const isSingle = facts.loadBalancer === "none";
  options
    .set("aws:elasticbeanstalk:environment", {
      EnvironmentType: isSingle ? "SingleInstance" : "LoadBalanced",
      ServiceRole: serviceRoleName,
    })
    .set("aws:elasticbeanstalk:command", {
      DeploymentPolicy: config.deploymentPolicy,
      Timeout: 900,
      IgnoreHealthCheck: false,
    })
    .set("aws:elasticbeanstalk:managedactions", {
      ManagedActionsEnabled: true,
      PreferredStartTime: "Tue:04:00",
      ServiceRoleForManagedUpdates: "AWSServiceRoleForElasticBeanstalkManagedUpdates",
    })
    .set("aws:elasticbeanstalk:managedactions:platformupdate", {
      UpdateLevel: "minor",
      InstanceRefreshEnabled: preset.instanceRefresh,
    });
  if (!isSingle) {
    options.set("aws:autoscaling:updatepolicy:rollingupdate", {
      RollingUpdateEnabled: true,
      RollingUpdateType: preset.rollingUpdateType,
    });
  }
}

function observation(options: OptionSettings, { config, topicArn }: OptionContext): void {
  const retention = String(config.preset.logRetentionDays);
  options
    .set("aws:elasticbeanstalk:healthreporting:system", {
      SystemType: "enhanced",
      EnhancedHealthAuthEnabled: true,
      HealthCheckSuccessThreshold: "Ok",
      ConfigDocument: healthDocument(),
    })
    .set("aws:elasticbeanstalk:cloudwatch:logs", {
      StreamLogs: true,
      DeleteOnTerminate: false,
      RetentionInDays: retention,
    })
    .set("aws:elasticbeanstalk:cloudwatch:logs:health", {
      HealthStreamingEnabled: true,
      DeleteOnTerminate: false,
      RetentionInDays: retention,
    })
    .set("aws:elasticbeanstalk:hostmanager", { LogPublicationControl: true })
    .set("aws:elasticbeanstalk:sns:topics", { "Notification Topic ARN": topicArn });
}

/** @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/health-enhanced-rules.html */
function healthDocument(): object {
  return {
    Version: 1,
    CloudWatchMetrics: {
      Environment: Object.fromEntries(ENVIRONMENT_METRICS.map((name) => [name, 60])),
    },
    // What strangers ask for in vain must not turn the environment's health red.
    Rules: {
      Environment: {
        Application: { ApplicationRequests4xx: { Enabled: false } },
        ELB: { ELBRequests4xx: { Enabled: false } },
      },
    },
  };
}
