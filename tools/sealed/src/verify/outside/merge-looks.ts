import { answer, type Check } from "../check.ts";

/** What was seen at one address of a name. */
export interface Look {
  /** Absent: whichever address answered. */
  address: string | undefined;
  /** `answers`: in TLS or not. `closed`: nothing listens. `unknown`: it is out of reach from here. */
  reached: "answers" | "closed" | "unknown";
  checks: readonly Check[];
}

/**
 * Returns the checks of all addresses in one: a line for what is the same at each, and a line with the address for what
 * is not as promised at some. Clients take whichever address they come upon, so the worst one counts.
 */
export function mergeLooks(looks: readonly Look[]): Check[] {
  const isAnswered = looks.some(({ reached }) => reached === "answers");
  const all = looks.flatMap(({ address, reached, checks }) => {
    const told = reached === "answers" || !isAnswered ? checks : checks.flatMap(besidesAnother[reached]);
    return told.map((check) => ({ address, check }));
  });
  return [...Map.groupBy(all, ({ check }) => check.id).values()].flatMap((found) =>
    mergeOne(found, looks.length),
  );
}

interface Found {
  address: string | undefined;
  check: Check;
}

function mergeOne(found: readonly Found[], looks: number): Check[] {
  const well = found.find(({ check }) => check.status === "ok");
  const others = found.filter(({ check }) => check.status !== "ok");
  const told = new Set(others.map(({ check }) => `${check.status} ${check.seen}`));
  if (others.length === looks && told.size === 1) return others.slice(0, 1).map(({ check }) => check);
  return [
    ...(well === undefined ? [] : [well.check]),
    ...others.map(({ address, check }) => ({ ...check, ...(address !== undefined && { subject: address }) })),
  ];
}

/** What counts of an address that does not answer, while another one of the name does. */
const besidesAnother = {
  // Clients go to the other one: where nothing listens, nothing is open.
  closed: (check: Check): Check[] => (check.status === "unreached" ? [] : [check]),
  // A network that this machine does not have: others may have it, and nothing is claimed of it, no closed port either.
  unknown: ({ status, seen, ...question }: Check): Check[] =>
    status === "ok" ? [] : [answer(question, status === "unreached" ? "noted" : status, seen)],
};
