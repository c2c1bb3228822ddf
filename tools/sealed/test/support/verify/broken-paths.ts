import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { type PrivateCa, privateCa } from "@sealed/servers";
import { type Front, type FrontOptions, startFront } from "./front.ts";
import { type RunningSandbox, startSandbox } from "./sandbox.ts";
import { type Verified, verify } from "./verified.ts";

/** A real path with two instances, of which tests make broken copies. */
export interface BrokenPaths {
  /** Of the sandbox, and gone after the tests. */
  directory: string;
  sandbox: RunningSandbox;
  ca: PrivateCa;
  /** Starts a front before both real instances: a path as it should be, but for what is changed. */
  startPath(changes?: Partial<FrontOptions>): Promise<Front>;
  /** Verifies a path by its address, and both instances behind it unless others are named. */
  verifyAt(url: string, options?: string, instances?: readonly string[]): Promise<Verified>;
}

/** Starts the sandbox before the tests of a file and ends it after them; what is returned is filled by then. */
export function brokenPaths(): BrokenPaths {
  const paths = {} as BrokenPaths;
  before(async () => {
    const directory = await mkdtemp(join(tmpdir(), "sealed-broken-"));
    const sandbox = await startSandbox(directory, "--instances", "2");
    const ca = await privateCa({ dir: directory });
    const certificate = await ca.issue();
    const { url: address, instances: real } = sandbox.state;
    const addresses = real.map((one) => one.url);
    Object.assign(paths, {
      directory,
      sandbox,
      ca,
      startPath: (changes: Partial<FrontOptions> = {}) =>
        startFront({ certificate, behind: addresses, host: new URL(address).host, ...changes }),
      verifyAt: (url: string, options = "", instances: readonly string[] = addresses) => {
        const behind = instances.map((instance) => `--instance ${instance}`).join(" ");
        return verify(`${url} --topology alb-reencrypt --ca ${ca.caFile} ${behind} ${options}`.trim());
      },
    } satisfies BrokenPaths);
  });
  after(async () => {
    await paths.sandbox[Symbol.asyncDispose]();
    await rm(paths.directory, { recursive: true, force: true });
  });
  return paths;
}

/** Asserts that exactly these checks are not as promised, and that the verdict says so. */
export function assertOpen({ exitCode, verdict, wrong }: Verified, expected: readonly string[]): void {
  assert.deepEqual(wrong, expected);
  assert.equal(verdict, "open");
  assert.equal(exitCode, 1);
}
