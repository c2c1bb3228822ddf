import { setTimeout as delay } from "node:timers/promises";
import { spawnGuarded } from "../../src/process/index.ts";

const NOBODY = { uid: 65_534, gid: 65_534 };

// A parent for the tests: starts one guarded child, tells its pid once the program runs, and waits to be killed.
const child = spawnGuarded({ command: "sleep", args: [] }, ["300"], {
  name: "sleeper",
  ...(process.argv[2] === "nobody" ? { identity: NOBODY } : {}),
});
await delay(200);
process.stdout.write(`${child.pid}\n`);
setInterval(() => undefined, 60_000);
