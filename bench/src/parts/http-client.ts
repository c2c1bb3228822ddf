import { connect as connectTcp, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";

/** Where requests go. */
export interface Target {
  port: number;
  secure: boolean;
  host: string;
  path: string;
  /** The one key-exchange group that is offered; absent: Node's own list. */
  group?: string;
}

const HEAD_END = "\r\n\r\n";

/** A kept-alive connection that has one request under way at a time: cheaper than Node's own HTTP client. */
export class HttpConnection {
  readonly socket: Socket;
  readonly #request: Buffer;
  #received = "";
  #settle: ((status: number) => void) | undefined;
  #isClosed = false;

  constructor(target: Target, onReady: () => void) {
    const to = { host: "127.0.0.1", port: target.port, noDelay: true };
    this.socket = target.secure
      ? connectTls({ ...to, ...tlsOptions(target) }, onReady)
      : connectTcp(to, onReady);
    this.#request = Buffer.from(
      `GET ${target.path} HTTP/1.1\r\nHost: ${target.host}\r\nAccept: application/json${HEAD_END}`,
    );
    this.socket.setEncoding("latin1");
    this.socket.on("data", (text: string) => this.#onData(text));
    this.socket.on("error", () => this.#onClose());
    this.socket.on("close", () => this.#onClose());
  }

  /** Sends the request; calls back with the status of the answer, 0 where the connection broke. */
  send(settle: (status: number) => void): void {
    if (this.#isClosed) {
      settle(0);
      return;
    }
    this.#settle = settle;
    this.socket.write(this.#request);
  }

  #onData(text: string): void {
    this.#received += text;
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = this.#received.slice(0, headEnd);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN);
    if (Number.isNaN(length)) {
      this.socket.destroy();
      return;
    }
    if (this.#received.length < headEnd + HEAD_END.length + length) return;
    this.#received = "";
    this.#finish(Number(head.slice(9, 12)));
  }

  #onClose(): void {
    this.#isClosed = true;
    this.#finish(0);
  }

  #finish(status: number): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(status);
  }
}

function tlsOptions({ host, group }: Target): ConnectionOptions {
  return {
    servername: host,
    // The server is a child of this run on loopback: who it is has been settled.
    rejectUnauthorized: false,
    ...(group === undefined ? {} : { ecdhCurve: group }),
  };
}
