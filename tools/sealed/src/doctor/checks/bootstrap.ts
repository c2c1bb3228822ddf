import { checkBootstrap } from "../../deployment/bootstrap.ts";
import { SealedError } from "../../errors.ts";
import type { Account } from "../account.ts";
import type { Check } from "../check.ts";
import { ok, problem } from "../finding.ts";

/** What the CDK's own synthesiser asks for; `deploy` compares with what the templates say. */
const LEAST_VERSION = 6;

/** Looks for the CDK's bootstrap stack in the Region, and at its version. */
export function bootstrapCheck({ deployment, context }: Account): Check {
  const { config, region, profile } = deployment;
  return {
    id: "bootstrap",
    subject: `CDK bootstrap of ${region}`,
    async look() {
      try {
        const version = await checkBootstrap(deployment, context);
        if (version >= LEAST_VERSION) return ok(`version ${version}`);
        return problem(`version ${version}`, `the templates need version ${LEAST_VERSION} or newer`, [
          `npx cdk bootstrap aws://${config.account}/${region}${profile === undefined ? "" : ` --profile ${profile}`}`,
        ]);
      } catch (error) {
        if (!(error instanceof SealedError)) throw error;
        return problem("missing", error.message, error.mend);
      }
    },
  };
}
