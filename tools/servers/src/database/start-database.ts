import { resolve } from "node:path";
import { ServersError } from "../errors.ts";
import { pathExists } from "../packages/tree.ts";
import { freeze } from "../process/freeze.ts";
import { freePort } from "../process/index.ts";
import { administrator, ensureMaster, queryAsAdministrator } from "./admin.ts";
import { ensureCredentialsFile, PROFILE, REGION, writeKeyringFile } from "./aws-files.ts";
import { type DatabaseFolder, openDatabaseFolder, writeCertificate } from "./folder.ts";
import type { AwsCredentials, DatabaseServer, DatabaseServerOptions, RestartOptions } from "./options.ts";
import { type RunningServer, runServer } from "./run-server.ts";
import type { RunningOptions } from "./server-arguments.ts";
import { swaps } from "./swaps.ts";
import { copyTemplate } from "./template.ts";

const HOST = "localhost";
const DEFAULT_USERS = ["app", "migrator"];
const TLS_VERSIONS = "TLSv1.2,TLSv1.3";
const PORT_ATTEMPTS = 5;
const STOP_WITHIN_MS = 20_000;

/**
 * Starts a MySQL or MariaDB on loopback that takes TLS connections with RDS IAM tokens, and returns when it is ready.
 *
 * At start the allow-list lets the made-up key of `credentialsFile` in as the users app and migrator.
 *
 * @throws ServersError SERVERS_PORT_TAKEN when `port` is given and taken; SERVERS_DATABASE_START_FAILED with the last
 * lines of the server's log.
 */
export async function startDatabase(options: DatabaseServerOptions): Promise<DatabaseServer> {
  const dir = resolve(options.dir);
  const folder = await openDatabaseFolder(dir, options.dataDir, options.programs.server);
  try {
    const { programs, progress = () => undefined } = options;
    if (!(await pathExists(folder.data))) await copyTemplate(dir, programs, folder.data, progress);
    const credentials = await ensureCredentialsFile(folder.credentialsFile);
    await writeCertificate(folder, options.certificate ?? (await options.ca.issue()));
    return await startOnPort(options, folder, credentials);
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/** Another program may take a free port between the moment it is found and the moment the server binds it. */
async function startOnPort(
  options: DatabaseServerOptions,
  folder: DatabaseFolder,
  credentials: AwsCredentials,
): Promise<DatabaseServer> {
  for (let attempt = 1; ; attempt++) {
    const running: RunningOptions = {
      port: options.port ?? (await freePort()),
      requireSecureTransport: options.requireSecureTransport ?? true,
      tlsVersion: options.tlsVersion ?? TLS_VERSIONS,
      options: options.options ?? [],
    };
    try {
      const server = await runServer(options.programs, folder, running, options.logFile);
      const database = describe(options, folder, credentials, running, server);
      const endpoint = `${HOST}:${running.port}`;
      await database.writeKeyring([{ ...credentials, region: REGION, endpoint, users: DEFAULT_USERS }]);
      return database;
    } catch (error) {
      const mayRetry = options.port === undefined && attempt < PORT_ATTEMPTS;
      if (!(mayRetry && error instanceof ServersError && error.code === "SERVERS_PORT_TAKEN")) throw error;
    }
  }
}

function describe(
  options: DatabaseServerOptions,
  folder: DatabaseFolder,
  credentials: AwsCredentials,
  started: RunningOptions,
  first: RunningServer,
): DatabaseServer {
  let running = started;
  let server = first;
  const stop = async () => {
    // A frozen process would not see the signal.
    server.process.kill("SIGCONT");
    await server.process.stop({ withinMs: STOP_WITHIN_MS });
  };
  const kill = async () => await server.process.stop({ signal: "SIGKILL", withinMs: STOP_WITHIN_MS });
  const restart = async ({ certificate, ...changes }: RestartOptions = {}) => {
    await stop();
    if (certificate !== undefined) await writeCertificate(folder, certificate);
    running = { ...running, ...changes };
    server = await runServer(options.programs, folder, running, options.logFile);
  };
  const close = async () => {
    // Data that is thrown away need not be written out.
    await (folder.isTemporary ? kill() : stop());
    await folder.remove();
  };
  const adminQuery: DatabaseServer["adminQuery"] = (statement, values) =>
    queryAsAdministrator(folder.socket, statement, values);
  return {
    kind: options.programs.server,
    version: first.version,
    host: HOST,
    port: started.port,
    get pid() {
      return server.process.pid;
    },
    get exited() {
      return server.process.exited;
    },
    caFile: options.ca.caFile,
    adminSocket: folder.socket,
    adminUser: administrator(),
    region: REGION,
    credentialsFile: folder.credentialsFile,
    profile: PROFILE,
    credentials,
    keyringFile: folder.keyringFile,
    writeKeyring: (entries) => writeKeyringFile(folder.keyringFile, entries),
    adminQuery,
    ...swaps(options.programs.server, folder, adminQuery),
    createMaster: () => ensureMaster(folder),
    restart,
    stop,
    kill,
    pause: () => freeze(server.process),
    resume: () => server.process.kill("SIGCONT"),
    log: () => server.process.output(),
    close,
    [Symbol.asyncDispose]: close,
  };
}
