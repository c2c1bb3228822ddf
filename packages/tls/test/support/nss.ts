import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { defaultDirectory, ensureProgram, type Program } from "@sealed/servers";

/** How much a certificate in a database is believed: as that of a server and of no authority, or not at all. */
const TRUST = { asServer: "P,,", not: ",," } as const;

/** NSS, the certificate library of Firefox and of Chromium's settings on Linux, with a database of its own. */
export class Nss {
  readonly #certutil: Program;
  readonly #tstclnt: Program;
  readonly #folder: string;
  readonly #database: string;

  private constructor(programs: { certutil: Program; tstclnt: Program }, folder: string, database: string) {
    this.#certutil = programs.certutil;
    this.#tstclnt = programs.tstclnt;
    this.#folder = folder;
    this.#database = `sql:${database}`;
  }

  /** Returns it with an empty database, which ends with the test; its tools are unpacked with apt at the first call. */
  static async open(t: TestContext, at?: string): Promise<Nss> {
    const folder = await mkdtemp(join(tmpdir(), "sealed-nss-"));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const database = at ?? join(folder, "database");
    await mkdir(database, { recursive: true });
    const nss = new Nss(
      { certutil: await find("certutil"), tstclnt: await find("tstclnt") },
      folder,
      database,
    );
    await nss.#certificates("-N", "--empty-password");
    return nss;
  }

  /** Adds certificates, PEM, under the names given with them. */
  async add(certs: ReadonlyMap<string, string>, trust: keyof typeof TRUST): Promise<void> {
    const commands: string[] = [];
    for (const [name, cert] of certs) {
      const file = join(this.#folder, `${name}.pem`);
      await writeFile(file, cert);
      commands.push(`-A -n ${name} -t ${TRUST[trust]} -a -i ${file}`);
    }
    await this.#certificates("-B", "-i", await this.#file(commands));
  }

  /** Returns how many certificates it accepts for a server, one after the other, until it refuses one. */
  async acceptedFirst(names: readonly string[]): Promise<number> {
    const commands = names.map((name) => `-V -u V -n ${name}`);
    const { said } = await run(this.#certutil, [
      "-B",
      "-d",
      this.#database,
      "-i",
      await this.#file(commands),
    ]);
    return said.match(/certificate is valid/g)?.length ?? 0;
  }

  /**
   * Returns what it thinks of the certificate of a server: "certificate is valid", or why not.
   *
   * It looks at the signature of a certificate that it does not trust; one that it does trust is what it is.
   *
   * @param at - Judged as of then in place of now.
   */
  async verdict(name: string, at?: Date): Promise<string> {
    // YYMMDDHHMMSSZ
    const when =
      at === undefined
        ? []
        : [
            "-b",
            `${at
              .toISOString()
              .replaceAll(/\.\d+|\D/g, "")
              .slice(2)}Z`,
          ];
    return await this.#certificates("-V", "-e", "-u", "V", "-n", name, ...when);
  }

  /** Returns "OK" when its client ends a handshake with a port of 127.0.0.1 that is to be `host`; else its error. */
  async handshake(port: number, host: string): Promise<string> {
    const server = ["-h", "127.0.0.1", "-p", String(port), "-a", host];
    const { code, said } = await run(this.#tstclnt, ["-Q", "-d", this.#database, ...server]);
    return code === 0 ? "OK" : (/failed: (\w+)/.exec(said)?.[1] ?? said);
  }

  async #file(lines: readonly string[]): Promise<string> {
    const file = join(this.#folder, "commands");
    await writeFile(file, `${lines.join("\n")}\n`);
    return file;
  }

  async #certificates(verb: string, ...args: readonly string[]): Promise<string> {
    const { code, said } = await run(this.#certutil, [verb, "-d", this.#database, ...args]);
    if (code !== 0 && verb !== "-V") throw new Error(`certutil ${verb}: ${said}`);
    return said.replace("certutil: ", "");
  }
}

async function find(tool: string): Promise<Program> {
  const found = await ensureProgram({
    dir: defaultDirectory,
    packageName: "libnss3-tools",
    path: `usr/bin/${tool}`,
  });
  return found.program;
}

/** Runs a tool to its end without any input, and returns its exit code and all that it wrote. */
function run(program: Program, args: readonly string[]): Promise<{ code: number; said: string }> {
  const { promise, resolve } = Promise.withResolvers<{ code: number; said: string }>();
  const child = execFile(program.command, [...program.args, ...args], (error, stdout, stderr) => {
    const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
    resolve({ code, said: `${stdout}${stderr}`.trim() });
  });
  child.stdin?.end();
  return promise;
}
