import { defaultDirectory } from "@sealed/servers";
import { runCli } from "../src/cli.ts";
import { sandboxPaths } from "../src/paths.ts";
import { stopSignals } from "../src/stop-signals.ts";

// The program for the tests: like src/main.ts, with a directory of its own and the packages of the clone.
const [directory = "", ...args] = process.argv.slice(2);

process.exitCode = await runCli(args, {
  paths: sandboxPaths(directory),
  packagesDir: defaultDirectory,
  workingDirectory: process.cwd(),
  terminal: { output: process.stdout, isInteractive: false, hasColor: false },
  errors: process.stderr,
  entry: [import.meta.filename, directory],
  signal: stopSignals(),
});
