/** What a port is doing. */
export interface PortState {
  isFree: boolean;
  /** Who has it, such as "pid 123 (node)"; `undefined`: that cannot be seen from here. */
  holder: string | undefined;
}

/** What this machine has for `npm start`, as `@sealed/servers` looks for it. */
interface ServerSupport {
  suite: string;
  hasCompiler: boolean;
}

/** The machine that commands run on, as far as `doctor` looks at it. */
export interface Machine {
  platform: string;
  /** Of the Node that runs this, such as "24.21.0". */
  nodeVersion: string;
  /** Returns the version of the Node that the machine has besides the project's; `undefined`: none. */
  ownNodeVersion(): Promise<string | undefined>;
  npmVersion(): Promise<string | undefined>;
  port(port: number): Promise<PortState>;
  /** Returns the address of the path that `npm start` of this clone has up; `undefined`: none. */
  runningPath(): Promise<string | undefined>;
  /** @throws ServersError as `npm start` would. */
  serverSupport(): Promise<ServerSupport>;
  /** Whether `npm start` has unpacked its servers before. */
  hasUnpackedServers(): Promise<boolean>;
  /** Bytes that are free for an ordinary user where the repository lies. */
  freeDiskBytes(): Promise<number>;
}
