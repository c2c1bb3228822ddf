/**
 * Preloaded into a test process and its children: loads one module without one of its guards, which the query
 * of this module's own address names.
 *
 * The text is changed while it is loaded, so that no file on disk is ever without its guard.
 */
import { registerHooks } from "node:module";
import { withoutGuard } from "./guard.ts";
import { guards } from "./guards.ts";

const name = decodeURIComponent(new URL(import.meta.url).search.slice(1));
const guard = guards.find((candidate) => candidate.name === name);
if (guard === undefined) throw new Error(`there is no guard "${name}"`);
const url = new URL(`../../${guard.file}`, import.meta.url).href;

registerHooks({
  load(asked, context, nextLoad) {
    const loaded = nextLoad(asked, context);
    if (asked !== url) return loaded;
    return { ...loaded, source: withoutGuard(String(loaded.source), guard) };
  },
});
