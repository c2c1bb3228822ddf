import { type IPeer, type IVpc, Peer, Port, SecurityGroup } from "aws-cdk-lib/aws-ec2";
import { Construct } from "constructs";
import type { TopologyFacts } from "../topologies.ts";

/** Port of the database: not MySQL's own, so that no scan for 3306 meets it. */
export const DATABASE_PORT = 3307;

/** What decides which rules there are. */
export interface SecurityGroupChainProps {
  vpc: IVpc;
  facts: TopologyFacts;
  clients: readonly string[];
  /** Clients may also ask on port 80 of the load balancer, which sends them on to HTTPS. */
  httpRedirect: boolean;
  /** The Region's S3 prefix list; given when there is no way to the Internet. */
  s3PrefixListId: string | undefined;
}

/**
 * The groups from the client to the database, each open to its neighbours and to nothing else, both ways.
 *
 * No group but the outermost admits an address range; nothing admits SSH.
 */
export class SecurityGroupChain extends Construct {
  /**
   * Of the load balancer. Without a rule where there is none, or where it has no group of its own: it exists
   * all the same, so that another topology can take its place in an update.
   */
  readonly loadBalancer: SecurityGroup;
  readonly instances: SecurityGroup;
  readonly database: SecurityGroup;
  /** Of the function that prepares the database. */
  readonly preparation: SecurityGroup;
  /** Of the VPC endpoints; absent where there is a NAT. */
  readonly endpoints: SecurityGroup | undefined;

  constructor(scope: Construct, id: string, props: SecurityGroupChainProps) {
    super(scope, id);
    const group = (name: string, description: string) =>
      new SecurityGroup(this, name, { vpc: props.vpc, description, allowAllOutbound: false });
    this.instances = group("Instances", "Instances that run the app");
    this.database = group("Database", "Database");
    this.preparation = group("Preparation", "Function that prepares the database");
    this.loadBalancer = group("LoadBalancer", "Load balancer");
    this.endpoints = props.s3PrefixListId === undefined ? undefined : group("Endpoints", "VPC endpoints");

    this.#admitClients(props);
    for (const source of [this.instances, this.preparation]) {
      connect(source, this.database, DATABASE_PORT, "MySQL over TLS");
      this.#allowServices(source, props.s3PrefixListId);
    }
  }

  #admitClients(props: SecurityGroupChainProps): void {
    const { clients, facts, httpRedirect } = props;
    const isBehindLoadBalancer = facts.instanceAdmits === "load-balancer";
    const outermost = isBehindLoadBalancer ? this.loadBalancer : this.instances;
    for (const range of clients) {
      outermost.addIngressRule(Peer.ipv4(range), Port.tcp(443), "HTTPS of clients");
      if (httpRedirect)
        outermost.addIngressRule(Peer.ipv4(range), Port.tcp(80), "HTTP of clients, redirected");
    }
    if (facts.loadBalancer === "network") this.#admitHealthChecks(props);
    if (isBehindLoadBalancer) {
      connect(this.loadBalancer, this.instances, facts.processPort, `${facts.processProtocol} to the app`);
    }
  }

  /**
   * Health checks come from the load balancer's own addresses, which are in the public subnets.
   *
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-register-targets.html
   */
  #admitHealthChecks({ vpc, clients, facts }: SecurityGroupChainProps): void {
    if (clients.includes("0.0.0.0/0")) return;
    for (const { ipv4CidrBlock } of vpc.publicSubnets) {
      this.instances.addIngressRule(
        Peer.ipv4(ipv4CidrBlock),
        Port.tcp(facts.processPort),
        "Health checks of the load balancer",
      );
    }
  }

  #allowServices(source: SecurityGroup, s3PrefixListId: string | undefined): void {
    if (this.endpoints === undefined || s3PrefixListId === undefined) {
      source.addEgressRule(Peer.anyIpv4(), Port.tcp(443), "HTTPS to the services of AWS");
      return;
    }
    const s3: IPeer = Peer.prefixList(s3PrefixListId);
    source.addEgressRule(s3, Port.tcp(443), "HTTPS to S3");
    connect(source, this.endpoints, 443, "HTTPS to VPC endpoints");
  }
}

/** Opens one port from one group to the other, on both sides. */
function connect(from: SecurityGroup, to: SecurityGroup, port: number, description: string): void {
  from.addEgressRule(to, Port.tcp(port), description);
  to.addIngressRule(from, Port.tcp(port), description);
}
