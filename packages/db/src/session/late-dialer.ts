import type { Dial, DialOptions } from "./dial.ts";
import { orAborted } from "./or-aborted.ts";

/**
 * Returns what `dialer` returns, and loads the driver with the first login. A program that opens a database at
 * its start is not kept from its other work meanwhile: the driver takes a tenth of the start of the app.
 *
 * @param startAfter - The first login, and the loading, wait until it settles.
 */
export function lateDialer(options: DialOptions, startAfter: Promise<void> = Promise.resolve()): Dial {
  let dial: Promise<Dial> | undefined;
  return async (signal, onPhase) => {
    await orAborted(startAfter, signal);
    dial ??= import("./dial.ts").then(({ dialer }) => dialer(options));
    return await (await dial)(signal, onPhase);
  };
}
