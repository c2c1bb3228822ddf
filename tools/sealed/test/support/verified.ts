import type { CommandContext } from "../../src/context.ts";
import { answer, type CheckStatus, type HopId } from "../../src/verify/check.ts";
import { judgePath, type State } from "../../src/verify/verdict.ts";

const STATUS: Readonly<Record<State, CheckStatus>> = { sealed: "ok", open: "failed", unreached: "unreached" };

/** Returns a stand-in that finds the second hop of a deployment as told, and the others sealed. */
export function verifiedAs(state: State): CommandContext["verifyDeployment"] {
  return async ({ config }) => {
    const check = (hop: HopId, status: CheckStatus, seen: string) =>
      answer({ hop, id: "encrypted", title: "TLS", expected: "TLS 1.3", mend: "close it" }, status, seen);
    const checks = [
      check("client-lb", "ok", "TLS 1.3"),
      check("lb-app", STATUS[state], "what was seen"),
      check("app-db", "ok", "TLS 1.3"),
    ];
    return {
      target: {
        origin: "deployment",
        url: new URL("https://app.example.com"),
        topology: config.topology,
        trust: { kind: "authorities" },
        httpPort: 80,
        instances: [],
        instanceNames: [],
        areAllKnown: false,
        hopsPage: "on",
      },
      verdict: judgePath(config.topology, checks),
      reports: [],
    };
  };
}
