import { once } from "node:events";
import { connect } from "node:net";
import { type Agreed, clientHello, isAlert, type OldOffer, serverHello } from "./client-hello.ts";
import { DIAL_TIMEOUT_MS, type Dialled, endpointOf, inWords, OUT_OF_REACH } from "./dial.ts";
import type { Place } from "./place.ts";

/** A ServerHello stands in the first of them. */
const ENOUGH_BYTES = 4_096;

/** What came of it: what was agreed to, or how it ended without. */
export type Offered = (Agreed & { outcome: "agreed" }) | Exclude<Dialled, { outcome: "connected" }>;

/**
 * Offers what OpenSSL cannot, and hangs up at the first answer: no handshake is finished.
 *
 * @throws what the signal was aborted with.
 */
export async function offerOld(
  { url, address }: Place,
  offer: OldOffer,
  signal: AbortSignal,
): Promise<Offered> {
  const { servername, ...endpoint } = endpointOf(url, address);
  const timeout = AbortSignal.timeout(DIAL_TIMEOUT_MS);
  const socket = connect({ ...endpoint, signal: AbortSignal.any([signal, timeout]) });
  let answer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    answer = Buffer.concat([answer, chunk]);
    const isEnough = isAlert(answer) || serverHello(answer) !== undefined || answer.length > ENOUGH_BYTES;
    if (isEnough) socket.destroy();
  });
  socket.once("connect", () => socket.write(clientHello(offer, servername)));
  try {
    await once(socket, "close");
  } catch (error) {
    signal.throwIfAborted();
    const { code = "" } = error as NodeJS.ErrnoException;
    if (timeout.aborted) {
      return { outcome: "silent", reason: `no answer within ${DIAL_TIMEOUT_MS / 1_000} s` };
    }
    if (OUT_OF_REACH.has(code)) return { outcome: "out-of-reach", reason: inWords(code), code };
  } finally {
    socket.destroy();
  }
  const agreed = serverHello(answer);
  if (agreed !== undefined) return { outcome: "agreed", ...agreed };
  return { outcome: "turned-down", reason: "the connection was closed" };
}
