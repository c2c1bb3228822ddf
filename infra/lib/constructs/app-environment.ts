import { CfnOutput } from "aws-cdk-lib";
import type { DatabaseInstance } from "aws-cdk-lib/aws-rds";
import type { IHostedZone } from "aws-cdk-lib/aws-route53";
import { Construct } from "constructs";
import type { DeploymentConfig } from "../config.ts";
import { appSettings } from "../environment/app-settings.ts";
import type { LoadBalancerContext } from "../environment/load-balancer-options.ts";
import { environmentNames } from "../environment/names.ts";
import type { NetworkStack } from "../network-stack.ts";
import { timeoutsFor } from "../timeouts.ts";
import { type TopologyFacts, topologies } from "../topologies.ts";
import type { AppCertificate } from "./app-certificate.ts";
import { AppMetrics } from "./app-metrics.ts";
import { BeanstalkEnvironment } from "./beanstalk-environment.ts";
import { BeanstalkRoles } from "./beanstalk-roles.ts";
import { dashboard } from "./dashboard.ts";
import { DATABASE_USERS } from "./database-preparation.ts";
import type { FunctionSettings } from "./deployment-function.ts";
import { dnsRecord } from "./dns-record.ts";
import { EnvironmentAlarms } from "./environment-alarms.ts";
import { EnvironmentLogs } from "./environment-logs.ts";
import type { Front } from "./front.ts";
import type { SourceBundle } from "./source-bundle.ts";

/** Days before its end at which ACM should have renewed a certificate: it begins 60 days ahead. */
const RENEWAL_OVERDUE_DAYS = 30;

/** What the environment is made of. */
export interface AppEnvironmentProps {
  config: DeploymentConfig;
  network: NetworkStack;
  database: DatabaseInstance;
  bundle: SourceBundle;
  front: Front;
  certificate: AppCertificate;
  zone: IHostedZone | undefined;
  logSettings: FunctionSettings;
}

/** The environment with its roles, logs, name and alarms. */
export class AppEnvironment extends Construct {
  readonly #props: AppEnvironmentProps;
  readonly #facts: TopologyFacts;
  readonly #hosts: readonly string[];

  constructor(scope: Construct, id: string, props: AppEnvironmentProps) {
    super(scope, id);
    const { config, front, database, certificate } = props;
    this.#props = props;
    this.#facts = topologies[config.topology];
    const names = environmentNames(config);
    this.#hosts = [config.domain?.name ?? front.shared?.loadBalancer.loadBalancerDnsName ?? names.host];
    const roles = new BeanstalkRoles(this, "Roles", {
      environmentName: names.environment,
      applicationName: names.application,
      topicKey: props.network.operationsKey,
      environmentSecrets: config.environmentSecrets,
    });
    database.grantConnect(roles.instanceRole, DATABASE_USERS.app);
    certificate.grantRead(roles.instanceRole);
    const logs = new EnvironmentLogs(this, "Logs", {
      environmentName: names.environment,
      ...props.logSettings,
    });
    const context = this.#context(roles);
    const { environment } = new BeanstalkEnvironment(this, "Beanstalk", {
      names,
      context,
      platformArn: config.platformArn,
      bundle: props.bundle,
      serviceRole: roles.serviceRole,
      appSettings: this.#appSettings(context),
    });
    environment.node.addDependency(roles, logs, front, certificate);
    this.#name(environment.attrEndpointUrl);
    this.#watch(logs);
    new CfnOutput(this, "Url", { value: `https://${this.#hosts[0]}`, description: "Where the app answers" });
    new CfnOutput(this, "EnvironmentName", { value: names.environment });
  }

  #context(roles: BeanstalkRoles): LoadBalancerContext {
    const { config, network, front, certificate } = this.#props;
    const { vpc } = network.network;
    const subnets = (group: string) => vpc.selectSubnets({ subnetGroupName: group }).subnetIds;
    return {
      config,
      facts: this.#facts,
      times: timeoutsFor(this.#facts.loadBalancer),
      hosts: this.#hosts,
      vpcId: vpc.vpcId,
      instanceSubnets: subnets(this.#facts.instanceSubnets === "public" ? "Public" : "Private"),
      publicSubnets: subnets("Public"),
      instanceGroupId: network.groups.instances.securityGroupId,
      loadBalancerGroupId: network.groups.loadBalancer.securityGroupId,
      instanceProfileName: roles.instanceProfile.instanceProfileName,
      serviceRoleName: roles.serviceRole.roleName,
      topicArn: network.alarmTopic.topicArn,
      sharedLoadBalancerArn: front.shared?.loadBalancer.loadBalancerArn,
      certificateArn: front.certificate?.certificateArn,
      publicKeys: certificate.publicKeys,
    };
  }

  #appSettings({ times }: LoadBalancerContext): Record<string, string> {
    const { config, network, database, certificate } = this.#props;
    return appSettings({
      config,
      times,
      publicHosts: this.#hosts,
      loadBalancerRanges: network.network.vpc.publicSubnets.map((subnet) => subnet.ipv4CidrBlock),
      databaseHost: database.dbInstanceEndpointAddress,
      certificateSecretArn: certificate.secret?.secretArn,
    });
  }

  #name(endpoint: string): void {
    const { config, zone, front } = this.#props;
    if (config.domain === undefined || zone === undefined) return;
    const loadBalancer = front.shared?.loadBalancer;
    dnsRecord(this, "Name", { zone, name: config.domain.name, facts: this.#facts, loadBalancer, endpoint });
  }

  #watch(logs: EnvironmentLogs): void {
    const { config, network, front, database } = this.#props;
    const { environment: environmentName } = environmentNames(config);
    const name = `${config.name}-${config.presetName}`;
    new EnvironmentAlarms(this, "Alarms", {
      name,
      environmentName,
      appLog: logs.app,
      topic: network.alarmTopic,
      certificateArn: front.certificate?.certificateArn,
      certificateDaysWarning: RENEWAL_OVERDUE_DAYS,
    });
    new AppMetrics(this, "AppMetrics", { name, appLog: logs.app, topic: network.alarmTopic });
    dashboard(this, "Dashboard", { name, environmentName, database });
  }
}
