import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { rdsTrust } from "@sealed/db";
import { loadConfig } from "../src/config.ts";
import { ConfigError } from "../src/errors.ts";
import { type Setting, settings } from "../src/settings.ts";
import { settingsTable } from "../src/settings-table.ts";

const GOOD = {
  TOPOLOGY: "alb-reencrypt",
  PUBLIC_HOSTS: "notes.example",
  TRUSTED_PROXIES: "10.0.0.0/16",
  DB_HOST: "db.internal",
  DB_NAME: "notes",
  DB_USER: "app",
  AWS_REGION: "eu-west-1",
};

/** A file that exists wherever the tests run. */
const FILE = fileURLToPath(import.meta.url);

/** A file with roots in it. */
const directory = mkdtempSync(join(tmpdir(), "sealed-settings-"));
const ROOTS_FILE = join(directory, "roots.pem");
writeFileSync(ROOTS_FILE, rdsTrust("eu-west-1").tls.ca.join("\n"));
after(() => rmSync(directory, { recursive: true }));

function problemsOf(environment: Record<string, string | undefined>): readonly string[] {
  try {
    loadConfig(environment);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
  return [];
}

/** Returns the names that the problems begin with. */
const namesOf = (problems: readonly string[]) => problems.map((problem) => problem.split(" ")[0]);

describe("loadConfig", () => {
  test("takes the least settings and safe defaults for all others", () => {
    const config = loadConfig(GOOD);

    assert.deepEqual(
      { ...config, instance: "" },
      {
        topology: "alb-reencrypt",
        publicHosts: ["notes.example"],
        trustedProxies: ["10.0.0.0/16"],
        listenAddress: "0.0.0.0",
        port: 443,
        lbIdleTimeoutMs: 60_000,
        drainMs: 15_000,
        tls: { source: "self-signed" },
        database: {
          host: "db.internal",
          port: 3306,
          name: "notes",
          user: "app",
          auth: { kind: "iam" },
          caFile: undefined,
        },
        region: "eu-west-1",
        hopsPage: false,
        instance: "",
        logLevel: "info",
        metricsMs: 60_000,
        healthdDirectory: undefined,
      },
    );
    assert.notEqual(config.instance, "");
  });

  test("takes every setting", () => {
    const config = loadConfig({
      ...GOOD,
      PUBLIC_HOSTS: " Notes.Example , localhost:8443,[::1]:8443 ",
      TRUSTED_PROXIES: "10.0.0.0/16, fd00::/8",
      LISTEN_ADDRESS: "::",
      HTTPS_PORT: "0",
      LB_IDLE_TIMEOUT_SECONDS: "30",
      DRAIN_SECONDS: "0",
      TLS_SOURCE: "files",
      TLS_CERTIFICATE_FILE: FILE,
      TLS_KEY_FILE: FILE,
      DB_PORT: "3307",
      DB_AUTH: "secret",
      DB_SECRET_ID: "s",
      DB_CA_FILE: ROOTS_FILE,
      HOPS_PAGE: "on",
      INSTANCE_NAME: "i-1",
      LOG_LEVEL: "debug",
      HEALTHD_LOG_DIR: "/var/log/healthd",
    });

    assert.deepEqual(config.publicHosts, ["notes.example", "localhost:8443", "[::1]:8443"]);
    assert.deepEqual(config.trustedProxies, ["10.0.0.0/16", "fd00::/8"]);
    assert.deepEqual(
      [config.port, config.lbIdleTimeoutMs, config.drainMs, config.hopsPage],
      [0, 30_000, 0, true],
    );
    assert.deepEqual(config.tls, { source: "files", certificateFile: FILE, keyFile: FILE });
    assert.deepEqual(config.database.auth, { kind: "secret", secretId: "s" });
  });

  test("names every required setting at once when there is none", () => {
    const names = namesOf(problemsOf({}));

    const always = settings
      .filter((setting: Setting) => setting.requiredWhen === "always")
      .map(({ name }) => name);
    assert.deepEqual([...names].sort(), [...always].sort());
  });

  test("names what only the database package can judge together with all else", () => {
    const wrong = { ...GOOD, AWS_REGION: "mars-1", DB_CA_FILE: FILE, LOG_LEVEL: "loud" };

    assert.deepEqual(namesOf(problemsOf(wrong)).sort(), ["AWS_REGION", "DB_CA_FILE", "LOG_LEVEL"]);
  });

  test("takes an empty value for none", () => {
    assert.deepEqual(namesOf(problemsOf({ ...GOOD, DB_NAME: " ", HTTPS_PORT: "" })), ["DB_NAME"]);
  });

  for (const [change, name] of [
    [{ TOPOLOGY: "alb" }, "TOPOLOGY"],
    [{ PUBLIC_HOSTS: "https://notes.example" }, "PUBLIC_HOSTS"],
    [{ PUBLIC_HOSTS: "notes.example:70000" }, "PUBLIC_HOSTS"],
    [{ PUBLIC_HOSTS: "*.example" }, "PUBLIC_HOSTS"],
    [{ PUBLIC_HOSTS: "," }, "PUBLIC_HOSTS"],
    [{ TRUSTED_PROXIES: undefined }, "TRUSTED_PROXIES"],
    [{ TRUSTED_PROXIES: "," }, "TRUSTED_PROXIES"],
    [{ TRUSTED_PROXIES: "10.0.0.1" }, "TRUSTED_PROXIES"],
    [{ TRUSTED_PROXIES: "0.0.0.0/0" }, "TRUSTED_PROXIES"],
    [{ TRUSTED_PROXIES: "10.0.0.0/33" }, "TRUSTED_PROXIES"],
    [{ TRUSTED_PROXIES: "true" }, "TRUSTED_PROXIES"],
    [{ TRUSTED_PROXIES: "10/8" }, "TRUSTED_PROXIES"],
    [{ TOPOLOGY: "nlb-passthrough" }, "TRUSTED_PROXIES"],
    [{ TOPOLOGY: "single-instance" }, "TRUSTED_PROXIES"],
    [{ TOPOLOGY: "clb-backend-auth" }, "TLS_SOURCE"],
    [{ TOPOLOGY: "alb-terminate" }, "UNSEALED_PLAIN_HTTP"],
    [{ UNSEALED_PLAIN_HTTP: "true" }, "UNSEALED_PLAIN_HTTP"],
    [{ UNSEALED_PLAIN_HTTP: "1" }, "UNSEALED_PLAIN_HTTP"],
    [{ LISTEN_ADDRESS: "localhost" }, "LISTEN_ADDRESS"],
    [{ HTTPS_PORT: "65536" }, "HTTPS_PORT"],
    [{ HTTPS_PORT: "0x50" }, "HTTPS_PORT"],
    [{ HTTPS_PORT: "443.5" }, "HTTPS_PORT"],
    [{ DRAIN_SECONDS: "-1" }, "DRAIN_SECONDS"],
    [{ METRICS_SECONDS: "3601" }, "METRICS_SECONDS"],
    [{ LB_IDLE_TIMEOUT_SECONDS: "0" }, "LB_IDLE_TIMEOUT_SECONDS"],
    [{ TLS_SOURCE: "acm" }, "TLS_SOURCE"],
    [{ TLS_SOURCE: "secret" }, "TLS_SECRET_ID"],
    [{ TLS_SOURCE: "files", TLS_CERTIFICATE_FILE: FILE }, "TLS_KEY_FILE"],
    [{ TLS_SOURCE: "files", TLS_KEY_FILE: FILE }, "TLS_CERTIFICATE_FILE"],
    [{ TLS_SOURCE: "files", TLS_CERTIFICATE_FILE: FILE, TLS_KEY_FILE: "/nowhere" }, "TLS_KEY_FILE"],
    [{ TLS_CERTIFICATE_FILE: FILE }, "TLS_CERTIFICATE_FILE"],
    [{ TLS_SECRET_ID: "s" }, "TLS_SECRET_ID"],
    [{ DB_HOST: "10.1.2.3" }, "DB_HOST"],
    [{ DB_HOST: "[::1]" }, "DB_HOST"],
    [{ DB_HOST: "db internal" }, "DB_HOST"],
    [{ DB_HOST: "db.internal:3306" }, "DB_HOST"],
    [{ DB_USER: "a".repeat(33) }, "DB_USER"],
    [{ DB_PORT: "0" }, "DB_PORT"],
    [{ DB_AUTH: "password" }, "DB_AUTH"],
    [{ DB_AUTH: "secret" }, "DB_SECRET_ID"],
    [{ DB_SECRET_ID: "s" }, "DB_SECRET_ID"],
    [{ DB_CA_FILE: "/nowhere" }, "DB_CA_FILE"],
    [{ DB_CA_FILE: tmpdir() }, "DB_CA_FILE"],
    [{ DB_CA_FILE: FILE }, "DB_CA_FILE"],
    [{ AWS_REGION: "mars-1" }, "AWS_REGION"],
    [{ AWS_REGION: "xx-nowhere-1" }, "AWS_REGION"],
    [{ HOPS_PAGE: "yes" }, "HOPS_PAGE"],
    [{ LOG_LEVEL: "trace" }, "LOG_LEVEL"],
  ] as [Record<string, string | undefined>, string][]) {
    test(`blames ${name} for ${JSON.stringify(change).slice(0, 70)}, and nothing else`, () => {
      assert.deepEqual(namesOf(problemsOf({ ...GOOD, ...change })), [name]);
    });
  }

  test("allows the plain listener with the lesson topology only", () => {
    const lesson = { ...GOOD, TOPOLOGY: "alb-terminate", UNSEALED_PLAIN_HTTP: "true" };

    assert.deepEqual(loadConfig(lesson).tls, { source: "none" });
  });

  test("returns an object that nobody can change", () => {
    const config = loadConfig(GOOD);

    assert.throws(() => Object.assign(config.database, { host: "other" }), TypeError);
    assert.throws(() => (config.publicHosts as string[]).push("other"), TypeError);
  });
});

describe("the settings table", () => {
  test("stands in docs/reference/settings.md as it is", () => {
    const page = readFileSync(new URL("../../../docs/reference/settings.md", import.meta.url), "utf8");

    assert.ok(
      page.includes(settingsTable(settings)),
      "run: npm run settings, and put the table into the page",
    );
  });

  test("names each setting once, with a meaning, and is off by default where it weakens security", () => {
    assert.equal(new Set(settings.map(({ name }) => name)).size, settings.length);
    for (const setting of settings as readonly Setting[]) {
      assert.match(setting.meaning, /^[A-Z].*\.$/, setting.name);
      if (setting.weakens !== undefined) assert.match(setting.default ?? "", /^(off|false)$/, setting.name);
      if (setting.choices !== undefined && setting.default !== undefined)
        assert.ok(setting.choices.includes(setting.default));
    }
  });
});
