import { createHash, createHmac } from "node:crypto";
import type { AwsCredentials } from "../../src/database/index.ts";

/** Everything that a token says; whatever is left out is as it should be. */
export interface TokenParts {
  endpoint: string;
  user: string;
  credentials: AwsCredentials;
  region?: string;
  signedAt?: Date;
  /** Seconds, as text: "900". */
  expires?: string;
  action?: string;
  algorithm?: string;
  service?: string;
  terminator?: string;
  signedHeaders?: string;
  /** Stands in the token in place of `signedAt`. */
  date?: string;
  /** Stands in the scope in place of the day of `signedAt`. */
  day?: string;
}

/**
 * Returns a token that is signed over exactly what it says, right or wrong: a server that refuses it must have looked
 * at what it says. It is written apart from the SDK's signer, which the good tokens of the tests come from.
 */
export function signToken(parts: TokenParts): string {
  const { credentials, endpoint } = parts;
  const algorithm = parts.algorithm ?? "AWS4-HMAC-SHA256";
  const iso = (parts.signedAt ?? new Date()).toISOString().replace(/[-:]|\.\d{3}/g, "");
  const date = parts.date ?? iso;
  const scope = [
    parts.day ?? iso.slice(0, 8),
    parts.region ?? "eu-west-1",
    parts.service ?? "rds-db",
    parts.terminator ?? "aws4_request",
  ];
  const query = canonicalQuery({
    Action: parts.action ?? "connect",
    DBUser: parts.user,
    "X-Amz-Algorithm": algorithm,
    "X-Amz-Credential": [credentials.accessKeyId, ...scope].join("/"),
    "X-Amz-Date": date,
    "X-Amz-Expires": parts.expires ?? "900",
    "X-Amz-SignedHeaders": parts.signedHeaders ?? "host",
    ...(credentials.sessionToken === undefined ? {} : { "X-Amz-Security-Token": credentials.sessionToken }),
  });
  const request = ["GET", "/", query, `host:${endpoint}`, "", "host", sha256("")].join("\n");
  const text = [algorithm, date, scope.join("/"), sha256(request)].join("\n");
  const key = scope.reduce<Buffer | string>(hmac, `AWS4${credentials.secretAccessKey}`);
  return `${endpoint}/?${query}&X-Amz-Signature=${hmac(key, text).toString("hex")}`;
}

function canonicalQuery(parameters: Record<string, string>): string {
  return Object.entries(parameters)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${encode(value)}`)
    .join("&");
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
