import { Agent } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { get } from "./client.ts";

interface Target {
  readonly port: number;
  readonly agent: Agent;
  isHealthy: boolean;
}

const HEALTH_CHECK_MS = 20;

/**
 * Behaves as a load balancer with kept-alive connections and no retries: requests go in turn to the targets
 * whose last readiness check was answered with 200.
 */
export class FailoverClient implements Disposable {
  readonly #targets: Target[];
  readonly failures: unknown[] = [];
  answers = 0;
  #isRunning = true;
  #turn = 0;

  constructor(ports: readonly number[]) {
    this.#targets = ports.map((port) => ({ port, agent: new Agent({ keepAlive: true }), isHealthy: true }));
    for (const target of this.#targets) void this.#checkHealth(target);
  }

  isHealthy(port: number): boolean {
    return this.#targets.some((target) => target.port === port && target.isHealthy);
  }

  /** Sends requests one after the other until disposed of. */
  async run(): Promise<void> {
    while (this.#isRunning) {
      const healthy = this.#targets.filter(({ isHealthy }) => isHealthy);
      const target = healthy[this.#turn++ % healthy.length];
      if (target === undefined) this.failures.push("no healthy target");
      else await this.#send(target);
    }
  }

  [Symbol.dispose](): void {
    this.#isRunning = false;
    for (const { agent } of this.#targets) agent.destroy();
  }

  async #send({ port, agent }: Target): Promise<void> {
    try {
      const { status } = await get(port, { agent, path: "/work" });
      if (status === 200) this.answers++;
      else this.failures.push(status);
    } catch (error) {
      if (this.#isRunning) this.failures.push(error);
    }
  }

  async #checkHealth(target: Target): Promise<void> {
    while (this.#isRunning) {
      target.isHealthy = await get(target.port, { path: "/readyz" }).then(
        ({ status }) => status === 200,
        () => false,
      );
      await sleep(HEALTH_CHECK_MS);
    }
  }
}
