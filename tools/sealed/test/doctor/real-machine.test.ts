import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { realMachine } from "../../src/doctor/real-machine.ts";
import { realSystem } from "../../src/system.ts";
import { sealedProcess } from "../support/process.ts";

const repository = mkdtempSync(join(tmpdir(), "sealed-machine-"));
after(() => rmSync(repository, { recursive: true }));

/** Listens on a port of its own until disposed of. */
async function listening(server: ReturnType<typeof createServer>) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

/** Answers as STS does, for an account that is not the configured one. */
function otherAccount(date?: Date) {
  return createHttpServer((_request, response) => {
    response.sendDate = false;
    if (date !== undefined) response.setHeader("date", date.toUTCString());
    response.setHeader("content-type", "text/xml");
    response.end(
      `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Account>999988887777</Account><Arn>arn:aws:iam::999988887777:user/a</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`,
    );
  });
}

test("a port that somebody listens on is taken, and who it is can be told", async () => {
  const machine = realMachine(repository, {});
  await using held = await listening(createServer());

  const taken = await machine.port(held.port);

  assert.equal(taken.isFree, false);
  assert.match(taken.holder ?? "", new RegExp(`^pid ${process.pid} `));
});

test("a port that nobody listens on is free, and stays free", async () => {
  const machine = realMachine(repository, {});
  const { port } = await listening(createServer()).then(async (held) => {
    await held[Symbol.asyncDispose]();
    return held;
  });

  assert.deepEqual(await machine.port(port), { isFree: true, holder: undefined });
  assert.deepEqual(await machine.port(port), { isFree: true, holder: undefined });
});

test("programs are those of the machine, not those that npm put before them", async () => {
  const folder = join(repository, "node_modules/.bin");
  const own = join(repository, "bin");
  for (const [path, version] of [
    [folder, "v99.0.0"],
    [own, "v20.1.2"],
  ] as const) {
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, "node"), `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
  }

  const machine = realMachine(repository, { PATH: `${folder}:${own}` });

  assert.equal(await machine.ownNodeVersion(), "20.1.2");
  assert.equal(await machine.npmVersion(), undefined);
});

test("a path is up while its supervisor lives, and a record that a crash left is none", async () => {
  const machine = realMachine(repository, {});
  const sandbox = join(repository, ".sandbox");
  mkdirSync(sandbox, { recursive: true });
  const record = (pid: number) =>
    writeFileSync(join(sandbox, "supervisor.json"), JSON.stringify({ pid, url: "https://localhost:8443" }));

  record(process.pid);
  const up = await machine.runningPath();
  record(2 ** 22 + 1);
  const gone = await machine.runningPath();

  assert.equal(up, "https://localhost:8443");
  assert.equal(gone, undefined);
});

test("servers that were unpacked before are found, and so is the free space", async () => {
  const machine = realMachine(repository, {});

  const before = await machine.hasUnpackedServers();
  mkdirSync(join(repository, ".sandbox/packages/mysql-2"), { recursive: true });
  const after_ = await machine.hasUnpackedServers();

  assert.deepEqual([before, after_], [false, true]);
  assert.ok((await machine.freeDiskBytes()) > 0);
});

test("the time of a service is that of its answer, whatever else it says", async () => {
  const date = new Date("2026-11-22T09:00:00Z");
  await using dated = await listening(otherAccount(date));
  await using undated = await listening(otherAccount());

  const closed = await listening(createServer());
  await closed[Symbol.asyncDispose]();
  const system = realSystem();

  assert.deepEqual(await system.serverDate(`http://127.0.0.1:${dated.port}/`), date);
  assert.equal(await system.serverDate(`http://127.0.0.1:${undated.port}/`), undefined);
  await assert.rejects(system.serverDate(`http://127.0.0.1:${closed.port}/`), { code: "ECONNREFUSED" });
});

test("the process as it is finds clock, end of the credentials and account by itself", async () => {
  await using sts = await listening(otherAccount(new Date(Date.now() - 3_600_000)));

  const { exitCode, output } = await sealedProcess(
    ["doctor", "--aws", "--json", "--endpoint-url", `http://127.0.0.1:${sts.port}`],
    {
      environment: {
        AWS_ACCESS_KEY_ID: "made-up",
        AWS_SECRET_ACCESS_KEY: "made-up",
        AWS_CREDENTIAL_EXPIRATION: new Date(Date.now() + 1_830_000).toISOString(),
      },
    },
  );

  const { findings } = JSON.parse(output) as { findings: { id: string; verdict: string; found: string }[] };
  const verdicts = Object.fromEntries(findings.map(({ id, verdict }) => [id, verdict]));
  assert.equal(exitCode, 1);
  assert.equal(verdicts.node, "ok");
  assert.equal(verdicts.clock, "problem");
  assert.equal(verdicts.credentials, "warning");
  assert.equal(verdicts.account, "problem");
  assert.match(
    findings.find(({ id }) => id === "credentials")?.found ?? "",
    /valid for (29|30) more minutes/,
  );
});

test("the process without credentials looks at the machine and says that it did not look further", async () => {
  const { exitCode, output } = await sealedProcess(["doctor", "--json"]);

  const { findings, notLookedAt } = JSON.parse(output) as {
    findings: { id: string }[];
    notLookedAt: { why: string }[];
  };
  assert.ok(exitCode === 0 || exitCode === 3);
  assert.ok(findings.some(({ id }) => id === "servers"));
  assert.deepEqual(
    notLookedAt.map(({ why }) => why),
    ["no credentials were found"],
  );
});
