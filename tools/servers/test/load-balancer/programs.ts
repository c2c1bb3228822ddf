import { defaultDirectory } from "../../src/directory.ts";
import { ensurePrograms, type Programs } from "../../src/packages/index.ts";

/** Returns the unpacked programs that the whole clone shares. */
export function sharedPrograms(): Promise<Programs> {
  return ensurePrograms({ dir: defaultDirectory });
}
