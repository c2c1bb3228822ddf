/** Instances of the model, with the name under which each knows itself. */
export const INSTANCES = [
  { id: "i-0aaa", name: "ip-10-0-1-10" },
  { id: "i-0bbb", name: "ip-10-0-2-20" },
] as const;

export const ENVIRONMENT = "sealed-sandbox-environment";
export const LOAD_BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/sealed/1";
export const CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/1";
/** Security groups: of the load balancer, the instances, the database, and the function that prepares it. */
export const GROUPS = {
  balancer: "sg-lb",
  instances: "sg-app",
  database: "sg-db",
  preparation: "sg-prep",
} as const;
