import assert from "node:assert/strict";
import test from "node:test";
import type { Machine } from "../../src/doctor/machine.ts";
import { sealed } from "../support/harness.ts";

/** Returns what doctor says of one thing on a machine that differs from a good one. */
async function finding(id: string, machine: Partial<Machine>) {
  const { exitCode, output } = await sealed("doctor --local --json", { machine });
  const { findings } = JSON.parse(output) as {
    findings: { id: string; verdict: string; found: string; meaning?: string; mend?: string[] }[];
  };
  const found = findings.find((each) => each.id === id);
  assert.ok(found, `no finding ${id}`);
  return { exitCode, ...found };
}

test("a good machine is all well, and what was not looked at is said", async () => {
  const { exitCode, output } = await sealed("doctor --local");

  assert.equal(exitCode, 0);
  assert.match(output, /^ok +Node +24\.21\.0$/m);
  assert.match(output, /^ok +port 8443 for npm start +free$/m);
  assert.match(output, /^not looked at: the AWS account \(--local\)$/m);
  assert.match(output, /^all well on this machine; the AWS account was not looked at\n$/m);
});

test("a Node that cannot run the programs is a problem, with the way out", async () => {
  const { exitCode, verdict, mend } = await finding("node", { nodeVersion: "22.19.0" });

  assert.equal(exitCode, 1);
  assert.equal(verdict, "problem");
  assert.deepEqual(mend, ["npm ci", "npx sealed doctor"]);
});

test("a machine's own Node that is too old for npm ci is a warning", async () => {
  const { exitCode, verdict, found } = await finding("own-node", { ownNodeVersion: async () => "18.20.4" });

  assert.deepEqual([exitCode, verdict, found], [0, "warning", "18.20.4"]);
});

test("a machine without a Node of its own is fine", async () => {
  const { verdict } = await finding("own-node", { ownNodeVersion: async () => undefined });

  assert.equal(verdict, "ok");
});

test("a machine without npm is a problem", async () => {
  const { exitCode, mend } = await finding("npm", { npmVersion: async () => undefined });

  assert.equal(exitCode, 1);
  assert.deepEqual(mend, ["sudo apt-get install npm"]);
});

test("another platform than Linux is a warning that names the devcontainer", async () => {
  const { exitCode, verdict, meaning } = await finding("platform", { platform: "darwin" });

  assert.deepEqual([exitCode, verdict], [0, "warning"]);
  assert.match(meaning ?? "", /devcontainer/);
});

test("a taken port is a warning with who holds it, and the option for another one", async () => {
  const port = async () => ({ isFree: false, holder: "pid 123 (node)" });

  const { verdict, found, mend } = await finding("port", { port });

  assert.deepEqual([verdict, found], ["warning", "taken by pid 123 (node)"]);
  assert.deepEqual(mend, ["npm start -- --port 9443"]);
});

test("a port that npm start of this clone holds is no finding against it", async () => {
  const { verdict, found } = await finding("port", {
    port: async () => ({ isFree: false, holder: "pid 123 (haproxy)" }),
    runningPath: async () => "https://localhost:8443",
  });

  assert.deepEqual([verdict, found], ["ok", "npm start has https://localhost:8443 up"]);
});

test("a machine on which the servers cannot be unpacked is a warning, in the words of npm start", async () => {
  const serverSupport = () =>
    Promise.reject(
      Object.assign(new Error("this machine has no dpkg"), {
        name: "ServersError",
        code: "SERVERS_UNSUPPORTED_SYSTEM",
      }),
    );

  const { exitCode, verdict, found } = await finding("servers", { serverSupport });

  assert.deepEqual([exitCode, verdict, found], [0, "warning", "this machine has no dpkg"]);
});

test("tools that answer with an error leave the question open", async () => {
  const serverSupport = () =>
    Promise.reject(
      Object.assign(new Error("apt-get ended with 100"), {
        name: "ServersError",
        code: "SERVERS_COMMAND_FAILED",
      }),
    );

  const { exitCode, verdict } = await finding("servers", { serverSupport });

  assert.deepEqual([exitCode, verdict], [3, "unchecked"]);
});

test("a machine without a compiler is fine, and told what stands in", async () => {
  const { verdict, found } = await finding("servers", {
    serverSupport: async () => ({ suite: "noble", hasCompiler: false }),
  });

  assert.equal(verdict, "ok");
  assert.match(found, /no cc: tcc is unpacked/);
});

test("too little disk is a warning, and less is needed once the servers are unpacked", async () => {
  const freeDiskBytes = async () => 400 * 1024 ** 2;

  const first = await finding("disk", { freeDiskBytes });
  const later = await finding("disk", { freeDiskBytes, hasUnpackedServers: async () => true });

  assert.deepEqual([first.verdict, first.found], ["warning", "400 MiB free"]);
  assert.equal(later.verdict, "ok");
});

test("a fault of a check itself is not taken for a finding", async () => {
  const { exitCode, errors } = await sealed("doctor --local", {
    machine: { freeDiskBytes: () => Promise.reject(new TypeError("a bug")) },
  });

  assert.equal(exitCode, 1);
  assert.match(errors, /TypeError: a bug/);
});

test("--aws and --local contradict each other", async () => {
  const { exitCode, errors } = await sealed("doctor --aws --local");

  assert.equal(exitCode, 2);
  assert.match(errors, /'--aws' cannot be used with option '--local'/);
});
