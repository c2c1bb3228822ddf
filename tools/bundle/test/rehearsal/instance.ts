import { once } from "node:events";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { dirname, join } from "node:path";
import { defaultDirectory, ensureProgram } from "@sealed/servers";
import { parseConfigFile } from "../../src/ebextensions/config-file.ts";
import { readChosenFiles } from "../../src/ebextensions/directory.ts";
import { type Topology, topologyFacts } from "../../src/topology.ts";
import { type Machine, startMachine } from "./machine.ts";
import { type NotebookDatabase, SCHEMA } from "./notebook-database.ts";
import { Platform } from "./platform.ts";

const FILES = "/etc/instance";
const PROPERTIES = "aws:elasticbeanstalk:application:environment";

/** The host name under which clients come. */
export const PUBLIC_HOST = "app.example.com";

/** An instance, empty at first, whose ports can be reached by sockets in the file system. */
export interface Instance extends AsyncDisposable {
  machine: Machine;
  platform: Platform;
  /** Returns the path of the socket that leads to a port: 80, 443 or 8080. */
  socket(port: number): string;
}

/** Starts an instance with the environment properties that the topology's own `.ebextensions` set. */
export async function startInstance(topology: Topology, database: NotebookDatabase): Promise<Instance> {
  const nodeFolder = dirname(process.execPath);
  const nginx = await ensureProgram({ dir: defaultDirectory, packageName: "nginx", path: "usr/sbin/nginx" });
  const machine = await startMachine({ mounts: [nodeFolder, nginx.root], path: [nodeFolder] });
  const socket = (name: string | number) => join(machine.root, "relay", `${name}.sock`);
  const databaseRelay = await relayTo(database.server.port, socket("database"));
  const relay = machine.start("relay", ["node", "/opt/platform/relay.ts", String(database.server.port)]);
  await machine.waitForFile("/relay/ready", relay);
  await provideFiles(machine, database);
  const environment = { ...fileProperties(topology), ...personalProperties(topology, database) };
  return {
    machine,
    platform: new Platform(machine, nginx.program, environment),
    socket,
    async [Symbol.asyncDispose]() {
      await machine[Symbol.asyncDispose]();
      databaseRelay.close();
      await once(databaseRelay, "close");
    },
  };
}

/** Leads what comes by a socket in the file system to a port of this machine. */
async function relayTo(port: number, path: string): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (from) => {
    const to = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
    from.pipe(to).pipe(from);
    from.on("error", () => to.destroy());
    to.on("error", () => from.destroy());
  }).listen(path);
  await once(server, "listening");
  return server;
}

/** What an instance gets from elsewhere: trust in the database's authority, AWS keys, the certificate to be pinned. */
async function provideFiles(machine: Machine, { server, ca }: NotebookDatabase): Promise<void> {
  const folder = join(machine.root, FILES);
  const { keyPem, certificatePem } = await ca.issue({ hosts: [PUBLIC_HOST] });
  await mkdir(folder);
  await copyFile(server.caFile, join(folder, "database-ca.pem"));
  await copyFile(server.credentialsFile, join(folder, "credentials"));
  await writeFile(join(folder, "certificate.pem"), certificatePem);
  await writeFile(join(folder, "key.pem"), keyPem, { mode: 0o600 });
  await machine.run(["chown", "-R", "webapp:webapp", FILES]);
}

/** The properties that stand in the bundle's configuration files. */
function fileProperties(topology: Topology): Record<string, string> {
  const settings = readChosenFiles(topology, "standalone").flatMap(
    ({ name, text }) => parseConfigFile(name, text).file.settings,
  );
  return Object.fromEntries(
    settings
      .filter(({ namespace }) => namespace === PROPERTIES)
      .map(({ optionName, value }) => [optionName, value]),
  );
}

/** The properties that the person who deploys adds, and what differs here from AWS. */
function personalProperties(topology: Topology, { server }: NotebookDatabase): Record<string, string> {
  const asked = topologyFacts[topology].personal.map(({ optionName }) => optionName);
  return {
    PUBLIC_HOSTS: PUBLIC_HOST,
    DB_HOST: server.host,
    DB_NAME: SCHEMA,
    DB_USER: "app",
    ...(asked.includes("TRUSTED_PROXIES") ? { TRUSTED_PROXIES: "10.0.0.0/16" } : {}),
    // Secrets Manager is out of reach, the file source serves the same certificate.
    ...(asked.includes("TLS_SECRET_ID")
      ? {
          TLS_SOURCE: "files",
          TLS_CERTIFICATE_FILE: `${FILES}/certificate.pem`,
          TLS_KEY_FILE: `${FILES}/key.pem`,
        }
      : {}),
    DB_PORT: String(server.port),
    DB_CA_FILE: `${FILES}/database-ca.pem`,
    AWS_REGION: server.region,
    AWS_PROFILE: server.profile,
    AWS_SHARED_CREDENTIALS_FILE: `${FILES}/credentials`,
    AWS_EC2_METADATA_DISABLED: "true",
    HOPS_PAGE: "on",
    // The configuration deployment makes it longer.
    DRAIN_SECONDS: "0",
  };
}
