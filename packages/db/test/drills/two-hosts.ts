import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FaultProxy, SettableResolver, startFaultProxy } from "@sealed/faults";
import {
  type DatabaseServer,
  defaultDirectory,
  ensurePrograms,
  type PrivateCa,
  privateCa,
  type ServerKind,
  startDatabase,
} from "@sealed/servers";

/**
 * Two hosts that one name stands for in turn, as with a Multi-AZ instance of RDS: the second starts on the storage
 * of the first once that one is dead, with a certificate of its own from the same CA.
 *
 * A host is an address of loopback with a fault proxy on it; the server behind it changes.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZSingleStandby.html
 */
export interface TwoHosts extends AsyncDisposable {
  /** Answers with the address of the host that the name stands for. */
  readonly resolver: SettableResolver;
  /** Port of both hosts. */
  readonly port: number;
  /** Host that the name stands for. */
  readonly active: FaultProxy;
  readonly standby: FaultProxy;
  /** Server that runs now, or ran last. */
  readonly server: DatabaseServer;
  /** Lets the name stand for the other host. */
  flip(): void;
  /** Kills the server and starts one on the same storage, behind `host`. */
  moveStorageTo(host: FaultProxy, serverOptions?: string[]): Promise<void>;
}

const HOSTS = ["127.0.0.1", "127.0.0.2"] as const;

/** Starts a server on the first host, with an empty schema `notes` and the user `app`. */
export async function startTwoHosts(kind: ServerKind): Promise<TwoHosts> {
  await using stack = new AsyncDisposableStack();
  const dir = defaultDirectory;
  const programs = await ensurePrograms({ dir, server: kind });
  const ca = await privateCa({ dir });
  const dataDir = await mkdtemp(join(tmpdir(), "sealed-storage-"));
  stack.defer(() => rm(dataDir, { recursive: true, force: true }));
  const start = (options: string[] = []) => startServer({ dir, programs, ca, dataDir, options });

  let server = await start();
  stack.defer(() => server.kill().then(() => server.close()));
  const first = stack.use(await startFaultProxy({ host: HOSTS[0], target: server }));
  const { port } = first;
  const second = stack.use(await startFaultProxy({ host: HOSTS[1], port, target: server }));
  second.refuse();
  await allow(server, port);
  await server.adminQuery("CREATE DATABASE notes CHARACTER SET utf8mb4");
  await server.adminQuery("CREATE USER app IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL");
  await server.adminQuery("GRANT ALL PRIVILEGES ON notes.* TO app");

  const resolver = new SettableResolver([HOSTS[0]]);
  const owned = stack.move();
  const activeHost = () => (resolver.addresses[0] === HOSTS[0] ? first : second);
  const standbyHost = () => (activeHost() === first ? second : first);
  return {
    resolver,
    port,
    get active() {
      return activeHost();
    },
    get standby() {
      return standbyHost();
    },
    get server() {
      return server;
    },
    flip: () => {
      resolver.addresses = [standbyHost().host];
    },
    async moveStorageTo(host, options) {
      await server.kill();
      await server.close();
      server = await start(options);
      // Before the host lets anyone through: the server knows its clients by the name's port.
      await allow(server, port);
      host.retarget(server);
      await host.heal();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface Start {
  dir: string;
  programs: Awaited<ReturnType<typeof ensurePrograms>>;
  ca: PrivateCa;
  dataDir: string;
  options: string[];
}

/** Each start takes a certificate of its own. */
function startServer(start: Start): Promise<DatabaseServer> {
  return startDatabase(start);
}

function allow(server: DatabaseServer, port: number): Promise<void> {
  const { credentials, region } = server;
  return server.writeKeyring([{ ...credentials, region, endpoint: `localhost:${port}`, users: ["app"] }]);
}
