import type { AwsCredentials } from "../../src/database/index.ts";
import { signToken, type TokenParts } from "./token.ts";

/** What the tables of tokens are made for. */
export interface TokenTarget {
  endpoint: string;
  /** May log in as `user`. */
  permanent: AwsCredentials;
  /** Carries a session token, and may log in as `user`. */
  temporary: AwsCredentials & { sessionToken: string };
  user: string;
}

/** A token that must be refused, and the words with which the server's log says why. */
export interface BadToken {
  name: string;
  token: string;
  sentence: string;
}

const MINUTE_MS = 60_000;

/** Returns one token for each reason to refuse. */
export function badTokens(target: TokenTarget): BadToken[] {
  return [...unreadable(target), ...wronglyMade(target), ...notAllowed(target)];
}

function sign(target: TokenTarget, changes: Partial<TokenParts> = {}): string {
  return signToken({
    endpoint: target.endpoint,
    user: target.user,
    credentials: target.permanent,
    ...changes,
  });
}

function unreadable(target: TokenTarget): BadToken[] {
  const good = sign(target);
  const row = (name: string, token: string, sentence: string) => ({ name, token, sentence });
  const manyParameters = Array.from({ length: 20 }, (_, index) => `extra${index}=1`).join("&");
  return [
    row("an empty password", "", "is not a token"),
    row("an ordinary password", "correct horse battery staple", "is not a token"),
    row("a token without a host", good.replace(/^[^/]*/, ""), "is not a token"),
    row("a password of 40,000 bytes", `${good}&x=${"x".repeat(40_000)}`, "longer than any token"),
    row("a parameter without a value sign", `${good}&lonely`, "without a name or a value sign"),
    row("a parameter without a name", `${good}&=1`, "without a name or a value sign"),
    row("a broken percent escape", good.replace("%2F", "%2z"), "broken percent escape"),
    row("an escaped zero byte", good.replace("Action=connect", "Action=connect%00"), "broken percent escape"),
    row("a parameter twice", `${good}&DBUser=${target.user}`, "names a parameter twice"),
    row("too many parameters", `${good}&${manyParameters}`, "more parameters than any token needs"),
    row("no action", good.replace("Action=connect&", ""), "lacks a required parameter"),
    row("no signature", good.replace(/&X-Amz-Signature=.*/, ""), "lacks a required parameter"),
    row("a signature cut short", good.slice(0, -1), "not 64 lower-case hex digits"),
    row("a signature in capitals", good.replace(/[0-9a-f]{64}$/, "A".repeat(64)), "not 64 lower-case hex"),
  ];
}

function wronglyMade(target: TokenTarget): BadToken[] {
  const now = Date.now();
  const row = (name: string, changes: Partial<TokenParts>, sentence: string) => ({
    name,
    token: sign(target, changes),
    sentence,
  });
  return [
    row("another action", { action: "describe" }, "Action is not connect"),
    row("another algorithm", { algorithm: "AWS4-HMAC-SHA1" }, "algorithm is not AWS4-HMAC-SHA256"),
    row("other signed headers", { signedHeaders: "host;x-amz-date" }, "signs other headers than host"),
    row("another user", { user: "somebody" }, "made for another database user"),
    row("the user in other case", { user: target.user.toUpperCase() }, "made for another database user"),
    row("a scope of six parts", { terminator: "aws4_request/more" }, "is not key/day/region/service"),
    row("a scope that ends early", { terminator: "" }, "is not key/day/region/service"),
    row("another end of the scope", { terminator: "aws5_request" }, "is not key/day/region/service"),
    row("another service", { service: "s3" }, "scope is not the service rds-db"),
    row("a date that is none", { date: "yesterday" }, "date is not a time"),
    row("the 31st of April", { date: "20260431T000000Z", day: "20260431" }, "date is not a time"),
    row("a scope of another day", { day: "20200101" }, "another day than its date"),
    row("an expiry that is no number", { expires: "soon" }, "expiry is not a number"),
    row("a negative expiry", { expires: "-1" }, "expiry is not a number"),
    row("an expiry of no seconds", { expires: "0" }, "another life than 1 to 900 seconds"),
    row("an expiry of 901 seconds", { expires: "901" }, "another life than 1 to 900 seconds"),
    row("an endless expiry", { expires: "9".repeat(30) }, "another life than 1 to 900 seconds"),
    row("a date in ten minutes", { signedAt: new Date(now + 10 * MINUTE_MS) }, "signed in the future"),
    row("an end a second ago", { signedAt: new Date(now - 15 * MINUTE_MS - 1_000) }, "has expired"),
  ];
}

function notAllowed(target: TokenTarget): BadToken[] {
  const { permanent, temporary } = target;
  const [host, port] = target.endpoint.split(":");
  const good = sign(target);
  const lastDigit = good.endsWith("0") ? "1" : "0";
  const row = (name: string, token: string, sentence: string) => ({ name, token, sentence });
  const unsession = { accessKeyId: temporary.accessKeyId, secretAccessKey: temporary.secretAccessKey };
  const otherSession = { ...temporary, sessionToken: `${temporary.sessionToken.slice(0, -1)}!` };
  return [
    row(
      "an unknown key",
      sign(target, { credentials: { ...permanent, accessKeyId: "AKIASANDBOXUNKNOWN" } }),
      "access key is not in the allow-list",
    ),
    row("another region", sign(target, { region: "us-east-1" }), "signed for another region"),
    row(
      "another secret",
      sign(target, { credentials: { ...permanent, secretAccessKey: "another" } }),
      "signature does not match",
    ),
    row("one wrong digit", good.slice(0, -1) + lastDigit, "signature does not match"),
    row("a parameter added later", `${good}&extra=1`, "signature does not match"),
    row("a longer life given later", good.replace("Expires=900", "Expires=899"), "signature does not match"),
    row("no session token", sign(target, { credentials: unsession }), "has no session token"),
    row(
      "a session token with a permanent key",
      sign(target, { credentials: { ...permanent, sessionToken: "made-up" } }),
      "permanent and the token has a session token",
    ),
    row(
      "another session token",
      sign(target, { credentials: otherSession }),
      "session token is not the one of the access key",
    ),
    row("another host", sign(target, { endpoint: `elsewhere:${port}` }), "another host or port"),
    row("another port", sign(target, { endpoint: `${host}:1` }), "another host or port"),
  ];
}
