import type { RowGroup } from "../bench.ts";
import { bundle } from "./bundle.ts";
import { commandLine } from "./command-line.ts";
import { connect } from "./connect.ts";
import { handshakes } from "./handshakes.ts";
import { haproxy } from "./haproxy.ts";
import { memory } from "./memory.ts";
import { nginx } from "./nginx.ts";
import { query } from "./query.ts";
import { scan } from "./scan.ts";
import { tokens } from "./tokens.ts";
import { web } from "./web.ts";

/** Every group, in the order of the table. */
export const rowGroups: readonly RowGroup[] = [
  query,
  tokens,
  connect,
  web,
  nginx,
  haproxy,
  handshakes,
  memory,
  bundle,
  commandLine,
  scan,
];
