import type { ApplicationLoadBalancer } from "aws-cdk-lib/aws-elasticloadbalancingv2";
import { ARecord, CnameRecord, type IHostedZone, RecordTarget } from "aws-cdk-lib/aws-route53";
import { LoadBalancerTarget } from "aws-cdk-lib/aws-route53-targets";
import type { Construct } from "constructs";
import type { TopologyFacts } from "../topologies.ts";

/** Where the name points to. */
export interface DnsRecordProps {
  zone: IHostedZone;
  name: string;
  facts: TopologyFacts;
  loadBalancer: ApplicationLoadBalancer | undefined;
  /** What Elastic Beanstalk calls the endpoint: the name of its load balancer, or the address of the instance. */
  endpoint: string;
}

/** Points the domain at the load balancer, or at the instance where there is none. */
export function dnsRecord(scope: Construct, id: string, props: DnsRecordProps): void {
  const { zone, name: recordName, loadBalancer, endpoint } = props;
  if (loadBalancer !== undefined) {
    new ARecord(scope, id, {
      zone,
      recordName,
      target: RecordTarget.fromAlias(new LoadBalancerTarget(loadBalancer)),
    });
  } else if (props.facts.loadBalancer === "none") {
    new ARecord(scope, id, { zone, recordName, target: RecordTarget.fromIpAddresses(endpoint) });
  } else {
    new CnameRecord(scope, id, { zone, recordName, domainName: endpoint });
  }
}
