import type { Guard } from "./guard.ts";

const SERVER = "packages/tls/src/server/tls-server.ts";
const VET = "packages/tls/src/server/vet.ts";
const POLICY = "packages/tls/src/policy/tls-options.ts";
const DRAIN = "packages/tls/src/drain/drain-http-server.ts";
const DRAIN_TEST = "packages/tls/test/drain.test.ts";
const SWAP_TEST = "packages/tls/test/swap.test.ts";
const POLICY_TEST = "packages/tls/test/policy.test.ts";
const TICKETS_TEST = "packages/tls/test/faults/tickets.test.ts";
const REFUSED_HANDSHAKES = "packages/tls/test/faults/refused-handshakes.test.ts";
const BAD_CANDIDATES = "packages/tls/test/faults/bad-candidates.test.ts";

/** Between the client, or the load balancer, and the app. */
export const tlsGuards: readonly Guard[] = [
  {
    name: "a swap of the certificate gives Node the full set of options again",
    file: SERVER,
    find: "apply: (material) => this.setSecureContext(secureOptions(plan.fixed, material)),",
    replace: "apply: ({ key, cert }) => this.setSecureContext({ key, cert }),",
    tests: [SWAP_TEST],
  },
  {
    name: "ticket keys outlive a swap of the certificate",
    file: "packages/tls/src/server/secure-options.ts",
    find: "return Object.freeze({ ...policy, ticketKeys, key: material.key",
    replace: "return Object.freeze({ ...policy, key: material.key",
    tests: [TICKETS_TEST],
  },
  {
    name: "a certificate is inspected before it goes live",
    file: VET,
    find: "if (first !== undefined) return rejectedBy(report, first);",
    replace: "",
    tests: [BAD_CANDIDATES],
  },
  {
    name: "no chain with a signature of MD5 or SHA-1 goes live",
    file: "packages/tls/src/certificate/inspect-certificate.ts",
    find: "      problems.push(...checkSignatures(certificates));\n",
    replace: "",
    tests: [BAD_CANDIDATES],
  },
  {
    name: "nothing below TLS 1.2",
    file: POLICY,
    find: 'minVersion: isModern ? "TLSv1.3" : "TLSv1.2",',
    replace: 'minVersion: "TLSv1",',
    tests: [POLICY_TEST],
  },
  {
    name: "no suite but the listed ones",
    file: POLICY,
    find: 'ciphers: (isModern ? TLS13_SUITES : [...TLS13_SUITES, ...TLS12_SUITES]).join(":"),',
    replace: 'ciphers: "DEFAULT",',
    tests: [POLICY_TEST],
  },
  {
    name: "no renegotiation",
    file: POLICY,
    find: "secureOptions: constants.SSL_OP_NO_RENEGOTIATION,",
    replace: "secureOptions: constants.SSL_OP_ALL,",
    tests: [REFUSED_HANDSHAKES],
  },
  {
    name: "the drain goes on accepting until the load balancer has noticed",
    file: DRAIN,
    find: "  if (server.listening) await sleep(graceMs);\n",
    replace: "",
    tests: [DRAIN_TEST],
  },
  {
    name: "the drain tells clients of requests under way that their connection ends",
    file: DRAIN,
    find: "  announceCloseOnAll(tracker);\n",
    replace: "",
    tests: [DRAIN_TEST],
  },
  {
    name: "the drain lets an answer that is written but not yet sent get through",
    file: DRAIN,
    find: "  server.closeIdleConnections = () => endIdleConnections(tracker);\n",
    replace: "",
    tests: [DRAIN_TEST],
  },
  {
    name: "the drain cuts what never ends",
    file: DRAIN,
    find: "if (isTooLate()) connectionsForced += cutAllConnections(tracker);\n    else if",
    replace: "if",
    tests: [DRAIN_TEST],
  },
  {
    name: "more header lines than are served are refused, not dropped in silence",
    file: "packages/tls/src/server/sound-head.ts",
    find: "  if (rawHeaders.length > 2 * maxHeadersCount) return 431;\n",
    replace: "",
    tests: ["packages/tls/test/limits.test.ts"],
  },
  {
    name: "what a slow reader has not read does not outlive its connection in the kernel",
    file: "packages/tls/src/drain/request-tracker.ts",
    find: "  transport.resetAndDestroy();\n",
    replace: "",
    tests: ["packages/tls/test/faults/slow-clients.test.ts"],
  },
];
