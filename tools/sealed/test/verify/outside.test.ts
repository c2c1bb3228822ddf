import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { test } from "node:test";
import type { SecureContextOptions } from "node:tls";
import { freePort } from "@sealed/servers";
import { dial } from "../../src/verify/outside/dial.ts";
import { turnedDown } from "../../src/verify/outside/protocol-floor.ts";
import { type FrontOptions, startFront } from "../support/verify/front.ts";
import { ownAuthority } from "../support/verify/own-authority.ts";
import { rsaCertificate } from "../support/verify/rsa-certificate.ts";
import { type Verified, verify } from "../support/verify/verified.ts";

const { ca, certificate } = await ownAuthority();

/** Starts a TLS server that answers every request with an empty page. */
async function startServer(
  tls: SecureContextOptions = {},
  own = certificate,
  changes: Partial<FrontOptions> = {},
) {
  return await startFront({
    certificate: own,
    behind: [],
    host: "",
    tls,
    answer: (_asked, response) => {
      response.end("page");
      return true;
    },
    ...changes,
  });
}

/** Looks at a server, and returns what is wrong with the handshake: it has no app behind it. */
async function handshake(url: string, options = ""): Promise<Verified> {
  const found = await verify(`${url} --ca ${ca.caFile} ${options}`.trim());
  const others = ["hsts", "security-headers", "hops-page"];
  return { ...found, wrong: found.wrong.filter((one) => !others.includes(one.split(" ")[1] ?? "")) };
}

test("a server without the post-quantum group is named, except in the places that cannot have it", async () => {
  await using server = await startServer({ ecdhCurve: "X25519:P-256" });

  const known = await handshake(server.url, "--topology alb-reencrypt");
  const classic = await handshake(server.url, "--topology clb-backend-auth");

  assert.deepEqual(known.wrong, ["client-lb key-exchange"]);
  assert.equal(known.seen("key-exchange"), "X25519 over TLSv1.3");
  assert.deepEqual(classic.wrong, []);
  assert.ok(classic.noted.includes("client-lb key-exchange"));
});

test("CBC is named, and noted where a Classic Load Balancer has nothing better", async () => {
  await using server = await startServer({ ciphers: "ECDHE-ECDSA-AES128-SHA256:TLS_AES_128_GCM_SHA256" });

  const known = await handshake(server.url, "--topology alb-reencrypt");
  const classic = await handshake(server.url, "--topology clb-backend-auth");

  assert.deepEqual(known.wrong, ["client-lb cipher-suites"]);
  assert.equal(known.seen("cipher-suites"), "accepted: CBC (ECDHE-ECDSA-AES128-SHA256)");
  assert.deepEqual(classic.wrong, []);
  assert.ok(classic.noted.includes("client-lb cipher-suites"));
});

test("static RSA is named with its suite", async () => {
  const own = await rsaCertificate(2_048);
  await using server = await startServer({ ciphers: "AES128-GCM-SHA256:TLS_AES_128_GCM_SHA256" }, own);

  const found = await handshake(server.url);

  assert.ok(found.wrong.includes("client-lb cipher-suites"));
  assert.equal(found.seen("cipher-suites"), "accepted: static RSA (AES128-GCM-SHA256)");
});

test("anonymous suites are named with a Classic Load Balancer too", async () => {
  await using server = await startServer({
    ciphers: "AECDH-AES128-SHA:ECDHE-ECDSA-AES128-GCM-SHA256:@SECLEVEL=0",
  });

  const found = await handshake(server.url, "--topology clb-backend-auth");

  assert.ok(found.wrong.includes("client-lb cipher-suites"));
  assert.match(found.seen("cipher-suites"), /anonymous or null \(AECDH-AES128-SHA\)/);
});

test("somebody who ends the client's TLS before the load balancer is noticed by what that reports", async () => {
  const report = JSON.stringify(reportOf({ protocol: "TLSv1.3", cipher: "TLS_AES_256_GCM_SHA384" }));
  await using server = await startServer({}, certificate, {
    answer: (_asked, response) => {
      response.end(report);
      return true;
    },
  });

  const found = await handshake(server.url, "--topology alb-reencrypt");

  assert.ok(found.wrong.includes("client-lb same-connection app-1"));
  assert.equal(found.seen("same-connection"), "TLSv1.3, TLS_AES_256_GCM_SHA384");
});

