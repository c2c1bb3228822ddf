import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import type { LookupFunction } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { inspect } from "node:util";
import { defaultDirectory, type PrivateCa, privateCa } from "@sealed/servers";
import {
  type Auth,
  createDatabase,
  type Database,
  DbError,
  type DbEvent,
  iamAuth,
  passwordAuth,
  privateTrust,
} from "../src/index.ts";
import { type ImpostorCertificate, startImpostor } from "./impostor.ts";

const KEYS = { accessKeyId: "AKIAEXAMPLE000000001", secretAccessKey: "made-up-for-this-test" };
const DAY_MS = 86_400_000;
let ca: PrivateCa;
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sealed-other-ca-"));
  ca = await privateCa({ dir: defaultDirectory });
});
after(() => rm(folder, { recursive: true }));

function open(
  port: number,
  changes: { auth?: Auth; events?: DbEvent[]; host?: string; lookup?: LookupFunction } = {},
): Database {
  return createDatabase({
    endpoint: { host: changes.host ?? "localhost", port },
    database: "notes",
    user: "app",
    auth: changes.auth ?? iamAuth({ region: "eu-west-1", credentials: KEYS }),
    trust: privateTrust({ pem: ca.certificatePem }),
    limits: { connectMs: 2_000 },
    ...(changes.lookup === undefined ? {} : { lookup: changes.lookup }),
    on: (event) => changes.events?.push(event),
  });
}

async function refusalOf(database: Database): Promise<DbError> {
  const error = await database.ready().catch((caught: unknown) => caught);
  assert.ok(error instanceof DbError, inspect(error));
  return error;
}

test("a server with a trusted certificate of its name is given the token", async () => {
  await using impostor = await startImpostor(await ca.issue());
  await using database = open(impostor.port);

  assert.equal((await refusalOf(database)).code, "DB_ACCESS_DENIED");
  assert.match(impostor.received(), /Action=connect&DBUser=app/);
});

const CERTIFICATES: Record<string, { cause: RegExp; issue: () => Promise<ImpostorCertificate> }> = {
  "of another CA": {
    cause: /UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT_LOCALLY/,
    issue: async () => await (await privateCa({ dir: folder, name: "another CA" })).issue(),
  },
  "of another host": {
    cause: /ERR_TLS_CERT_ALTNAME_INVALID/,
    issue: () => ca.issue({ hosts: ["db.example.test"] }),
  },
  "that has expired": {
    cause: /CERT_HAS_EXPIRED/,
    issue: () =>
      ca.issue({ notBefore: new Date(Date.now() - 2 * DAY_MS), notAfter: new Date(Date.now() - DAY_MS) }),
  },
  "that is not valid yet": {
    cause: /CERT_NOT_YET_VALID/,
    issue: () =>
      ca.issue({ notBefore: new Date(Date.now() + DAY_MS), notAfter: new Date(Date.now() + 2 * DAY_MS) }),
  },
  "it has signed itself": {
    cause: /DEPTH_ZERO_SELF_SIGNED_CERT/,
    issue: () => ca.issue({ selfSigned: true }),
  },
};

for (const [what, { cause, issue }] of Object.entries(CERTIFICATES)) {
  test(`a server with a certificate ${what} gets neither user nor token, and is named`, async () => {
    await using impostor = await startImpostor(await issue());
    await using database = open(impostor.port);

    const error = await refusalOf(database);

    assert.equal(error.code, "DB_UNTRUSTED_CERTIFICATE");
    assert.match(error.message, cause);
    assert.match(error.message, /issued by ".*", SHA-256 [0-9a-f]{64}/);
    assert.doesNotMatch(impostor.received(), /app|X-Amz|connect/);
  });
}

test("a server without TLS gets neither user nor token", async () => {
  await using impostor = await startImpostor(undefined);
  await using database = open(impostor.port);

  assert.equal((await refusalOf(database)).code, "DB_TLS_UNAVAILABLE");
  assert.doesNotMatch(impostor.received(), /app|X-Amz|connect/);
});

test("a password is never sent in clear text to a server that asks for it so", async () => {
  await using impostor = await startImpostor(await ca.issue());
  await using database = open(impostor.port, { auth: passwordAuth({ password: "hunter2-hunter2" }) });

  assert.equal((await refusalOf(database)).code, "DB_ACCESS_DENIED");
  assert.ok(impostor.connections > 0);
  assert.doesNotMatch(impostor.received(), /hunter2/);
});

test("an address instead of a name is refused before anything is connected", async () => {
  await using impostor = await startImpostor(await ca.issue());

  for (const host of ["127.0.0.1", "::1", "", "db_1.example.test;"]) {
    assert.throws(() => void open(impostor.port, { host }).close(), { code: "DB_OPTIONS_INVALID" });
  }

  assert.equal(impostor.connections, 0);
});

test("a refused login shows neither token nor key in errors, events and the pool itself", async () => {
  await using impostor = await startImpostor(await ca.issue());
  const events: DbEvent[] = [];
  await using database = open(impostor.port, { events });

  const error = await refusalOf(database);

  const shown = inspect([error, events, database, database.stats()], { depth: 20, showHidden: true });
  assert.match(error.message, /rds-db:connect.*DbiResourceId.*AWSAuthenticationPlugin.*clock/);
  assert.ok(events.some(({ type }) => type === "credential.issued"));
  assert.doesNotMatch(shown, /X-Amz|Signature|made-up-for-this-test/);
});

test("a server is not offered local files, nor several statements in one", async () => {
  await using impostor = await startImpostor(await ca.issue());
  await using database = open(impostor.port);
  await refusalOf(database);

  const flags = Buffer.from(impostor.received().slice(4, 8), "latin1").readUInt32LE();

  const [localFiles, ssl, multiStatements] = [0x80, 0x800, 0x1_0000];
  assert.equal(flags & (localFiles | multiStatements), 0);
  assert.equal(flags & ssl, ssl);
});

test("the endpoint's name is resolved by the resolver that was given", async () => {
  await using impostor = await startImpostor(await ca.issue({ hosts: ["db.example.test"] }));
  const address = [
    { address: "127.0.0.1", family: 4 },
    { address: "::1", family: 6 },
  ];
  await using database = open(impostor.port, {
    host: "db.example.test",
    lookup: (_host, { all }, done) => (all === true ? done(null, address) : done(null, "127.0.0.1", 4)),
  });

  assert.equal((await refusalOf(database)).code, "DB_ACCESS_DENIED");
  assert.match(impostor.received(), /db\.example\.test:\d+\/\?Action=connect/);
});

test("TLS options that were weakened are refused", () => {
  for (const change of [{ rejectUnauthorized: false }, { verifyIdentity: false }, { ca: [] }]) {
    const trust = privateTrust({ pem: ca.certificatePem });
    Object.assign(trust.tls, change);
    const options = { endpoint: { host: "localhost" }, database: "notes", user: "app", trust };

    const create = (): void =>
      void createDatabase({ ...options, auth: passwordAuth({ password: "x" }) }).close();
    assert.throws(create, { code: "DB_OPTIONS_INVALID" });
  }
});
