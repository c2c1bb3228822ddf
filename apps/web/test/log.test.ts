import assert from "node:assert/strict";
import { test } from "node:test";
import { createLog } from "../src/log.ts";
import { appUnderTest } from "./app-under-test.ts";

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  write(
    createLog({ level: "debug", instance: "i-1", destination: { write: (line) => void lines.push(line) } }),
  );
  return lines.join("");
}

test("writes one JSON line with level, time and instance", () => {
  const line = JSON.parse(logged((log) => log.info({ port: 443 }, "listening")));

  assert.deepEqual(
    { ...line, time: "" },
    { level: "info", time: "", instance: "i-1", port: 443, msg: "listening" },
  );
  assert.match(line.time, /^\d{4}-\d{2}-\d{2}T.*Z$/);
});

test("prints no field that holds a secret, at any depth", () => {
  const text = logged((log) => {
    log.info({
      password: "planted-1",
      token: "planted-2",
      headers: { authorization: "planted-3", cookie: "planted-4" },
    });
    log.info({
      config: {
        key: "planted-5",
        secretAccessKey: "planted-6",
        sessionToken: "planted-7",
        deep: { token: "planted-8" },
      },
    });
  });

  assert.doesNotMatch(text, /planted/);
  assert.equal(text.match(/\[redacted\]/g)?.length, 8);
});

test("prints no such field in a list, in an object without a prototype, or in another spelling", () => {
  const text = logged((log) => {
    log.info({ accounts: [{ password: "planted-1" }, [{ token: "planted-2" }]] });
    log.info({ query: Object.assign(Object.create(null), { token: "planted-3" }) });
    log.info({ headers: { Authorization: "planted-4", "set-cookie": "planted-5" } });
    log.info({
      answer: { SecretString: "planted-6", SessionToken: "planted-7", SecretAccessKey: "planted-8" },
    });
  });

  assert.doesNotMatch(text, /planted/);
  assert.equal(text.match(/\[redacted\]/g)?.length, 8);
});

