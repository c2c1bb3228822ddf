import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { FakeClock } from "@sealed/faults";
import type { Auth, Login, SecretStage } from "../src/index.ts";
import { secretAuth } from "../src/index.ts";

const LOGIN: Login = { host: "db.example.test", port: 3306, user: "", emit: () => undefined };

/** A secret whose versions the test sets, and the passwords the database takes. */
function rotation(clock: FakeClock) {
  const versions: Record<SecretStage, string> = { AWSCURRENT: "old", AWSPREVIOUS: "older" };
  const reads: SecretStage[] = [];
  const read = (_id: string, stage: SecretStage): Promise<string> => {
    reads.push(stage);
    return Promise.resolve(JSON.stringify({ username: "admin", password: versions[stage] }));
  };
  return { versions, reads, auth: secretAuth({ secretId: "rds!made-up", read, clock, random: () => 0.5 }) };
}

/** Logs in as the pool does: once, and once more when a kept credential is refused. */
async function logIn(auth: Auth, accepted: string): Promise<string> {
  for (let attempt = 0; attempt < 2; attempt++) {
    const credential = await auth.credential(LOGIN);
    if (credential.reveal() === accepted) return credential.reveal();
    auth.invalidate(credential, LOGIN);
  }
  throw new Error("refused");
}

test("user and password come from the secret, read once for all logins", async () => {
  const { auth, reads } = rotation(new FakeClock());

  const credentials = await Promise.all(Array.from({ length: 20 }, () => auth.credential(LOGIN)));

  assert.deepEqual([...new Set(credentials.map(({ user }) => user))], ["admin"]);
  assert.deepEqual(reads, ["AWSCURRENT"]);
});

test("a rotated password is found by the login that was refused", async () => {
  const { auth, reads, versions } = rotation(new FakeClock());
  await auth.credential(LOGIN);
  versions.AWSCURRENT = "new";

  assert.equal(await logIn(auth, "new"), "new");
  assert.deepEqual(reads, ["AWSCURRENT", "AWSCURRENT"]);
});

test("the previous password is tried when the current one is refused", async () => {
  const { auth } = rotation(new FakeClock());
  await auth.credential(LOGIN);

  assert.equal(await logIn(auth, "older"), "older");
});

test("a refused secret that was never rotated has no previous password, and the error says it was refused", async () => {
  const missing = new Error("can't find the specified secret value for staging label: AWSPREVIOUS");
  const read = (_id: string, stage: SecretStage): Promise<string> =>
    stage === "AWSPREVIOUS"
      ? Promise.reject(missing)
      : Promise.resolve(JSON.stringify({ username: "admin", password: "wrong" }));
  const auth = secretAuth({ secretId: "rds!made-up", read, clock: new FakeClock(), random: () => 0.5 });

  await assert.rejects(logIn(auth, "right"), {
    code: "DB_CREDENTIALS_UNAVAILABLE",
    message: /refused the password in secret "rds!made-up"/,
    cause: missing,
  });
});

test("a label that moves 5 s after the password is followed with at most 5 more reads", async () => {
  const clock = new FakeClock();
  const { auth, reads, versions } = rotation(clock);
  await auth.credential(LOGIN);
  let outcome = "refused";
  reads.length = 0;

  for (let tenths = 0; tenths < 100 && outcome === "refused"; tenths++) {
    if (tenths === 50) versions.AWSCURRENT = "new";
    outcome = await logIn(auth, "new").catch(() => "refused");
    await clock.advance(100);
  }

  assert.equal(outcome, "new");
  assert.ok(reads.length <= 5, `${reads.length} reads: ${reads.join(", ")}`);
});

for (const text of [
  "",
  "not json hunter2",
  "[]",
  "null",
  '{"username":"admin"}',
  '{"username":"admin","password":""}',
  '{"username":1,"password":"hunter2"}',
]) {
  test(`a secret that holds ${text === "" ? "nothing" : text.slice(0, 8)} is refused, and not shown`, async () => {
    const auth = secretAuth({ secretId: "rds!made-up", read: () => Promise.resolve(text) });

    const error = await auth.credential(LOGIN).catch((caught: unknown) => caught);

    assert.equal((error as { code: string }).code, "DB_CREDENTIALS_UNAVAILABLE");
    assert.doesNotMatch(inspect(error, { depth: 10 }), /hunter2/);
  });
}

test("an unreachable Secrets Manager is named as the reason", async () => {
  const auth = secretAuth({ secretId: "rds!made-up", read: () => Promise.reject(new Error("timed out")) });

  await assert.rejects(auth.credential(LOGIN), {
    code: "DB_CREDENTIALS_UNAVAILABLE",
    message: /rds!made-up.*timed out/,
  });
});
