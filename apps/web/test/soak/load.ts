import { once } from "node:events";
import { Agent, type RequestOptions, request } from "node:https";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { HOST } from "../app-under-test.ts";

/** Clients that come and go: pages, the API, checks of health, lost paths, and clients that hang up. */
export class Load {
  requests = 0;
  /** What was answered otherwise than it should be, and when. */
  readonly failures: string[] = [];
  readonly #startedAtMs = performance.now();
  readonly #port: number;
  #agent = new Agent();

  constructor(port: number) {
    this.#port = port;
  }

  /** Sends requests for some time; resolves when every answer is in and no connection is left. */
  async run(forMs: number): Promise<void> {
    const untilMs = performance.now() + forMs;
    this.#agent = new Agent({ keepAlive: true, maxSockets: LANES });
    await Promise.all(
      Array.from({ length: LANES }, async (_, lane) => {
        for (let turn = lane; performance.now() < untilMs; turn++) {
          await this.#turn(turn);
          await delay(PAUSE_MS);
        }
      }),
    );
    this.#agent.destroy();
  }

  async #turn(turn: number): Promise<void> {
    const step = STEPS[turn % STEPS.length] as Step;
    this.requests += 1;
    try {
      await step((options, body) => this.#send(options, body));
    } catch (error) {
      const afterSeconds = Math.round((performance.now() - this.#startedAtMs) / 1_000);
      this.failures.push(`after ${afterSeconds} s: step ${turn % STEPS.length}, ${(error as Error).message}`);
    }
  }

  async #send(options: RequestOptions, body?: string): Promise<Answer> {
    const sent = request({
      host: "127.0.0.1",
      port: this.#port,
      agent: this.#agent,
      // The certificate changes all the time, and this is not what is looked at here.
      rejectUnauthorized: false,
      ...options,
      headers: { host: HOST, "content-type": "application/json" },
    });
    sent.end(body);
    const [response] = await once(sent, "response");
    return { status: response.statusCode, text: await text(response) };
  }
}

interface Answer {
  status: number;
  text: string;
}

type Step = (send: (options: RequestOptions, body?: string) => Promise<Answer>) => Promise<void>;

const LANES = 6;
const PAUSE_MS = 5;
const PAGE_BYTES = 200;

const get =
  (path: string, status: number, options: RequestOptions = {}): Step =>
  async (send) =>
    expectStatus(await send({ path, ...options }), status, `GET ${path}`);

const STEPS: readonly Step[] = [
  get("/notes", 200),
  get("/api/notes?limit=5", 200, { agent: false }),
  async (send) => {
    const written = await send(
      { method: "POST", path: "/api/notes" },
      JSON.stringify({ title: "Soak", body: "x".repeat(PAGE_BYTES) }),
    );
    expectStatus(written, 201, "POST /api/notes");
    const { id } = JSON.parse(written.text) as { id: string };
    expectStatus(await send({ method: "DELETE", path: `/api/notes/${id}` }), 204, "DELETE /api/notes");
  },
  get("/", 200),
  get("/readyz", 200, { agent: false }),
  get("/hops.json", 200, { agent: false }),
  get("/not-there", 404),
  async (send) => {
    const hangUp = new AbortController();
    setImmediate(() => hangUp.abort());
    await send({ path: "/notes", agent: false, signal: hangUp.signal }).catch((error: Error) => {
      if (error.name !== "AbortError") throw error;
    });
  },
];

function expectStatus(answer: Answer, status: number, what: string): void {
  if (answer.status !== status) throw new Error(`${what} was answered ${answer.status} instead of ${status}`);
}
