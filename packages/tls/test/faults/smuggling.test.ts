import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { defaultDirectory, ensurePrograms, freePort, startLoadBalancer } from "@sealed/servers";
import { get, handshake } from "../support/client.ts";
import { startServer } from "../support/server.ts";
import { HIDDEN_PATH, smugglingVectors, type Vector } from "./smuggling-vectors.ts";

/** Sends a message as it is, then ends, and returns all that comes until the other side ends too. */
async function send(port: number, { bytes }: Pick<Vector, "bytes">): Promise<string> {
  const socket = await handshake(port);
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk.toString("latin1");
  });
  socket.end(bytes);
  await new Promise((resolve) => socket.once("close", resolve));
  return answer;
}

/** Two apps: one answers before it has seen a body, which is the worst case, one when the body is there. */
const APPS: Record<string, (answer: RequestListener) => RequestListener> = {
  "answers at once": (answer) => answer,
  "waits for the body": (answer) => (request, response) => {
    request.on("end", () => answer(request, response)).resume();
  },
};

/** Returns the vectors that were answered twice, or whose hidden request came through. */
async function succeeded(port: number, hits: () => number): Promise<string[]> {
  const found: string[] = [];
  for (const vector of smugglingVectors()) {
    const before = hits();
    const answer = await send(port, vector);
    const answers = answer.match(/HTTP\/1\.1 \d{3} /g)?.length ?? 0;
    if (answers > 1 || hits() !== before) found.push(`${vector.name}: ${answers} answers`);
  }
  return found;
}

async function startApp(t: TestContext, wrap: (answer: RequestListener) => RequestListener) {
  let hits = 0;
  const answer: RequestListener = (request, response) => {
    if (request.url === HIDDEN_PATH) hits++;
    response.end("ok");
  };
  const { port } = await startServer(t, {}, wrap(answer));
  return { port, hits: () => hits };
}

test("there are more than 150 vectors, each another message", () => {
  const vectors = smugglingVectors();

  assert.ok(vectors.length > 150, `${vectors.length} vectors`);
  assert.equal(new Set(vectors.map(({ bytes }) => bytes.toString("latin1"))).size, vectors.length);
});

for (const [kind, wrap] of Object.entries(APPS)) {
  test(`no hidden request reaches an app that ${kind}`, async (t) => {
    const { port, hits } = await startApp(t, wrap);

    assert.deepEqual(await succeeded(port, hits), []);
    assert.equal((await get(port)).body, "ok");
  });

  test(`no hidden request reaches an app that ${kind} behind a load balancer`, async (t) => {
    const { port, hits } = await startApp(t, wrap);
    const dir = await mkdtemp(join(tmpdir(), "sealed-smuggling-"));
    t.after(() => rm(dir, { recursive: true, force: true }));
    await using balancer = await startLoadBalancer({
      dir,
      programs: await ensurePrograms({ dir: defaultDirectory }),
      topology: "alb-reencrypt",
      port: await freePort(),
      instances: [{ name: "app", host: "127.0.0.1", port }],
    });
    while ((await get(balancer.port)).status !== 200) await new Promise((resolve) => setTimeout(resolve, 20));

    assert.deepEqual(await succeeded(balancer.port, hits), []);
    assert.equal((await get(balancer.port)).body, "ok");
  });
}

test("answers 400 to a request that names no host or several, and serves HTTP/1.0 without one", async (t) => {
  const { port } = await startApp(t, (answer) => answer);
  const statusOf = async (head: string) =>
    (await send(port, { bytes: Buffer.from(`${head}\r\n`) })).slice(9, 12);

  assert.equal(await statusOf("GET / HTTP/1.1\r\n"), "400");
  assert.equal(await statusOf("GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n"), "400");
  assert.equal(await statusOf("GET / HTTP/1.0\r\nHost: a\r\nHOST: b\r\n"), "400");
  assert.equal(await statusOf("GET / HTTP/1.0\r\n"), "200");
});
