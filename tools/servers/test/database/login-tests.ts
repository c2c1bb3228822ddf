import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { rename } from "node:fs/promises";
import { after, before, test } from "node:test";
import { Signer } from "@aws-sdk/rds-signer";
import { privateCa } from "../../src/ca/index.ts";
import { type AwsCredentials, type DatabaseServer, startDatabase } from "../../src/database/index.ts";
import { defaultDirectory } from "../../src/directory.ts";
import { ensurePrograms, type ServerKind } from "../../src/packages/index.ts";
import { badTokens } from "./bad-tokens.ts";
import { logIn, refusedLogin } from "./login.ts";
import { signToken } from "./token.ts";

const USER = "app";
const LONG_SESSION_TOKEN_BYTES = 2_700;

/** Defines the tests of the server plugin on one of the servers. */
export function defineLoginTests(kind: ServerKind): void {
  let database: DatabaseServer;
  let temporary: AwsCredentials & { sessionToken: string };

  const endpoint = () => `${database.host}:${database.port}`;
  const signedBySdk = (credentials: AwsCredentials) =>
    new Signer({
      hostname: database.host,
      port: database.port,
      username: USER,
      region: database.region,
      credentials,
    }).getAuthToken();
  const entry = (credentials: AwsCredentials, users = [USER]) => ({
    ...credentials,
    region: database.region,
    endpoint: endpoint(),
    users,
  });
  const writeDefaultKeyring = () =>
    database.writeKeyring([entry(database.credentials), entry(temporary, ["migrator", USER])]);

  before(async () => {
    const dir = defaultDirectory;
    const programs = await ensurePrograms({ dir, server: kind });
    database = await startDatabase({ dir, programs, ca: await privateCa({ dir }) });
    temporary = {
      accessKeyId: "ASIASANDBOXTEMPORARY",
      secretAccessKey: randomBytes(30).toString("base64"),
      sessionToken: randomBytes(LONG_SESSION_TOKEN_BYTES).toString("base64"),
    };
    await database.adminQuery(
      "CREATE USER 'app'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL",
    );
    await writeDefaultKeyring();
  });

  after(() => database?.close());

  test(`${kind} lets in a token of the AWS SDK, over TLS 1.3, as the user it was made for`, async () => {
    const connection = await logIn(database, { user: USER, token: await signedBySdk(database.credentials) });

    const [[who]] = (await connection.query("SELECT CURRENT_USER() AS name")) as unknown as [
      [{ name: string }],
    ];
    const [[tls]] = (await connection.query("SHOW SESSION STATUS LIKE 'Ssl_version'")) as unknown as [
      [{ Value: string }],
    ];
    await connection.end();
    assert.equal(who.name, "app@%");
    assert.equal(tls.Value, "TLSv1.3");
  });

  test(`${kind} lets in a token with a session token of 3,600 characters`, async () => {
    const token = await signedBySdk(temporary);

    const connection = await logIn(database, { user: USER, token });

    await connection.end();
    assert.ok(token.length > 3_600);
  });

  test(`${kind} lets in a token in its last seconds`, async () => {
    const signedAt = new Date(Date.now() - 14 * 60_000);
    const token = signToken({
      endpoint: endpoint(),
      user: USER,
      credentials: database.credentials,
      signedAt,
    });

    const connection = await logIn(database, { user: USER, token });

    await connection.end();
  });

  test(`${kind} refuses every kind of bad token, and its log says why`, async (t) => {
    const target = { endpoint: endpoint(), user: USER, permanent: database.credentials, temporary };
    for (const { name, token, sentence } of badTokens(target)) {
      await t.test(`refuses ${name}`, async () => {
        const { code, logged } = await refusedLogin(database, { user: USER, token });

        assert.equal(code, "ER_ACCESS_DENIED_ERROR");
        assert.match(logged, /^AWSAuthenticationPlugin: refused 'app' from '(127\.0\.0\.1|::1)': [^\n]+$/);
        assert.ok(logged.includes(sentence), `the log says: ${logged}`);
      });
    }
  });

  test(`${kind} refuses a key that may log in as other users only`, async () => {
    const token = await signedBySdk(database.credentials);
    await database.writeKeyring([entry(database.credentials, ["App", "application", "migrator"])]);

    const { logged } = await refusedLogin(database, { user: USER, token });

    await writeDefaultKeyring();
    assert.match(logged, /may not connect as this database user/);
  });

  test(`${kind} takes a changed allow-list at the next login and keeps open connections`, async () => {
    const token = await signedBySdk(database.credentials);
    const open = await logIn(database, { user: USER, token });
    await database.writeKeyring([]);

    const { logged } = await refusedLogin(database, { user: USER, token });
    await open.query("SELECT 1");
    await writeDefaultKeyring();
    const again = await logIn(database, { user: USER, token });

    await Promise.all([open.end(), again.end()]);
    assert.match(logged, /access key is not in the allow-list/);
  });

  test(`${kind} lets nobody in while its allow-list is not there`, async () => {
    const token = await signedBySdk(database.credentials);
    await rename(database.keyringFile, `${database.keyringFile}.away`);

    const { logged } = await refusedLogin(database, { user: USER, token });

    await rename(`${database.keyringFile}.away`, database.keyringFile);
    assert.match(logged, /allow-list cannot be read/);
  });

  test(`${kind} cannot be made to log a line that a client wrote`, async () => {
    const user = "a\nAWSAuthenticationPlugin: ok";
    await database.adminQuery("CREATE USER ?@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'", [user]);

    const { logged } = await refusedLogin(database, { user, token: "x" });

    assert.match(logged, /^AWSAuthenticationPlugin: refused 'a\?AWSAuthenticationPlugin: ok' from/);
  });

  test(`${kind} writes no token and no key into its log`, () => {
    const log = database.log();

    assert.match(log, /AWSAuthenticationPlugin: refused/);
    for (const secret of [database.credentials.secretAccessKey, temporary.sessionToken, "X-Amz-"]) {
      assert.ok(!log.includes(secret), "a part of a token or a key is in the log");
    }
  });

  test(`${kind} refuses an unencrypted connection`, async () => {
    const token = await signedBySdk(database.credentials);

    const attempt = logIn(database, { user: USER, token, encrypted: false });

    await assert.rejects(attempt, { code: "ER_ACCESS_DENIED_ERROR" });
  });

  test(`${kind} refuses an unencrypted connection even where only the account asks for TLS`, async () => {
    await database.restart({ requireSecureTransport: false });
    const token = await signedBySdk(database.credentials);

    const attempt = logIn(database, { user: USER, token, encrypted: false });

    await assert.rejects(attempt, { code: "ER_ACCESS_DENIED_ERROR" });
    const connection = await logIn(database, { user: USER, token });
    await connection.end();
  });

  if (kind === "mysql") {
    test("mysql refuses an unencrypted connection before it asks for the token", async () => {
      let wasAsked = false;

      const { logged } = await refusedLogin(database, {
        user: USER,
        token: await signedBySdk(database.credentials),
        encrypted: false,
        onAsked: () => {
          wasAsked = true;
        },
      });

      assert.match(logged, /the connection is not encrypted/);
      assert.equal(wasAsked, false);
    });

    test("mysql makes no account with another mark than RDS", async () => {
      const statement = "CREATE USER 'other'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'nope'";

      await assert.rejects(database.adminQuery(statement));
    });
  } else {
    // MariaDB does not ask the plugin when an account is made; so the plugin looks at the login.
    test("mariadb lets no account in that has another mark than RDS", async () => {
      await database.adminQuery("CREATE USER 'other'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'nope'");
      await database.writeKeyring([entry(database.credentials, ["other"])]);
      const token = signToken({ endpoint: endpoint(), user: "other", credentials: database.credentials });

      const { logged } = await refusedLogin(database, { user: "other", token });

      assert.match(logged, /not created with AS 'RDS'/);
    });
  }
}
