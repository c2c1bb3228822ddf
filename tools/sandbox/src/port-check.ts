import { once } from "node:events";
import { createServer } from "node:net";
import { portHolder } from "@sealed/servers";
import { SandboxError } from "./errors.ts";

/**
 * Returns when a port can be listened on.
 *
 * @throws SandboxError SANDBOX_PORT_TAKEN with the port, who holds it where that can be known, and what to do.
 */
export async function checkPort(port: number): Promise<void> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    server.close();
    await once(server, "close");
  } catch (error) {
    throw await portError(port, error as NodeJS.ErrnoException);
  }
}

async function portError(port: number, error: NodeJS.ErrnoException): Promise<SandboxError> {
  const advice = "choose another one with: npm start -- --port 9443";
  if (error.code === "EACCES") {
    const text = `port ${port} is kept for root on this machine; ${advice}`;
    return new SandboxError("SANDBOX_PORT_TAKEN", text, { cause: error });
  }
  const holder = await portHolder(port);
  const by = holder === undefined ? "another program" : holder;
  return new SandboxError("SANDBOX_PORT_TAKEN", `port ${port} is taken by ${by}; ${advice}`, {
    cause: error,
  });
}
