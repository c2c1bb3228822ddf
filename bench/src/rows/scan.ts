import { type Finding, findSslscan, rsaKeyPair, runSslscan } from "../../../tools/scan/src/index.ts";
import type { Program } from "../../../tools/servers/src/index.ts";
import type { Bench, RowGroup } from "../bench.ts";
import { programVersion } from "../machine.ts";
import { HOST } from "../parts/note.ts";
import { serverKeyPair, startServer } from "./http.ts";

const WHAT =
  "findings of sslscan: below TLS 1.2, CBC, static RSA; with an ECDSA and an RSA certificate (count)";

/** What a scanner says of the server, once with each kind of certificate: RSA makes more suites usable. */
export const scan: RowGroup = {
  ids: ["sslscan"],
  async measure(bench) {
    const scanner = await findScanner(bench);
    await using stack = new AsyncDisposableStack();
    const findings: Finding[] = [];
    for (const tls of [await serverKeyPair(bench), await rsaKeyPair(HOST)]) {
      const { port } = await startServer(bench, stack, { stack: "app", tls });
      findings.push(...(await runSslscan(scanner, { host: HOST, port })));
    }
    for (const finding of findings) bench.progress(`  ${finding}`);
    return [{ id: "sslscan", what: WHAT, goal: { atMost: 0 }, samples: [findings.length] }];
  },
};

async function findScanner({ sandboxDir, progress, versions }: Bench): Promise<Program> {
  const program = await findSslscan(sandboxDir, progress);
  versions.sslscan = programVersion(program.command, [...program.args, "--version"]);
  return program;
}
