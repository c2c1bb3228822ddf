/** Preloaded into the app: SIGTERM arrives just before it begins to listen. */
import { Server } from "node:net";

const listen = Server.prototype.listen;
Server.prototype.listen = function (this: Server, ...args: unknown[]) {
  process.emit("SIGTERM", "SIGTERM");
  return Reflect.apply(listen, this, args) as Server;
} as typeof listen;
