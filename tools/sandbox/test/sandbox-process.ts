import { defaultDirectory } from "@sealed/servers";
import { runCli } from "../src/cli.ts";
import { sandboxPaths } from "../src/paths.ts";
import { stopSignals } from "../src/stop-signals.ts";

// The program for the tests: like src/main.ts, with a directory of its own and the packages of the clone.
// Arguments: the directory, "own" or "with-parent" (how long it lives), and what a person would type.
const [directory = "", lifetime = "own", ...args] = process.argv.slice(2);

process.exitCode = await runCli(args, {
  paths: sandboxPaths(directory),
  packagesDir: defaultDirectory,
  workingDirectory: process.cwd(),
  terminal: { output: process.stdout, isInteractive: false, hasColor: false },
  errors: process.stderr,
  entry: [import.meta.filename, directory, "own"],
  detachedEnvironment: { PATH: "/usr/local/bin:/usr/bin:/bin" },
  signal: stopSignals({ withParent: lifetime === "with-parent" }),
});
