import { EMPTY_TALLY, sumOf, type Tally } from "./tally.ts";

/** Samples by the name of what was measured. */
export type Samples<Name extends string, Value> = Record<Name, Value[]>;

/** Length of one turn of a variant. What disturbs a machine lasts longer than that, and so meets all variants. */
const SLICE_MS = 100;

/**
 * Measures each of some variants once a round, in turning order, and returns the samples in the order of rounds.
 *
 * Side by side and not one after the other: a machine that is busy for a while then disturbs all alike. One more
 * round goes ahead and is dropped: in it the compiler sees the code for the first time.
 */
export async function interleave<Name extends string, Value>(
  names: readonly Name[],
  rounds: number,
  measure: (name: Name) => Promise<Value>,
): Promise<Samples<Name, Value>> {
  const samples = emptySamples<Name, Value>(names);
  for (const name of names) await measure(name);
  for (let round = 0; round < rounds; round++) {
    // What comes after another finds a warmer machine; so each is last as often as first.
    const order = round % 2 === 0 ? names : names.toReversed();
    for (const name of order) samples[name].push(await measure(name));
  }
  return samples;
}

/** Starts what is to be measured, for as long as `stack` lives, and returns how one turn of a variant is measured. */
export type Prepare<Name extends string> = (
  stack: AsyncDisposableStack,
) => Promise<(name: Name, milliseconds: number) => Promise<Tally>>;

/** How much is measured; the unit is what one variant gets in one round. */
export interface Extent {
  rounds: number;
  /** Turns whose sum is the sample of a round. */
  seconds: number;
  /** Turns before those, which are dropped: while the compiler works, its CPU time would count too. */
  warmUpSeconds: number;
}

/**
 * Measures each of some variants `rounds` times in turns, and returns the samples in the order of rounds. Each
 * round has processes of its own, because what the compiler makes of the same code differs between processes.
 */
export async function compare<Name extends string>(
  names: readonly Name[],
  { rounds, seconds, warmUpSeconds }: Extent,
  prepare: Prepare<Name>,
): Promise<Samples<Name, Tally>> {
  const samples = emptySamples<Name, Tally>(names);
  const turnsOf = (length: number): number => Math.max(1, Math.round((length * 1_000) / SLICE_MS));
  for (let round = 0; round < rounds; round++) {
    await using stack = new AsyncDisposableStack();
    const measure = await prepare(stack);
    const turn = (name: Name) => measure(name, SLICE_MS);
    await interleave(names, turnsOf(warmUpSeconds), turn);
    const turns = await interleave(names, turnsOf(seconds), turn);
    for (const name of names) samples[name].push(turns[name].reduce(sumOf, EMPTY_TALLY));
  }
  return samples;
}

function emptySamples<Name extends string, Value>(names: readonly Name[]): Samples<Name, Value> {
  return Object.fromEntries(names.map((name) => [name, []])) as unknown as Samples<Name, Value>;
}
