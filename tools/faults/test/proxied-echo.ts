import { startFaultProxy } from "../src/index.ts";
import { startEchoServer } from "./echo-server.ts";

/** Starts an echo server behind a proxy in which nothing is wrong yet. */
export async function path() {
  const server = await startEchoServer();
  const proxy = await startFaultProxy({ target: { port: server.port } });
  return {
    server,
    proxy,
    async [Symbol.asyncDispose]() {
      await proxy.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Waits long enough for anything that is on its way on loopback to arrive. */
export const aWhile = () => new Promise((resolve) => setTimeout(resolve, 50));
