import { ServersError } from "../errors.ts";

/** The two database servers that can stand in for RDS. */
export type ServerKind = "mysql" | "mariadb";

/** What the machine says about itself. */
export interface OperatingSystem {
  family: "debian" | "ubuntu";
  /** "bookworm", "noble". */
  codename: string;
}

/** One package index that the machine's own apt is set up to read. */
export interface IndexTarget {
  uri: string;
  /** What stands in the machine's sources: "bookworm", "bookworm-security", "stable". */
  release: string;
  component: string;
}

/** Where apt shall look, and for what. */
export interface PackageSource {
  suite: string;
  /** Lines for a sources.list of its own. */
  sources: string[];
  /** Names under which releases have known the server; the first one that the suite has is taken. */
  serverPackages: readonly string[];
}

const KEYRINGS = {
  debian: "/usr/share/keyrings/debian-archive-keyring.gpg",
  ubuntu: "/usr/share/keyrings/ubuntu-archive-keyring.gpg",
} as const;
const COMPONENTS = { debian: "main", ubuntu: "main universe" } as const;
const SERVER_PACKAGES = {
  mysql: ["mysql-server-core", "mysql-server-core-8.4", "mysql-server-core-8.0"],
  mariadb: ["mariadb-server-core", "mariadb-server-core-10.6", "mariadb-server-core-10.5"],
} as const;
// Debian's releases carry MariaDB only; MySQL lives in unstable: https://tracker.debian.org/pkg/mysql-9.7
const DEBIAN_MYSQL_SUITE = "sid";
// Names that stand for whichever release has that part: https://www.debian.org/releases/
const ROLLING_NAMES = ["stable", "oldstable", "testing", "unstable", "sid"];

/**
 * Returns which distribution this is, from the text of /etc/os-release; derivatives count as what they are made from.
 *
 * @throws ServersError SERVERS_UNSUPPORTED_SYSTEM, with the way out, when it is neither Debian nor Ubuntu.
 * @see https://www.freedesktop.org/software/systemd/man/latest/os-release.html
 */
export function readOperatingSystem(osRelease: string): OperatingSystem {
  const fields = new Map<string, string>();
  for (const line of osRelease.split("\n")) {
    const [, name, value] = /^([A-Z_]+)=["']?(.*?)["']?$/.exec(line.trim()) ?? [];
    if (name !== undefined && value !== undefined) fields.set(name, value);
  }
  const ids = [fields.get("ID"), ...(fields.get("ID_LIKE") ?? "").split(" ")];
  // Ubuntu calls itself "like debian", so it is asked for first.
  const family = (["ubuntu", "debian"] as const).find((known) => ids.includes(known));
  const codename =
    fields.get("UBUNTU_CODENAME") ?? fields.get("DEBIAN_CODENAME") ?? fields.get("VERSION_CODENAME");
  if (family === undefined || codename === undefined) {
    throw unsupportedSystem(`this machine is "${fields.get("PRETTY_NAME") ?? "unknown"}"`);
  }
  return { family, codename };
}

/** Returns the error for a machine on which the servers cannot be unpacked; it names the devcontainer. */
export function unsupportedSystem(what: string): ServersError {
  return new ServersError(
    "SERVERS_UNSUPPORTED_SYSTEM",
    `${what}, and the servers are unpacked with apt on Debian or Ubuntu; ` +
      "open the repository in its devcontainer (.devcontainer/devcontainer.json) instead",
  );
}

/**
 * Returns where a server comes from: MySQL on Debian from unstable, everything else from the machine's own release,
 * always from the mirrors that the machine's apt already uses and with the distribution's own keys.
 *
 * @throws ServersError SERVERS_PACKAGES_UNAVAILABLE when apt has no source for the machine's own release.
 */
export function choosePackageSource(
  system: OperatingSystem,
  targets: readonly IndexTarget[],
  server: ServerKind,
): PackageSource {
  const own = ownReleaseTargets(system, targets);
  const [base] = own;
  if (base === undefined) {
    throw new ServersError(
      "SERVERS_PACKAGES_UNAVAILABLE",
      `apt on this machine has no source for "${system.codename} main"; ` +
        "add the distribution's own to /etc/apt/sources.list.d",
    );
  }
  const serverPackages = SERVER_PACKAGES[server];
  const line = (target: { uri: string; release: string }) =>
    `deb [signed-by=${KEYRINGS[system.family]}] ${target.uri} ${target.release} ${COMPONENTS[system.family]}`;
  if (server === "mysql" && system.family === "debian") {
    const sid = { uri: base.uri, release: DEBIAN_MYSQL_SUITE };
    return { suite: DEBIAN_MYSQL_SUITE, sources: [line(sid)], serverPackages };
  }
  return { suite: system.codename, sources: [...new Set(own.map(line))], serverPackages };
}

/** The targets of the distribution itself, the release first, then its updates and its security fixes. */
function ownReleaseTargets(system: OperatingSystem, targets: readonly IndexTarget[]): IndexTarget[] {
  const names = [system.codename, ...ROLLING_NAMES];
  const usable = targets.filter((target) => target.component === "main" && /^https?:/.test(target.uri));
  const releases = usable.filter((target) => names.includes(target.release));
  const suffixes = names.flatMap((name) => [`${name}-updates`, `${name}-security`]);
  return releases.length === 0
    ? []
    : [...releases, ...usable.filter((target) => suffixes.includes(target.release))];
}
