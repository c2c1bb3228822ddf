import assert from "node:assert/strict";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from "node:net";
import { join } from "node:path";
import test from "node:test";
import { privateCa } from "@sealed/servers";
import { folder, sealedProcess } from "./support/process.ts";
import { CREDENTIALS } from "./support/sts-server.ts";

/** What a sign-in page of a network answers, whatever one asks for. */
const signInPage: RequestListener = (_request, response) => {
  response.setHeader("content-type", "text/html").end("<!doctype html><html><body>Sign in</body></html>");
};

async function startWithForeignCertificate(): Promise<Server> {
  const ca = await privateCa({ dir: join(folder, "foreign") });
  const { certificatePem: cert, keyPem: key } = await ca.issue({ hosts: ["127.0.0.1"] });
  return createTlsServer({ cert, key }, signInPage);
}

/** Asks for the status where something listens that is no AWS. */
async function statusAt(server: TcpServer, scheme: "http" | "https") {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const ran = await sealedProcess(["status", "--json", "--endpoint-url", url], {
      environment: CREDENTIALS,
    });
    const { error } = JSON.parse(ran.output) as { error: { code: string; message: string } };
    return { ...ran, ...error, url };
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

test("an answer that names no account is no other account", async () => {
  const { exitCode, code, message, url } = await statusAt(createServer(signInPage), "http");

  assert.deepEqual([exitCode, code], [3, "SEALED_AWS_UNREACHABLE"]);
  assert.equal(
    message,
    `what answers at ${url} is no AWS, for it names no account: check --endpoint-url and the network`,
  );
});

test("a port without TLS is told, and not as a fault of this program", async () => {
  const { exitCode, code, message, errors } = await statusAt(createServer(signInPage), "https");

  assert.deepEqual([exitCode, code], [3, "SEALED_AWS_UNREACHABLE"]);
  assert.match(message, /^no trusted TLS connection to https:\/\/127\.0\.0\.1:\d+ could be made/);
  assert.doesNotMatch(errors, /^ +at /m);
});

test("a certificate of a CA that is not known here is told, with how to make it known", async () => {
  const { exitCode, code, message, errors } = await statusAt(await startWithForeignCertificate(), "https");

  assert.deepEqual([exitCode, code], [3, "SEALED_AWS_UNREACHABLE"]);
  assert.match(message, /name the CA's file with NODE_EXTRA_CA_CERTS/);
  assert.doesNotMatch(errors, /^ +at /m);
});

test("a port where something speaks another protocol is AWS out of reach", async () => {
  const server = createTcpServer((socket) => {
    // The other side is gone as well: nobody is left to be told of an error.
    socket.on("error", () => undefined);
    socket.resume().end("SSH-2.0-OpenSSH_9.9\r\n");
  });

  const { exitCode, code, errors } = await statusAt(server, "http");

  assert.deepEqual([exitCode, code], [3, "SEALED_AWS_UNREACHABLE"]);
  assert.doesNotMatch(errors, /^ +at /m);
});
