import { checkTimeouts } from "../timeouts.ts";
import { topologies } from "../topologies.ts";
import { type Assembly, at, list } from "./assembly.ts";
import { every, optionsAre, type Property } from "./property.ts";

const VARIABLES = "aws:elasticbeanstalk:application:environment";
const LAUNCH = "aws:autoscaling:launchconfiguration";

/**
 * Types of the families that this project may take; each is of Nitro.
 *
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-nitro-instances.html
 */
const NITRO = /^((t3a?|t4g|[cmr][5-8][a-z]*)\.\w+(,(?!$)|$))+$/;

/** What holds of the Elastic Beanstalk environment. */
export const environmentProperties: readonly Property[] = [
  {
    id: "instances/imds-v2",
    title: "instances take metadata requests of version 2 only",
    check: (assembly) => optionsAre(assembly, LAUNCH, { DisableIMDSv1: "true" }),
  },
  {
    id: "instances/own-group-only",
    title: "Elastic Beanstalk's own security group, which lets everything out, is off",
    check: (assembly) => optionsAre(assembly, LAUNCH, { DisableDefaultEC2SecurityGroup: "true" }),
  },
  {
    id: "instances/no-ssh",
    title: "instances have no SSH key and no rule for SSH",
    check: (assembly) =>
      optionsAre(assembly, LAUNCH, { EC2KeyName: undefined, SSHSourceRestriction: undefined }),
  },
  {
    id: "instances/ebs-encrypted",
    title: "the deployment fails, or puts it right, when the account does not encrypt EBS volumes",
    check: (assembly) =>
      every(
        assembly,
        "Custom::EbsEncryption",
        "checked in each version",
        ({ properties }) =>
          ["enforce", "require"].includes(String(properties.mode)) &&
          /^[0-9a-f]{16}$/.test(String(properties.version)),
      ),
  },
  {
    id: "instances/watched-each-minute",
    title: "instances report to CloudWatch each minute",
    check: (assembly) => optionsAre(assembly, LAUNCH, { MonitoringInterval: "1 minute" }),
  },
  {
    id: "instances/nitro",
    title: "instances are of AWS Nitro; a NAT instance too, with one network interface",
    check: (assembly) => [
      ...optionsAre(assembly, "aws:ec2:instances", { InstanceTypes: NITRO }),
      ...assembly
        .ofType("AWS::EC2::Instance")
        .filter(
          ({ properties }) =>
            !NITRO.test(String(properties.InstanceType)) || list(properties.NetworkInterfaces).length > 1,
        )
        .map(({ id }) => `${id}: not of Nitro, or with more than one network interface`),
    ],
  },
  {
    id: "instances/two-zones",
    title: "behind a load balancer, instances run in two Availability Zones",
    appliesTo: ({ topology }) => topologies[topology].redundant,
    check: (assembly) => optionsAre(assembly, "aws:autoscaling:asg", { "Availability Zones": "Any 2" }),
  },
  {
    id: "environment/enhanced-health",
    title: "health is reported in detail, by an authenticated agent",
    check: (assembly) =>
      optionsAre(assembly, "aws:elasticbeanstalk:healthreporting:system", {
        SystemType: "enhanced",
        EnhancedHealthAuthEnabled: "true",
      }),
  },
  {
    id: "environment/managed-updates",
    title: "the platform is updated each week, patches and minor versions",
    check: (assembly) => [
      ...optionsAre(assembly, "aws:elasticbeanstalk:managedactions", {
        ManagedActionsEnabled: "true",
        PreferredStartTime: /:/,
        ServiceRoleForManagedUpdates: /./,
      }),
      ...optionsAre(assembly, "aws:elasticbeanstalk:managedactions:platformupdate", { UpdateLevel: "minor" }),
    ],
  },
  {
    id: "environment/logs-streamed",
    title: "logs and health go to CloudWatch and stay there when the environment goes",
    check: (assembly) => [
      ...optionsAre(assembly, "aws:elasticbeanstalk:cloudwatch:logs", {
        StreamLogs: "true",
        DeleteOnTerminate: "false",
        RetentionInDays: /^(365|400|545|731|1827|3653)$/,
      }),
      ...optionsAre(assembly, "aws:elasticbeanstalk:cloudwatch:logs:health", {
        HealthStreamingEnabled: "true",
        DeleteOnTerminate: "false",
      }),
      ...optionsAre(assembly, "aws:elasticbeanstalk:hostmanager", { LogPublicationControl: "true" }),
    ],
  },
  {
    id: "environment/own-network",
    title: "the environment runs in the network made for it",
    check: (assembly) =>
      at(assembly.option("aws:ec2:vpc", "VPCId"), "Ref") === assembly.ofType("AWS::EC2::VPC")[0]?.id
        ? []
        : ["another VPC, or none"],
  },
  {
    id: "environment/platform",
    title: "the platform is named by branch, so that no template names one that is retired",
    check: (assembly) =>
      every(
        assembly,
        "AWS::ElasticBeanstalk::Environment",
        "named by platform",
        ({ properties }) =>
          /platform\/.*Node\.js 24/.test(String(properties.PlatformArn)) &&
          properties.SolutionStackName === undefined,
      ),
  },
  {
    id: "environment/health-decides",
    title: "a deployment whose instances are not healthy is taken back",
    check: (assembly) =>
      optionsAre(assembly, "aws:elasticbeanstalk:command", {
        IgnoreHealthCheck: "false",
        DeploymentPolicy: /./,
      }),
  },
  {
    id: "environment/no-secrets",
    title: "no environment variable holds a secret, only names of secrets",
    check: (assembly) =>
      variables(assembly)
        .filter(
          ({ name, value }) =>
            /PASSWORD|SECRET_KEY|TOKEN|PRIVATE/.test(name) || JSON.stringify(value).includes("{{resolve:"),
        )
        .map(({ name }) => `${name} looks like a secret`),
  },
  {
    id: "environment/variables-fit",
    title: "all environment variables together fit into Elastic Beanstalk's 4 096 characters",
    check: (assembly) => {
      const length = variables(assembly)
        .map(({ name, value }) => name.length + JSON.stringify(value).length + 2)
        .reduce((a, b) => a + b, 0);
      return length <= 4_096 ? [] : [`the environment variables take ${length} characters`];
    },
  },
  {
    id: "environment/timeouts-agree",
    title:
      "idle timeout, keep-alive, drain and deregistration delay agree, so that a deployment loses no request",
    appliesTo: ({ topology }) => topology !== "single-instance",
    check: timeoutsAgree,
  },
  {
    id: "environment/time-to-live",
    title: "a sandbox says on every resource when it counts as forgotten",
    appliesTo: ({ presetName }) => presetName === "sandbox",
    check: (assembly) =>
      every(assembly, "AWS::ElasticBeanstalk::Environment", "with a time to live", ({ properties }) =>
        list(properties.Tags).some(
          (tag) => at(tag, "Key") === "sealed:ttl-hours" && Number(at(tag, "Value")) > 0,
        ),
      ),
  },
];

