import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import test from "node:test";
import { until } from "@sealed/faults";
import { get, probe } from "../support/client.ts";
import { clientHello } from "../support/client-hello.ts";
import { startServer } from "../support/server.ts";

/** First byte of a TLS record. https://www.rfc-editor.org/rfc/rfc8446#section-5.1 */
const RECORD_TYPES: Readonly<Record<number, string>> = { 21: "alert", 22: "handshake" };

/** Sends a ClientHello as it is and returns the kind of the first record that answers it. */
async function firstAnswer(port: number, hello: Buffer): Promise<string> {
  const socket = connect(port, "127.0.0.1").on("error", () => undefined);
  await once(socket, "connect");
  socket.write(hello);
  const [first] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  return RECORD_TYPES[first[0] ?? 0] ?? `record ${first[0]}`;
}

const ascii = (text: string) => Buffer.from(text, "latin1");

/** Names that a client may ask for, and what it gets: the one certificate there is, or an alert. */
const NAMES: readonly [string, readonly Buffer[], string][] = [
  ["no name", [], "handshake"],
  ["a name of another site", [ascii("other.example")], "handshake"],
  ["an international name in its ASCII form", [ascii("xn--bcher-kva.example")], "handshake"],
  ["an international name in UTF-8", [Buffer.from("bücher.example")], "handshake"],
  ["an IPv4 address", [ascii("192.0.2.1")], "handshake"],
  ["an IPv6 address", [ascii("2001:db8::1")], "handshake"],
  ["a name of 255 characters", [ascii("a".repeat(255))], "handshake"],
  ["a name of 256 characters", [ascii("a".repeat(256))], "alert"],
  ["a name of 10,000 characters", [ascii("a".repeat(10_000))], "alert"],
  ["an empty name", [Buffer.alloc(0)], "handshake"],
  ["a name with a zero byte", [ascii("localhost\0.evil.example")], "alert"],
  ["two names", [ascii("localhost"), ascii("other.example")], "alert"],
];

for (const [what, names, answer] of NAMES) {
  test(`a client that asks for ${what} gets ${answer === "alert" ? "an alert" : "the certificate there is"}`, async (t) => {
    const { server, port } = await startServer(t);

    assert.equal(await firstAnswer(port, clientHello(...names)), answer);
    assert.equal((await get(port)).status, 200);
    await until(() => server.state().handshakes.failed === 1);
  });
}

test("serves the same certificate whatever name is asked for", async (t) => {
  const { server, port } = await startServer(t);

  for (const servername of ["localhost", "other.example", "", "xn--bcher-kva.example", "a".repeat(250)]) {
    const { fingerprint256 } = await probe(port, { servername });
    assert.equal(fingerprint256, server.state().fingerprint256, servername);
  }
});
