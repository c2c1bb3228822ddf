import type { ClientRequest } from "node:http";
import { request } from "node:https";
import type { DrilledPath } from "./path.ts";

/** A request whose body has begun and not ended. */
export interface HalfSent {
  call: ClientRequest;
  /** What makes the body whole: a note that the app takes. */
  rest: string;
}

/** Sends the first half of a new note on a connection of its own, for which the load balancer holds an instance. */
export function sendHalf(path: DrilledPath): HalfSent {
  const body = JSON.stringify({ title: "half", body: "" });
  const call = request({
    host: "127.0.0.1",
    servername: "localhost",
    port: path.port,
    path: "/api/notes",
    method: "POST",
    ca: path.ca.certificatePem,
    agent: false,
    headers: {
      host: `localhost:${path.port}`,
      "content-type": "application/json",
      "content-length": body.length,
    },
  });
  const half = Math.floor(body.length / 2);
  call.write(body.slice(0, half));
  return { call, rest: body.slice(half) };
}
