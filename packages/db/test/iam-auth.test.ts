import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { inspect, promisify } from "node:util";
import { FakeClock } from "@sealed/faults";
import type { AwsIdentity, DbEvent, Login } from "../src/index.ts";
import { iamAuth } from "../src/index.ts";

const SIGN_TWICE = fileURLToPath(new URL("sign-twice.ts", import.meta.url));
const KEYS: AwsIdentity = { accessKeyId: "AKIAEXAMPLE000000001", secretAccessKey: "made-up-for-this-test" };

function loginAs(user: string, events: DbEvent[] = []): Login {
  return { host: "db.example.test", port: 3306, user, emit: (event) => events.push(event) };
}

test("a hundred logins at once take one signature", async () => {
  const events: DbEvent[] = [];
  const auth = iamAuth({ region: "eu-west-1", credentials: KEYS });

  const tokens = await Promise.all(
    Array.from({ length: 100 }, () => auth.credential(loginAs("app", events))),
  );

  assert.equal(new Set(tokens).size, 1);
  assert.equal(events.filter(({ type }) => type === "credential.issued").length, 1);
});

test("the token is what RDS takes: host, port, user, 900 s, no scheme", async () => {
  const auth = iamAuth({ region: "eu-west-1", credentials: { ...KEYS, sessionToken: "s".repeat(3_000) } });

  const token = (await auth.credential(loginAs("app"))).reveal();

  assert.match(token, /^db\.example\.test:3306\/\?Action=connect&DBUser=app&/);
  const query = new URL(`https://${token}`).searchParams;
  assert.equal(query.get("X-Amz-Expires"), "900");
  assert.equal(query.get("X-Amz-Security-Token")?.length, 3_000);
  assert.match(query.get("X-Amz-Credential") ?? "", /\/eu-west-1\/rds-db\/aws4_request$/);
});

test("each user and endpoint has a token of its own", async () => {
  const auth = iamAuth({ region: "eu-west-1", credentials: KEYS });

  const app = await auth.credential(loginAs("app"));
  const migrator = await auth.credential(loginAs("migrator"));

  assert.match(migrator.reveal(), /DBUser=migrator/);
  auth.invalidate(app, loginAs("app"));
  assert.equal(await auth.credential(loginAs("migrator")), migrator);
});

test("keys that never expire are read at each login, and a changed key signs the next token", async () => {
  let keys = KEYS;
  let reads = 0;
  const read = (): Promise<AwsIdentity> => {
    reads += 1;
    return Promise.resolve(keys);
  };
  const auth = iamAuth({ region: "eu-west-1", credentials: read });
  const first = await auth.credential(loginAs("app"));
  assert.equal(await auth.credential(loginAs("app")), first);
  assert.equal(reads, 2);

  keys = { ...KEYS, accessKeyId: "AKIAEXAMPLE000000002" };

  assert.match((await auth.credential(loginAs("app"))).reveal(), /AKIAEXAMPLE000000002/);
});

test("keys that expire are read once until they are due", async () => {
  const clock = new FakeClock();
  let reads = 0;
  const read = (): Promise<AwsIdentity> => {
    reads += 1;
    return Promise.resolve({ ...KEYS, expiration: new Date(clock.nowMs() + 6 * 3_600_000) });
  };
  const auth = iamAuth({ region: "eu-west-1", credentials: read, clock, random: () => 0.5 });

  for (let minute = 0; minute < 120; minute += 1) {
    await auth.credential(loginAs("app"));
    await clock.advance(60_000);
  }

  assert.equal(reads, 1);
});

test("a token dies with the keys that signed it, and a short life is reported", async () => {
  const clock = new FakeClock();
  const events: DbEvent[] = [];
  const read = (): Promise<AwsIdentity> =>
    Promise.resolve({ ...KEYS, expiration: new Date(clock.nowMs() + 120_000) });
  const auth = iamAuth({ region: "eu-west-1", credentials: read, clock, random: () => 0.5 });
  await auth.credential(loginAs("app", events));
  assert.deepEqual(
    events.map((event) => [event.type, "lifeMs" in event ? event.lifeMs : 0]),
    [
      ["credential.issued", 120_000],
      ["credential.short_lived", 120_000],
    ],
  );

  await clock.advance(90_000);
  await auth.credential(loginAs("app", events));

  assert.equal(events.filter(({ type }) => type === "credential.issued").length, 2);
});

test("keys that have expired sign nothing", async () => {
  const expired = { ...KEYS, expiration: new Date(Date.now() - 1_000) };
  const auth = iamAuth({ region: "eu-west-1", credentials: expired });

  await assert.rejects(auth.credential(loginAs("app")), {
    code: "DB_CREDENTIALS_UNAVAILABLE",
    message: /expired at/,
  });
});

