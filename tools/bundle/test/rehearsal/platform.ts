import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { GuardedProcess, ProcessExit, Program } from "@sealed/servers";
import { readZip } from "../source-bundle/read-zip.ts";
import type { Machine } from "./machine.ts";
import { launchCommand, readService } from "./service-unit.ts";

const STAGING = "/var/app/staging";
const CURRENT = "/var/app/current";
const ENVIRONMENT_FILE = "/opt/elasticbeanstalk/deployment/env";
const UNIT = "/etc/systemd/system/web.service";
const PROXY_STAGING = "/var/proxy/staging/nginx";
/** Where the rehearsal, in place of systemd, keeps the id of the service's main process. */
export const MAIN_PID = "/run/web.main-pid";
const STOP_WITHIN_MS = 25_000;

/** The lines that the platform takes from a Procfile. */
const PROCFILE_LINE = /^([A-Za-z0-9_-]+):\s*([^\s].*)$/;

/** The unit that the platform writes for the process named web. */
function webUnit(command: string): string {
  return `[Unit]
Description=This is web daemon
PartOf=eb-app.target

[Service]
User=webapp
Type=simple
EnvironmentFile=${ENVIRONMENT_FILE}
ExecStart=/bin/sh -c "${command}"
ExecStartPost=/bin/sh -c "systemctl show -p MainPID web.service | cut -d= -f2 > /var/pids/web.pid"
Restart=always
SyslogIdentifier=web
WorkingDirectory=${CURRENT}/

[Install]
WantedBy=multi-user.target
`;
}

/**
 * Does to a machine what Elastic Beanstalk's engine does to an instance, in its order, on Amazon Linux 2023.
 *
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/platforms-linux-extend.workflow.html
 */
export class Platform {
  readonly #machine: Machine;
  readonly #nginx: Program;
  readonly #environment: Record<string, string>;
  #web: GuardedProcess | undefined;
  #proxy: GuardedProcess | undefined;

  constructor(machine: Machine, nginx: Program, environment: Record<string, string>) {
    this.#machine = machine;
    this.#nginx = nginx;
    this.#environment = { ...environment };
  }

  /** All that the app wrote to its output; on an instance this is /var/log/web.stdout.log. */
  get appOutput(): string {
    return this.#web?.output() ?? "";
  }

  /** All that nginx wrote to its output. */
  get proxyOutput(): string {
    return this.#proxy?.output() ?? "";
  }

  /** Settles when the app that runs now has ended. */
  get appExited(): Promise<ProcessExit> | undefined {
    return this.#web?.exited;
  }

