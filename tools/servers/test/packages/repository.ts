import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** A package for the tests: its name and the packages that it needs. */
export interface TestPackage {
  name: string;
  depends?: string;
}

/** Makes a folder that apt can read as a repository, with a file `usr/share/NAME/file` in each package. */
export async function makeRepository(folder: string, packages: readonly TestPackage[]): Promise<void> {
  const index: string[] = [];
  for (const { name, depends } of packages) {
    const tree = join(folder, "tree", name);
    await mkdir(join(tree, "DEBIAN"), { recursive: true });
    await mkdir(join(tree, "usr", "share", name), { recursive: true });
    await writeFile(join(tree, "usr", "share", name, "file"), name);
    const control = [
      `Package: ${name}`,
      "Version: 1.0",
      "Architecture: all",
      "Maintainer: Nobody <nobody@example.com>",
      ...(depends === undefined ? [] : [`Depends: ${depends}`]),
      "Description: a package for tests",
    ];
    await writeFile(join(tree, "DEBIAN", "control"), `${control.join("\n")}\n`);
    const file = `${name}_1.0_all.deb`;
    await execute("dpkg-deb", ["--root-owner-group", "--build", tree, join(folder, file)]);
    const bytes = await readFile(join(folder, file));
    const hash = createHash("sha256").update(bytes).digest("hex");
    index.push(
      [...control, `Filename: ./${file}`, `Size: ${bytes.length}`, `SHA256: ${hash}`, ""].join("\n"),
    );
  }
  await writeFile(join(folder, "Packages"), index.join("\n"));
}

/** Gives a repository a Release file whose date has passed. */
export async function expireRepository(folder: string): Promise<void> {
  const index = await readFile(join(folder, "Packages"));
  const hash = createHash("sha256").update(index).digest("hex");
  const lines = [
    "Date: Thu, 01 Jan 2026 00:00:00 UTC",
    "Valid-Until: Thu, 08 Jan 2026 00:00:00 UTC",
    "SHA256:",
    ` ${hash} ${index.length} Packages`,
  ];
  await writeFile(join(folder, "Release"), `${lines.join("\n")}\n`);
}
