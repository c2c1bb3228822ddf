import type { RowGroup } from "../bench.ts";
import { connect } from "./connect.ts";
import { handshakes } from "./handshakes.ts";
import { query } from "./query.ts";
import { tokens } from "./tokens.ts";
import { web } from "./web.ts";

/** Every group, in the order of the table. */
export const rowGroups: readonly RowGroup[] = [query, tokens, connect, web, handshakes];
