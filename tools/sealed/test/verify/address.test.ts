import assert from "node:assert/strict";
import { connect, createServer, type Socket } from "node:net";
import { test } from "node:test";
import { freePort } from "@sealed/servers";
import { startClaiming as startClaimingPath } from "../support/verify/claiming.ts";
import type { Front } from "../support/verify/front.ts";
import { ownAuthority } from "../support/verify/own-authority.ts";
import { verify } from "../support/verify/verified.ts";

// A safety net against a hang; a port that says nothing is waited for.
const timeout = 60_000;

const { ca, certificate } = await ownAuthority();

const startClaiming = async (topology: string, instances?: readonly string[]): Promise<Front> =>
  await startClaimingPath({ topology, certificate, ...(instances !== undefined && { instances }) });

test("the app's own word seals no hop behind a load balancer", { timeout }, async () => {
  for (const topology of ["alb-reencrypt", "clb-backend-auth"]) {
    await using path = await startClaiming(topology);

    const found = await verify(`${path.url} --ca ${ca.caFile}`);

    assert.deepEqual(found.wrong, ["lb-app fingerprint app-1"]);
    assert.match(found.seen("fingerprint"), /^nobody looked$/);
    assert.deepEqual(found.states, { "client-lb": "sealed", "lb-app": "unreached", "app-db": "sealed" });
    assert.equal(found.exitCode, 3);
  }
});

test("each instance that was not looked at is named beside those that were", { timeout }, async () => {
  await using path = await startClaiming("alb-reencrypt", ["app-1", "app-2"]);
  await using first = await startClaiming("alb-reencrypt", ["app-1"]);

  const found = await verify(`${path.url} --ca ${ca.caFile} --instance ${first.url}`);

  assert.deepEqual(found.wrong, ["lb-app fingerprint app-2"]);
  assert.equal(found.exitCode, 3);
});

test("a client that sees the app's certificate itself needs nobody else to look", { timeout }, async () => {
  for (const topology of ["nlb-passthrough", "single-instance"]) {
    await using path = await startClaiming(topology);

    const found = await verify(`${path.url} --ca ${ca.caFile}`);

    assert.deepEqual(found.wrong, []);
    assert.equal(found.exitCode, 0);
  }
});

/** Starts a port that takes connections and does with each what it is told. */
async function startPort(meet: (socket: Socket) => void) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on("error", () => undefined));
    meet(socket);
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

for (const [what, meet, wrong, seen, exitCode] of [
  ["says nothing", () => undefined, true, /^takes connections, and says nothing for \d+ s$/, 3],
  [
    "speaks something else",
    (socket: Socket) => socket.end("220 mail\r\n"),
    true,
    /^answers, not in HTTP$/,
    1,
  ],
  ["sends HTML alone", (socket: Socket) => socket.end("<html>"), true, /^answers, not in HTTP$/, 1],
  ["redirects to HTTP", (socket: Socket) => socket.end(redirect("http://app/")), true, /^301 to http:/, 1],
  ["redirects nowhere", (socket: Socket) => socket.end("HTTP/1.1 301 Moved\r\n\r\n"), true, /with 301$/, 1],
  ["redirects to HTTPS", (socket: Socket) => socket.end(redirect("https://app/")), false, /^$/, 0],
] as const) {
  test(`a port for plain HTTP that ${what} is judged by that`, { timeout }, async () => {
    await using path = await startClaiming("single-instance");
    await using plain = await startPort(meet);

    const found = await verify(`${path.url} --ca ${ca.caFile} --http-port ${plain.port}`);

    assert.deepEqual(found.wrong, wrong ? ["client-lb plain-http"] : []);
    assert.match(found.seen("plain-http"), seen);
    assert.equal(found.exitCode, exitCode);
  });
}

test("a port that sends the start page elsewhere and answers for another page is named", {
  timeout,
}, async () => {
  await using path = await startClaiming("single-instance");
  const sent = redirect(`${path.url}/`);
  await using plain = await startPort((socket) =>
    socket.once("data", (asked) =>
      socket.end(String(asked).startsWith("GET / ") ? sent : "HTTP/1.1 200 OK\r\n\r\n{}"),
    ),
  );

  const found = await verify(`${path.url} --ca ${ca.caFile} --http-port ${plain.port}`);

  assert.deepEqual(found.wrong, ["client-lb plain-http"]);
  assert.equal(found.seen("plain-http"), "/hops.json answers with 200");
});

test("a port that redirects to HTTPS on this host is well, on another host it is noted", {
  timeout,
}, async () => {
  await using path = await startClaiming("single-instance");
  const noted = async (location: string) => {
    await using plain = await startPort((socket) => socket.end(redirect(location)));
    return (await verify(`${path.url} --ca ${ca.caFile} --http-port ${plain.port}`)).noted;
  };

  assert.ok(!(await noted(`${path.url}/`)).includes("client-lb plain-http"));
  assert.ok((await noted("https://elsewhere.example/")).includes("client-lb plain-http"));
});

test("a port that trickles is not waited for without end", { timeout }, async () => {
  await using path = await startClaiming("single-instance");
  const timers: NodeJS.Timeout[] = [];
  await using plain = await startPort((socket) => {
    timers.push(setInterval(() => socket.write("x"), 100));
  });

  const found = await verify(`${path.url} --ca ${ca.caFile} --http-port ${plain.port}`);
  for (const timer of timers) clearInterval(timer);

  assert.deepEqual(found.wrong, ["client-lb plain-http"]);
  assert.equal(found.seen("plain-http"), "answers, not in HTTP");
});

test("a TLS port that says nothing to plain HTTP is not called well", { timeout }, async () => {
  await using path = await startClaiming("single-instance");
  await using tls = await startPort((socket) => {
    socket.once("data", (first) => {
      // A TLS record of a handshake begins with 22; anything else is left waiting.
      if (first[0] !== 22) return;
      const behind = connect(path.port, "127.0.0.1").on("error", () => undefined);
      behind.write(first);
      socket.pipe(behind).pipe(socket);
    });
  });

  const found = await verify(`https://localhost:${tls.port} --ca ${ca.caFile}`);

  assert.deepEqual(found.wrong, ["client-lb plain-on-tls-port"]);
  assert.equal(found.exitCode, 3);
});

test("a port for plain HTTP that hangs up without a word is noted", { timeout }, async () => {
  await using path = await startClaiming("single-instance");
  await using plain = await startPort((socket) => socket.end());

  const found = await verify(`${path.url} --ca ${ca.caFile} --http-port ${plain.port}`);

  assert.ok(found.noted.includes("client-lb plain-http"));
  assert.equal(found.exitCode, 0);
});

function redirect(location: string): string {
  return `HTTP/1.1 301 Moved Permanently\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`;
}
