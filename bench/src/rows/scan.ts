import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ensureProgram, type Program } from "../../../tools/servers/src/index.ts";
import type { Bench, RowGroup } from "../bench.ts";
import { programVersion } from "../machine.ts";
import { HOST } from "../parts/note.ts";
import { rsaKeyPair } from "../rsa-certificate.ts";
import { type Finding, findWeaknesses } from "../scan-report.ts";
import { serverKeyPair, startServer } from "./http.ts";

const WHAT =
  "findings of sslscan: below TLS 1.2, CBC, static RSA; with an ECDSA and an RSA certificate (count)";

/** What a scanner says of the server, once with each kind of certificate: RSA makes more suites usable. */
export const scan: RowGroup = {
  ids: ["sslscan"],
  async measure(bench) {
    const scanner = await findScanner(bench);
    if (scanner === undefined) {
      return [
        { id: "sslscan", what: "sslscan cannot be had on this machine", goal: { atMost: 0 }, samples: [] },
      ];
    }
    await using stack = new AsyncDisposableStack();
    const findings: Finding[] = [];
    for (const tls of [await serverKeyPair(bench), await rsaKeyPair(HOST)]) {
      const { port } = await startServer(bench, stack, { stack: "app", tls });
      findings.push(...(await scanPort(scanner, port)));
    }
    for (const finding of findings) bench.progress(`  ${finding}`);
    return [{ id: "sslscan", what: WHAT, goal: { atMost: 0 }, samples: [findings.length] }];
  },
};

async function findScanner({ sandboxDir: dir, progress, versions }: Bench): Promise<Program | undefined> {
  try {
    const { program } = await ensureProgram({
      dir,
      packageName: "sslscan",
      path: "usr/bin/sslscan",
      progress,
    });
    versions.sslscan = programVersion(program.command, [...program.args, "--version"]);
    return program;
  } catch (error) {
    progress(`  ${(error as Error).message}`);
    return undefined;
  }
}

async function scanPort({ command, args }: Program, port: number): Promise<Finding[]> {
  const scanArgs = [
    ...args,
    "--no-colour",
    "--no-heartbleed",
    "--xml=-",
    `--sni-name=${HOST}`,
    `127.0.0.1:${port}`,
  ];
  const { stdout } = await promisify(execFile)(command, scanArgs, { timeout: 60_000 });
  return findWeaknesses(stdout);
}