function variables(assembly: Assembly): { name: string; value: unknown }[] {
  return assembly.options.filter(({ namespace }) => namespace === VARIABLES);
}

/** Reads the times from where AWS reads them: attributes, options and the app's settings. */
function timeoutsAgree(assembly: Assembly): string[] {
  const seconds = (namespace: string, name: string) => Number(assembly.option(namespace, name));
  const process = "aws:elasticbeanstalk:environment:process:default";
  const { loadBalancer } = topologies[assembly.config.topology];
  const isClassic = loadBalancer === "classic";
  const told = seconds(VARIABLES, "LB_IDLE_TIMEOUT_SECONDS");
  const idle = {
    application: albIdle(assembly),
    classic: seconds("aws:elb:policies", "ConnectionSettingIdleTimeout"),
    network: 350,
    none: told,
  }[loadBalancer];
  return [
    ...(idle === told
      ? []
      : [`the load balancer closes idle connections after ${idle} s, the app was told ${told} s`]),
    ...checkTimeouts({
      idleSeconds: idle,
      // The app keeps connections open for five seconds longer than what it is told.
      keepAliveSeconds: told + 5,
      healthIntervalSeconds: isClassic
        ? seconds("aws:elb:healthcheck", "Interval")
        : seconds(process, "HealthCheckInterval"),
      unhealthyAfterChecks: isClassic
        ? seconds("aws:elb:healthcheck", "UnhealthyThreshold")
        : seconds(process, "UnhealthyThresholdCount"),
      drainSeconds: seconds(VARIABLES, "DRAIN_SECONDS"),
      deregistrationSeconds: isClassic
        ? seconds("aws:elb:policies", "ConnectionDrainingTimeout")
        : seconds(process, "DeregistrationDelay"),
    }),
  ];
}

function albIdle(assembly: Assembly): number {
  const [loadBalancer] = assembly.ofType("AWS::ElasticLoadBalancingV2::LoadBalancer");
  const attribute = list(loadBalancer?.properties.LoadBalancerAttributes).find(
    (entry) => at(entry, "Key") === "idle_timeout.timeout_seconds",
  );
  return Number(at(attribute, "Value"));
}
