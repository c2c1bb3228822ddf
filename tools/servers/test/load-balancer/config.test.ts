import assert from "node:assert/strict";
import { test } from "node:test";
import { balancerConfig } from "../../src/load-balancer/config.ts";
import { featuresFrom } from "../../src/load-balancer/features.ts";
import type { BalancedTopology, BalancerSettings } from "../../src/load-balancer/settings.ts";

function settings(topology: BalancedTopology, changes: Partial<BalancerSettings> = {}): BalancerSettings {
  return {
    topology,
    port: 8443,
    instances: [
      { name: "app-1", host: "127.0.0.1", port: 9001 },
      { name: "app-2", host: "127.0.0.1", port: 9002 },
    ],
    idleTimeoutMs: 60_000,
    instanceConnections: "shared",
    features: { postQuantum: true, serverCurves: true, initState: true },
    files: {
      statsSocket: "/run/stats.sock",
      certificate: "/run/front.pem",
      pinned: "/run/pinned.pem",
      unreachable: "/run/unreachable.http",
      noneRegistered: "/run/none.http",
    },
    ...changes,
  };
}

function serverLines(config: string, backend: string): string[] {
  const section = config.split("\n\n").find((text) => text.startsWith(`backend ${backend}`)) ?? "";
  return section.split("\n  ").filter((line) => /^server app-/.test(line));
}

test("an ALB encrypts to its instances and checks no certificate", () => {
  const lines = serverLines(balancerConfig(settings("alb-reencrypt")), "instances");

  assert.equal(lines.length, 2);
  for (const line of lines) assert.match(line, / ssl ssl-min-ver TLSv1\.2 .*verify none .*check check-ssl /);
});

test("a classic load balancer requires a pinned certificate, resumes no session and never falls back", () => {
  const config = balancerConfig(settings("clb-backend-auth"));

  for (const line of serverLines(config, "instances")) {
    assert.match(line, /verify required ca-file '\/run\/pinned\.pem' .*no-ssl-reuse/);
  }
  assert.doesNotMatch(config, /verify none|fail-open/);
});

test("a classic load balancer speaks TLS 1.2 only, on both sides", () => {
  const config = balancerConfig(settings("clb-backend-auth"));

  assert.equal(config.match(/ssl-min-ver TLSv1\.2 ssl-max-ver TLSv1\.2/g)?.length, 4);
  assert.doesNotMatch(config, /MLKEM/);
});

test("a network load balancer has no certificate and adds nothing to what it carries", () => {
  const config = balancerConfig(settings("nlb-passthrough"));

  assert.match(config, /mode tcp/);
  assert.match(config, /bind 127\.0\.0\.1:8443\n/);
  assert.doesNotMatch(config, /http-request|forwardfor|crt /);
});

test("only the lesson topology talks to instances in plain text", () => {
  assert.doesNotMatch(serverLines(balancerConfig(settings("alb-terminate")), "instances").join(), /ssl/);
});

test("the front never speaks less than TLS 1.2 and offers suites with forward secrecy only", () => {
  for (const topology of ["alb-reencrypt", "clb-backend-auth", "alb-terminate"] as const) {
    const bind = /bind .*/.exec(balancerConfig(settings(topology)))?.[0] ?? "";

    assert.match(bind, /ssl-min-ver TLSv1\.2/);
    const ciphers = /ciphers (\S+)/.exec(bind)?.[1]?.split(":") ?? [];
    assert.ok(ciphers.length > 0 && ciphers.every((name) => /^ECDHE-.*-GCM-/.test(name)));
  }
});

test("the post-quantum group comes first on both sides when OpenSSL has it, and is left out when not", () => {
  const modern = balancerConfig(settings("alb-reencrypt"));
  const features = { postQuantum: false, serverCurves: false, initState: false };
  const old = balancerConfig(settings("alb-reencrypt", { features }));

  assert.equal(modern.match(/curves X25519MLKEM768:X25519:P-256:P-384/g)?.length, 1 + 3 + 3);
  assert.doesNotMatch(old, /MLKEM|init-state/);
  assert.doesNotMatch(serverLines(old, "instances").join(), /curves/);
});

test("clients share the connections to an instance unless each shall have its own", () => {
  const shared = balancerConfig(settings("alb-reencrypt"));
  const own = balancerConfig(settings("alb-reencrypt", { instanceConnections: "per-client" }));

  assert.deepEqual(shared.match(/http-reuse \w+/g), ["http-reuse always", "http-reuse always"]);
  assert.deepEqual(own.match(/http-reuse \w+/g), ["http-reuse never", "http-reuse never"]);
});

test("what HAProxy can do is read from what it says about itself", () => {
  const text = (haproxy: string, openssl: string) =>
    `HAProxy version ${haproxy} 2026/10/14\nRunning on SSL library version : OpenSSL ${openssl} 29 Sep 2026\n`;

  assert.deepEqual(featuresFrom(text("3.2.26-1", "3.6.5")), {
    postQuantum: true,
    serverCurves: true,
    initState: true,
  });
  assert.deepEqual(featuresFrom(text("2.6.12-1", "3.0.19")), {
    postQuantum: false,
    serverCurves: false,
    initState: false,
  });
});
