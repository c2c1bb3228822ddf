import type { ICertificate } from "aws-cdk-lib/aws-certificatemanager";
import type { ISecurityGroup, IVpc } from "aws-cdk-lib/aws-ec2";
import type { IHostedZone } from "aws-cdk-lib/aws-route53";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import type { DeploymentConfig } from "../config.ts";
import type { TopologyFacts } from "../topologies.ts";
import type { FunctionSettings } from "./deployment-function.ts";
import type { FunctionBundles } from "./function-bundles.ts";
import { PublicLoadBalancer } from "./public-load-balancer.ts";
import { ServerCertificate } from "./server-certificate.ts";
import { WebAcl } from "./web-acl.ts";

/** What stands before the environment, and where. */
export interface FrontProps {
  config: DeploymentConfig;
  facts: TopologyFacts;
  vpc: IVpc;
  securityGroup: ISecurityGroup;
  zone: IHostedZone | undefined;
  logs: IBucket;
  idleTimeoutSeconds: number;
  functions: FunctionBundles;
  functionSettings: FunctionSettings;
}

/** What clients meet first: certificate, load balancer and web ACL, as far as the topology has them. */
export class Front extends Construct {
  readonly certificate: ICertificate | undefined;
  readonly shared: PublicLoadBalancer | undefined;

  constructor(scope: Construct, id: string, props: FrontProps) {
    super(scope, id);
    if (!props.facts.terminatesTls) return;
    const { certificate } = new ServerCertificate(this, "Certificate", {
      domain: props.config.domain && props.zone && { name: props.config.domain.name, zone: props.zone },
      deployment: `${props.config.name}-${props.config.presetName}`,
      functions: props.functions,
      functionSettings: props.functionSettings,
    });
    this.certificate = certificate;
    if (!props.facts.shared) return;
    this.shared = new PublicLoadBalancer(this, "LoadBalancer", {
      vpc: props.vpc,
      securityGroup: props.securityGroup,
      certificate,
      logs: props.logs,
      deletionProtection: props.config.preset.deletionProtection,
      idleTimeoutSeconds: props.idleTimeoutSeconds,
      httpRedirect: props.config.httpRedirect,
    });
    if (props.config.webAcl) this.#webAcl(props, this.shared);
  }

  #webAcl({ config, functionSettings }: FrontProps, { loadBalancer }: PublicLoadBalancer): void {
    const { logKey, logRetentionDays, removalPolicy } = functionSettings;
    new WebAcl(this, "WebAcl", {
      name: `${config.name}-${config.presetName}`,
      loadBalancerArn: loadBalancer.loadBalancerArn,
      logKey,
      logRetentionDays,
      removalPolicy,
    });
  }
}
