import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { IssuedCertificate } from "../ca/index.ts";
import type { ServerKind } from "../packages/index.ts";

// sockaddr_un has 108 bytes: https://man7.org/linux/man-pages/man7/unix.7.html
const MAX_SOCKET_PATH_BYTES = 107;
const SOCKET_NAME = "db.sock";

/** Where one server keeps what it needs. */
export interface DatabaseFolder {
  root: string;
  /** Has the server's name: the two cannot read each other's data. */
  data: string;
  credentialsFile: string;
  keyringFile: string;
  certificateFile: string;
  keyFile: string;
  initFile: string;
  masterFile: string;
  /** Empty; the only place that SQL may read files from or write files to. */
  files: string;
  /** In a short folder of its own (mode 0700), since the path of a socket has a limit. */
  socket: string;
  isTemporary: boolean;
  /** Removes the socket's folder, and the data when it is temporary. */
  remove(): Promise<void>;
}

/** Makes the folders of one server: in `dataDir`, or in a temporary folder below `dir`. */
export async function openDatabaseFolder(
  dir: string,
  dataDir: string | undefined,
  kind: ServerKind,
): Promise<DatabaseFolder> {
  const root = dataDir === undefined ? await temporaryFolder(join(dir, "temporary")) : resolve(dataDir);
  for (const name of ["aws", "tls", "files"]) {
    await mkdir(join(root, name), { recursive: true, mode: 0o700 });
  }
  const socketFolder = await mkdtemp(join(shortTemporaryFolder(), "sealed-"));
  return {
    root,
    data: join(root, kind),
    credentialsFile: join(root, "aws", "credentials"),
    keyringFile: join(root, "aws", "keyring"),
    certificateFile: join(root, "tls", "certificate.pem"),
    keyFile: join(root, "tls", "key.pem"),
    initFile: join(root, "init.sql"),
    masterFile: join(root, "master.json"),
    files: join(root, "files"),
    socket: join(socketFolder, SOCKET_NAME),
    isTemporary: dataDir === undefined,
    remove: async () => {
      await rm(socketFolder, { recursive: true, force: true });
      if (dataDir === undefined) await rm(root, { recursive: true, force: true });
    },
  };
}

/** Writes the server's certificate and key (mode 0600) where its options say. */
export async function writeCertificate(
  folder: DatabaseFolder,
  certificate: IssuedCertificate,
): Promise<void> {
  await writeFile(folder.keyFile, certificate.keyPem, { mode: 0o600 });
  await writeFile(folder.certificateFile, certificate.certificatePem, { mode: 0o644 });
}

/** The name begins with our process id: what a killed process left behind is known by it and removed. */
async function temporaryFolder(parent: string): Promise<string> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  for (const name of await readdir(parent)) {
    if (!isRunning(Number.parseInt(name, 10))) {
      await rm(join(parent, name), { recursive: true, force: true });
    }
  }
  return await mkdtemp(join(parent, `${process.pid}-`));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function shortTemporaryFolder(): string {
  const suffixBytes = "/sealed-123456/".length + SOCKET_NAME.length;
  return Buffer.byteLength(tmpdir()) + suffixBytes > MAX_SOCKET_PATH_BYTES ? "/tmp" : tmpdir();
}
