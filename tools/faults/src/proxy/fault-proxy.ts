import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { Connection } from "./connection.ts";
import { BOTH, type CutBy, type Direction, type LaneFaults, soundLane } from "./faults.ts";

/** Where the proxy leads to. */
export interface Target {
  /** Default "localhost". */
  host?: string;
  port: number;
}

/** Settings of one proxy. */
export interface FaultProxyOptions {
  target: Target;
  /** An address of this machine; another one of 127.0.0.0/8 stands for another host. Default 127.0.0.1. */
  host?: string;
  /** Default: a free one. */
  port?: number;
}

/** When a connection is cut, and how. */
export interface Cut {
  /** Bytes of each connection that still pass; the one after them ends the connection. Default 0: the next one. */
  afterBytes?: number;
  /** Default "end": with FIN. */
  by?: CutBy;
}

/** A TCP proxy on loopback that does to connections what networks do. A fault without a direction is for both. */
export interface FaultProxy extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Connections that are open now. */
  readonly open: number;
  /** Connections that were accepted since the start. */
  readonly accepted: number;
  /** Bytes that have passed since the start. */
  readonly passed: Readonly<Record<Direction, number>>;
  /** Makes every byte take longer. */
  delay(delayMs: number, direction?: Direction): void;
  /** Lets no more than this pass on each connection. */
  limit(bytesPerSecond: number, direction?: Direction): void;
  /**
   * Lets nothing arrive any more, not even an end; in one direction: one-way loss. New connections are accepted
   * (the kernel does that) and hear nothing. What was lost arrives after `heal`, as TCP would send it again.
   */
  blackHole(direction?: Direction): void;
  /** Loses the open connections for ever, without a word to either side, as a firewall does; new ones work. */
  forgetOpen(): void;
  /** Ends each connection, open or new, at an exact byte of `direction`. */
  cut(direction: Direction, options?: Cut): void;
  /** Resets (RST) the connections that are open now. */
  reset(): void;
  /** Closes (FIN) the connections that are open now. */
  hangUp(): void;
  /** Refuses new connections, as a port does where nothing listens; open ones go on. */
  refuse(): void;
  /** Leads new connections to another server. */
  retarget(target: Target): void;
  /** Ends every fault but the target; resolves when new connections are taken again. */
  heal(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a proxy in which nothing is wrong yet. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const { target, host = "127.0.0.1", port = 0 } = options;
  const proxy = new LoopbackProxy(target, host);
  await proxy.listen(port);
  return proxy;
}

class LoopbackProxy implements FaultProxy {
  readonly host: string;
  readonly passed = { toServer: 0, toClient: 0 };
  port = 0;
  accepted = 0;
  #target: Target;
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  readonly #faults: Record<Direction, LaneFaults> = { toServer: soundLane(), toClient: soundLane() };
  readonly #cuts = new Map<Direction, Required<Cut>>();

  constructor(target: Target, host: string) {
    this.#target = target;
    this.host = host;
    // An end is handed on like every byte: with its delay, or not at all.
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
  }

  get open(): number {
    return this.#connections.size;
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, this.host);
    await once(this.#server, "listening");
    this.port = (this.#server.address() as AddressInfo).port;
  }

  delay(delayMs: number, direction?: Direction): void {
    this.#set({ delayMs }, direction);
  }

  limit(bytesPerSecond: number, direction?: Direction): void {
    this.#set({ bytesPerSecond }, direction);
  }

  blackHole(direction?: Direction): void {
    this.#set({ isHeld: true }, direction);
  }

  forgetOpen(): void {
    for (const connection of this.#connections) connection.forget();
  }

  cut(direction: Direction, { afterBytes = 0, by = "end" }: Cut = {}): void {
    this.#cuts.set(direction, { afterBytes, by });
    for (const connection of this.#connections) {
      connection.cut(direction, { bytesLeft: afterBytes, by });
    }
  }

  reset(): void {
    for (const connection of [...this.#connections]) connection.reset();
  }

  hangUp(): void {
    for (const connection of [...this.#connections]) connection.destroy();
  }

  refuse(): void {
    this.#server.close();
  }

  retarget(target: Target): void {
    this.#target = target;
  }

  async heal(): Promise<void> {
    for (const direction of BOTH) {
      Object.assign(this.#faults[direction], soundLane());
      this.#cuts.delete(direction);
      for (const connection of this.#connections) connection.cut(direction, undefined);
    }
    for (const connection of this.#connections) connection.pump();
    if (!this.#server.listening) await this.listen(this.port);
  }

  async close(): Promise<void> {
    if (this.#server.listening) this.#server.close();
    this.reset();
    while (this.#connections.size > 0) await new Promise((resolve) => setImmediate(resolve));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #set(change: Partial<LaneFaults>, only?: Direction): void {
    for (const direction of only === undefined ? BOTH : [only])
      Object.assign(this.#faults[direction], change);
    for (const connection of this.#connections) connection.pump();
  }

  #accept(client: Socket): void {
    this.accepted += 1;
    const { host = "localhost", port } = this.#target;
    const server = connect({ host, port, allowHalfOpen: true });
    const connection = new Connection(client, server, this.#faults, {
      passed: (direction, bytes) => {
        this.passed[direction] += bytes;
      },
      closed: () => this.#connections.delete(connection),
    });
    for (const [direction, { afterBytes, by }] of this.#cuts) {
      connection.cut(direction, { bytesLeft: afterBytes, by });
    }
    this.#connections.add(connection);
  }
}
