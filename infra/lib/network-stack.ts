import { Fn, Stack, type StackProps } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import type { DeploymentConfig } from "./config.ts";
import { AlarmTopic } from "./constructs/alarm-topic.ts";
import { natAlarms } from "./constructs/network-alarms.ts";
import { SealedKey } from "./constructs/sealed-key.ts";
import { SecurityGroupChain } from "./constructs/security-group-chain.ts";
import { ServiceEndpoints } from "./constructs/service-endpoints.ts";
import { TieredNetwork } from "./constructs/tiered-network.ts";
import { removalPolicies } from "./removal-policies.ts";
import { topologies } from "./topologies.ts";

/** Services that write to or read from what the operations key encrypts. */
const OPERATIONS_SERVICES = ["cloudwatch.amazonaws.com", "events.rds.amazonaws.com", "sns.amazonaws.com"];

/** What every stack is made from. */
export interface SealedStackProps extends StackProps {
  config: DeploymentConfig;
}

/** The network, its security groups, and what operators hear about. */
export class NetworkStack extends Stack {
  readonly network: TieredNetwork;
  readonly groups: SecurityGroupChain;
  /** Encrypts logs and the topic. */
  readonly operationsKey: IKey;
  readonly alarmTopic: ITopic;

  constructor(scope: Construct, id: string, props: SealedStackProps) {
    super(scope, id, props);
    const { config } = props;
    const removal = removalPolicies(config.preset);
    this.operationsKey = new SealedKey(this, "OperationsKey", {
      description: `Logs and alarms of ${config.name}`,
      removalPolicy: removal.data,
      services: [`logs.${config.region}.amazonaws.com`, ...OPERATIONS_SERVICES],
      account: config.account,
    }).key;
    this.alarmTopic = new AlarmTopic(this, "Alarms", {
      key: this.operationsKey,
      account: config.account,
      email: config.alarmEmail,
    }).topic;
    this.network = new TieredNetwork(this, "Network", {
      egress: config.egress,
      region: config.region,
      account: config.account,
      logKey: this.operationsKey,
      logRetentionDays: config.preset.logRetentionDays,
      removalPolicy: removal.data,
    });
    this.groups = new SecurityGroupChain(this, "Groups", {
      vpc: this.network.vpc,
      facts: topologies[config.topology],
      clients: config.clients,
      httpRedirect: config.httpRedirect,
      s3PrefixListId: config.egress === "endpoints" ? config.s3PrefixListId : undefined,
    });
    if (this.groups.endpoints !== undefined) {
      new ServiceEndpoints(this, "Endpoints", {
        vpc: this.network.vpc,
        securityGroup: this.groups.endpoints,
        account: config.account,
      });
    }
    natAlarms(this, this.network, this.alarmTopic);
    this.#exportAlways();
  }

  /**
   * Exports what only some topologies use. Otherwise an update to another topology would have to remove an
   * export that the web stack still imports, which CloudFormation refuses.
   */
  #exportAlways(): void {
    this.exportValue(this.groups.loadBalancer.securityGroupId);
    const { publicSubnets, privateSubnets, isolatedSubnets } = this.network.vpc;
    for (const { subnetId } of [...publicSubnets, ...privateSubnets, ...isolatedSubnets])
      this.exportValue(subnetId);
  }

  /** Two zones of the Region by number, so that synth needs no look-up in the account. */
  override get availabilityZones(): string[] {
    return [0, 1].map((index) => Fn.select(index, Fn.getAzs()));
  }
}
