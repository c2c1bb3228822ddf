import { copyFile, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A user of the rehearsed instance. */
interface User {
  name: string;
  id: number;
}

const FOLDERS = [
  "dev",
  "etc/nginx",
  "etc/systemd/system",
  "opt/elasticbeanstalk/deployment",
  "opt/platform",
  "proc",
  "relay",
  "root",
  "run",
  "tmp",
  "usr",
  "var/app",
  "var/lib/nginx",
  "var/log/nginx",
  "var/pids",
  "var/proxy/staging",
];

/** The unit asks for the main process of the service; here it is the one that the rehearsal started. */
const SYSTEMCTL = '#!/bin/sh\necho "MainPID=$(cat /run/web.main-pid)"\n';

/**
 * Makes what an instance's file system has before the first deployment, without the programs, which are mounted.
 *
 * @param isMultiUser - Whether users with ids of their own can be had; otherwise all of them are the one there is.
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/platforms-linux-extend.html
 */
export async function makeFileSystem(root: string, isMultiUser: boolean): Promise<void> {
  for (const folder of FOLDERS) await mkdir(join(root, folder), { recursive: true, mode: 0o755 });
  for (const folder of ["bin", "lib", "lib64", "sbin"]) await symlink(`usr/${folder}`, join(root, folder));
  await symlink("../run", join(root, "var/run"));
  const users: User[] = [
    { name: "root", id: 0 },
    { name: "webapp", id: isMultiUser ? 900 : 0 },
    { name: "nginx", id: isMultiUser ? 901 : 0 },
    { name: "healthd", id: isMultiUser ? 902 : 0 },
  ];
  await writeFile(join(root, "etc/passwd"), users.map(passwdLine).join(""));
  await writeFile(join(root, "etc/group"), users.map(({ name, id }) => `${name}:x:${id}:\n`).join(""));
  await writeFile(join(root, "etc/hosts"), "127.0.0.1 localhost\n");
  await writeFile(join(root, "etc/nsswitch.conf"), "passwd: files\ngroup: files\nhosts: files\n");
  await writeFile(join(root, "opt/platform/systemctl"), SYSTEMCTL, { mode: 0o755 });
  await copyFile(join(import.meta.dirname, "relay.ts"), join(root, "opt/platform/relay.ts"));
}

function passwdLine({ name, id }: User): string {
  return `${name}:x:${id}:${id}::/:/bin/sh\n`;
}
