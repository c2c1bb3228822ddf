import type { LoadBalancerKind } from "./eb-options/index.ts";

/**
 * The idle timeout of the load balancer, in seconds. Every other time follows from it.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
 */
const IDLE_TIMEOUT_SECONDS = 60;

/**
 * The idle timeout that a Network Load Balancer uses for TCP, which Elastic Beanstalk cannot change.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html
 */
const NETWORK_IDLE_TIMEOUT_SECONDS = 350;

/** Checks in a row that must fail before the load balancer sends nothing more. */
const UNHEALTHY_AFTER_CHECKS = 2;

/** Times that must agree, in seconds; `checkTimeouts` says how. */
export interface Timeouts {
  /** The load balancer closes a connection that was idle for so long. */
  idleSeconds: number;
  /** The app keeps idle connections for so long. */
  keepAliveSeconds: number;
  healthIntervalSeconds: number;
  unhealthyAfterChecks: number;
  /** The app goes on serving for so long after SIGTERM, while `/readyz` already says 503. */
  drainSeconds: number;
  /** The load balancer lets open requests run for so long once an instance leaves. */
  deregistrationSeconds: number;
}

/** Returns the times of a load balancer, all derived from its idle timeout. */
export function timeoutsFor(
  loadBalancer: LoadBalancerKind,
  idleTimeoutSeconds = IDLE_TIMEOUT_SECONDS,
): Timeouts {
  const idleSeconds = loadBalancer === "network" ? NETWORK_IDLE_TIMEOUT_SECONDS : idleTimeoutSeconds;
  // A Network Load Balancer of Elastic Beanstalk checks every 10 or 30 seconds only.
  const healthIntervalSeconds = loadBalancer === "network" ? 10 : Math.max(5, Math.floor(idleSeconds / 12));
  const drainSeconds = healthIntervalSeconds * (UNHEALTHY_AFTER_CHECKS + 1);
  return {
    idleSeconds,
    keepAliveSeconds: idleSeconds + 5,
    healthIntervalSeconds,
    unhealthyAfterChecks: UNHEALTHY_AFTER_CHECKS,
    drainSeconds,
    deregistrationSeconds: drainSeconds * 2,
  };
}

/** Says what does not agree, one sentence each; a request could be lost otherwise. */
export function checkTimeouts(times: Timeouts): string[] {
  const problems: string[] = [];
  if (times.keepAliveSeconds <= times.idleSeconds) {
    problems.push(
      `keep-alive of ${times.keepAliveSeconds} s must be longer than the load balancer's idle timeout of ${times.idleSeconds} s: otherwise a request can meet a closed connection`,
    );
  }
  const noticedAfterSeconds = times.healthIntervalSeconds * times.unhealthyAfterChecks;
  if (times.drainSeconds <= noticedAfterSeconds) {
    problems.push(
      `drain of ${times.drainSeconds} s must be longer than ${noticedAfterSeconds} s, after which health checks notice: otherwise the app closes while requests still arrive`,
    );
  }
  if (times.deregistrationSeconds < times.drainSeconds) {
    problems.push(
      `deregistration delay of ${times.deregistrationSeconds} s must not be shorter than the drain of ${times.drainSeconds} s: otherwise open requests are cut`,
    );
  }
  return problems;
}
