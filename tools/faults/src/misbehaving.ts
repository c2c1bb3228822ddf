import { setTimeout as wait } from "node:timers/promises";

type Method = (...args: never[]) => Promise<unknown>;

/** Names of the methods of `T` that return a promise. */
type AsyncNames<T> = { [K in keyof T]-?: T[K] extends Method ? K : never }[keyof T];

type Answer<M> = M extends (...args: never[]) => Promise<infer R> ? R : never;

/** What a method does instead of its work. */
export type Behaviour<R> =
  /** Rejects. */
  | { fail: unknown }
  /** Does not settle until `heal`, whatever signal it was given; then it does its work. */
  | { hang: true }
  /** Answers something else; the function is handed what does the work. */
  | { lie: (real: () => Promise<R>) => R | Promise<R> }
  /** Does its work that much later. */
  | { delayMs: number };

/** An object whose methods fail, hang or lie on command. */
export interface Misbehaving<T extends object> {
  /** To be handed over in place of the real one. */
  readonly subject: T;
  /** Returns how often a method was called, whatever came of it. */
  calls(name: keyof T): number;
  /** Makes a method misbehave: at its next `times` calls, or from now on. A later command replaces an earlier one. */
  make<K extends AsyncNames<T>>(name: K, behaviour: Behaviour<Answer<T[K]>>, times?: number): void;
  /** Makes every method work again, and lets those that hang go on. */
  heal(): void;
}

interface Command {
  behaviour: Behaviour<unknown>;
  timesLeft: number;
}

/** Returns `real` behind a front that can be told to misbehave: an `Auth`, a `CertSource`, or anything alike. */
export function misbehaving<T extends object>(real: T): Misbehaving<T> {
  const commands = new Map<PropertyKey, Command>();
  const calls = new Map<PropertyKey, number>();
  let healed = Promise.withResolvers<void>();

  const take = (name: PropertyKey): Behaviour<unknown> | undefined => {
    const command = commands.get(name);
    if (command === undefined) return undefined;
    command.timesLeft -= 1;
    if (command.timesLeft <= 0) commands.delete(name);
    return command.behaviour;
  };
  const call = (name: PropertyKey, work: (...args: unknown[]) => unknown, args: unknown[]): unknown => {
    calls.set(name, (calls.get(name) ?? 0) + 1);
    const behaviour = take(name);
    const doWork = () => Reflect.apply(work, real, args);
    return behaviour === undefined
      ? doWork()
      : misbehave(behaviour, doWork as () => Promise<unknown>, healed.promise);
  };

  return {
    subject: new Proxy(real, {
      get(target, name) {
        // The receiver is the real one, since private fields are not found through a front.
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => call(name, value as (...args: unknown[]) => unknown, args);
      },
    }),
    calls: (name) => calls.get(name) ?? 0,
    make: (name, behaviour, times = Number.POSITIVE_INFINITY) => {
      commands.set(name, { behaviour: behaviour as Behaviour<unknown>, timesLeft: times });
    },
    heal() {
      commands.clear();
      healed.resolve();
      healed = Promise.withResolvers<void>();
    },
  };
}

async function misbehave(
  behaviour: Behaviour<unknown>,
  work: () => Promise<unknown>,
  healed: Promise<void>,
): Promise<unknown> {
  if ("fail" in behaviour) throw behaviour.fail;
  if ("lie" in behaviour) return await behaviour.lie(work);
  await ("hang" in behaviour ? healed : wait(behaviour.delayMs));
  return await work();
}
