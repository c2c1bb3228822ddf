import { type ConfigSet, type Rule, settingValue } from "../config-set.ts";

const ENVIRONMENT = "aws:elasticbeanstalk:application:environment";
const PROCESS = "aws:elasticbeanstalk:environment:process:default";

/** Idle time after which a Network Load Balancer forgets a TCP connection; Beanstalk cannot change it. */
const NETWORK_IDLE_SECONDS = 350;

interface Times {
  idleSeconds: number;
  intervalSeconds: number;
  failedChecks: number;
  deregistrationSeconds: number;
}

/** The app drains for as long as the load balancer needs to notice, and is not cut off before. */
export const times: Rule = (set) => {
  const balancer = balancerTimes(set);
  if (set.mode === "cdk" || balancer === undefined) return [];
  const drainSeconds = seconds(set, ENVIRONMENT, "DRAIN_SECONDS");
  const idleSeconds = seconds(set, ENVIRONMENT, "LB_IDLE_TIMEOUT_SECONDS");
  const noticedSeconds = balancer.intervalSeconds * balancer.failedChecks;
  // Written so that a number that is missing fails too.
  return [
    !(drainSeconds > noticedSeconds) &&
      `DRAIN_SECONDS of ${drainSeconds} must be more than ${noticedSeconds}, after which the load balancer notices`,
    !(balancer.deregistrationSeconds >= drainSeconds) &&
      `the load balancer's deregistration delay of ${balancer.deregistrationSeconds} s must not be less than DRAIN_SECONDS of ${drainSeconds}`,
    idleSeconds !== balancer.idleSeconds &&
      `LB_IDLE_TIMEOUT_SECONDS of ${idleSeconds} must be the load balancer's own ${balancer.idleSeconds}`,
  ]
    .filter((message) => message !== false)
    .map((message) => ({ rule: "times", file: "several files", message }));
};

function balancerTimes(set: ConfigSet): Times | undefined {
  switch (set.loadBalancer) {
    case "none":
      return undefined;
    case "classic":
      return {
        idleSeconds: seconds(set, "aws:elb:policies", "ConnectionSettingIdleTimeout"),
        intervalSeconds: seconds(set, "aws:elb:healthcheck", "Interval"),
        failedChecks: seconds(set, "aws:elb:healthcheck", "UnhealthyThreshold"),
        deregistrationSeconds: seconds(set, "aws:elb:policies", "ConnectionDrainingTimeout"),
      };
    default:
      return {
        idleSeconds:
          set.loadBalancer === "network"
            ? NETWORK_IDLE_SECONDS
            : seconds(set, "aws:elbv2:loadbalancer", "IdleTimeout"),
        intervalSeconds: seconds(set, PROCESS, "HealthCheckInterval"),
        failedChecks: seconds(set, PROCESS, "UnhealthyThresholdCount"),
        deregistrationSeconds: seconds(set, PROCESS, "DeregistrationDelay"),
      };
  }
}

function seconds(set: ConfigSet, namespace: string, optionName: string): number {
  return Number(settingValue(set, namespace, optionName));
}
