import type { IssuedCertificate, PrivateCa } from "../ca/index.ts";
import type { Programs, Progress, ServerKind } from "../packages/index.ts";
import type { ProcessExit } from "../process/index.ts";

/** Settings of one database server. */
export interface DatabaseServerOptions {
  /** Holds templates and temporary data, for instance `.sandbox` at the root of the repository. */
  dir: string;
  programs: Programs;
  /** Issues the server's certificate. */
  ca: PrivateCa;
  /**
   * A folder that keeps the data, the made-up AWS keys and the allow-list over restarts. Absent: a copy of the
   * template, removed by `close()`.
   */
  dataDir?: string;
  /** Absent: a free one. */
  port?: number;
  /** Default: one for localhost, 127.0.0.1 and ::1, issued by `ca`. */
  certificate?: IssuedCertificate;
  /** Whether the server refuses unencrypted connections of every account. Default true. */
  requireSecureTransport?: boolean;
  /** Default "TLSv1.2,TLSv1.3", as in RDS for MySQL 8.4. */
  tlsVersion?: string;
  /** More options of the server program, as on its command line. */
  options?: string[];
  progress?: Progress;
  /** Receives the server's log; absent: kept in memory, see `DatabaseServer.log`. */
  logFile?: string;
}

/** What `restart` may change. */
export type RestartOptions = Partial<
  Pick<DatabaseServerOptions, "certificate" | "requireSecureTransport" | "tlsVersion" | "options">
>;

/** AWS keys; those of the sandbox are made up and open nothing but the local database. */
export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** One line of the plugin's allow-list: this key may log in there as these users. */
export interface KeyringEntry extends AwsCredentials {
  region: string;
  /** "host:port", as in the token. */
  endpoint: string;
  users: string[];
}

/** A running MySQL or MariaDB that accepts RDS IAM tokens. */
export interface DatabaseServer extends AsyncDisposable {
  readonly kind: ServerKind;
  readonly version: string;
  readonly host: "localhost";
  readonly port: number;
  /** Changes at a restart. */
  readonly pid: number;
  /** Of the server's process that runs now, or ran last. */
  readonly exited: Promise<ProcessExit>;
  readonly caFile: string;
  /** Takes the operating-system user who started the server, without a password. */
  readonly adminSocket: string;
  readonly adminUser: string;
  readonly region: string;
  /** An AWS shared-credentials file, mode 0600. */
  readonly credentialsFile: string;
  readonly profile: string;
  /** What stood in `credentialsFile` at start. */
  readonly credentials: AwsCredentials;
  /** The plugin's allow-list, beside `credentialsFile`. */
  readonly keyringFile: string;
  /** Replaces the allow-list; it counts from the next login on. */
  writeKeyring(entries: readonly KeyringEntry[]): Promise<void>;
  /** Runs one statement as the administrator and returns its rows. */
  adminQuery<T = Record<string, unknown>>(statement: string, values?: unknown[]): Promise<T[]>;
  /** Returns the master user, who may do everything over TLS; made at the first call and kept with the data. */
  createMaster(): Promise<{ user: string; password: string }>;
  /** Stops the server where it runs, and starts it with the same data on the same port. */
  restart(changes?: RestartOptions): Promise<void>;
  /** Stops it in order; `restart` brings it back. */
  stop(): Promise<void>;
  /** Ends it at once, as a crash would; `restart` brings it back. */
  kill(): Promise<void>;
  /** Swaps its certificate for a new one of `ca` while it runs: open connections stay, new ones see the new one. */
  replaceCertificate(ca: PrivateCa): Promise<void>;
  /** Refuses the writes of everybody but administrators, as a standby does, until it is told otherwise or restarted. */
  setReadOnly(isReadOnly: boolean): Promise<void>;
  /** Freezes it: connections stay open and get no answer. Resolves when it stands still. */
  pause(): Promise<void>;
  resume(): void;
  /** Returns the last 64 KiB of its log since its last start. */
  log(): string;
  close(): Promise<void>;
}
