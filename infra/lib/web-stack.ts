import { Stack } from "aws-cdk-lib";
import { type IKey, Key } from "aws-cdk-lib/aws-kms";
import { HostedZone, type IHostedZone } from "aws-cdk-lib/aws-route53";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { AccountGuards } from "./constructs/account-guards.ts";
import { AppCertificate } from "./constructs/app-certificate.ts";
import { AppEnvironment } from "./constructs/app-environment.ts";
import type { FunctionSettings } from "./constructs/deployment-function.ts";
import { Front } from "./constructs/front.ts";
import type { FunctionBundles } from "./constructs/function-bundles.ts";
import { SealedBucket } from "./constructs/sealed-bucket.ts";
import { SourceBundle } from "./constructs/source-bundle.ts";
import type { DataStack } from "./data-stack.ts";
import type { NetworkStack, SealedStackProps } from "./network-stack.ts";
import { removalPolicies } from "./removal-policies.ts";
import { timeoutsFor } from "./timeouts.ts";
import { topologies } from "./topologies.ts";

/** What the web stack stands on. */
export interface WebStackProps extends SealedStackProps {
  network: NetworkStack;
  data: DataStack;
  functions: FunctionBundles;
  /** The zip file that Elastic Beanstalk runs. */
  bundlePath: string;
}

/** What serves requests: certificate, load balancer, the Elastic Beanstalk environment, and its alarms. */
export class WebStack extends Stack {
  readonly #logs: IBucket;
  readonly #zone: IHostedZone | undefined;

  constructor(scope: Construct, id: string, props: WebStackProps) {
    super(scope, id, props);
    const { config, network, data } = props;
    const shared = { config, functions: props.functions, functionSettings: functionSettings(props) };
    // By its ARN: rights on it go to the roles here, and not into the key's policy, which lies in the other stack.
    const dataKey: IKey = Key.fromKeyArn(this, "DataKey", data.dataKey.keyArn);
    this.#zone = this.#hostedZone(config.domain);
    this.#logs = new SealedBucket(this, "Logs", {
      retentionDays: config.preset.logRetentionDays,
      isDisposable: config.preset.onRemoval === "destroy",
    }).bucket;
    const bundle = new SourceBundle(this, "SourceBundle", {
      ...shared,
      path: props.bundlePath,
      key: dataKey,
      accessLogs: this.#logs,
      isDisposable: config.preset.onRemoval === "destroy",
    });
    const guards = new AccountGuards(this, "AccountGuards", { ...shared, version: bundle.version });
    const front = this.#front(props, shared);
    const certificate = new AppCertificate(this, "AppCertificate", { ...shared, dataKey });
    const environment = new AppEnvironment(this, "Environment", {
      config,
      network,
      database: data.database,
      bundle,
      front,
      certificate,
      zone: this.#zone,
      logSettings: shared.functionSettings,
    });
    // Instances start once the account is checked; nobody reaches them before the load balancer stands.
    environment.node.addDependency(guards);
  }

  #front(
    { config, network }: WebStackProps,
    shared: { functions: FunctionBundles; functionSettings: FunctionSettings },
  ): Front {
    const facts = topologies[config.topology];
    return new Front(this, "Front", {
      ...shared,
      config,
      facts,
      vpc: network.network.vpc,
      securityGroup: network.groups.loadBalancer,
      zone: this.#zone,
      logs: this.#logs,
      idleTimeoutSeconds: timeoutsFor(facts.loadBalancer).idleSeconds,
    });
  }

  #hostedZone(domain: SealedStackProps["config"]["domain"]): IHostedZone | undefined {
    return domain === undefined
      ? undefined
      : HostedZone.fromHostedZoneAttributes(this, "Zone", {
          hostedZoneId: domain.hostedZoneId,
          zoneName: domain.zoneName,
        });
  }
}

function functionSettings({ config, network }: WebStackProps): FunctionSettings {
  return {
    logKey: network.operationsKey,
    logRetentionDays: config.preset.logRetentionDays,
    removalPolicy: removalPolicies(config.preset).named,
  };
}
