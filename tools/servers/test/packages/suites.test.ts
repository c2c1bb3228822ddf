import assert from "node:assert/strict";
import { test } from "node:test";
import type { ServersError } from "../../src/errors.ts";
import { choosePackageSource, type IndexTarget, readOperatingSystem } from "../../src/packages/suites.ts";

const DEBIAN: IndexTarget[] = [
  { uri: "https://other.example/node/", release: "nodistro", component: "main" },
  { uri: "http://mirror.example/debian/", release: "bookworm", component: "main" },
  { uri: "http://mirror.example/debian/", release: "bookworm", component: "contrib" },
  { uri: "http://mirror.example/debian/", release: "bookworm-updates", component: "main" },
  { uri: "http://security.example/debian-security/", release: "bookworm-security", component: "main" },
  { uri: "http://mirror.example/debian/", release: "bookworm-backports", component: "main" },
];
const UBUNTU: IndexTarget[] = [
  { uri: "http://mirror.example/ubuntu/", release: "noble-updates", component: "main" },
  { uri: "http://mirror.example/ubuntu/", release: "noble", component: "main" },
  { uri: "http://ports.example/ubuntu/", release: "noble-security", component: "main" },
];
const BOOKWORM = { family: "debian", codename: "bookworm" } as const;
const NOBLE = { family: "ubuntu", codename: "noble" } as const;

test("takes MySQL for Debian from unstable, on the machine's own mirror and with Debian's keys", () => {
  const { suite, sources, serverPackages } = choosePackageSource(BOOKWORM, DEBIAN, "mysql");

  assert.equal(suite, "sid");
  assert.deepEqual(sources, [
    "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://mirror.example/debian/ sid main",
  ]);
  assert.equal(serverPackages[0], "mysql-server-core");
});

test("takes MariaDB for Debian from the machine's own release, its updates and its security fixes", () => {
  const { suite, sources, serverPackages } = choosePackageSource(BOOKWORM, DEBIAN, "mariadb");

  assert.equal(suite, "bookworm");
  assert.deepEqual(
    sources.map((line) => line.split("] ")[1]),
    [
      "http://mirror.example/debian/ bookworm main",
      "http://mirror.example/debian/ bookworm-updates main",
      "http://security.example/debian-security/ bookworm-security main",
    ],
  );
  assert.equal(serverPackages[0], "mariadb-server-core");
});

test("takes both servers for Ubuntu from its own release with universe and Ubuntu's keys", () => {
  for (const server of ["mysql", "mariadb"] as const) {
    const { suite, sources, serverPackages } = choosePackageSource(NOBLE, UBUNTU, server);

    assert.equal(suite, "noble");
    assert.equal(sources.length, 3);
    assert.equal(
      sources[0],
      "deb [signed-by=/usr/share/keyrings/ubuntu-archive-keyring.gpg] http://mirror.example/ubuntu/ noble main universe",
    );
    assert.ok(serverPackages.length > 1, "older releases have a version in the package's name");
  }
});

test("takes a source that names its release by its part, such as stable", () => {
  const targets = [{ uri: "http://mirror.example/debian/", release: "stable", component: "main" }];

  const { sources } = choosePackageSource(BOOKWORM, targets, "mariadb");

  assert.match(sources[0] ?? "", / stable main$/);
});

test("says which source is missing when apt has none for the machine's release", () => {
  const targets = [{ uri: "cdrom://disc/", release: "bookworm", component: "main" }];

  assert.throws(() => choosePackageSource(BOOKWORM, targets, "mysql"), {
    code: "SERVERS_PACKAGES_UNAVAILABLE",
    message: /no source for "bookworm main"/,
  });
});

test("knows Debian, Ubuntu, and what is made from them", () => {
  const read = (lines: string[]) => readOperatingSystem(lines.join("\n"));

  assert.deepEqual(read(["ID=debian", "VERSION_CODENAME=bookworm"]), BOOKWORM);
  assert.deepEqual(read(["ID=ubuntu", "ID_LIKE=debian", "VERSION_CODENAME=noble"]), NOBLE);
  assert.deepEqual(
    read(["ID=linuxmint", 'ID_LIKE="ubuntu debian"', "VERSION_CODENAME=wilma", "UBUNTU_CODENAME=noble"]),
    NOBLE,
  );
});

test("names the devcontainer on a system that is neither Debian nor Ubuntu", () => {
  assert.throws(
    () => readOperatingSystem('ID=fedora\nPRETTY_NAME="Fedora Linux 43"\n'),
    (error: ServersError) =>
      error.code === "SERVERS_UNSUPPORTED_SYSTEM" && /Fedora Linux 43.*devcontainer/.test(error.message),
  );
});
