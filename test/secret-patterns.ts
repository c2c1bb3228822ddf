/** A shape of secret, and the name under which a find is reported. */
export interface SecretPattern {
  readonly name: string;
  readonly pattern: RegExp;
}

/**
 * Shapes that must never stand in any output.
 *
 * A signature is 64 hexadecimal digits
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html), a private key is
 * PEM of RFC 7468, and every made-up password and secret key of the local servers begins with
 * `MadeUpSecret`, so that it can be found here.
 */
export const secretPatterns: readonly SecretPattern[] = [
  { name: "signed RDS token", pattern: /X-Amz-Signature(=|%3D)[0-9a-f]{64}/i },
  { name: "session token", pattern: /X-Amz-Security-Token(=|%3D)[A-Za-z0-9%/+=]{16,}/i },
  { name: "private key", pattern: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----(?:\s|\\n)*[A-Za-z0-9+/]{32,}/ },
  { name: "generated password or secret key", pattern: /MadeUpSecret[A-Za-z0-9/+]{16,}/ },
];

/** Returns the names of the secrets whose shape occurs in `text`; never the secrets themselves. */
export function findSecrets(text: string): string[] {
  return secretPatterns.filter(({ pattern }) => pattern.test(text)).map(({ name }) => name);
}
