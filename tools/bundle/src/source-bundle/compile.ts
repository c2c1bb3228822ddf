import { join } from "node:path";
import { build } from "esbuild";

/** Dependencies in CommonJS call `require`, which an ES module does not have. */
const BANNER = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

/**
 * Returns the app with all of its dependencies as one ES module.
 *
 * Not minified, so that a stack trace can be read without a source map, which would hold paths of the machine.
 *
 * @param root - The repository; the text does not depend on where it lies.
 */
export async function compileApp(root: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [join(root, "apps/web/src/main.ts")],
    banner: { js: BANNER },
    bundle: true,
    charset: "utf8",
    define: { "process.env.NODE_ENV": '"production"' },
    format: "esm",
    logLevel: "error",
    platform: "node",
    sourcemap: false,
    target: "node24",
    write: false,
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error("esbuild returned no file");
  return file.contents;
}
