import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Program } from "../process/index.ts";
import type { BalancerFeatures } from "./settings.ts";

const run = promisify(execFile);

/** Returns what an HAProxy can do, from what it says about itself. */
export async function balancerFeatures(haproxy: Program): Promise<BalancerFeatures> {
  const { stdout } = await run(haproxy.command, [...haproxy.args, "-vv"]);
  return featuresFrom(stdout);
}

/** Returns what an HAProxy can do, given the output of `haproxy -vv`. */
export function featuresFrom(versionText: string): BalancerFeatures {
  const haproxy = version(/HAProxy version (\d+)\.(\d+)/.exec(versionText));
  const openssl = version(/Running on SSL library version : OpenSSL (\d+)\.(\d+)/.exec(versionText));
  return { postQuantum: openssl >= 3_005, serverCurves: haproxy >= 3_000, initState: haproxy >= 3_001 };
}

// 3.5 becomes 3005, so that versions compare as numbers.
function version(match: RegExpExecArray | null): number {
  return match === null ? 0 : Number(match[1]) * 1_000 + Number(match[2]);
}
