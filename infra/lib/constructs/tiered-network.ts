import type { RemovalPolicy } from "aws-cdk-lib";
import {
  FlowLogDestination,
  FlowLogTrafficType,
  type GatewayVpcEndpoint,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  type IVpc,
  NatProvider,
  type SubnetConfiguration,
  SubnetType,
  Vpc,
} from "aws-cdk-lib/aws-ec2";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import type { Preset } from "../presets.ts";
import { serviceBucketStatements } from "./endpoint-policy.ts";
import { NatInstance } from "./nat-instance.ts";

/** Address range of the network; the subnets take /22 blocks of it. */
const NETWORK_CIDR = "10.20.0.0/16";

/** Choices of a network. */
export interface TieredNetworkProps {
  egress: Preset["egress"];
  region: string;
  account: string;
  logKey: IKey;
  logRetentionDays: number;
  removalPolicy: RemovalPolicy;
}

/**
 * VPC in two Availability Zones with public, private and isolated subnets and flow logs.
 *
 * No subnet gives out public addresses by itself. Databases lie in isolated subnets, from which no route
 * leads out; with egress by endpoints the private subnets have none either.
 */
export class TieredNetwork extends Construct {
  readonly vpc: IVpc;
  readonly nat: NatInstance | undefined;
  readonly s3Endpoint: GatewayVpcEndpoint;
  readonly flowLogGroup: LogGroup;

  constructor(scope: Construct, id: string, props: TieredNetworkProps) {
    super(scope, id);
    this.nat = props.egress === "nat-instance" ? new NatInstance(NETWORK_CIDR) : undefined;
    const vpc = new Vpc(this, "Vpc", {
      ipAddresses: IpAddresses.cidr(NETWORK_CIDR),
      maxAzs: 2,
      restrictDefaultSecurityGroup: true,
      subnetConfiguration: subnetTiers(props.egress),
      natGateways: { "nat-instance": 1, "nat-gateways": 2, endpoints: 0 }[props.egress],
      natGatewayProvider: this.nat?.provider ?? NatProvider.gateway(),
    });
    this.nat?.harden();
    this.flowLogGroup = this.#flowLogs(vpc, props);
    this.s3Endpoint = vpc.addGatewayEndpoint("S3", {
      service: GatewayVpcEndpointAwsService.S3,
      subnets: [{ subnetGroupName: "Private" }, { subnetGroupName: "Public" }],
    });
    for (const statement of serviceBucketStatements(props.region, props.account)) {
      this.s3Endpoint.addToPolicy(statement);
    }
    this.vpc = vpc;
  }

  #flowLogs(vpc: Vpc, props: TieredNetworkProps): LogGroup {
    const group = new LogGroup(this, "FlowLogs", {
      retention: props.logRetentionDays,
      encryptionKey: props.logKey,
      removalPolicy: props.removalPolicy,
    });
    vpc.addFlowLog("Flows", {
      destination: FlowLogDestination.toCloudWatchLogs(group),
      trafficType: FlowLogTrafficType.ALL,
    });
    return group;
  }
}

function subnetTiers(egress: Preset["egress"]): SubnetConfiguration[] {
  return [
    { name: "Public", subnetType: SubnetType.PUBLIC, cidrMask: 22, mapPublicIpOnLaunch: false },
    {
      name: "Private",
      subnetType: egress === "endpoints" ? SubnetType.PRIVATE_ISOLATED : SubnetType.PRIVATE_WITH_EGRESS,
      cidrMask: 22,
    },
    { name: "Isolated", subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 22 },
  ];
}
