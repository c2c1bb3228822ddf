import type { Hop } from "./report.ts";
import { enumerate } from "./wording.ts";

/** Says the verdict in one sentence that changes only when the verdict or its cause does. */
export function summarize(hops: readonly Hop[]): string {
  const open = hops.flatMap((hop, index) => (hop.sealed ? [] : [{ hop, place: index + 1 }]));
  const [first] = open;
  if (first === undefined) return "Every hop from the client to the database is encrypted.";
  if (open.length > 1)
    return `Hops ${enumerate(open.map(({ place }) => place))} are not sealed; each says why.`;
  return `Hop ${first.place}, from the ${first.hop.from} to the ${first.hop.to}, is not sealed. ${first.hop.problems[0]}`;
}
