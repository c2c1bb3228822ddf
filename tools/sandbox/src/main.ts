import { terminalOf } from "@sealed/console/terminal";
import { defaultDirectory } from "@sealed/servers";
import { runCli } from "./cli.ts";
import { sandboxPaths } from "./paths.ts";
import { stopSignals } from "./stop-signals.ts";

// biome-ignore lint/style/noProcessEnv: conventions of terminals and npm, no settings of ours: https://no-color.org
const { NO_COLOR, TERM, CI, npm_lifecycle_event: npmScript, ...others } = process.env;

process.exitCode = await runCli(process.argv.slice(2), {
  paths: sandboxPaths(defaultDirectory),
  packagesDir: defaultDirectory,
  workingDirectory: process.cwd(),
  terminal: terminalOf(process.stdout, { NO_COLOR, TERM, CI }),
  errors: process.stderr,
  entry: [import.meta.filename],
  // Without npm's mark, so that a detached supervisor does not end with its starter.
  detachedEnvironment: others,
  signal: stopSignals({ withParent: npmScript !== undefined }),
});
