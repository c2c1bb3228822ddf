#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { join } from "node:path";

// Before anything else is loaded: half of the time until an answer is stripping types and compiling. In the
// repository's own folder, where nobody else can leave something to be run.
enableCompileCache(join(import.meta.dirname, "../../../node_modules/.cache/sealed"));
const { runProcess } = await import("../src/run-process.ts");

// biome-ignore lint/style/noProcessEnv: conventions of terminals and of AWS's tools, which the programs started here read too.
process.exitCode = await runProcess(process.env);
