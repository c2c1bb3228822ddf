import { lookup } from "node:dns";
import type { Auth } from "../auth/credential.ts";
import { systemClock } from "../clock.ts";
import type { Endpoint } from "../database-options.ts";
import { checkDatabaseOptions, DEFAULT_MYSQL_PORT } from "../database-options.ts";
import { DbError } from "../errors.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import type { Dial } from "../session/dial.ts";
import { dialer } from "../session/dial.ts";
import type { RawResult, Session } from "../session/session.ts";
import type { SqlValue } from "../sql.ts";
import type { TrustAnchors } from "../trust/anchors.ts";
import type { AdminSink } from "./events.ts";

/** Where and as whom to administer. */
export interface AdminLogin {
  endpoint: Endpoint;
  trust: TrustAnchors;
  auth: Auth;
  /** Absent: the user that the credential names, as one from Secrets Manager does. */
  user?: string;
  on?: AdminSink;
}

/** Time for a login, which may be the first one to a database that has just been made. */
const CONNECT_MS = 10_000;
const QUIT_MS = 1_000;

/** One statement after the other on a session of its own. */
export interface AdminSession {
  /** Runs text through the text protocol; `values` are escaped into it. */
  run<R = Record<string, unknown>>(
    text: string,
    values?: readonly SqlValue[],
    options?: RunOptions,
  ): Promise<R[]>;
}

/** How one statement of an administrator runs. */
interface RunOptions {
  deadlineMs?: number;
  /** True when the statement holds a password, which the server's error text might quote. */
  hideDetail?: boolean;
}

/** Logs in over verified TLS, runs `work` and logs out, whatever comes. */
export async function withAdminSession<T>(
  login: AdminLogin,
  database: string | undefined,
  work: (session: AdminSession) => Promise<T>,
): Promise<T> {
  const { endpoint, trust, auth, user = "", on = () => undefined } = login;
  checkDatabaseOptions({ endpoint, trust, user: user === "" ? "named-by-the-credential" : user });
  const { host, port = DEFAULT_MYSQL_PORT } = endpoint;
  const limits = { ...DEFAULT_LIMITS, connectMs: CONNECT_MS };
  const dial = dialer({
    host,
    port,
    user,
    database,
    auth,
    trust,
    limits,
    lookup,
    clock: systemClock,
    emit: on,
  });
  const session = await dialWithin(dial, 2 * CONNECT_MS);
  try {
    return await work({ run: (text, values, options) => run(session, text, values, options) });
  } finally {
    await session.quit(QUIT_MS);
  }
}

async function dialWithin(dial: Dial, deadlineMs: number): Promise<Session> {
  const controller = new AbortController();
  const timer = systemClock.after(deadlineMs, () =>
    controller.abort(new DbError("DB_UNREACHABLE", `the login did not end within ${deadlineMs} ms`)),
  );
  try {
    return await dial(controller.signal);
  } finally {
    timer.cancel();
  }
}

async function run<R>(
  session: Session,
  text: string,
  values: readonly SqlValue[] = [],
  { deadlineMs = DEFAULT_LIMITS.statementMs, hideDetail = false }: RunOptions = {},
): Promise<R[]> {
  const result: RawResult = await session.command(text, values, {
    deadlineMs,
    hideDetail,
    repeatable: false,
  });
  return Array.isArray(result) ? (result as R[]) : [];
}
