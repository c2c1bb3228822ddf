/** Samples by the name of what was measured. */
export type Samples<Name extends string, Value> = Record<Name, Value[]>;

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
  const samples = Object.fromEntries(names.map((name) => [name, []])) as unknown as Samples<Name, Value>;
  for (const name of names) await measure(name);
  for (let round = 0; round < rounds; round++) {
    // What comes after another finds a warmer machine; so each is last as often as first.
    const order = round % 2 === 0 ? names : names.toReversed();
    for (const name of order) samples[name].push(await measure(name));
  }
  return samples;
}
