import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createDatabase, type Database, iamAuth, privateTrust } from "@sealed/db";
import { createTlsServer, describeConnection, selfSigned, type TlsServer } from "@sealed/tls";
import { createLog } from "../../src/log.ts";
import { createNoteStore } from "../../src/notebook/index.ts";
import { appUnderTest, HOST } from "../app-under-test.ts";
import { type Leak, leakInto } from "./leaks.ts";
import { type Sample, takeSample } from "./sample.ts";

/** What the app is started with. */
export interface SoakSettings {
  database: { host: string; port: number; name: string; caPem: string };
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  tokenLifeMs: number;
  certificateLifeMs: number;
  /** Faults put in on purpose; empty: none. */
  leaks: Leak[];
}

/** What the app has done since its start. */
export interface SoakCounts {
  tokens: number;
  logins: number;
  failedLogins: number;
  certificates: number;
  /** Warnings of Node, such as too many listeners on one object. */
  warnings: number;
  /** What the app and its pool complained about since the last look, the first few. */
  complaints: string[];
}

/** A question to this process; each is answered before the next is asked. */
export type Question = { start: SoakSettings } | { sample: true };

/** Answers `start` with the port, and `sample` with what is held and has been done. */
export type Reply = { port: number } | { sample: Sample; counts: SoakCounts };

const DAY_MS = 86_400_000;
/** Requests for one leak of each kind, so that a run does not end for lack of files. */
const REQUESTS_PER_LEAK = 20;
const LOOK_EVERY_MS = 20;
/** Far above what it takes; what is open for longer stays open, and shall be counted in place of waited for. */
const CALM_WITHIN_MS = 15_000;
const MOST_COMPLAINTS = 20;
/** Connections to the database live for seconds, and those not needed for one, so that all come and go. */
const CHURN = {
  maxAgeMs: 3_000,
  maxIdleMs: 1_000,
  housekeepingMs: 500,
  dialsPerSecond: 100,
  acquireMs: 10_000,
};

class SoakedApp {
  readonly #database: Database;
  readonly #tls: TlsServer;
  readonly #complaints: string[];
  #warnings = 0;

  constructor(database: Database, tls: TlsServer, complaints: string[]) {
    this.#database = database;
    this.#tls = tls;
    this.#complaints = complaints;
    process.on("warning", () => {
      this.#warnings += 1;
    });
  }

  async listen(): Promise<number> {
    this.#tls.listen(0, "127.0.0.1");
    await once(this.#tls, "listening");
    return (this.#tls.address() as AddressInfo).port;
  }

  /** Waits until no client is connected and one connection to the database is left, or too long, and looks. */
  async sample(): Promise<{ sample: Sample; counts: SoakCounts }> {
    const latestMs = performance.now() + CALM_WITHIN_MS;
    while (!this.#isCalm() && performance.now() < latestMs)
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const { credentialsIssued, failed, opened } = this.#database.stats();
    const { swaps } = this.#tls.state();
    return {
      sample: takeSample([this.#tls]),
      counts: {
        tokens: credentialsIssued,
        logins: opened,
        failedLogins: failed,
        certificates: swaps + 1,
        warnings: this.#warnings,
        complaints: this.#complaints.splice(0),
      },
    };
  }

  #isCalm(): boolean {
    const { dialing, leased, open } = this.#database.stats();
    return this.#tls.state().connections === 0 && open === 1 && leased === 0 && dialing === 0;
  }
}

async function start(settings: SoakSettings): Promise<SoakedApp> {
  const { certificateLifeMs, credentials, leaks, region, tokenLifeMs } = settings;
  const { host, port, name, caPem } = settings.database;
  const complaints: string[] = [];
  const complain = (text: string): void => {
    if (complaints.length < MOST_COMPLAINTS) complaints.push(text);
  };
  const database = createDatabase({
    endpoint: { host, port },
    database: name,
    user: "app",
    auth: iamAuth({ region, credentials, tokenLifeMs }),
    trust: privateTrust({ pem: caPem }),
    limits: CHURN,
    on: (event) => {
      if (event.type === "connection.failed") complain(`${event.code}: ${event.message}`);
    },
  });
  let requests = 0;
  const { app } = appUnderTest({
    store: createNoteStore(database),
    database,
    // The log of the tests keeps every line.
    log: createLog({ level: "warn", instance: "soak", destination: { write: complain } }),
    hops: {
      topology: "single-instance",
      instance: "soak",
      describeConnection,
      serverCertificate: () => tls.state(),
      observeDatabase: (options) => database.observe(options),
    },
    onFinished: () => {
      if (++requests % REQUESTS_PER_LEAK === 0) leak();
    },
  });
  const source = selfSigned({ hosts: [HOST], days: certificateLifeMs / DAY_MS });
  const tls = await createTlsServer(app, { source });
  const leak = leakInto(tls, leaks);
  return new SoakedApp(database, tls, complaints);
}

let running: SoakedApp | undefined;
process.on("message", async (question: Question) => {
  if ("start" in question) running = await start(question.start);
  if (running === undefined) throw new Error("the first question must be start");
  const reply: Reply = "start" in question ? { port: await running.listen() } : await running.sample();
  process.send?.(reply);
});
// The process that asks is gone.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
