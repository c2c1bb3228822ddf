import type { LookupFunction } from "node:net";

/** Resolves every name to the addresses that a test sets: a DNS flip is an assignment. */
export class SettableResolver {
  addresses: string[];
  /** Thrown to whoever asks, while it is set. */
  failure: NodeJS.ErrnoException | undefined;
  /** Number of times it was asked. */
  asked = 0;

  constructor(addresses: string[]) {
    this.addresses = addresses;
  }

  /** To be passed on where a `lookup` is taken. */
  readonly lookup: LookupFunction = (_host, options, done) => {
    this.asked += 1;
    const found = this.addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    const [first] = found;
    // Never in the call itself: Node's own resolver does not either.
    queueMicrotask(() => {
      if (this.failure !== undefined || first === undefined) done(this.failure ?? notFound(), "", 4);
      else if (options.all === true) done(null, found);
      else done(null, first.address, first.family);
    });
  };
}

function notFound(): NodeJS.ErrnoException {
  return Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" });
}
