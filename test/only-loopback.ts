/**
 * Preloaded into every test process: refuses each connection that leaves this machine, so that a
 * test which would need the network fails where it is written, not on somebody's train journey.
 */
import { type NetConnectOpts, Socket } from "node:net";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/;

function target(args: unknown[]): string {
  const first = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (typeof first === "object" && first !== null) {
    const options = first as NetConnectOpts & { path?: string; host?: string };
    return options.path === undefined ? (options.host ?? "localhost") : "localhost";
  }
  return typeof args[1] === "string" ? args[1] : "localhost";
}

const connect = Socket.prototype.connect;
Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
  const host = target(args);
  if (!LOOPBACK.test(host)) {
    throw new Error(`a test tried to connect to ${host}; tests reach this machine only`);
  }
  return Reflect.apply(connect, this, args) as Socket;
} as typeof connect;
