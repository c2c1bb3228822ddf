import { SealedError } from "../errors.ts";
import type { Environment } from "../system.ts";

const VARIABLES = ["HTTPS_PROXY", "https_proxy"] as const;

/**
 * Returns the error in better words where nobody could be reached and a proxy is set. The SDK's connections take an agent
 * of their own, which knows neither the variable nor Node's `NODE_USE_ENV_PROXY`.
 *
 * @see https://nodejs.org/docs/latest-v24.x/api/http.html#built-in-proxy-support
 */
export function explainProxy(error: unknown, environment: Environment): unknown {
  if (!(error instanceof SealedError) || error.code !== "SEALED_AWS_UNREACHABLE") return error;
  const variable = VARIABLES.find((name) => environment[name]);
  if (variable === undefined) return error;
  return new SealedError(
    error.code,
    `${error.message}. ${variable} is set, and calls to AWS do not use it, with NODE_USE_ENV_PROXY neither: repeat from ` +
      "a network that reaches AWS without a proxy",
    { cause: error, mend: error.mend },
  );
}
