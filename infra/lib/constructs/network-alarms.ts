import { Duration } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { CfnNatGateway } from "aws-cdk-lib/aws-ec2";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import { alarm } from "./alarm.ts";
import type { TieredNetwork } from "./tiered-network.ts";

/** Raises an alarm when the way out of the private subnets fails: a NAT instance, or each NAT gateway. */
export function natAlarms(scope: Construct, network: TieredNetwork, topic: ITopic): void {
  for (const [index, instance] of (network.nat?.instances ?? []).entries()) {
    alarm(scope, `NatInstance${index + 1}Failed`, topic, {
      description: "The NAT instance fails its status checks: instances reach no service of AWS",
      metric: new Metric({
        namespace: "AWS/EC2",
        metricName: "StatusCheckFailed",
        dimensionsMap: { InstanceId: instance.instanceId },
        statistic: "Maximum",
        period: Duration.minutes(1),
      }),
      threshold: 1,
      periods: 3,
    });
  }
  const gateways = network.node.findAll().filter((child) => child instanceof CfnNatGateway);
  for (const [index, gateway] of gateways.entries()) {
    alarm(scope, `NatGateway${index + 1}Exhausted`, topic, {
      description: "The NAT gateway has no port left: new connections to services of AWS fail",
      metric: new Metric({
        namespace: "AWS/NATGateway",
        metricName: "ErrorPortAllocation",
        dimensionsMap: { NatGatewayId: gateway.ref },
        statistic: "Sum",
        period: Duration.minutes(1),
      }),
      threshold: 1,
      periods: 3,
    });
  }
}
