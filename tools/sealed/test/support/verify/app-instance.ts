import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "@sealed/servers";
import { REPOSITORY } from "../../../src/repository.ts";

/** One more instance of the app. */
export interface Instance extends AsyncDisposable {
  url: string;
}

/** Starts the app as another of its instances runs, but for some settings, and returns once it listens. */
export async function startInstanceLike(pid: number, changes: Record<string, string>): Promise<Instance> {
  const port = await freePort();
  const child = spawn(process.execPath, [join(REPOSITORY, "apps/web/src/main.ts")], {
    env: { ...environmentOf(pid), HTTPS_PORT: String(port), ...changes },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let log = "";
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      log += text;
      if (log.includes('"msg":"listening"')) resolve();
    });
    child.once("close", () => reject(new Error(`ended before it listened:\n${log}`)));
  });
  return {
    url: `https://localhost:${port}`,
    async [Symbol.asyncDispose]() {
      const closed = once(child, "close");
      child.kill("SIGKILL");
      await closed;
    },
  };
}

function environmentOf(pid: number): Record<string, string> {
  const entries = readFileSync(`/proc/${pid}/environ`, "utf8")
    .split("\0")
    .filter((entry) => entry !== "");
  return Object.fromEntries(
    entries.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );
}
