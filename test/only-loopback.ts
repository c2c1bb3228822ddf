/**
 * Preloaded into every test process: refuses each connection that leaves this machine, so that a
 * test which would need the network fails where it is written, not on somebody's train journey.
 */
import type { LookupAddress } from "node:dns";
import { type LookupFunction, Socket, type TcpNetConnectOpts } from "node:net";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/;

function refuse(host: string): never {
  throw new Error(`a test tried to connect to ${host}; tests reach this machine only`);
}

/** Lets a test resolve a made-up name itself, to an address of this machine. */
function toLoopback(lookup: LookupFunction): LookupFunction {
  return (host, options, done) => {
    lookup(host, options, (error, address, family) => {
      const found: LookupAddress[] = Array.isArray(address) ? address : [{ address, family: family ?? 0 }];
      if (error === null && !found.every((one) => LOOPBACK.test(one.address))) refuse(host);
      done(error, address, family);
    });
  };
}

/** Checks one call of `connect`, whose options may also come as port and host, or wrapped by `net.connect`. */
function check(args: unknown[]): void {
  const first = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (typeof first !== "object" || first === null) {
    if (typeof args[1] === "string" && !LOOPBACK.test(args[1])) refuse(args[1]);
    return;
  }
  const options = first as Partial<TcpNetConnectOpts> & { path?: string };
  const { host = "localhost" } = options;
  if (options.path !== undefined || LOOPBACK.test(host)) return;
  if (options.lookup === undefined) refuse(host);
  options.lookup = toLoopback(options.lookup);
}

const connect = Socket.prototype.connect;
Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
  check(args);
  return Reflect.apply(connect, this, args) as Socket;
} as typeof connect;
