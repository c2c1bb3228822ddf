import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { clientSettings, tellTrouble } from "../aws/connect.ts";
import { notAws } from "../aws/explain-error.ts";
import type { CommandContext } from "../context.ts";
import { SealedError } from "../errors.ts";
import type { Deployment } from "./read-deployment.ts";

/** Who asks, and how to stop asking. */
export type Caller = Pick<CommandContext, "reporter" | "signal">;

/**
 * Refuses every account but the configured one, and returns who asks.
 *
 * @throws SealedError SEALED_ACCOUNT_REFUSED, SEALED_AWS_UNREACHABLE when what answers names no account.
 */
export async function guardAccount(
  deployment: Deployment,
  context: Caller & Pick<CommandContext, "call">,
): Promise<string | undefined> {
  const { account } = deployment.config;
  const sts = tellTrouble(new STSClient(clientSettings(deployment)), context.reporter.line);
  const { Account: actual, Arn: who } = await sts.send(new GetCallerIdentityCommand({}), {
    abortSignal: context.signal,
  });
  if (actual === account) return who;
  if (actual === undefined) throw notAws(deployment);
  throw new SealedError(
    "SEALED_ACCOUNT_REFUSED",
    `the credentials are of account ${actual} (${who}) and infra/sealed.config.ts allows account ${account} alone: ` +
      "take credentials of that account, or put yours into the file",
    { mend: ["aws configure list-profiles", `${context.call} --profile the-right-one`] },
  );
}
