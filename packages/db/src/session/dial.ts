import type { LookupFunction } from "node:net";
import { connect as connectTcp } from "node:net";
import type { Connection, ConnectionOptions } from "mysql2";
import { createConnection } from "mysql2";
import { AddressWatch } from "../address-watch.ts";
import type { Auth, Credential } from "../auth/credential.ts";
import type { Clock } from "../clock.ts";
import { asDbError, DbError } from "../errors.ts";
import type { EventSink } from "../events.ts";
import type { Limits } from "../limits.ts";
import type { TrustAnchors } from "../trust/anchors.ts";
import { dialError } from "./dial-errors.ts";
import { type LoginAnswer, loginAnswer } from "./login.ts";
import { MysqlSession, socketOf } from "./mysql-session.ts";
import { watchName } from "./name-watch.ts";
import { orAborted } from "./or-aborted.ts";
import type { Look } from "./presented-certificate.ts";
import { certificateLook } from "./presented-certificate.ts";
import type { Session } from "./session.ts";

/** Where and as whom to log in. */
export interface DialOptions {
  host: string;
  port: number;
  user: string;
  /** Default schema; absent for a login that comes before the schema exists. */
  database: string | undefined;
  auth: Auth;
  trust: TrustAnchors;
  limits: Pick<Limits, "connectMs" | "preparedStatements">;
  lookup: LookupFunction;
  clock: Clock;
  emit: EventSink;
}

/** How far a login has come; says what to blame when it does not end. */
export type DialPhase = "credential" | "connection";

/** Opens one authenticated session, or throws a `DbError` that says why not. */
export type Dial = (signal: AbortSignal, onPhase?: (phase: DialPhase) => void) => Promise<Session>;

/** Idle time before the kernel probes a silent peer; with Node's 10 probes of 1 s a dead one is found in 20 s. */
const KEEPALIVE_MS = 10_000;

/** Returns a function that opens sessions. Each call takes a credential, and once more when a kept one is refused. */
export function dialer(options: DialOptions): Dial {
  const { auth, clock, emit } = options;
  const look = certificateLook(options, clock);
  const addresses = new AddressWatch();
  const login = { host: options.host, port: options.port, user: options.user, emit };

  return async (signal, onPhase = () => undefined) => {
    const obtain = async (): Promise<Credential> => {
      onPhase("credential");
      try {
        return await orAborted(auth.credential(login), signal);
      } catch (error) {
        throw asDbError(error, "DB_CREDENTIALS_UNAVAILABLE", "the source of credentials failed");
      }
    };
    const connect = (credential: Credential): Promise<Session> => {
      onPhase("connection");
      return openSession({ ...options, addresses, look }, credential, signal);
    };
    const startedAtMs = clock.nowMs();
    const first = await obtain();
    try {
      return await connect(first);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      auth.invalidate(first, login);
      emit({ type: "credential.rejected", fingerprint: first.fingerprint });
      // One that was made for this very login would be refused again.
      if (first.issuedAtMs === undefined || first.issuedAtMs >= startedAtMs) throw error;
      const second = await obtain();
      if (second.fingerprint === first.fingerprint) throw error;
      return await connect(second).catch((again: unknown) => {
        if (isRefusal(again)) auth.invalidate(second, login);
        throw again;
      });
    }
  };
}

async function openSession(
  options: DialOptions & { addresses: AddressWatch; look: Look },
  credential: Credential,
  signal: AbortSignal,
): Promise<Session> {
  const { clock, emit, limits } = options;
  const startedAtMs = clock.elapsedMs();
  const user = credential.user ?? options.user;
  if (user === "")
    throw new DbError("DB_OPTIONS_INVALID", "neither the options nor the credential name a user");
  const answer = loginAnswer(credential, options.host, options.trust);
  const name = watchName(options);
  const ended = AbortSignal.any([signal, name.moved]);
  const connection = startConnection({ ...options, user, lookup: name.lookup }, answer);
  try {
    await orAborted(handshake(connection), ended);
    const socket = socketOf(connection);
    const address = socket.remoteAddress ?? options.host;
    const facts = {
      address,
      peer: answer.peerOf(connection),
      openedAtMs: clock.elapsedMs(),
      credentialIssuedAtMs: credential.issuedAtMs,
    };
    const session = new MysqlSession(connection, facts, clock);
    // Dates are read and written as UTC, whatever the server's own zone is.
    await session.command("SET time_zone = '+00:00'", [], {
      deadlineMs: limits.connectMs,
      signal: ended,
      repeatable: true,
    });
    emit({
      type: "connection.opened",
      threadId: session.threadId,
      address,
      protocol: socket.getProtocol(),
      resumed: socket.isSessionReused(),
      tookMs: Math.round(clock.elapsedMs() - startedAtMs),
    });
    return session;
  } catch (error) {
    const refused =
      answer.refusal() ?? (await dialError(ended.aborted ? ended.reason : error, connection, options));
    connection.destroy();
    socketOf(connection).destroy();
    throw refused;
  } finally {
    name.close();
  }
}

function startConnection(options: DialOptions, answer: LoginAnswer): Connection {
  const { database, host, limits, port, trust, user } = options;
  return createConnection({
    ...DRIVER_OPTIONS,
    ...answer.options,
    host,
    port,
    user,
    ...(database === undefined ? {} : { database }),
    ssl: trust.tls,
    connectTimeout: limits.connectMs,
    maxPreparedStatements: limits.preparedStatements,
    stream: () => openSocket(options),
  });
}

const DRIVER_OPTIONS = {
  charset: "utf8mb4_unicode_ci",
  timezone: "Z",
  supportBigNumbers: true,
  multipleStatements: false,
  // The driver offers by default to read any local file the server asks for.
  flags: ["-LOCAL_FILES"],
} satisfies ConnectionOptions;

function openSocket({ host, port, lookup }: DialOptions) {
  return connectTcp({
    host,
    port,
    lookup,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEPALIVE_MS,
  });
}

function handshake(connection: Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    // Stays for the connection's life: the driver reports some losses twice, and the second has no other listener.
    connection.on("error", reject);
    connection.once("connect", () => resolve());
  });
}

function isRefusal(error: unknown): boolean {
  return error instanceof DbError && error.code === "DB_ACCESS_DENIED";
}
