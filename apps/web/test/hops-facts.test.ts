import assert from "node:assert/strict";
import test from "node:test";
import { type HopsInput, observeHops } from "../src/hops/index.ts";
import { certificate, DATABASE, FORWARDED, observed, THROUGH } from "./hops-fixtures.ts";

test("a classic load balancer is not believed about what it never reports", () => {
  const [client] = observeHops(observed({ topology: "clb-backend-auth" })).hops;

  assert.equal(client.protocol, null);
  assert.equal(client.cipher, null);
});

test("a check that the app cannot watch is called configured, and one it made observed", () => {
  const { hops } = observeHops(observed({ topology: "clb-backend-auth" }));

  assert.deepEqual(
    hops.map(({ authentication }) => [authentication.checkedBy, authentication.basis]),
    [
      ["client", "unseen"],
      ["load balancer", "configured"],
      ["app", "observed"],
    ],
  );
  assert.match(hops[1].authentication.explanation, /cannot watch/);
});

test("hop 2 repeats hop 1 where one TLS connection spans both", () => {
  for (const topology of ["nlb-passthrough", "single-instance"] as const) {
    const [client, app] = observeHops(observed({ topology, ...THROUGH })).hops;

    assert.equal(app.sameAs, "client-lb");
    assert.equal(client.observedBy, "app");
    assert.deepEqual(
      [app.protocol, app.cipher, app.group, app.peer],
      [client.protocol, client.cipher, client.group, client.peer],
    );
    assert.equal(client.peer?.subject, "CN=app.test");
  }
});

test("a hop counts as seen only when the load balancer says enough about it", () => {
  const seenBy = (forwarded: HopsInput["forwarded"], topology: HopsInput["topology"] = "alb-reencrypt") =>
    observeHops(observed({ topology, forwarded })).hops[0].observedBy;
  const bare = { proto: "https", tlsVersion: null, tlsCipher: null };

  assert.equal(seenBy(FORWARDED), "load balancer");
  assert.equal(seenBy({ ...bare, proto: "http" }), "load balancer");
  assert.equal(seenBy(bare, "clb-backend-auth"), "load balancer");
  assert.equal(seenBy(bare), "nobody");
  assert.equal(seenBy({ ...FORWARDED, proto: null }), "nobody");
});

test("fingerprints read the same way whoever reported them", () => {
  const own = certificate("CN=app.test", 29);
  const bare = { ...own, fingerprint256: own.fingerprint256.replaceAll(":", "").toLowerCase() };
  const [, app, database] = observeHops(observed({ database: { ...DATABASE, peer: bare } })).hops;

  assert.equal(app.peer?.fingerprint256, own.fingerprint256);
  assert.equal(database.peer?.fingerprint256, own.fingerprint256);
});

test("no fact is claimed about a hop that the request went past", () => {
  const [client, app] = observeHops(observed({ forwarded: null })).hops;

  for (const hop of [client, app]) {
    assert.equal(hop.observedBy, "nobody");
    assert.deepEqual([hop.protocol, hop.cipher, hop.group, hop.peer], [null, null, null, null]);
  }
});