  /** Deploys an application version. */
  async deployApplication(zip: Uint8Array): Promise<void> {
    await this.#writeEnvironment();
    await this.#unpack(zip);
    await this.#runHooks(`${STAGING}/.platform/hooks/prebuild`, STAGING);
    await this.#stageProxy(STAGING);
    await this.#runHooks(`${STAGING}/.platform/hooks/predeploy`, STAGING);
    await this.stopApp();
    await rm(this.#path(CURRENT), { recursive: true, force: true });
    await rename(this.#path(STAGING), this.#path(CURRENT));
    await this.#must(["chown", "-R", "webapp:webapp", CURRENT]);
    await this.#registerAndStart();
    await this.#startProxy();
    await this.#runHooks(`${CURRENT}/.platform/hooks/postdeploy`, CURRENT);
  }

  /** Deploys a change of environment properties: the same steps without new code. */
  async deployConfiguration(change: Record<string, string>): Promise<void> {
    Object.assign(this.#environment, change);
    await this.#writeEnvironment();
    // Nobody promises that a drop-in outlives the registration of the process, so here it does not.
    await rm(this.#path(`${UNIT}.d`), { recursive: true, force: true });
    await this.#runHooks(`${CURRENT}/.platform/confighooks/prebuild`, CURRENT);
    await this.#stageProxy(CURRENT);
    await this.#runHooks(`${CURRENT}/.platform/confighooks/predeploy`, CURRENT);
    await this.stopApp();
    await this.#registerAndStart();
    await this.#startProxy();
    await this.#runHooks(`${CURRENT}/.platform/confighooks/postdeploy`, CURRENT);
  }

  /**
   * Stops the service and returns how the app ended; `undefined` when none runs. Stricter than systemd, which sends
   * SIGTERM to a shell's children too: here only the main process gets it, so that a shell in between shows.
   */
  async stopApp(): Promise<ProcessExit | undefined> {
    const web = this.#web;
    if (web === undefined) return undefined;
    await this.signalApp("TERM");
    // What it started is in its process group.
    const timer = setTimeout(() => process.kill(-web.pid, "SIGKILL"), STOP_WITHIN_MS);
    const exit = await web.exited;
    clearTimeout(timer);
    this.#web = undefined;
    return exit;
  }

  /** Sends a signal to the process whose id stands in the platform's pid file. */
  async signalApp(signal: "TERM" | "KILL"): Promise<void> {
    const pid = await readFile(this.#path("/var/pids/web.pid"), "utf8");
    await this.#must(["kill", `-${signal}`, pid.trim()]);
  }

  async #unpack(zip: Uint8Array): Promise<void> {
    for (const { path, mode, content } of await readZip(zip)) {
      const file = join(this.#path(STAGING), path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
      await chmod(file, mode);
    }
  }

  async #writeEnvironment(): Promise<void> {
    const lines = Object.entries(this.#environment).map(([name, value]) => `${name}=${value}\n`);
    await writeFile(this.#path(ENVIRONMENT_FILE), lines.join(""));
  }

  /** Runs the hooks of a folder in the order of their names, as root, with the environment's properties. */
  async #runHooks(folder: string, cwd: string): Promise<void> {
    const names = await readdir(this.#path(folder)).catch(() => []);
    for (const name of names.sort()) {
      const hook = `${folder}/${name}`;
      const { mode } = await stat(this.#path(hook));
      if ((mode & 0o111) === 0) throw new Error(`${hook} is not executable`);
      await this.#must([hook], { cwd, env: this.#environment });
    }
  }

  async #stageProxy(application: string): Promise<void> {
    await cp(this.#path(`${application}/.platform/nginx`), this.#path(PROXY_STAGING), { recursive: true });
  }

  async #registerAndStart(): Promise<void> {
    const [first = ""] = (await readFile(this.#path(`${CURRENT}/Procfile`), "utf8")).split("\n");
    const [, name, command] = PROCFILE_LINE.exec(first) ?? [];
    if (name !== "web" || command === undefined) throw new Error(`the Procfile must begin with web: ...`);
    await writeFile(this.#path(UNIT), webUnit(command));
    await this.#must(["chown", "webapp", "/var/pids"]);
    await this.#startApp();
  }

  async #startApp(): Promise<void> {
    const service = readService([await readFile(this.#path(UNIT), "utf8"), ...(await this.#dropIns())]);
    const environment = await readFile(this.#path(service.environmentFile), "utf8");
    const env = Object.fromEntries(
      environment
        .trimEnd()
        .split("\n")
        .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    );
    // Each program replaces the one before, so that this is the id of the app itself in the end.
    const notePid = ["/bin/sh", "-c", `echo $$ > ${MAIN_PID}; exec "$@"`, "web"];
    const command = [...notePid, ...launchCommand(service, service.execStart)];
    await rm(this.#path(MAIN_PID), { force: true });
    this.#web = this.#machine.start("web", command, { cwd: service.workingDirectory, env });
    await this.#machine.waitForFile(MAIN_PID, this.#web);
    await this.#must(launchCommand(service, service.execStartPost));
  }

  async #dropIns(): Promise<string[]> {
    const folder = this.#path(`${UNIT}.d`);
    const names = await readdir(folder).catch(() => []);
    return await Promise.all(
      names
        .filter((name) => name.endsWith(".conf"))
        .sort()
        .map((name) => readFile(join(folder, name), "utf8")),
    );
  }

  async #startProxy(): Promise<void> {
    const nginx = [this.#nginx.command, ...this.#nginx.args, "-c", `${PROXY_STAGING}/nginx.conf`];
    await this.#must([...nginx, "-t"]);
    if (this.#proxy !== undefined) {
      await this.#must([...nginx, "-s", "reload"]);
      return;
    }
    // Where only one user can be had, nginx cannot become another one.
    const single = process.getuid?.() === 0 ? "" : " master_process off;";
    this.#proxy = this.#machine.start("nginx", [...nginx, "-g", `daemon off;${single}`]);
    await this.#machine.waitForFile("/run/nginx.pid", this.#proxy);
  }

  async #must(command: readonly string[], options?: Parameters<Machine["run"]>[1]): Promise<void> {
    const { code, signal, output } = await this.#machine.run(command, options);
    if (code !== 0) throw new Error(`"${command.join(" ")}" ended with ${code ?? signal}: ${output}`);
  }

  #path(inMachine: string): string {
    return join(this.#machine.root, inMachine);
  }
}
