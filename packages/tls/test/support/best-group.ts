const [major = 0, minor = 0] = process.versions.openssl.split(".").map(Number);

/** Tells whether this Node's OpenSSL knows the post-quantum groups: 3.5 is the first. https://openssl-library.org/news/openssl-3.5-notes/ */
export const hasPostQuantum: boolean = major > 3 || (major === 3 && minor >= 5);

/** The group that two of this Node must agree on when nothing is asked for. */
export const BEST_GROUP: string = hasPostQuantum ? "X25519MLKEM768" : "X25519";
