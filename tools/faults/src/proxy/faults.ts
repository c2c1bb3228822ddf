/** Which way bytes go: what the client says, or what the server says. */
export type Direction = "toServer" | "toClient";

/** Both directions, for a fault that names none. */
export const BOTH: readonly Direction[] = ["toServer", "toClient"];

/** What happens to the bytes of one direction, on every connection. */
export interface LaneFaults {
  /** Added to the way of every byte. */
  delayMs: number;
  /** Infinity: as fast as it goes. */
  bytesPerSecond: number;
  /** Nothing arrives, not even the end of the connection. */
  isHeld: boolean;
}

/** How a connection is cut: with FIN, with RST, or without a word to either side. */
export type CutBy = "end" | "reset" | "silence";

/** What ends a connection, and how. */
export interface LaneCut {
  /** Bytes that still pass; the one after them ends the connection. */
  bytesLeft: number;
  by: CutBy;
}

/** Returns a direction in which nothing is wrong. */
export function soundLane(): LaneFaults {
  return { delayMs: 0, bytesPerSecond: Number.POSITIVE_INFINITY, isHeld: false };
}
