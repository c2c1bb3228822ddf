import type { Server as HttpServer, ServerResponse } from "node:http";
import { Server as HttpsServer } from "node:https";
import type { Socket } from "node:net";
import type { DrainReport } from "./drain-http-server.ts";

/** Any HTTP/1.1 server of Node, encrypted or not. */
export type AnyHttpServer = HttpServer | HttpsServer;

interface Conversation {
  /** Each with the moment of its request, on the clock of `performance`. */
  readonly unfinished: Map<ServerResponse, number>;
  hasBegun: boolean;
}

/** Knows the open sockets and the requests under way of one server. */
export interface RequestTracker {
  /** Sockets as accepted, also those still in their TLS handshake. */
  readonly accepted: Set<Socket>;
  /** Sockets ready for HTTP. */
  readonly speaking: Map<Socket, Conversation>;
  isDraining: boolean;
  servedWhileDraining: number;
  closedWhileDraining: number;
  drained?: Promise<DrainReport>;
}

const TRACKER = Symbol("sealed.tls.request-tracker");

/**
 * Begins to watch the requests of a server, so that a later drain also reaches those already being served.
 * A second call returns the same tracker.
 */
export function trackRequests(server: AnyHttpServer & { [TRACKER]?: RequestTracker }): RequestTracker {
  if (server[TRACKER] !== undefined) return server[TRACKER];
  const tracker: RequestTracker = {
    accepted: new Set(),
    speaking: new Map(),
    isDraining: false,
    servedWhileDraining: 0,
    closedWhileDraining: 0,
  };
  Object.defineProperty(server, TRACKER, { value: tracker });
  server.on("connection", (socket: Socket) => {
    tracker.accepted.add(socket);
    socket.once("close", () => {
      tracker.accepted.delete(socket);
      if (tracker.isDraining) tracker.closedWhileDraining++;
    });
  });
  const ready = server instanceof HttpsServer ? "secureConnection" : "connection";
  server.on(ready, (socket: Socket) => conversationOn(tracker, socket));
  server.prependListener("request", ({ socket }, response) => trackResponse(tracker, socket, response));
  return tracker;
}

/** Returns how many requests are being answered. */
export function requestsUnderWay(tracker: RequestTracker): number {
  let count = 0;
  for (const { unfinished } of tracker.speaking.values()) count += unfinished.size;
  return count;
}

/** Tells the client of each unfinished response that this is the last one on its connection. */
export function announceCloseOnAll(tracker: RequestTracker): void {
  for (const { unfinished } of tracker.speaking.values())
    for (const response of unfinished.keys()) announceClose(response);
}

/** Ends the connections that have been served and owe nothing, once what they have to send is sent. */
export function endIdleConnections(tracker: RequestTracker): void {
  for (const [socket, { unfinished, hasBegun }] of tracker.speaking) {
    if (hasBegun && unfinished.size === 0) socket.destroySoon();
  }
}

/** Cuts every connection, those in their handshake too, and returns how many there were. */
export function cutAllConnections(tracker: RequestTracker): number {
  const count = tracker.accepted.size;
  for (const socket of tracker.speaking.keys()) socket.destroy();
  for (const socket of tracker.accepted) socket.destroy();
  return count;
}

/** Cuts every connection with a request that came `limitMs` ago or more and is not answered to its end. */
export function cutOverdue(tracker: RequestTracker, limitMs: number): void {
  const latestMs = performance.now() - limitMs;
  const overdue: Socket[] = [];
  for (const [socket, { unfinished }] of tracker.speaking) {
    const [oldestMs] = unfinished.values();
    if (oldestMs !== undefined && oldestMs <= latestMs) overdue.push(socket);
  }
  if (overdue.length > 0) resetConnections(tracker, overdue);
}

/**
 * Has Node watch every connection that owes an answer, and look after it again when `limitMs` pass without a byte
 * in either direction. Node ends that watch with the answer.
 *
 * To be called now and then, and not with each request: most answers are out long before, and Node's own
 * `server.timeout` makes a timer for each and sets it back with each read and write, 2 % of the instructions of a whole request.
 */
export function watchForSilence(tracker: RequestTracker, limitMs: number): void {
  for (const [socket, { unfinished }] of tracker.speaking) {
    const isWatched = (socket.timeout ?? 0) > 0;
    if (unfinished.size > 0 && !isWatched) socket.setTimeout(limitMs);
  }
}

/** Cuts a connection on which nothing has moved for too long; without an answer under way it is closed as usual. */
export function cutSilent(tracker: RequestTracker, socket: Socket): void {
  const isAnswering = (tracker.speaking.get(socket)?.unfinished.size ?? 0) > 0;
  if (isAnswering) resetConnections(tracker, [socket]);
  else socket.destroy();
}

/**
 * Cuts connections together with what the kernel holds for them: a mere close leaves the megabytes that are not
 * read yet in its memory for as long as the client goes on reading a byte now and then.
 *
 * @see https://nginx.org/en/docs/http/ngx_http_core_module.html#reset_timedout_connection
 */
function resetConnections(tracker: RequestTracker, sockets: readonly Socket[]): void {
  // Node cannot reset a socket of TLS, only the one below it, and the two have nothing in common but the other end.
  const below = new Map([...tracker.accepted].map((socket) => [otherEnd(socket), socket]));
  for (const socket of sockets) {
    below.get(otherEnd(socket))?.resetAndDestroy();
    socket.destroy();
  }
}

function otherEnd({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

function conversationOn(tracker: RequestTracker, socket: Socket): Conversation {
  const known = tracker.speaking.get(socket);
  if (known !== undefined) return known;
  const conversation = { unfinished: new Map<ServerResponse, number>(), hasBegun: false };
  tracker.speaking.set(socket, conversation);
  socket.once("close", () => tracker.speaking.delete(socket));
  return conversation;
}

function trackResponse(tracker: RequestTracker, socket: Socket, response: ServerResponse): void {
  const conversation = conversationOn(tracker, socket);
  conversation.hasBegun = true;
  conversation.unfinished.set(response, performance.now());
  if (tracker.isDraining) announceClose(response);
  // One listener, not one for "finish" too: this is on the way of every request.
  response.on("close", () => {
    conversation.unfinished.delete(response);
    if (tracker.isDraining && response.writableFinished) tracker.servedWhileDraining++;
  });
}

function announceClose(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader("Connection", "close");
}
