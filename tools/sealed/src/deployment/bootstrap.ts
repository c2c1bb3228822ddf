import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { clientSettings, tellTrouble } from "../aws/connect.ts";
import { SealedError } from "../errors.ts";
import type { Caller } from "./account-guard.ts";
import type { Assembly } from "./assembly.ts";
import type { Deployment } from "./read-deployment.ts";

/**
 * Where `cdk bootstrap` notes its version, with the CDK's own qualifier.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
 */
const VERSION_PARAMETER = "/cdk-bootstrap/hnb659fds/version";

/**
 * Returns the version of the Region's bootstrap stack.
 *
 * @throws SealedError SEALED_NOT_BOOTSTRAPPED
 */
export async function checkBootstrap(deployment: Deployment, context: Caller): Promise<number> {
  const ssm = tellTrouble(new SSMClient(clientSettings(deployment)), context.reporter.line);
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: VERSION_PARAMETER }), {
      abortSignal: context.signal,
    });
    return Number(Parameter?.Value);
  } catch (error) {
    if ((error as Error).name !== "ParameterNotFound") throw error;
    throw notBootstrapped(deployment, "is not bootstrapped for the CDK", error);
  }
}

/**
 * Checks that the bootstrap stack is new enough for what was built.
 *
 * @throws SealedError SEALED_NOT_BOOTSTRAPPED
 */
export function checkBootstrapVersion(
  version: number,
  { bootstrapVersion }: Assembly,
  deployment: Deployment,
) {
  if (version >= bootstrapVersion) return;
  throw notBootstrapped(
    deployment,
    `has version ${version} of the CDK's bootstrap stack, and version ${bootstrapVersion} is needed`,
  );
}

function notBootstrapped(
  { config, region, profile }: Deployment,
  what: string,
  cause?: unknown,
): SealedError {
  const with_ = profile === undefined ? "" : ` --profile ${profile}`;
  return new SealedError("SEALED_NOT_BOOTSTRAPPED", `Region ${region} of account ${config.account} ${what}`, {
    mend: [`npx cdk bootstrap aws://${config.account}/${region}${with_}`],
    cause,
  });
}
