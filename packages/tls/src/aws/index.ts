export { type AcmClient, type AcmExportOptions, fromAcmExport } from "./acm-export.ts";
export { fromSecret, type SecretClient, type SecretOptions } from "./secret.ts";
