import { SealedError, type SealedErrorCode } from "../errors.ts";

/** With which credentials, and where, AWS was called. */
export interface Place {
  region?: string | undefined;
  profile?: string | undefined;
  endpointUrl?: string | undefined;
}

interface Kind {
  code: SealedErrorCode;
  /** Matched against the error's name and message. */
  pattern: RegExp;
  sentence: string | ((place: Place) => string);
  mend(place: Place): string[];
}

const signIn = ({ profile }: Place) => [`aws sso login${option("--profile", profile)}`];
const whoAmI = ({ profile }: Place) => [`aws sts get-caller-identity${option("--profile", profile)}`];

/**
 * What AWS and its SDK call their errors, the more special first.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 */
const KINDS: readonly Kind[] = [
  {
    code: "SEALED_CREDENTIALS_EXPIRED",
    pattern:
      /Expired ?Token|RequestExpired|token (included in the request )?(is|has) expired|session .*(expired|invalid)|Token is expired/i,
    sentence: "the AWS credentials have expired: sign in again, or put fresh ones in their place",
    mend: signIn,
  },
  {
    code: "SEALED_CREDENTIALS_MISSING",
    pattern:
      /CredentialsProviderError|Could not load credentials|Could not resolve credentials|no credentials have been configured|Unable to resolve AWS account/i,
    sentence: "no AWS credentials were found: sign in, or name a profile that has some with --profile",
    mend: (place) => (place.profile === undefined ? ["aws configure sso"] : signIn(place)),
  },
  {
    code: "SEALED_CREDENTIALS_REFUSED",
    pattern:
      /InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidSignature|AuthFailure|IncompleteSignature|InvalidAccessKeyId/,
    sentence:
      "AWS does not accept the credentials: they are wrong or revoked, the Region is not enabled, or this clock is off by more than 5 minutes",
    mend: whoAmI,
  },
  {
    code: "SEALED_THROTTLED",
    pattern: /Throttl|TooManyRequests|RequestLimitExceeded|Rate exceeded|SlowDown/i,
    sentence:
      "AWS kept answering that there are too many requests, after every retry: wait a minute and repeat",
    mend: () => [],
  },
  {
    code: "SEALED_ACCESS_DENIED",
    pattern:
      /AccessDenied|InsufficientPrivileges|UnauthorizedOperation|not authorized to perform|AuthorizationError/i,
    sentence: "the credentials are valid and not allowed to do this",
    mend: whoAmI,
  },
  {
    code: "SEALED_AWS_UNREACHABLE",
    // https://nodejs.org/api/tls.html#x509-certificate-error-codes
    pattern:
      /EPROTO|SELF_SIGNED_CERT|UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF_SIGNATURE)|CERT_(HAS_EXPIRED|NOT_YET_VALID|UNTRUSTED)|ERR_TLS_CERT_ALTNAME_INVALID/,
    sentence: ({ endpointUrl }) =>
      `no trusted TLS connection to ${endpointUrl ?? "AWS"} could be made: check the address and this clock; where a proxy or ` +
      "the cloud has a CA of its own, name the CA's file with NODE_EXTRA_CA_CERTS",
    mend: () => [],
  },
  {
    code: "SEALED_AWS_UNREACHABLE",
    pattern:
      /ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPIPE|HPE_|TimeoutError|NetworkingError/,
    sentence: ({ endpointUrl }) =>
      endpointUrl === undefined
        ? "AWS could not be reached: check the network, the proxy and the name of the Region"
        : `${endpointUrl} could not be reached: check --endpoint-url and the network`,
    mend: () => [],
  },
];

/** Returns the error for an answer in which there is nothing of AWS's, as the sign-in page of a network gives it. */
export function notAws({ endpointUrl }: Place): SealedError {
  const [where, check] =
    endpointUrl === undefined
      ? ["in place of STS", "the network"]
      : [`at ${endpointUrl}`, "--endpoint-url and the network"];
  return new SealedError(
    "SEALED_AWS_UNREACHABLE",
    `what answers ${where} is no AWS, for it names no account: check ${check}`,
  );
}

/** What the SDK and `tellTrouble` leave on an error. */
type AwsError = NodeJS.ErrnoException & { $fault?: string; call?: string };

/** Returns the error in words of ours where it is one of AWS's, or as it is. */
export function toSealedError(error: unknown, place: Place): unknown {
  if (error instanceof SealedError || !(error instanceof Error)) return error;
  const { code = "", $fault: fault, call } = error as AwsError;
  const kind = kindOf(`${error.name} ${code} ${error.message}`);
  if (kind !== undefined) return sealedError(kind, error.message, place, error);
  // Only what a service has answered has it: anything else is a fault of this program.
  if (fault === undefined) return error;
  const asked = call === undefined ? "" : `: ${call}`;
  const details = `(AWS: ${error.name}: ${error.message})`;
  return new SealedError("SEALED_AWS_FAILED", `AWS did not do what it was asked${asked} ${details}`, {
    cause: error,
  });
}

/** Returns the error that a text of the CDK's command speaks of; `undefined`: none that is known. */
export function errorInText(text: string, place: Place): SealedError | undefined {
  const kind = kindOf(text);
  return kind && sealedError(kind, text, place);
}

function kindOf(text: string): Kind | undefined {
  return KINDS.find(({ pattern }) => pattern.test(text));
}

function sealedError(
  { code, sentence, mend }: Kind,
  said: string,
  place: Place,
  cause?: AwsError,
): SealedError {
  const details = said.trim() === "" ? "" : ` (AWS: ${said.trim()})`;
  const says = typeof sentence === "string" ? sentence : sentence(place);
  // Some services name what they refused, others do not.
  const isUnnamed = code === "SEALED_ACCESS_DENIED" && !/perform: ?\w+:\w+/.test(said);
  const denied = isUnnamed && cause?.call !== undefined ? `: ${cause.call}` : "";
  return new SealedError(code, `${says}${denied}${details}`, { mend: mend(place), cause });
}

function option(name: string, value: string | undefined): string {
  return value === undefined ? "" : ` ${name} ${value}`;
}
