export {
  type CertificateReport,
  type InspectOptions,
  inspectCertificate,
} from "./certificate/inspect-certificate.ts";
export type { CertMaterial, CertSource } from "./certificate/material.ts";
export type { CertificateProblem } from "./certificate/problem.ts";
export {
  type ConnectionTls,
  describeConnection,
  type PeerCertificate,
} from "./connection/describe-connection.ts";
export {
  type DrainOptions,
  type DrainReport,
  drainHttpServer,
  prepareDrain,
} from "./drain/drain-http-server.ts";
export {
  type CertificateProblemCode,
  certificateProblemCodes,
  TlsError,
  type TlsErrorCode,
  tlsErrorCodes,
} from "./errors.ts";
export { type TlsPolicy, type TlsProfile, tlsOptions } from "./policy/tls-options.ts";
export type { ReloadResult } from "./server/certificate-keeper.ts";
export { createTlsServer, type TlsServerOptions } from "./server/create-tls-server.ts";
export type { ExpiringEvent, RejectEvent, SwapEvent } from "./server/events.ts";
export type { ServerLimits } from "./server/limits.ts";
export type { TlsServer, TlsServerState } from "./server/tls-server.ts";
export type { Rejected } from "./server/vet.ts";
export { type FilesOptions, fromFiles } from "./sources/files.ts";
export { type SelfSignedOptions, selfSigned } from "./sources/self-signed.ts";
