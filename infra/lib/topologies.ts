import type { LoadBalancerKind } from "./eb-options/index.ts";

/** What each kind of path means for the load balancer, the instances and the app. */
export interface TopologyFacts {
  loadBalancer: LoadBalancerKind;
  /** The load balancer is made here and lent to Elastic Beanstalk, so that all of its attributes can be set. */
  shared: boolean;
  /** What the load balancer speaks to the app. */
  processProtocol: "HTTPS" | "HTTP" | "TCP";
  processPort: number;
  /** The load balancer terminates the client's TLS, and adds `X-Forwarded-*`. */
  terminatesTls: boolean;
  /** Who may connect to the instances: the load balancer's security group, or every client. */
  instanceAdmits: "load-balancer" | "clients";
  /** Where instances are placed. */
  instanceSubnets: "private" | "public";
  /** Shows a weakness: needs the lesson flag, and no production preset takes it. */
  lesson: boolean;
  /** Can run without a pause when an instance or an Availability Zone fails. */
  redundant: boolean;
}

/** The five topologies; who verifies the app's certificate in each is in docs/explanation/trust-chain.md. */
export const topologies = {
  "alb-reencrypt": {
    loadBalancer: "application",
    shared: true,
    processProtocol: "HTTPS",
    processPort: 443,
    terminatesTls: true,
    instanceAdmits: "load-balancer",
    instanceSubnets: "private",
    lesson: false,
    redundant: true,
  },
  "clb-backend-auth": {
    loadBalancer: "classic",
    shared: false,
    processProtocol: "HTTPS",
    processPort: 443,
    terminatesTls: true,
    instanceAdmits: "load-balancer",
    instanceSubnets: "private",
    lesson: false,
    redundant: true,
  },
  "nlb-passthrough": {
    loadBalancer: "network",
    shared: false,
    processProtocol: "TCP",
    processPort: 443,
    terminatesTls: false,
    // Elastic Beanstalk gives a Network Load Balancer no security group, and it keeps the client's address.
    instanceAdmits: "clients",
    instanceSubnets: "private",
    lesson: false,
    redundant: true,
  },
  "single-instance": {
    loadBalancer: "none",
    shared: false,
    processProtocol: "HTTPS",
    processPort: 443,
    terminatesTls: false,
    instanceAdmits: "clients",
    instanceSubnets: "public",
    lesson: false,
    redundant: false,
  },
  "alb-terminate": {
    loadBalancer: "application",
    shared: true,
    processProtocol: "HTTP",
    // Not 80: nginx listens there, and forwards nothing.
    processPort: 8080,
    terminatesTls: true,
    instanceAdmits: "load-balancer",
    instanceSubnets: "private",
    lesson: true,
    redundant: true,
  },
} as const satisfies { readonly [topology: string]: TopologyFacts };

/** Name of a topology. */
export type Topology = keyof typeof topologies;

/** All names, in the order of the trust table. */
export const topologyNames = Object.keys(topologies) as Topology[];
