/** What of credentials says how long they last. */
interface Credentials {
  accessKeyId: string;
  sessionToken?: string | undefined;
  expiration?: Date | undefined;
}

/** When credentials end: `undefined`: never; `"unknown"`: they do, and nothing says when. */
export type CredentialsEnd = Date | "unknown" | undefined;

/**
 * Returns when credentials end.
 *
 * Keys with a session token always end. Where they were put into variables by hand, as a sign-in page offers it, nobody
 * has told the SDK when.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp.html
 */
export function endOf({ sessionToken, expiration }: Credentials): CredentialsEnd {
  return expiration ?? (sessionToken === undefined ? undefined : "unknown");
}
