import type { Guard } from "./guard.ts";

const GUARDS_TEST = "apps/web/test/request-guards.test.ts";
const BALANCER = "tools/servers/test/load-balancer/classic.test.ts";

/** In the app, and in the stand-in for the load balancer that pins its key. */
export const appGuards: readonly Guard[] = [
  {
    name: "the app answers for no foreign host name",
    file: "apps/web/src/middleware/allowed-hosts.ts",
    find: "if (isAllowed(request.headers.host)) return next();",
    replace: "if (isAllowed(request.headers.host) || true) return next();",
    tests: [GUARDS_TEST],
  },
  {
    name: "a page of another site changes nothing",
    file: "apps/web/src/middleware/cross-site-writes.ts",
    find: "if (site !== undefined) return OWN_SITES.has(site);",
    replace: "if (site !== undefined) return true;",
    tests: [GUARDS_TEST],
  },
  {
    name: "X-Forwarded-Host is nobody's to write",
    file: "apps/web/src/middleware/forwarded-headers.ts",
    find: 'const NEVER_BELIEVED = ["x-forwarded-host"];',
    replace: "const NEVER_BELIEVED: string[] = [];",
    tests: [GUARDS_TEST],
  },
  {
    name: "forwarding headers are believed from the load balancer alone",
    file: "apps/web/src/middleware/forwarded-headers.ts",
    find: "isTrusted ? NEVER_BELIEVED : NEVER_BELIEVED_OF_STRANGERS",
    replace: "NEVER_BELIEVED",
    tests: [GUARDS_TEST],
  },
  {
    name: "a request that names its target in full is judged by that target, not by its Host",
    file: "apps/web/src/request-target.ts",
    find: 'if (request.url?.startsWith("/") !== true) rewrite(request);',
    replace: "",
    tests: ["apps/web/test/request-target.test.ts"],
  },
  {
    name: "a classic load balancer speaks to the pinned key only",
    file: "tools/servers/src/load-balancer/tls-policy.ts",
    find: "verify required",
    replace: "verify none",
    tests: [BALANCER],
  },
];
