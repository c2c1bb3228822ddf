import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type IssuedCertificate, privateCa } from "../ca/index.ts";
import { ServersError } from "../errors.ts";
import { balancerConfig } from "./config.ts";
import { balancerReplies } from "./replies.ts";
import type { BalancerFiles, BalancerSettings } from "./settings.ts";

// Linux allows 107 bytes for a socket's path, and HAProxy adds its process id and ".tmp" while it binds.
const LONGEST_SOCKET_PATH_BYTES = 90;

/** The files of one running load balancer. */
export interface BalancerFolder {
  configFile: string;
  statsSocket: string;
  /** Name under which HAProxy knows the pinned certificates, also after they were changed in its memory. */
  pinnedFile: string;
  /** Removes the private key, which HAProxy reads only when it starts. */
  removeKey(): Promise<void>;
  remove(): Promise<void>;
}

/** What is written into the folder. */
export interface FolderContents extends Omit<BalancerSettings, "files"> {
  dir: string;
  certificate?: IssuedCertificate;
  pinnedCertificatesPem?: readonly string[];
}

/** Returns a new folder (mode 0700) with everything that HAProxy reads at its start. */
export async function openFolder(contents: FolderContents): Promise<BalancerFolder> {
  const pinned = contents.pinnedCertificatesPem ?? [];
  if (contents.topology === "clb-backend-auth" && pinned.length === 0) {
    throw new ServersError(
      "SERVERS_LOAD_BALANCER_FAILED",
      "clb-backend-auth needs at least one certificate in pinnedCertificatesPem, got none",
    );
  }
  const folder = await makeFolder(contents.dir);
  const files = filesIn(folder);
  const configFile = join(folder, "haproxy.cfg");
  const replies = balancerReplies(contents.topology);
  await Promise.all([
    writeFile(files.certificate, await frontPem(contents), { mode: 0o600 }),
    writeFile(files.pinned, pinned.join("\n")),
    writeFile(files.unreachable, replies.unreachable),
    writeFile(files.noneRegistered, replies.noneRegistered),
    writeFile(configFile, balancerConfig({ ...contents, files })),
  ]);
  return {
    configFile,
    statsSocket: files.statsSocket,
    pinnedFile: files.pinned,
    removeKey: () => rm(files.certificate),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function makeFolder(dir: string): Promise<string> {
  await mkdir(dir, { recursive: true });
  const prefix = join(dir, "load-balancer-");
  const isShort = Buffer.byteLength(filesIn(`${prefix}XXXXXX`).statsSocket) <= LONGEST_SOCKET_PATH_BYTES;
  return mkdtemp(isShort ? prefix : join(tmpdir(), "load-balancer-"));
}

function filesIn(folder: string): BalancerFiles {
  return {
    statsSocket: join(folder, "stats.sock"),
    certificate: join(folder, "front.pem"),
    pinned: join(folder, "pinned.pem"),
    unreachable: join(folder, "unreachable.http"),
    noneRegistered: join(folder, "none-registered.http"),
  };
}

async function frontPem({ topology, certificate, dir }: FolderContents): Promise<string> {
  if (topology === "nlb-passthrough") return "";
  const { certificatePem, keyPem } = certificate ?? (await (await privateCa({ dir })).issue());
  return `${certificatePem}${keyPem}`;
}
