import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import { HOST } from "./app-under-test.ts";
import { type RealPath, startRealPath } from "./real-path.ts";

const ABORTED_REQUESTS = 500;

/** Within this after its return the database must be in use again. */
const RECOVERY_MS = 5_000;

describe("the app while others fail", () => {
  let path: RealPath;
  let url: string;
  before(async () => {
    path = await startRealPath({ statementMs: 1_000 });
    const { text } = await path.send("/api/notes", { json: { title: "Before", body: "" } });
    url = `/api/notes/${JSON.parse(text).id}`;
  });
  after(() => path[Symbol.asyncDispose]());

  test("answers 503 with Retry-After while the database is down, lives on, and is well within 5 s of its return", async () => {
    await path.server.kill();

    const answers = await Promise.all([
      path.send("/notes"),
      path.send(url),
      path.send("/api/notes", { json: { title: "x" } }),
      path.send("/notes", { form: { title: "Kept", body: "words" } }),
      path.send("/readyz"),
      path.send("/livez"),
    ]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [503, 503, 503, 503, 503, 200],
    );
    for (const { headers, text } of answers.slice(0, 4)) {
      assert.equal(headers["retry-after"], "5");
      assert.doesNotMatch(text, /localhost:|127\.0\.0\.1|ECONN|\.ts:/);
    }
    assert.match(answers[3]?.text ?? "", /value="Kept"[\s\S]*words/);
    assert.match(answers[4]?.text ?? "", /"codes":\["DB_[A-Z_]+"\]/);

    await path.server.restart();
    await becomesReady(path);
    assert.equal((await path.send(url)).status, 200);
    assert.equal((await path.send("/notes")).status, 200);
  });

  test("answers 503 when the database is there but does not answer, and works again when it does", async (t) => {
    // The tests after this one need the server, also when this one fails.
    t.after(() => path.server.resume());
    await path.server.pause();

    const answers = await Promise.all([
      path.send("/notes"),
      path.send(url),
      path.send("/readyz"),
      path.send("/livez"),
    ]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [503, 503, 503, 200],
    );

    path.server.resume();
    await becomesReady(path);
    assert.equal((await path.send(url)).status, 200);
  });

  test("survives 500 requests whose clients went away: no stack trace, no connection lost", async () => {
    const linesBefore = path.logged().length;

    await Promise.all(
      Array.from({ length: ABORTED_REQUESTS }, (_, index) => abortedRequest(path.port, url, index)),
    );
    await quiet(path);

    const lines = path.logged().slice(linesBefore);
    const went = lines.filter(({ msg }) => msg === "client went away");
    assert.ok(
      went.some(({ path }) => path === "/api/notes"),
      "no request was aborted in its body",
    );
    assert.ok(
      went.some(({ path }) => path === url),
      "no request was aborted before its answer",
    );
    assert.deepEqual(
      lines.filter(({ level, err }) => err !== undefined || (level !== "debug" && level !== "info")),
      [],
    );
    assert.doesNotMatch(JSON.stringify(lines), /\bat .*\.(ts|js):\d/);
    const { open, idle, leased, waiting } = path.database.stats();
    assert.deepEqual(
      { leased, waiting, isAllIdle: open === idle },
      { leased: 0, waiting: 0, isAllIdle: true },
    );
    assert.equal((await path.send(url)).status, 200);
  });
});

/** Resolves when /readyz says so, and fails when it does not in time. */
async function becomesReady(path: RealPath): Promise<void> {
  const deadline = Date.now() + RECOVERY_MS;
  for (;;) {
    const { status, text } = await path.send("/readyz");
    if (status === 200) return;
    assert.ok(Date.now() < deadline, `not ready within ${RECOVERY_MS} ms: ${text}`);
    await sleep(50);
  }
}

/** Resolves when no connection of a client is left, and no statement is under way. */
async function quiet(path: RealPath): Promise<void> {
  while (path.tls.state().connections > 0 || path.database.stats().leased > 0) await sleep(20);
}

/** Sends a part of a request, or all of it, and goes away; in the last case at the first byte of the answer. */
async function abortedRequest(port: number, url: string, index: number): Promise<void> {
  const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false });
  // The app may cut the connection first.
  socket.on("error", () => undefined);
  await once(socket, "secureConnect");
  const ways = [
    `GET ${url} HTTP/1.1\r\nHost: ${HOST}\r\nX-Cut`,
    `POST /api/notes HTTP/1.1\r\nHost: ${HOST}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"title"`,
    `POST /notes HTTP/1.1\r\nHost: ${HOST}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\ntitle=x`,
    `GET ${url} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`,
    `GET /notes HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`,
  ];
  const way = index % ways.length;
  await new Promise<void>((resolve) => socket.write(ways[way] ?? "", () => resolve()));
  if (way === ways.length - 1) await once(socket, "data");
  socket.destroy();
}
