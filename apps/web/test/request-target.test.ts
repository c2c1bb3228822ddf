import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { describe, test } from "node:test";
import { appUnderTest, HOST } from "./app-under-test.ts";

/** Sends a request line as it is, which no HTTP client would, and returns the whole answer and what was logged. */
async function ask(requestLine: string, host = HOST) {
  const { app, logged } = appUnderTest();
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk.toString("latin1");
  });
  socket.end(`${requestLine} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  await once(socket, "close");
  server.close();
  const [line = {}] = logged();
  return { answer, status: Number(answer.slice(9, 12)), path: line.path, loggedStatus: line.status };
}

describe("a request that names its target in full", () => {
  for (const [target, status, path] of [
    [`https://${HOST}/notes`, 200, "/notes"],
    [`HTTPS://${HOST.toUpperCase()}:443/notes?after=`, 422, "/notes"],
    [`http://${HOST}/notes`, 200, "/notes"],
    [`https://${HOST}`, 303, "/"],
    [`https://${HOST}?a=b`, 303, "/"],
    ["https://evil.example/notes", 421, "/notes"],
    [`https://${HOST}:8443/notes`, 421, "/notes"],
    [`https://${HOST}.evil.example/notes`, 421, "/notes"],
    [`https://app:PLANTED@${HOST}/notes`, 421, "/notes"],
    ["http://[/notes", 421, "/notes"],
    ["http://a:b/notes", 421, "/notes"],
    [`ftp://${HOST}/notes`, 421, "/notes"],
    [`foo://${HOST}`, 421, "/"],
    ["https://evil.example/livez", 200, "/livez"],
  ] as const) {
    test(`gets ${status} for ${target}, whatever its Host says`, async () => {
      const { answer, ...seen } = await ask(`GET ${target}`);

      assert.deepEqual(seen, { status, path, loggedStatus: status });
      assert.match(answer, /strict-transport-security: /i);
      assert.match(answer, /x-request-id: /i);
    });
  }

  test("is judged by that target alone", async () => {
    assert.equal((await ask(`GET https://${HOST}/notes`, "evil.example")).status, 200);
  });

  test("leaves no password of its address in the log", async () => {
    const { path } = await ask(`GET https://app:PLANTED@${HOST}/notes`);

    assert.doesNotMatch(String(path), /PLANTED/);
  });
});

test("a request for the server as a whole is none that the app knows", async () => {
  assert.equal((await ask("OPTIONS *")).status, 404);
});
