import type { Place } from "./explain-error.ts";

/** Attempts of one call, the first included: throttling by CloudFormation lasts for seconds. */
const MAX_ATTEMPTS = 8;

const THROTTLING = /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|PriorRequestNotComplete/;

/** What every AWS client is made with. */
export interface ClientSettings {
  region: string;
  profile?: string;
  maxAttempts: number;
  endpoint?: string;
  /** Of S3 alone: another cloud has no host name for each bucket. */
  forcePathStyle?: true;
}

/**
 * Returns what every client of a place is made with.
 *
 * Without an address the SDK takes that of `AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_EC2` and the like, by itself.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function clientSettings({ region, profile, endpointUrl }: Place & { region: string }): ClientSettings {
  return {
    region,
    maxAttempts: MAX_ATTEMPTS,
    ...(profile !== undefined && { profile }),
    ...(endpointUrl !== undefined && { endpoint: endpointUrl, forcePathStyle: true }),
  };
}

type Next = (args: object) => Promise<object>;

/** The part of an AWS client that takes middleware, whatever its service. */
export interface AwsClient {
  middlewareStack: {
    add(
      middleware: (next: Next, call: { clientName?: string; commandName?: string }) => Next,
      options: { step: "finalizeRequest"; priority: "low"; name: string },
    ): void;
  };
  /** Closes its connections. */
  destroy(): void;
}

/**
 * Returns the client, which from now on says when AWS throttles it, where repeating is the SDK's own business, and whose
 * errors know by their `call` which one failed.
 */
export function tellTrouble<C>(client: C, tell: (text: string) => void): C {
  let isTold = false;
  // Inside of the SDK's retry loop, so it sees each attempt.
  (client as AwsClient).middlewareStack.add(
    (next, call) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (error instanceof Error) Object.assign(error, { call: callName(call) });
        if (error instanceof Error && THROTTLING.test(error.name) && !isTold) {
          isTold = true;
          tell("AWS asks for fewer requests a second: slowing down and repeating");
        }
        throw error;
      }
    },
    { step: "finalizeRequest", priority: "low", name: "sealedTellTrouble" },
  );
  return client;
}

/** Such as "EC2 DescribeInstances". */
function callName({
  clientName = "",
  commandName = "",
}: {
  clientName?: string;
  commandName?: string;
}): string {
  return `${clientName.replace(/Client$/, "")} ${commandName.replace(/Command$/, "")}`;
}
