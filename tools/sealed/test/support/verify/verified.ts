import { sealed } from "../harness.ts";
import type { World } from "../world.ts";

/** What a verification found. */
export interface Verified {
  exitCode: number;
  verdict: string;
  topology: string | null;
  states: Record<string, string>;
  /** What is not as promised: hop, check, and what it is about. */
  wrong: string[];
  /** What is noted and does not fail, named the same way. */
  noted: string[];
  /** What was seen by a check that is not as promised. */
  seen: (id: string) => string;
}

interface Document {
  exitCode: number;
  verdict: string;
  topology: string | null;
  hops: {
    id: string;
    state: string;
    checks: { id: string; status: string; subject?: string; seen: string }[];
  }[];
}

/** Runs `sealed verify` with the real clock, and returns its document in short. */
export async function verify(args: string, world: World = {}): Promise<Verified> {
  const { exitCode, output, errors } = await sealed(`verify --json ${args}`.trim(), {
    now: new Date(),
    ...world,
  });
  const document = JSON.parse(output) as Document;
  if (document.hops === undefined) throw new Error(`no verdict: ${output}${errors}`);
  const all = document.hops.flatMap(({ id: hop, checks }) => checks.map((check) => ({ hop, ...check })));
  const bad = all.filter(({ status }) => status === "failed" || status === "unreached");
  return {
    exitCode,
    verdict: document.verdict,
    topology: document.topology,
    states: Object.fromEntries(document.hops.map(({ id, state }) => [id, state])),
    wrong: bad.map(named),
    noted: all.filter(({ status }) => status === "noted").map(named),
    seen: (wanted) => bad.find(({ id }) => id === wanted)?.seen ?? "",
  };
}

function named({ hop, id, subject }: { hop: string; id: string; subject?: string }): string {
  return [hop, id, subject].filter((part) => part !== undefined).join(" ");
}
