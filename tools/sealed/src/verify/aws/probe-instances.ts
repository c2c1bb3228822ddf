import {
  GetCommandInvocationCommand,
  type GetCommandInvocationCommandOutput,
  SendCommandCommand,
} from "@aws-sdk/client-ssm";
import { SealedError } from "../../errors.ts";
import type { System } from "../../system.ts";
import type { Deployed } from "./deployed.ts";

const POLL_MS = 2_000;
const POLLS = 30;
const TIMEOUT_SECONDS = 60;
const UNDER_WAY = ["Pending", "InProgress", "Delayed"];

/**
 * Returns the fingerprint of the certificate that each instance serves at the address to which the load balancer
 * connects, asked by the instance itself through Systems Manager: nobody else is let in. `undefined`: none came back.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command.html
 */
export async function servedByInstances(
  { services, instanceIds, url, facts }: Deployed,
  { pause }: Pick<System, "pause">,
  signal: AbortSignal,
): Promise<Map<string, string | undefined>> {
  if (instanceIds.length === 0) return new Map();
  const { Command } = await services.ssm.send(
    new SendCommandCommand({
      DocumentName: "AWS-RunShellScript",
      Comment: "sealed verify: the certificate that the app serves",
      InstanceIds: [...instanceIds],
      TimeoutSeconds: TIMEOUT_SECONDS,
      Parameters: { commands: [script(url.hostname, facts.processPort)] },
    }),
  );
  const commandId = Command?.CommandId ?? "";
  const served = new Map<string, string | undefined>();
  for (const instanceId of instanceIds) {
    const invocation = new GetCommandInvocationCommand({ CommandId: commandId, InstanceId: instanceId });
    const ask = async () => await services.ssm.send(invocation);
    served.set(instanceId, fingerprintIn(await untilDone(ask, pause, signal)));
  }
  return served;
}

function script(host: string, port: number): string {
  if (!/^[a-z0-9.-]+$/i.test(host)) {
    throw new SealedError(
      "SEALED_ARGUMENTS_INVALID",
      `a host name must be of letters, digits, dots and hyphens, got "${host}"`,
    );
  }
  return (
    `openssl s_client -connect "$(hostname -I | cut -d' ' -f1):${port}" -servername ${host} </dev/null 2>/dev/null` +
    " | openssl x509 -noout -fingerprint -sha256"
  );
}

async function untilDone(
  ask: () => Promise<GetCommandInvocationCommandOutput>,
  pause: System["pause"],
  signal: AbortSignal,
): Promise<GetCommandInvocationCommandOutput | undefined> {
  for (let poll = 0; poll < POLLS; poll++) {
    signal.throwIfAborted();
    const invocation = await ask().catch(notYetKnown);
    if (invocation !== undefined && !UNDER_WAY.includes(invocation.Status ?? "")) return invocation;
    await pause(POLL_MS, signal);
  }
  return undefined;
}

/** A command that was just sent is not known everywhere at once. */
function notYetKnown(error: Error): undefined {
  if (error.name === "InvocationDoesNotExist") return undefined;
  throw error;
}

function fingerprintIn(invocation: GetCommandInvocationCommandOutput | undefined): string | undefined {
  return /fingerprint\s*=\s*((?:[0-9a-f]{2}:){31}[0-9a-f]{2})/i.exec(
    invocation?.StandardOutputContent ?? "",
  )?.[1];
}
