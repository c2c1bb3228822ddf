export { type IssuedCertificate, type IssueOptions, type PrivateCa, privateCa } from "./private-ca.ts";
