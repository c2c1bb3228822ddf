import { basename, join } from "node:path";
import { build, type Plugin } from "esbuild";
import type { BundleEntry } from "./entry.ts";

/** Dependencies in CommonJS call `require`, which an ES module does not have. */
const BANNER = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

/** Folder of the compiled app in the bundle. */
const FOLDER = "app";

/**
 * Returns the app with all of its dependencies as ES modules: `app/main.js`, and a file for each part that is
 * loaded only when it is needed, such as the AWS SDK.
 *
 * Not minified, so that a stack trace can be read without a source map, which would hold paths of the machine.
 *
 * @param root - The repository; the text does not depend on where it lies.
 */
export async function compileApp(root: string): Promise<BundleEntry[]> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [join(root, "apps/web/src/main.ts")],
    outdir: join(root, FOLDER),
    chunkNames: "[name]-[hash]",
    banner: { js: BANNER },
    bundle: true,
    // One byte a character: with any other character in it, V8 holds and scans a file at two bytes for each.
    charset: "ascii",
    define: { "process.env.NODE_ENV": '"production"' },
    format: "esm",
    logLevel: "error",
    // The SDK's ES modules: of those, esbuild leaves out what nobody calls.
    mainFields: ["module", "main"],
    platform: "node",
    plugins: [requiredHttp],
    sourcemap: false,
    splitting: true,
    target: "node24",
    write: false,
  });
  return outputFiles.map(({ path, contents }) => ({
    path: `${FOLDER}/${basename(path)}`,
    content: contents,
    isExecutable: false,
  }));
}

/**
 * Loads `node:http` by `require`: an import reads every name of it, and the one of WebSocket loads the client that
 * `fetch` is made of, which took an eighth of the time from start to listening.
 *
 * @see https://github.com/nodejs/node/blob/v24.x/lib/http.js `lazyUndici`
 */
const requiredHttp: Plugin = {
  name: "required-http",
  setup({ onLoad, onResolve }) {
    const namespace = "required-http";
    onResolve({ filter: /^node:http$/ }, ({ kind }) =>
      kind === "import-statement" ? { path: "node:http", namespace } : undefined,
    );
    onLoad({ filter: /.*/, namespace }, () => ({ contents: 'module.exports = require("node:http");' }));
  },
};
