import { answer, type Check, judge, type Question } from "../check.ts";
import type { Target } from "../target.ts";
import type { Negotiated } from "./dial.ts";

/** Judges the group that a client with the post-quantum hybrid agreed on. */
export function keyExchange(
  { group, protocol }: Negotiated,
  { origin, topology }: Pick<Target, "origin" | "topology">,
): Check {
  const question: Question = {
    hop: "client-lb",
    id: "key-exchange",
    title: "key exchange with a client that can do X25519MLKEM768",
    expected: "a post-quantum hybrid",
    mend: "put the group X25519MLKEM768 first: at a listener of AWS a policy with PQ in its name, at the app OpenSSL 3.5",
  };
  const seen = `${group ?? "a group that is not told"} over ${protocol}`;
  if (/mlkem/i.test(group ?? "")) return judge(question, true, seen);
  // It speaks TLS 1.2 at most, which has no such group.
  if (topology === "clb-backend-auth") {
    return answer({ ...question, mend: "nothing: a Classic Load Balancer has none" }, "noted", seen);
  }
  if (origin === "sandbox") {
    const mend = "nothing: the HAProxy of this machine has an OpenSSL older than 3.5";
    return answer({ ...question, mend }, "noted", seen);
  }
  return judge(question, false, seen);
}
