import type { CommandContext } from "../../context.ts";
import { guardAccount } from "../../deployment/account-guard.ts";
import type { Deployment } from "../../deployment/read-deployment.ts";
import { SealedError, type SealedErrorCode } from "../../errors.ts";
import type { Check } from "../check.ts";
import { ok, problem } from "../finding.ts";

/** What AWS says of credentials that have to be replaced; anything else leaves the account unknown. */
const TO_REPLACE: readonly SealedErrorCode[] = [
  "SEALED_ACCOUNT_REFUSED",
  "SEALED_CREDENTIALS_EXPIRED",
  "SEALED_CREDENTIALS_REFUSED",
];

/** Looks whether AWS accepts the credentials, and whether they are of the configured account. */
export function identityCheck(
  deployment: Deployment,
  context: CommandContext,
  explain: (error: unknown) => unknown,
): Check {
  return {
    id: "account",
    subject: "AWS account",
    async look() {
      try {
        await guardAccount(deployment, context);
        return ok(`${deployment.config.account}, the configured one`);
      } catch (error) {
        const known = explain(error);
        if (!(known instanceof SealedError) || !TO_REPLACE.includes(known.code)) throw error;
        return problem("not the configured one, or not signed in", known.message, known.mend);
      }
    },
  };
}
