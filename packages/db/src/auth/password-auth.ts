import type { Auth } from "./credential.ts";
import { Credential } from "./credential.ts";

/** Returns an `Auth` with a fixed user and password: for a master made at first start, and for tests. */
export function passwordAuth(options: { user?: string; password: string }): Auth {
  const credential = new Credential({ kind: "password", secret: options.password, user: options.user });
  return {
    credential: () => Promise.resolve(credential),
    // There is no other password to try.
    invalidate: () => undefined,
  };
}
