import { Agent, type RequestOptions, request } from "node:https";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { answer } from "./helper.ts";
import { type LoadPlan, type LoadReport, percentile } from "./load-report.ts";

/** Questions that this process answers. */
export interface LoadHandlers {
  start(plan: LoadPlan): void;
  /** Sends nothing more, waits for what is under way, and tells what became of all. */
  stop(request: null): Promise<LoadReport>;
}

/** What one request is to be. */
interface Planned extends RequestOptions {
  body?: { title: string; body: string };
}

// Longer than any limit of the path: what takes this long counts as lost.
const GIVE_UP_MS = 20_000;

/** Sends requests at a fixed rate; one that is slow keeps none of the next ones waiting. */
class OpenLoop {
  readonly #plan: LoadPlan;
  // In turn, not the last used first: no connection lies idle until the load balancer closes it.
  readonly #agent = new Agent({ keepAlive: true, scheduling: "fifo", maxFreeSockets: 1_000 });
  readonly #outcomes: Record<string, number> = {};
  readonly #acknowledged: { id: string; title: string }[] = [];
  readonly #latenciesMs: number[] = [];
  readonly #sentInSecond: number[] = [];
  readonly #startedAtMs = performance.now();
  #sent = 0;
  #fresh = 0;
  #underWay = 0;
  #mostUnderWay = 0;
  #isOver = false;

  constructor(plan: LoadPlan) {
    this.#plan = plan;
    this.#sendDue();
  }

  async stop(): Promise<LoadReport> {
    this.#isOver = true;
    const seconds = this.#elapsedMs / 1_000;
    while (this.#underWay > 0) await delay(10);
    this.#agent.destroy();
    const sorted = this.#latenciesMs.toSorted((a, b) => a - b);
    return {
      sent: this.#sent,
      seconds,
      outcomes: this.#outcomes,
      fresh: this.#fresh,
      acknowledged: this.#acknowledged,
      latencyMs: { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), max: percentile(sorted, 1) },
      leastInASecond: this.#leastInASecond(Math.floor(seconds)),
      mostUnderWay: this.#mostUnderWay,
    };
  }

  /** A second in which nothing was sent has no entry. */
  #leastInASecond(wholeSeconds: number): number {
    return Math.min(...Array.from({ length: wholeSeconds }, (_, second) => this.#sentInSecond[second] ?? 0));
  }

  get #elapsedMs(): number {
    return performance.now() - this.#startedAtMs;
  }

  #sendDue(): void {
    if (this.#isOver) return;
    const due = (this.#elapsedMs / 1_000) * this.#plan.perSecond;
    while (this.#sent < due) void this.#send(this.#sent++);
    setTimeout(() => this.#sendDue(), 1);
  }

  async #send(index: number): Promise<void> {
    const second = Math.floor(this.#elapsedMs / 1_000);
    this.#sentInSecond[second] = (this.#sentInSecond[second] ?? 0) + 1;
    this.#mostUnderWay = Math.max(this.#mostUnderWay, ++this.#underWay);
    const startedAtMs = performance.now();
    const outcome = await this.#outcomeOf(this.#planned(index));
    this.#latenciesMs.push(performance.now() - startedAtMs);
    this.#outcomes[outcome] = (this.#outcomes[outcome] ?? 0) + 1;
    this.#underWay--;
  }

  /** Every fifth writes a note, the others read one that was acknowledged or the list; every sixth connects anew. */
  #planned(index: number): Planned {
    const isFresh = index % 6 === 0;
    if (isFresh) this.#fresh++;
    const connection = { agent: isFresh ? (false as const) : this.#agent };
    if (index % 5 === 0) {
      const note = { title: `${this.#plan.label} ${index}`, body: "x".repeat(200) };
      return { ...connection, method: "POST", path: "/api/notes", body: note };
    }
    const known = index % 2 === 0 ? this.#acknowledged.at(-1) : undefined;
    return { ...connection, path: known === undefined ? "/api/notes?limit=5" : `/api/notes/${known.id}` };
  }

  /** Resolves with the status, or the code of what went wrong; never rejects. */
  async #outcomeOf({ body, ...options }: Planned): Promise<string> {
    const { port, caPem } = this.#plan;
    const { promise, resolve } = Promise.withResolvers<string>();
    const failed = (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message);
    const call = request({
      host: "127.0.0.1",
      servername: "localhost",
      port,
      ca: caPem,
      signal: AbortSignal.timeout(GIVE_UP_MS),
      headers: { host: `localhost:${port}`, ...(body && { "content-type": "application/json" }) },
      ...options,
    });
    call.on("error", failed).on("response", (response) => {
      const status = response.statusCode ?? 0;
      text(response).then((content) => {
        if (status === 201 && body)
          this.#acknowledged.push({ id: JSON.parse(content).id, title: body.title });
        resolve(`${status}${codeIn(content)}`);
      }, failed);
    });
    call.end(body && JSON.stringify(body));
    return await promise;
  }
}

/** Returns the app's own code for an error, after a blank; nothing for what is no error or not the app's. */
function codeIn(content: string): string {
  const code = /"code":"(\w+)"/.exec(content)?.[1];
  return code === undefined ? "" : ` ${code}`;
}

let loop: OpenLoop | undefined;

answer({
  start(plan) {
    loop = new OpenLoop(plan);
  },
  async stop() {
    if (loop === undefined) throw new Error("no load was started");
    return await loop.stop();
  },
} satisfies LoadHandlers);
