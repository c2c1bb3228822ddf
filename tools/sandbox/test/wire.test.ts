import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
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

/** Captures every packet on loopback that belongs to one of the ports. */
async function startCapture(file: string, ports: number[]): Promise<ChildProcess> {
  const filter = ports.map((port) => `port ${port}`).join(" or ");
  const capture = spawn("tcpdump", ["-i", "lo", "-U", "--immediate-mode", "-Z", "root", "-w", file, filter], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  for await (const chunk of capture.stderr) {
    said += chunk;
    if (said.includes("listening on")) return capture;
  }
  throw new Error(`tcpdump ended: ${said}`);
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
        const file = join(directory, `${hop}.pcap`);
        return { hop, file, process: await startCapture(file, [port]) };
      }),
    );
    const { status, body } = await ask(state, "/api/notes", { title: CANARY, body: CANARY });
    assert.equal(status, 201);
    assert.match((await ask(state, `/notes/${JSON.parse(body).id}`)).body, new RegExp(CANARY));
    const carried: Record<string, Buffer> = {};
    for (const capture of captures) {
      // SIGINT makes tcpdump write out what it still holds.
      capture.process.kill("SIGINT");
      await once(capture.process, "exit");
      carried[capture.hop] = await readFile(capture.file);
    }
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
