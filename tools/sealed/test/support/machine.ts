import type { Machine } from "../../src/doctor/machine.ts";

/** A machine that has everything. */
export const goodMachine: Machine = {
  platform: "linux",
  nodeVersion: "24.21.0",
  ownNodeVersion: async () => "20.20.2",
  npmVersion: async () => "11.19.1",
  port: async () => ({ isFree: true, holder: undefined }),
  runningPath: async () => undefined,
  serverSupport: async () => ({ suite: "sid", hasCompiler: true }),
  hasUnpackedServers: async () => false,
  freeDiskBytes: async () => 20 * 1024 ** 3,
};
