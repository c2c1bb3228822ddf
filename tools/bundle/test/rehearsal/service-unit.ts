/** Settings of the `[Service]` section that the rehearsal carries out. */
export interface ServiceSettings {
  user: string;
  workingDirectory: string;
  environmentFile: string;
  execStart: string;
  execStartPost: string;
  /** Lower case, without `cap_`, as setpriv writes them. */
  ambientCapabilities: readonly string[];
  /** `undefined`: all of them. */
  boundingCapabilities: readonly string[] | undefined;
  noNewPrivileges: boolean;
}

/**
 * Reads a unit with its drop-ins: a later line replaces an earlier one of the same name.
 *
 * @see https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html
 */
export function readService(texts: readonly string[]): ServiceSettings {
  const values = new Map<string, string>();
  for (const line of texts.flatMap((text) => text.split("\n"))) {
    const [, name, value] = /^([A-Za-z]+)=(.*)$/.exec(line.trim()) ?? [];
    if (name !== undefined && value !== undefined) values.set(name, value);
  }
  const required = (name: string) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`the unit has no ${name}`);
    return value;
  };
  return {
    user: required("User"),
    workingDirectory: required("WorkingDirectory"),
    environmentFile: required("EnvironmentFile"),
    execStart: required("ExecStart"),
    execStartPost: required("ExecStartPost"),
    ambientCapabilities: capabilities(values.get("AmbientCapabilities") ?? ""),
    boundingCapabilities: values.has("CapabilityBoundingSet")
      ? capabilities(required("CapabilityBoundingSet"))
      : undefined,
    noNewPrivileges: values.get("NoNewPrivileges") === "yes",
  };
}

function capabilities(value: string): string[] {
  return value
    .split(/\s+/)
    .filter((name) => name !== "")
    .map((name) => name.toLowerCase().replace(/^cap_/, ""));
}

/**
 * Returns the command that carries out `ExecStart` with the unit's user and capabilities, as systemd would. Limits are
 * left out: only root of the whole machine may raise them.
 */
export function launchCommand(service: ServiceSettings, command: string): string[] {
  const added = service.ambientCapabilities.map((name) => `,+${name}`).join("");
  const bounding = service.boundingCapabilities?.map((name) => `,+${name}`).join("");
  return [
    "setpriv",
    `--reuid=${service.user}`,
    `--regid=${service.user}`,
    // Where groups cannot be changed there are none to give up.
    process.getuid?.() === 0 ? "--clear-groups" : "--keep-groups",
    `--inh-caps=-all${added}`,
    ...(added === "" ? [] : [`--ambient-caps=-all${added}`]),
    ...(bounding === undefined ? [] : [`--bounding-set=-all${bounding}`]),
    ...(service.noNewPrivileges ? ["--no-new-privs"] : []),
    ...shellWords(command),
  ];
}

/** Splits a command line as systemd does: words, and text in double quotes. */
function shellWords(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? "");
}
