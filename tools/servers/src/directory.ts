import { join } from "node:path";

/** The directory in which a clone keeps its local servers: `.sandbox` at the root of the repository. */
export const defaultDirectory: string = join(import.meta.dirname, "..", "..", "..", ".sandbox");
