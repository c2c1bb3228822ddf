import type { Bench } from "../bench.ts";
import type { Part } from "../part.ts";
import type { HttpLoadHandlers } from "../parts/http-load.ts";
import { HOST, NOTE_PATH } from "../parts/note.ts";
import type { KeyPair, WebServerHandlers, WebServerRequest } from "../parts/web-server.ts";
import type { Tally } from "../tally.ts";

/** A measured server. */
export interface RunningServer {
  port: number;
  pid: number;
}

/** Where requests go, and whose CPU time they are held against. */
export interface Destination {
  port: number;
  secure: boolean;
  pids: readonly number[];
}

const CONNECTIONS = 50;

/** Starts a web server on the measured core; it ends with `stack`. */
export async function startServer(
  bench: Bench,
  stack: AsyncDisposableStack,
  request: WebServerRequest,
): Promise<RunningServer> {
  // A file, as on an instance, where the log is kept on disk too.
  const logFile = `${bench.temporaryDir}/web.log`;
  const server = stack.use(await bench.start<WebServerHandlers>("web-server.ts", "measured", { logFile }));
  return { port: await server.ask("open", request), pid: server.pid };
}

/** Starts what sends requests on the helpers' core, and returns a function that sends some for a while. */
export async function startLoad(bench: Bench, stack: AsyncDisposableStack) {
  const load: Part<HttpLoadHandlers> = stack.use(await bench.start("http-load.ts", "helper"));
  return (destination: Destination, milliseconds: number): Promise<Tally> =>
    load.ask("run", {
      ...destination,
      host: HOST,
      path: NOTE_PATH,
      connections: CONNECTIONS,
      milliseconds,
    });
}

/** Returns an ECDSA P-256 key and its certificate. */
export async function serverKeyPair(bench: Bench): Promise<KeyPair> {
  const { keyPem, certificatePem } = await (await bench.ca()).issue({
    hosts: [HOST, "localhost", "127.0.0.1"],
  });
  return { key: keyPem, cert: certificatePem };
}
