import { isIP } from "node:net";
import { SealedError } from "../errors.ts";
import type { Environment } from "../system.ts";
import { profileFiles, profileText } from "./profile-files.ts";

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
 * by a configuration file. Any other address that is no URL is a fault of this program, and stays as it is.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export async function explainEndpoint(error: unknown, environment: Environment): Promise<unknown> {
  const { code, input } = (error ?? {}) as NodeJS.ErrnoException & { input?: string };
  if (code !== "ERR_INVALID_URL" || input === undefined) return error;
  const [name, value] =
    Object.entries(environment).find(
      ([variable, text = ""]) => /^AWS_ENDPOINT_URL(_|$)/.test(variable) && text === input,
    ) ?? [];
  if (name !== undefined) return refused(`got "${value}": write one such as ${EXAMPLE}`, name, error);
  const file = await fileWith(input, profileFiles(environment) ?? []);
  return file === undefined
    ? error
    : refused(`got "${input}": write one such as ${EXAMPLE}`, `endpoint_url in ${file}`, error);
}

/** Of a service it stands indented, below the service's name. */
async function fileWith(address: string, files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    const text = (await profileText(file)) ?? "";
    const given = [...text.matchAll(/^[ \t]*endpoint_url[ \t]*=[ \t]*(.*?)[ \t\r]*$/gm)];
    if (given.some(([, value]) => value === address)) return file;
  }
  return undefined;
}

function refused(why: string, where = "--endpoint-url", cause?: unknown): SealedError {
  return new SealedError(
    "SEALED_ARGUMENTS_INVALID",
    `${where} must be the URL of an AWS-compatible cloud, ${why}`,
    { cause },
  );
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" || hostname === "[::1]" || (isIP(hostname) === 4 && hostname.startsWith("127."))
  );
}
