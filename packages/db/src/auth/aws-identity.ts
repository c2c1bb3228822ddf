/** Keys of an AWS principal. `expiration` is absent for keys that never expire. */
export interface AwsIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Where the keys come from. */
export interface IdentitySource {
  credentials?: AwsIdentity | (() => Promise<AwsIdentity>);
  profile?: string;
}

/**
 * Returns a function that reads the keys anew at each call.
 *
 * The SDK's own chain remembers keys without an expiration for ever, and its reader of the shared files
 * remembers their text; a new chain with `ignoreCache` does neither. What to remember is decided by the caller.
 */
export function identityLoader(source: IdentitySource): () => Promise<AwsIdentity> {
  const { credentials, profile } = source;
  if (typeof credentials === "function") return credentials;
  if (credentials !== undefined) return () => Promise.resolve(credentials);
  return async () => {
    const { fromNodeProviderChain } = await import("@aws-sdk/credential-providers");
    return fromNodeProviderChain({ ignoreCache: true, ...(profile === undefined ? {} : { profile }) })();
  };
}