test("without keys a valid token serves on; when it has ended the error says what to check", async () => {
  const clock = new FakeClock();
  const events: DbEvent[] = [];
  let isDown = false;
  const read = (): Promise<AwsIdentity> =>
    isDown ? Promise.reject(new Error("no instance profile")) : Promise.resolve(KEYS);
  const auth = iamAuth({ region: "eu-west-1", credentials: read, clock, random: () => 0.5 });
  const token = await auth.credential(loginAs("app", events));
  isDown = true;

  await clock.advance(890_000);
  assert.equal(await auth.credential(loginAs("app", events)), token);
  assert.ok(events.some((event) => event.type === "credential.refresh_failed" && event.keptOld));
  await clock.advance(10_000);

  await assert.rejects(auth.credential(loginAs("app", events)), {
    code: "DB_CREDENTIALS_UNAVAILABLE",
    retryable: true,
    message: /no instance profile/,
  });
});

test("while the source of the keys hangs a valid token serves on, a second later at most", async () => {
  const clock = new FakeClock();
  let hangs = false;
  const read = (): Promise<AwsIdentity> =>
    hangs ? new Promise(() => undefined) : Promise.resolve({ ...KEYS });
  const auth = iamAuth({ region: "eu-west-1", credentials: read, clock, random: () => 0.5 });
  const first = await auth.credential(loginAs("app"));
  hangs = true;

  for (const ageMs of [1_000, 800_000, 890_000]) {
    await clock.advance(ageMs - clock.elapsedMs());
    let got: unknown;
    const asked = auth.credential(loginAs("app")).then((credential) => {
      got = credential;
    });
    await clock.advance(2_000);
    await asked;
    assert.equal(got, first);
  }
});

test("a refused token is signed anew, once for all who were refused", async () => {
  const events: DbEvent[] = [];
  const clock = new FakeClock();
  const auth = iamAuth({ region: "eu-west-1", credentials: KEYS, clock });
  const token = await auth.credential(loginAs("app", events));

  await Promise.all(
    Array.from({ length: 50 }, () => {
      auth.invalidate(token, loginAs("app"));
      return auth.credential(loginAs("app", events));
    }),
  );

  assert.equal(events.filter(({ type }) => type === "credential.issued").length, 2);
});

test("a shared credentials file is read again at each login", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "sealed-credentials-"));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, "credentials");

  // In a program of its own: where the file is, the SDK reads from the environment.
  const { stdout } = await promisify(execFile)(process.execPath, [SIGN_TWICE, file], {
    env: { AWS_SHARED_CREDENTIALS_FILE: file, AWS_CONFIG_FILE: join(folder, "none"), AWS_PROFILE: "made-up" },
  });

  assert.deepEqual(JSON.parse(stdout), ["AKIAEXAMPLE000000001", "AKIAEXAMPLE000000002"]);
});

test("keys that cannot be renewed serve on, and the failure is reported", async () => {
  const clock = new FakeClock();
  const events: DbEvent[] = [];
  let isDown = false;
  const read = (): Promise<AwsIdentity> =>
    isDown
      ? Promise.reject(new Error("metadata service away"))
      : Promise.resolve({ ...KEYS, expiration: new Date(clock.nowMs() + 6 * 3_600_000) });
  const auth = iamAuth({ region: "eu-west-1", credentials: read, clock, random: () => 0.5 });
  await auth.credential(loginAs("app", events));
  isDown = true;

  await clock.advance(5 * 3_600_000);
  await auth.credential(loginAs("app", events));
  await clock.advance(0);

  const failed = events.filter((event) => event.type === "credential.refresh_failed");
  assert.deepEqual(
    failed.map(({ keptOld, message }) => [keptOld, message]),
    [[true, "metadata service away"]],
  );
});

test("a credential shows nothing of its secret however it is printed", async () => {
  const credential = await iamAuth({ region: "eu-west-1", credentials: KEYS }).credential(loginAs("app"));

  const shown = [
    inspect(credential, { showHidden: true, depth: 10 }),
    JSON.stringify({ credential }),
    String(credential),
    inspect(new Error("x", { cause: credential }), { depth: 10 }),
  ].join("\n");

  assert.doesNotMatch(shown, /X-Amz|Signature|Action=connect/);
  assert.ok(shown.includes(credential.fingerprint));
});

for (const region of ["", "eu-west", "eu-west-1; DROP", "EU-WEST-1"]) {
  test(`"${region}" is not a Region`, () => {
    assert.throws(() => iamAuth({ region }), { code: "DB_OPTIONS_INVALID" });
  });
}

test("a token cannot be said to live longer than RDS lets it", () => {
  assert.throws(() => iamAuth({ region: "eu-west-1", tokenLifeMs: 900_001 }), { code: "DB_OPTIONS_INVALID" });
});
