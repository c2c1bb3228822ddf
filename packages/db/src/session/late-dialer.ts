import type { Dial, DialOptions } from "./dial.ts";

/**
 * Returns what `dialer` returns, and loads the driver with the first login. A program that opens a database at
 * its start is not kept from its other work meanwhile: the driver takes a tenth of the start of the app.
 */
export function lateDialer(options: DialOptions): Dial {
  let dial: Promise<Dial> | undefined;
  return async (signal, onPhase) => {
    dial ??= import("./dial.ts").then(({ dialer }) => dialer(options));
    return await (await dial)(signal, onPhase);
  };
}
