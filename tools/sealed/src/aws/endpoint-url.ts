import { isIP } from "node:net";
import { SealedError } from "../errors.ts";
import type { Environment } from "../system.ts";

const EXAMPLE = "https://cloud.example.com:8773";

const PROTOCOLS = ["https:", "http:"];

/**
 * Checks the address of a cloud's services, and returns a warning when calls to it can be read on their way.
 *
 * @throws SealedError SEALED_ARGUMENTS_INVALID; a password in the address stays out of its message.
 */
export function checkEndpointUrl(text: string): string | undefined {
  if (!URL.canParse(text)) throw refused(`got "${text}": write one such as ${EXAMPLE}`);
  const { protocol, username, password, search, hash, hostname } = new URL(text);
  if (username !== "" || password !== "") {
    throw refused("it holds a user name or a password: credentials belong into a profile");
  }
  if (!PROTOCOLS.includes(protocol)) throw refused(`got "${text}": it begins with https:// or http://`);
  if (search !== "" || hash !== "") throw refused(`got "${text}": nothing follows its path`);
  if (protocol === "https:" || isLoopback(hostname)) return undefined;
  return `warning: ${text} has no TLS: what is sent there can be read and changed on its way`;
}

/**
 * Returns the error in better words when the SDK was given an address that is no URL: by a variable, which is named, or
 * by a configuration file.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function explainEndpoint(error: unknown, environment: Environment): unknown {
  if ((error as NodeJS.ErrnoException | undefined)?.code !== "ERR_INVALID_URL") return error;
  const [name, value] =
    Object.entries(environment).find(
      ([variable, text = ""]) => /^AWS_ENDPOINT_URL(_|$)/.test(variable) && !URL.canParse(text),
    ) ?? [];
  if (name !== undefined) return refused(`got "${value}": write one such as ${EXAMPLE}`, name);
  return new SealedError(
    "SEALED_ARGUMENTS_INVALID",
    `endpoint_url in the AWS configuration files must be a URL such as ${EXAMPLE}`,
  );
}

function refused(why: string, where = "--endpoint-url"): SealedError {
  return new SealedError(
    "SEALED_ARGUMENTS_INVALID",
    `${where} must be the URL of an AWS-compatible cloud, ${why}`,
  );
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" || hostname === "[::1]" || (isIP(hostname) === 4 && hostname.startsWith("127."))
  );
}
