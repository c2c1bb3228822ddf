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

/**
 * Measures as `interleave` does, and within each round too: the variants take turns of a tenth of a second until
 * each has had `seconds`, and what a round returns is the sum of its turns.
 */
export async function interleaveSlices<Name extends string>(
  names: readonly Name[],
  { rounds, seconds }: { rounds: number; seconds: number },
  measure: (name: Name, milliseconds: number) => Promise<Tally>,
): Promise<Samples<Name, Tally>> {
  const samples = emptySamples<Name, Tally>(names);
  const slices = Math.max(1, Math.round((seconds * 1_000) / SLICE_MS));
  for (let round = 0; round <= rounds; round++) {
    const turns = await interleave(names, slices, (name) => measure(name, SLICE_MS));
    if (round === 0) continue;
    for (const name of names) samples[name].push(turns[name].reduce(sumOf, EMPTY_TALLY));
  }
  return samples;
}

function emptySamples<Name extends string, Value>(names: readonly Name[]): Samples<Name, Value> {
  return Object.fromEntries(names.map((name) => [name, []])) as unknown as Samples<Name, Value>;
}
