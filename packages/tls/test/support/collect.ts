import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { TestContext } from "node:test";

/** Collects what is published on a diagnostics channel until the test ends. */
export function collect<T>(t: TestContext, channel: string): T[] {
  const seen: T[] = [];
  const listener = (message: unknown) => void seen.push(message as T);
  subscribe(channel, listener);
  t.after(() => unsubscribe(channel, listener));
  return seen;
}
