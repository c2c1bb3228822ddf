import type { Guard } from "./guard.ts";

const ANCHORS = "packages/db/src/trust/anchors.ts";
const LOGIN = "packages/db/src/session/login.ts";
const IMPOSTOR = "packages/db/test/impostor.test.ts";
const LOGIN_TEST = "packages/db/test/login.test.ts";
const TRUST = "packages/db/test/trust.test.ts";

/** Between the app and the database. */
export const databaseGuards: readonly Guard[] = [
  {
    name: "verifyIdentity: the database's certificate must name its host",
    file: ANCHORS,
    find: "    verifyIdentity: true,\n",
    replace: "",
    tests: [TRUST, IMPOSTOR],
  },
  {
    name: "rejectUnauthorized: the database's certificate must lead to a trusted root",
    file: ANCHORS,
    find: "    rejectUnauthorized: true,\n",
    replace: "    rejectUnauthorized: false,\n",
    tests: [TRUST, IMPOSTOR],
  },
  {
    name: "no token over a socket that is not encrypted",
    file: LOGIN,
    find: 'if (socket.encrypted !== true) refuse("the connection is not encrypted");',
    replace: "",
    tests: [LOGIN_TEST],
  },
  {
    name: "no token over a socket whose certificate is not verified",
    file: LOGIN,
    find: 'if (socket.authorized !== true) refuse("its certificate is not verified");',
    replace: "",
    tests: [LOGIN_TEST],
  },
  {
    name: "no token to a server whose certificate names another host, whatever the driver checked",
    file: LOGIN,
    find: "return mismatch === undefined ? certificate : refuse(mismatch.message);",
    replace: "return certificate;",
    tests: [LOGIN_TEST],
  },
  {
    name: "the checks stand before the answer to the server's question for a token",
    file: LOGIN,
    find: "      peerOf(context.connection);\n      return answer(context);",
    replace: "      return answer(context);",
    tests: [IMPOSTOR, LOGIN_TEST],
  },
  {
    name: "pinned fingerprints: of all that RDS or Amazon signs, only the Region's roots are trusted",
    file: "packages/db/src/trust/rds-trust.ts",
    find: "const found = pins.map((pin) => checked(pin, available.get(pin), region));",
    replace: "const found = [...available.values()].map((pem) => toRoot(new X509Certificate(pem)));",
    tests: [TRUST],
  },
  {
    name: "trust anchors that were weakened after they were made are refused",
    file: "packages/db/src/database-options.ts",
    find: "if (tls.ca.length === 0 || tls.rejectUnauthorized !== true || tls.verifyIdentity !== true) {",
    replace: "if (tls.ca.length === 0) {",
    tests: ["packages/db/test/options.test.ts"],
  },
  {
    name: "a host given as an address is refused: certificates name hosts",
    file: "packages/db/src/database-options.ts",
    find: "if (isIP(host) !== 0) {",
    replace: "if (host === '') {",
    tests: ["packages/db/test/options.test.ts"],
  },
];
