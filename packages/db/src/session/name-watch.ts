import type { LookupFunction } from "node:net";
import type { AddressWatch } from "../address-watch.ts";
import { addressesOf } from "../addresses.ts";
import type { Clock } from "../clock.ts";
import { DbError } from "../errors.ts";

/** Time between two looks; a login within one network is over before the first. */
const LOOK_EVERY_MS = 250;

/** The name, and who resolves it. */
interface WatchedName {
  host: string;
  lookup: LookupFunction;
  clock: Clock;
  /** Knows from earlier logins whether the name answers with all of its addresses. */
  addresses: AddressWatch;
}

/** Watches the name that a login goes to, for as long as the login takes. */
export interface NameWatch {
  /** Resolves the name for the login; what it answers is the address that is watched. */
  readonly lookup: LookupFunction;
  /** Aborted with a `DbError` when the name has come to stand for other addresses only. */
  readonly moved: AbortSignal;
  close(): void;
}

/**
 * Starts to watch a name. A host that died without a word leaves a login hanging until its deadline, long after
 * a failover has given the name to another host; this ends it as soon as the name has moved.
 */
export function watchName(options: WatchedName): NameWatch {
  const { addresses, host, lookup, clock } = options;
  const controller = new AbortController();
  let tried: string[] = [];
  let isClosed = false;

  const compare = (current: string[]): void => {
    const left = addresses.look(current, new Set(tried));
    if (tried.length === 0 || tried.some((address) => !left.has(address))) return;
    const message = `${host} has moved from ${tried.join(", ")} to ${current.join(", ")} during the login`;
    controller.abort(new DbError("DB_UNREACHABLE", message));
  };
  const look = (): void => {
    addressesOf(host, lookup)
      // While the name cannot be resolved, the address that it had is as good as before.
      .then(compare, () => undefined)
      .finally(() => {
        if (!isClosed && !controller.signal.aborted) timer = clock.after(LOOK_EVERY_MS, look);
      });
  };
  let timer = clock.after(LOOK_EVERY_MS, look);

  return {
    lookup: (name, how, done) =>
      lookup(name, how, (error, found, family) => {
        if (error === null) {
          tried = typeof found === "string" ? [found] : found.map(({ address }) => address);
          addresses.look(tried, new Set());
        }
        done(error, found, family);
      }),
    moved: controller.signal,
    close() {
      isClosed = true;
      timer.cancel();
    },
  };
}
