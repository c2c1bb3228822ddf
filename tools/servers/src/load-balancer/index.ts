export { type LoadBalancer, type LoadBalancerOptions, startLoadBalancer } from "./load-balancer.ts";
export type { BalancedTopology, BalancerInstance, Topology } from "./settings.ts";
