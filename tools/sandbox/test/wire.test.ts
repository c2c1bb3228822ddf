import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "@sealed/servers";
import type { SandboxState } from "../src/state.ts";
import { ask, processesOf, runCommand } from "./running-sandbox.ts";

// Printed letters that occur nowhere else; no compression on any hop could hide them.
const CANARY = "CANARY-7f3a9c51e2d84b06-SINGS";

/** Why nothing can be captured here; `false` when it can. */
function whyNoCapture(): string | false {
  const { error, status } = spawnSync("tcpdump", ["-i", "lo", "-c", "1", "-w", "/dev/null", "--version"]);
  if (error !== undefined || status !== 0) return "needs tcpdump: apt install tcpdump";
  const { status: list } = spawnSync("tcpdump", ["-i", "lo", "-d"]);
  return list === 0 ? false : "needs the right to capture packets: run as root";
}

const options = { timeout: 120_000, skip: whyNoCapture() };

/** A capture that runs until it is stopped. */
interface Capture {
  /** Ends it and returns every packet that it saw. */
  stop(): Promise<Buffer>;
}

/** Captures every packet on loopback that belongs to the port; returns when nothing can slip through any more. */
async function startCapture(file: string, port: number): Promise<Capture> {
  const child = spawn(
    "tcpdump",
    ["-i", "lo", "-U", "--immediate-mode", "-Z", "root", "-w", file, `port ${port}`],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const exited = once(child, "exit");
  let said = "";
  // Read to the end: a program that writes into a closed pipe is ended by it.
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    said += chunk;
  });
  const isListening = async () => {
    while (!/listening on .*\n/.test(said) && child.exitCode === null) await delay(10);
  };
  await Promise.race([
    isListening(),
    exited.then(() => assert.fail(`tcpdump ended before it listened: ${said}`)),
  ]);
  return {
    async stop() {
      assert.equal(child.exitCode, null, `tcpdump ended by itself: ${said}`);
      // SIGINT makes it write out what it still holds.
      child.kill("SIGINT");
      await exited;
      return await readFile(file);
    },
  };
}

function portsOf(state: SandboxState): Record<"client" | "app" | "database", number> {
  return {
    client: Number(new URL(state.url).port),
    app: Number(new URL(state.instances[0]?.url ?? "").port),
    database: state.database.port,
  };
}

/** Writes the canary into a note, reads it back, and returns what each hop carried. */
async function captureWhileSinging(...args: string[]): Promise<Record<string, Buffer>> {
  const directory = await mkdtemp(join(tmpdir(), "sealed-wire-"));
  const sandbox = runCommand(directory, "start", "--port", String(await freePort()), ...args);
  try {
    const state = await sandbox.ready();
    const captures = await Promise.all(
      Object.entries(portsOf(state)).map(async ([hop, port]) => {
        return { hop, capture: await startCapture(join(directory, `${hop}.pcap`), port) };
      }),
    );
    const { status, body } = await ask(state, "/api/notes", { title: CANARY, body: CANARY });
    assert.equal(status, 201);
    assert.match((await ask(state, `/notes/${JSON.parse(body).id}`)).body, new RegExp(CANARY));
    const carried: Record<string, Buffer> = {};
    for (const { hop, capture } of captures) carried[hop] = await capture.stop();
    return carried;
  } finally {
    sandbox.process.kill("SIGTERM");
    await sandbox.exited;
    for (const pid of await processesOf(directory)) process.kill(Number(pid), "SIGKILL");
    await rm(directory, { recursive: true, force: true });
  }
}

function hopsThatCarry(text: string, carried: Record<string, Buffer>): string[] {
  return Object.entries(carried)
    .filter(([, packets]) => packets.includes(text))
    .map(([hop]) => hop);
}

test("a text written through the path is found in no packet on any hop", options, async () => {
  const carried = await captureWhileSinging();

  for (const [hop, packets] of Object.entries(carried)) {
    assert.ok(packets.length > 1_000, `the capture of the ${hop} hop holds packets`);
  }
  assert.deepEqual(hopsThatCarry(CANARY, carried), []);
});

test(
  "the same capture finds the text on hop 2 of the lesson topology, and there alone",
  options,
  async () => {
    const carried = await captureWhileSinging("--topology", "alb-terminate", "--lesson");

    assert.deepEqual(hopsThatCarry(CANARY, carried), ["app"]);
  },
);
