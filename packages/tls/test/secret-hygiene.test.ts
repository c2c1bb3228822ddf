import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import test from "node:test";
import { inspect } from "node:util";
import { fromSecret } from "../src/aws/index.ts";
import { redactPem } from "../src/certificate/redact.ts";
import { type CertMaterial, type CertSource, createTlsServer, fromFiles, selfSigned } from "../src/index.ts";
import { handshake } from "./support/client.ts";
import { collect } from "./support/collect.ts";
import { issue } from "./support/pki.ts";
import { startServer } from "./support/server.ts";
import { SwitchableSource } from "./support/switchable-source.ts";

/** Every way in which a log may print a value. */
function printsOf(value: unknown): string {
  return [
    inspect(value),
    inspect(value, { depth: null, showHidden: true, getters: true }),
    inspect(value, { depth: null, showHidden: true, customInspect: false }),
    JSON.stringify(value, (_key, item) =>
      typeof item === "object" && item?.constructor?.name === "Socket" ? "" : item,
    ),
    String(value),
    inspect({ ...(value as object) }),
    ...(value instanceof Error ? [value.stack, inspect(value.cause, { depth: null })] : []),
  ].join("\n");
}

/** The middle of a key, which no PEM marker gives away. */
function bodyOf(pem: string): string {
  return pem.split("\n")[1]?.slice(10, 50) ?? assert.fail("no body");
}

function assertKeyless(value: unknown, ...keys: string[]): void {
  const text = printsOf(value);
  assert.doesNotMatch(text, /PRIVATE KEY/);
  for (const key of keys) assert.equal(text.includes(bodyOf(key)), false, "a part of the key was printed");
}

test("no print of a server shows its key or its ticket keys, before and after a swap", async (t) => {
  const [first, second] = [await issue(), await issue()];
  const source = new SwitchableSource(first);
  const ticketKeys = Buffer.alloc(48, "TICKETKEY");
  const { server } = await startServer(t, { source, ticketKeys });
  const printed = () => [
    inspect(server),
    inspect({ nested: { server } }),
    inspect(server, { depth: 12, showHidden: true }),
    inspect(server, { depth: 12, showHidden: true, getters: true, customInspect: false }),
  ];
  const before = printed();
  source.give(second);
  assert.equal(await server.reload(), "swapped");

  for (const text of [...before, ...printed()]) {
    assert.doesNotMatch(text, /PRIVATE KEY/);
    assert.doesNotMatch(
      text,
      new RegExp(`${Buffer.from("TICKETKEY").toString("hex").match(/../g)?.join(" ")}`),
    );
    for (const { key } of [first, second]) assert.equal(text.includes(bodyOf(key)), false);
  }
  assert.match(inspect(server), /TlsServer \{[\s\S]*fingerprint256/);
});

test("the report that Node writes of a process shows no key, before and after a swap", async (t) => {
  const [first, second] = [await issue(), await issue()];
  const source = new SwitchableSource(first);
  const { server, port } = await startServer(t, { source });
  const reports = [JSON.stringify(process.report.getReport())];
  source.give(second);
  assert.equal(await server.reload(), "swapped");
  const client = await handshake(port);
  reports.push(JSON.stringify(process.report.getReport()));
  client.destroy();

  for (const report of reports) {
    assert.doesNotMatch(report, /PRIVATE KEY/);
    for (const { key } of [first, second]) assert.equal(report.includes(bodyOf(key)), false);
  }
});

test("no print of a server's socket shows the key of the server it belongs to", async (t) => {
  const pair = await issue();
  const { server, port } = await startServer(t, { source: { load: async () => pair } });
  const accepted = once(server, "secureConnection");
  const client = await handshake(port);
  const [socket] = await accepted;

  for (const customInspect of [true, false]) {
    assert.doesNotMatch(inspect(socket, { depth: 12, showHidden: true, customInspect }), /PRIVATE KEY/);
  }
  client.destroy();
});

test("no print of a source, or of what it delivers, shows a key", async () => {
  const { key, cert } = await issue();
  const SecretString = JSON.stringify({ key, cert });
  const sources: CertSource[] = [
    selfSigned(),
    fromSecret({ client: { send: async () => ({ SecretString, $metadata: {} }) }, secretId: "s" }),
  ];
  for (const source of sources) {
    const material = await source.load();

    assertKeyless(source, material.key);
    assertKeyless(material, material.key);
    assert.match(material.key, /PRIVATE KEY/);
  }
  assertKeyless(fromFiles({ keyPath: "/nowhere/key.pem", certPath: "/nowhere/cert.pem" }));
});

test("no rejection, state or event shows a key, whatever part of the material is bad", async (t) => {
  const rejects = collect(t, "tls:reject");
  const [good, other] = [await issue(), await issue()];
  const source = new SwitchableSource(good);
  const { server } = await startServer(t, { source });
  const bad: CertMaterial[] = [
    { key: other.key, cert: good.cert },
    { key: other.key.slice(0, 150), cert: other.cert },
    { key: other.key.replace("PRIVATE", "SECRET"), cert: other.cert },
    { key: other.key, cert: other.key },
    { key: `${other.key}\r\n`, cert: "" },
  ];
  for (const material of bad) {
    source.give(material);
    const result = await server.reload();
    assert.equal(typeof result, "object");
    assertKeyless(result, other.key);
  }

  assertKeyless(server.state(), other.key, good.key);
  assertKeyless(rejects, other.key, good.key);
});

test("an error of a source that quotes a key is told without the key", async (t) => {
  const { key } = await issue();
  const source = new SwitchableSource(await issue());
  const { server } = await startServer(t, { source });
  const fail = () => Promise.reject(new Error(`cannot parse ${key}`, { cause: key }));
  source.answer = fail;

  const result = await server.reload();
  const start = await createTlsServer(() => undefined, { source: { load: fail } }).catch((error) => error);

  assertKeyless(result, key);
  assertKeyless(start, key);
  assert.match(start.message, /cannot parse \[PEM removed\]/);
});

test("a secret that is no JSON is refused without quoting it", async () => {
  const { key, cert } = await issue();
  for (const SecretString of [
    `{"key": "${key}"`,
    key,
    `["${key.replaceAll("\n", "\\n")}"]`,
    `{"key":{},"cert":"${bodyOf(cert)}"}`,
  ]) {
    const source = fromSecret({
      client: { send: async () => ({ SecretString, $metadata: {} }) },
      secretId: "s",
    });
    const error = await source.load().catch((reason) => reason);

    assert.equal(error.code, "TLS_SOURCE_MALFORMED");
    assertKeyless(error, key);
  }
});

test("takes whole and half PEM blocks out of a text and leaves the rest", () => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const block = privateKey.export({ type: "pkcs8", format: "pem" }).toString().trim();

  assert.equal(redactPem(`a ${block} b ${block}`), "a [PEM removed] b [PEM removed]");
  assert.equal(redactPem(`a ${block.slice(0, 30)}`), "a [PEM removed]");
  assert.equal(redactPem("plain"), "plain");
});
