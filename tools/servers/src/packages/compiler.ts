import { access, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { ServersError } from "../errors.ts";
import { tryCommand } from "./command.ts";
import { type PackageTree, treeProgram } from "./tree.ts";

/** Packages that let a machine without a C compiler compile: 9 MB in place of the 60 MB of gcc. */
export const COMPILER_PACKAGES = ["tcc", "binutils", "libc6-dev"] as const;

// tcc knows none of these, and needs none of them to compile the same program.
const CC_FLAGS = [
  "-std=c17",
  "-O2",
  "-fPIC",
  "-fvisibility=hidden",
  "-Wall",
  "-Wextra",
  "-Wshadow",
  "-Wconversion",
  // https://best.openssf.org/Compiler-Hardening-Guides/Compiler-Options-Hardening-Guide-for-C-and-C++
  "-fstack-protector-strong",
  "-D_FORTIFY_SOURCE=2",
] as const;
const LINK_FLAGS = ["-z", "relro", "-z", "now", "-z", "noexecstack"] as const;

/** What to compile into what. Sources are names in `folder`. */
export interface CompileJob {
  folder: string;
  sources: readonly string[];
  defines: readonly string[];
  /** A library that a server loads, or a program that the tree's loader runs. */
  kind: "library" | "program";
  file: string;
  /** Default false: a compiler that is newer than this code may warn of what none warned of before. */
  warningsAreErrors?: boolean;
}

/** Compiles C against the headers and the OpenSSL of an unpacked tree, with which the result will run. */
export type Compile = (tree: PackageTree, job: CompileJob) => Promise<void>;

/** Returns the machine's own compiler, or the one in the tree when the machine has none that works. */
export async function findCompiler(): Promise<Compile> {
  return (await hasOwnCompiler()) ? compileWithCc : compileWithTcc;
}

/** Tells whether this machine has a compiler that works: a "cc" without the headers of the C library is none. */
export async function hasOwnCompiler(): Promise<boolean> {
  // gcc only recommends libc6-dev.
  const { code } = await tryCommand("cc", ["-fsyntax-only", "-x", "c", "-"], {
    input: "#include <stdlib.h>\n",
  });
  return code === 0;
}

/** Compiles with the machine's `cc`: optimised, hardened and with warnings. */
async function compileWithCc(tree: PackageTree, job: CompileJob): Promise<void> {
  const args = [
    ...CC_FLAGS,
    ...(job.warningsAreErrors === true ? ["-Werror"] : []),
    ...defineFlags(job),
    // Behind the machine's own headers: only OpenSSL's are taken from the tree.
    ...includeFolders(tree).flatMap((folder) => ["-idirafter", folder]),
    ...(job.kind === "library" ? ["-shared"] : []),
    `-Wl,${[...LINK_FLAGS, "--allow-shlib-undefined"].join(",")}`,
    ...job.sources,
    await libraryFile(tree, /^libcrypto\.so\.\d+$/),
    "-o",
    job.file,
  ];
  await run("cc", args, job.folder);
}

/** Compiles with the tree's `tcc` and links with its `ld`, since tcc's own linking asks for an executable stack. */
export async function compileWithTcc(tree: PackageTree, job: CompileJob): Promise<void> {
  const tccFolder = await libraryFile(tree, /^tcc$/);
  const objects = await mkdtemp(join(tmpdir(), "sealed-cc-"));
  try {
    for (const source of job.sources) {
      const includes = [join(tccFolder, "include"), ...includeFolders(tree)];
      const flags = ["-nostdinc", ...includes.map((folder) => `-I${folder}`), ...defineFlags(job)];
      const object = join(objects, `${basename(source)}.o`);
      await runTreeProgram(
        tree,
        "usr/bin/tcc",
        [`-B${tccFolder}`, ...flags, "-c", source, "-o", object],
        job,
      );
    }
    const all = job.sources.map((source) => join(objects, `${basename(source)}.o`));
    const { before, after } = await startFiles(tree, job.kind, tccFolder);
    const libraries = [
      await libraryFile(tree, /^libcrypto\.so\.\d+$/),
      await libraryFile(tree, /^libc\.so\.6$/),
    ];
    const args = [...before, ...all, ...libraries, ...after, "-o", job.file];
    await runTreeProgram(tree, "usr/bin/ld", [...LINK_FLAGS, "--allow-shlib-undefined", ...args], job);
  } finally {
    await rm(objects, { recursive: true, force: true });
  }
}

/** What a compiler adds around the objects of a program by itself, and ld does not. */
async function startFiles(
  tree: PackageTree,
  kind: CompileJob["kind"],
  tccFolder: string,
): Promise<{ before: string[]; after: string[] }> {
  if (kind === "library") return { before: ["-shared"], after: [] };
  const [crt1, crti, crtn, rest] = await Promise.all(
    [/^crt1\.o$/, /^crti\.o$/, /^crtn\.o$/, /^libc_nonshared\.a$/].map((name) => libraryFile(tree, name)),
  );
  const loader = ["-dynamic-linker", tree.loader.command];
  return {
    before: [...loader, crt1 ?? "", crti ?? ""],
    after: [rest ?? "", join(tccFolder, "libtcc1.a"), crtn ?? ""],
  };
}

function defineFlags(job: CompileJob): string[] {
  return ["_GNU_SOURCE", ...job.defines].map((name) => `-D${name}`);
}

/** The tree's headers, and those that differ from one architecture to the other. */
function includeFolders(tree: PackageTree): string[] {
  const triplets = tree.libraryFolders.map((folder) => join("usr/include", basename(folder)));
  return ["usr/include", ...triplets].map((folder) => join(tree.root, folder));
}

async function libraryFile(tree: PackageTree, name: RegExp): Promise<string> {
  for (const folder of tree.libraryFolders) {
    const found = (await readdir(folder)).find((file) => name.test(file));
    if (found !== undefined) return join(folder, found);
  }
  throw new ServersError(
    "SERVERS_PLUGIN_BUILD_FAILED",
    `${tree.root} lacks ${name.source}, which the server plugin needs; remove the folder, it is unpacked again`,
  );
}

async function runTreeProgram(
  tree: PackageTree,
  path: string,
  args: readonly string[],
  job: CompileJob,
): Promise<void> {
  await access(join(tree.root, path));
  const program = treeProgram(tree, path);
  await run(program.command, [...program.args, ...args], job.folder);
}

async function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  const { code, stdout, stderr } = await tryCommand(command, args, { cwd });
  if (code === 0) return;
  throw new ServersError(
    "SERVERS_PLUGIN_BUILD_FAILED",
    `the database server's plugin does not compile: ${`${stdout}${stderr}`.trim()}`,
  );
}
