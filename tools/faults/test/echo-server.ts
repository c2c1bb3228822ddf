import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A server that sends back what it is sent, and a look at its ends of the connections. */
export interface EchoServer extends AsyncDisposable {
  port: number;
  /** Its ends of the connections, in the order in which they came. */
  sockets: Socket[];
  /** What arrived, of all connections. */
  received(): string;
}

/** Starts one that puts `name` before each thing it sends back. */
export async function startEchoServer(name = ""): Promise<EchoServer> {
  const sockets: Socket[] = [];
  const received: Buffer[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    socket.on("data", (bytes: Buffer) => {
      received.push(bytes);
      socket.write(`${name}${bytes.toString()}`);
    });
  });
  server.listen(0, "localhost");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    sockets,
    received: () => Buffer.concat(received).toString(),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** A client, and what became of it. */
export interface Client extends Disposable {
  socket: Socket;
  heard(): string;
  /** "end" for FIN, the error's code for anything else; undefined while it is open. */
  outcome(): string | undefined;
}

/** Connects to `port`; waits for nothing. */
export function connectTo({ host, port }: { host: string; port: number }): Client {
  const heard: Buffer[] = [];
  let outcome: string | undefined;
  const socket = connect({ host, port });
  socket.on("data", (bytes: Buffer) => heard.push(bytes));
  socket.once("end", () => {
    outcome ??= "end";
  });
  socket.once("error", (error: NodeJS.ErrnoException) => {
    outcome ??= error.code ?? "?";
  });
  return {
    socket,
    heard: () => Buffer.concat(heard).toString(),
    outcome: () => outcome,
    [Symbol.dispose]: () => void socket.destroy(),
  };
}
