import type { Server as HttpServer, ServerResponse } from "node:http";
import { Server as HttpsServer } from "node:https";
import type { Socket } from "node:net";
import type { DrainReport } from "./drain-http-server.ts";

/** Any HTTP/1.1 server of Node, encrypted or not. */
export type AnyHttpServer = HttpServer | HttpsServer;

interface Conversation {
  /** The socket as accepted: the one that speaks, or below its TLS. */
  readonly transport: Socket;
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
  if (server instanceof HttpsServer) trackSecureConnections(tracker, server);
  else server.on("connection", (socket: Socket) => beginConversation(tracker, socket, socket));
  server.prependListener("request", ({ socket }, response) => trackResponse(tracker, socket, response));
  return tracker;
}

/** Node tells of a connection before and after its handshake, by two sockets that share nothing but their ends. */
function trackSecureConnections(tracker: RequestTracker, server: HttpsServer): void {
  const inHandshake = new Map<string, Socket>();
  server.on("connection", (socket: Socket) => {
    const ends = endsOf(socket);
    inHandshake.set(ends, socket);
    socket.once("close", () => {
      if (inHandshake.get(ends) === socket) inHandshake.delete(ends);
    });
  });
  server.on("secureConnection", (socket) => {
    const ends = endsOf(socket);
    beginConversation(tracker, socket, inHandshake.get(ends) ?? socket);
    inHandshake.delete(ends);
  });
}

function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
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
  for (const [socket, conversation] of tracker.speaking) {
    const [oldestMs] = conversation.unfinished.values();
    if (oldestMs !== undefined && oldestMs <= latestMs) resetConnection(socket, conversation);
  }
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
  const conversation = tracker.speaking.get(socket);
  if (conversation !== undefined && conversation.unfinished.size > 0) resetConnection(socket, conversation);
  else socket.destroy();
}

/**
 * Cuts a connection together with what the kernel holds for it: a mere close leaves the megabytes that are not
 * read yet in its memory for as long as the client goes on reading a byte now and then. Node can reset the
 * socket below TLS only.
 *
 * @see https://nginx.org/en/docs/http/ngx_http_core_module.html#reset_timedout_connection
 */
function resetConnection(socket: Socket, { transport }: Conversation): void {
  transport.resetAndDestroy();
  socket.destroy();
}

function beginConversation(tracker: RequestTracker, socket: Socket, transport: Socket): Conversation {
  const conversation = { transport, unfinished: new Map<ServerResponse, number>(), hasBegun: false };
  tracker.speaking.set(socket, conversation);
  socket.once("close", () => tracker.speaking.delete(socket));
  return conversation;
}

function trackResponse(tracker: RequestTracker, socket: Socket, response: ServerResponse): void {
  // Unknown is only a connection that was open before it was watched.
  const conversation = tracker.speaking.get(socket) ?? beginConversation(tracker, socket, socket);
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