test("keeps secrets of a text to itself wherever it stands: field, list, event, message", () => {
  const secret = "mysql://app:PLANTED@db.internal/notes";
  const text = logged((log) => {
    log.warn({ reason: secret, event: { message: secret }, reasons: [secret] }, "failed");
    log.warn({ event: { error: new Error(secret) } }, "failed");
    log.error(new Error(secret));
    log.error({ err: new Error(secret) });
    log.error(secret);
    log.error(`${secret} %s`, "again");
    log.error("refused: %s", "Bearer PLANTED");
  });

  assert.doesNotMatch(text, /PLANTED/);
  assert.equal(text.match(/"level":"/g)?.length, 7);
});

for (const [what, planted] of [
  ["a signed token", "db:3306/?Action=connect&X-Amz-Credential=PLANTED%2Feu&X-Amz-Signature=PLANTED"],
  ["a session token", "X-Amz-Security-Token=PLANTED/+%2B=="],
  // Put together here, so that no key-like text stands in the repository.
  ["a private key", `-----BEGIN ${"PRIVATE"} KEY-----\nPLANTED\n-----END ${"PRIVATE"} KEY-----`],
  ["a key cut off in the middle", `-----BEGIN EC ${"PRIVATE"} KEY-----\nPLANTED`],
  ["a password", "connect with password=PLANTED failed"],
  ["a quoted password", 'cannot parse {"password": "PLANTED 1"}, nor password=\'PLANTED\''],
  ["a secret of a longer name", "DB_PASSWORD=PLANTED secretAccessKey: PLANTED, aws_session_token=PLANTED"],
  ["a bearer token", "refused: Authorization: Bearer PLANTED.PLANTED-x_y"],
  ["a password in an address", "mysql://app:PLANTED@db.internal/notes, redis://:PLANTED@cache"],
] as const) {
  test(`keeps ${what} of an error's message, stack and causes to itself`, () => {
    const error = new Error(planted, { cause: new Error(planted, { cause: planted }) });

    const text = logged((log) => log.error({ err: error }, "failed"));

    assert.doesNotMatch(text, /PLANTED/);
    assert.match(text, /"stack":"Error: /);
  });
}

test("leaves the name of a secret and of a permission, which somebody needs to look for", () => {
  const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:tls-AbCdEf";
  const message = `cannot read the secret "${arn}": check the role's secretsmanager:GetSecretValue`;

  assert.equal(JSON.parse(logged((log) => log.error({ err: new Error(message) }))).msg, message);
});

test("leaves what a database says of a refused login: whether there was a password at all", () => {
  for (const used of ["YES", "NO"]) {
    const message = `Access denied for user 'app'@'10.0.0.1' (using password: ${used})`;

    assert.equal(JSON.parse(logged((log) => log.error({ err: new Error(message) }))).msg, message);
  }
  assert.doesNotMatch(
    logged((log) => log.info("password: YESPLANTED")),
    /PLANTED/,
  );
});

test("leaves a message without a secret as it is, with its values", () => {
  assert.equal(
    JSON.parse(logged((log) => log.info({}, "%s of %d: %s", "a", 2, "token=PLANTED"))).msg,
    "a of 2: [redacted]",
  );
});

test("prints of an error its name, code, message, stack and causes, and nothing that a library hung on it", () => {
  const error = Object.assign(new Error("refused", { cause: new Error("why") }), {
    code: "E1",
    request: { a: "PLANTED" },
  });

  const { err } = JSON.parse(logged((log) => log.error({ err: error })));

  assert.deepEqual(Object.keys(err), ["name", "code", "message", "stack", "cause"]);
  assert.deepEqual([err.code, err.cause.message], ["E1", "why"]);
});

test("prints other fields as they are, and ends with fields that run in a circle", () => {
  const round: Record<string, unknown> = {};
  round.self = round;

  const line = JSON.parse(
    logged((log) => log.info({ a: { b: { c: [1] } }, at: new Date(0), round }, "fields")),
  );

  assert.deepEqual([line.a, line.at], [{ b: { c: [1] } }, "1970-01-01T00:00:00.000Z"]);
  assert.match(JSON.stringify(line.round), /\[redacted\]/);
});

test("follows a circle of fields once, so that many of them in a list cost no more than they are", () => {
  const nodes: { name: string; siblings: unknown }[] = [];
  for (const name of ["a", "b"]) nodes.push({ name, siblings: nodes });

  assert.deepEqual(JSON.parse(logged((log) => log.info({ nodes }, "circle"))).nodes, [
    { name: "a", siblings: "[redacted]" },
    { name: "b", siblings: "[redacted]" },
  ]);
});

test("ends with a chain of causes that runs in a circle", () => {
  const error = new Error("round");
  error.cause = error;

  assert.match(
    logged((log) => log.error({ err: error })),
    /round/,
  );
});

test("writes one line for a request, without query values, headers and body", async () => {
  const { client, logged: lines, loggedText } = appUnderTest({ logLevel: "info" });

  await client
    .post("/notes?secret=PLANTED-1")
    .set({ Authorization: "PLANTED-2", Cookie: "sid=PLANTED-3" })
    .type("form")
    .send({ title: "PLANTED-4" })
    .expect(303);

  assert.equal(lines().length, 1);
  const { requestId, method, path, status, durationMs, msg } = lines()[0] ?? {};
  assert.deepEqual(
    { method, path, status, msg },
    { method: "POST", path: "/notes", status: 303, msg: "request" },
  );
  assert.ok(typeof requestId === "string" && typeof durationMs === "number" && durationMs > 0);
  assert.doesNotMatch(loggedText(), /PLANTED/);
});

test("keeps a line short, however long the address", async () => {
  const { client, loggedText } = appUnderTest();

  await client.get(`/${"x".repeat(10_000)}`).expect(404);

  assert.ok(loggedText().length < 2_000);
});

test("brings no headers along when a request or a response is logged by mistake", async () => {
  const text = logged((log) =>
    log.info({
      req: { method: "GET", url: "/a?b=PLANTED", headers: { x: "PLANTED" } },
      res: { statusCode: 200, headers: "PLANTED" },
    }),
  );

  assert.doesNotMatch(text, /PLANTED/);
  assert.match(text, /"path":"\/a"/);
});
