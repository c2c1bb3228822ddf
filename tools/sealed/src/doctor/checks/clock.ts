import type { CommandContext } from "../../context.ts";
import type { Deployment } from "../../deployment/read-deployment.ts";
import type { Environment } from "../../system.ts";
import type { Check } from "../check.ts";
import { type Finding, ok, problem, unchecked, warning } from "../finding.ts";

/**
 * A signature that is older or younger than this is refused.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 */
const LIMIT_SECONDS = 5 * 60;
const WARNING_SECONDS = 60;

/** Looks at this machine's clock beside that of AWS. Needs no credentials: a wrong clock makes them look wrong. */
export function clockCheck(deployment: Deployment, { system, environment }: CommandContext): Check {
  const url = serviceUrl(deployment, environment);
  return {
    id: "clock",
    subject: "this machine's clock beside AWS's",
    async look() {
      const asked = await system.serverDate(url).then(
        (date) => ({ date, reason: `${url} does not say what time it is` }),
        (error: Error) => ({ date: undefined, reason: `${url} could not be asked: ${error.message}` }),
      );
      const { date: theirs, reason } = asked;
      if (theirs === undefined) return unchecked(reason);
      return judge(Math.round((system.now().getTime() - theirs.getTime()) / 1_000));
    },
  };
}

/** Where the calls of a command go: `--endpoint-url`, else what the SDK's variables say, else AWS. */
function serviceUrl({ region, endpointUrl }: Deployment, environment: Environment): string {
  const { AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_STS } = environment;
  const suffix = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  return endpointUrl || AWS_ENDPOINT_URL_STS || AWS_ENDPOINT_URL || `https://sts.${region}.${suffix}/`;
}

function judge(aheadSeconds: number): Finding {
  const off = Math.abs(aheadSeconds);
  const found = off < 2 ? "the same" : `${off} s ${aheadSeconds > 0 ? "ahead" : "behind"}`;
  if (off < WARNING_SECONDS) return ok(found);
  const mend = ["sudo timedatectl set-ntp true"];
  return off < LIMIT_SECONDS
    ? warning(found, `AWS refuses what is signed with a clock that is off by ${LIMIT_SECONDS} s`, mend)
    : problem(
        found,
        `AWS refuses what is signed with a clock that is off by ${LIMIT_SECONDS} s or more`,
        mend,
      );
}
