export type { Finding } from "./finding.ts";
export { type KeyPair, rsaKeyPair } from "./rsa-certificate.ts";
export { findSslscan, runSslscan } from "./run-sslscan.ts";
