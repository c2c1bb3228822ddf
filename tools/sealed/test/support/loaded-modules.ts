/** Preloaded into a process: says at its end which packages it has loaded. */
import { writeFileSync } from "node:fs";
import { registerHooks } from "node:module";

const packages = new Set<string>();
registerHooks({
  load(url, context, nextLoad) {
    const name = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
    if (name !== undefined) packages.add(name);
    return nextLoad(url, context);
  },
});
process.on("exit", () =>
  writeFileSync(process.env.LOADED_MODULES_FILE ?? "", [...packages].sort().join("\n")),
);