test("a port that speaks plain HTTP is no TLS, and so is one that answers both", async () => {
  const { certificate: _, ...plain } = { certificate, behind: [], host: "" };
  await using server = await startFront({
    ...plain,
    answer: (_asked, response) => response.end("plain") !== undefined,
  });
  await using both = await startBoth(server.port);

  const wholly = await handshake(`https://localhost:${server.port}`);
  const partly = await handshake(both.url);
  await using front = await startServer();
  const behind = await handshake(front.url, `--instance ${both.url}`);

  assert.deepEqual(wholly.wrong, ["client-lb encrypted"]);
  assert.equal(wholly.exitCode, 1);
  assert.ok(partly.wrong.includes("client-lb plain-on-tls-port"), partly.wrong.join());
  assert.deepEqual(behind.wrong, [`lb-app plain-on-tls-port ${new URL(both.url).host}`]);
});

test("a port that takes connections and says nothing is out of reach, and proves nothing", {
  timeout: 60_000,
}, async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => void sockets.push(socket));
  const port = await freePort();
  await new Promise<void>((resolve) => silent.listen(port, "127.0.0.1", resolve));

  const stop = AbortSignal.timeout(300);
  await assert.rejects(verify(`https://localhost:${port}`, { signal: stop }), /no verdict/);
  for (const socket of sockets) socket.destroy();
  silent.close();

  assert.ok(sockets.length > 0);
});

test("a retired version that got no answer is not called turned down", () => {
  const question = {
    hop: "client-lb",
    id: "protocol-floor",
    title: "SSL 3, TLS 1.0 and 1.1",
    expected: "turned down",
  } as const;
  const refused = { outcome: "turned-down", reason: "alert" } as const;

  for (const outcome of ["silent", "out-of-reach"] as const) {
    assert.equal(
      turnedDown(question, [refused, { outcome, reason: "none", code: "ECONNREFUSED" }]).status,
      "unreached",
    );
  }
  assert.equal(turnedDown(question, [refused, refused]).status, "ok");
});

test("a version that this machine cannot offer is not called turned down by the server", async () => {
  await using server = await startServer({ minVersion: "TLSv1.1", ciphers: "DEFAULT:@SECLEVEL=0" });
  const offer = { minVersion: "TLSv1.1", maxVersion: "TLSv1.1" } as const;
  const { signal } = new AbortController();

  const asked = await dial(new URL(server.url), { ...offer, ciphers: "DEFAULT:@SECLEVEL=0" }, signal);
  const unasked = await dial(new URL(server.url), offer, signal);

  assert.equal(asked.outcome, "connected");
  assert.equal(unasked.outcome, "out-of-reach");
});

/** A port that hands TLS to a TLS server and everything else to one of plain HTTP. */
async function startBoth(plainPort: number) {
  const tls = await startServer();
  const { connect } = await import("node:net");
  const server = createServer((socket) => {
    socket.once("data", (first) => {
      // A TLS record of a handshake begins with 22.
      const behind = connect(first[0] === 22 ? tls.port : plainPort, "127.0.0.1");
      behind.write(first);
      for (const one of [socket, behind]) one.on("error", () => undefined);
      socket.pipe(behind).pipe(socket);
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `https://localhost:${port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      await tls[Symbol.asyncDispose]();
    },
  };
}

function reportOf(client: { protocol: string; cipher: string }) {
  const common = { sealed: true, authenticated: true, group: null, peer: null, problems: [] };
  return {
    topology: "alb-reencrypt",
    verdict: "sealed",
    instance: "app-1",
    observedAt: new Date().toISOString(),
    hops: [
      { ...common, id: "client-lb", ...client },
      { ...common, id: "lb-app", protocol: "TLSv1.3", cipher: "any" },
      {
        ...common,
        id: "app-db",
        protocol: "TLSv1.3",
        cipher: "any",
        requiresSecureTransport: true,
        tokenAgeMs: 1,
      },
    ],
  };
}
