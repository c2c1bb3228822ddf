import { quoted } from "./quote.ts";
import type { BalancerInstance, BalancerSettings } from "./settings.ts";
import { frontPolicy, instancePolicy } from "./tls-policy.ts";

/** A server without an address that stands in while an instance is replaced. */
export const SPARE_NAME = "spare";
/** The section with health checks, which a request goes to whenever an instance in it is healthy. */
export const CHECKED_BACKEND = "instances";
/** The same instances without health checks, for the time when none is healthy. */
export const FAIL_OPEN_BACKEND = "fail-open";

const SPARE: BalancerInstance = { name: SPARE_NAME, host: "127.0.0.1", port: 1 };
// An ALB gives a target ten seconds to accept a connection.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
const CONNECT_TIMEOUT_MS = 10_000;

/** Returns the HAProxy configuration that behaves as the AWS load balancer of the topology does. */
export function balancerConfig(settings: BalancerSettings): string {
  const sections = [globalSection(settings), defaults(settings), frontend(settings), ...backends(settings)];
  return `${sections.map((lines) => lines.join("\n  ")).join("\n\n")}\n`;
}

/** Tells whether requests go to unhealthy instances when no healthy one is left, as with ALB and NLB but not CLB. */
export function failsOpen({ topology }: Pick<BalancerSettings, "topology">): boolean {
  return topology !== "clb-backend-auth";
}

function globalSection({ files }: BalancerSettings): string[] {
  return [
    "global",
    "nbthread 1",
    // Bounds the table of connections, which otherwise grows with the machine's limit on open files.
    "fd-hard-limit 20000",
    `stats socket ${quoted(files.statsSocket)} mode 600 level admin`,
    "log stdout format raw local0",
  ];
}

function defaults(settings: BalancerSettings): string[] {
  const idle = `${settings.idleTimeoutMs}ms`;
  return [
    "defaults",
    "log global",
    `mode ${isTcp(settings) ? "tcp" : "http"}`,
    `option ${isTcp(settings) ? "tcplog" : "httplog"}`,
    // A request that failed is the client's to repeat, as with AWS: nothing is hidden here.
    "retries 0",
    `timeout connect ${CONNECT_TIMEOUT_MS}ms`,
    `timeout client ${idle}`,
    `timeout server ${idle}`,
    ...(isTcp(settings) ? [] : [`timeout http-request ${idle}`, `timeout http-keep-alive ${idle}`]),
    "timeout check 5s",
  ];
}

function frontend(settings: BalancerSettings): string[] {
  const address = `bind 127.0.0.1:${settings.port}`;
  return [
    "frontend public",
    isTcp(settings)
      ? address
      : `${address} ssl crt ${quoted(settings.files.certificate)} ${frontPolicy(settings)}`,
    ...requestRules(settings),
    ...(failsOpen(settings)
      ? [
          `use_backend ${CHECKED_BACKEND} if { nbsrv(${CHECKED_BACKEND}) gt 0 }`,
          `use_backend ${FAIL_OPEN_BACKEND} if { nbsrv(${FAIL_OPEN_BACKEND}) gt 0 }`,
          "default_backend none-registered",
        ]
      : [`default_backend ${CHECKED_BACKEND}`]),
  ];
}

function requestRules(settings: BalancerSettings): string[] {
  if (isTcp(settings)) return [];
  const forwarded = [
    "option forwardfor",
    "http-request set-header X-Forwarded-Proto https",
    `http-request set-header X-Forwarded-Port ${settings.port}`,
  ];
  if (settings.topology === "clb-backend-auth") return forwarded;
  return [
    // As routing.http.drop_invalid_header_fields.enabled: only names of letters, digits and hyphens pass.
    "option http-restrict-req-hdr-names delete",
    ...forwarded,
    // Values in OpenSSL's form, as an ALB writes them; what a client sent under these names is replaced.
    "http-request set-header X-Amzn-Tls-Version %[ssl_fc_protocol]",
    "http-request set-header X-Amzn-Tls-Cipher-Suite %[ssl_fc_cipher]",
    "http-request set-header X-Amzn-Trace-Id " +
      '"Root=1-%[date,hex,bytes(8,8),lower]-%[uuid(),regsub(-,,g),bytes(0,24)]" ' +
      "unless { req.hdr(X-Amzn-Trace-Id) -m found }",
  ];
}

// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
function backends(settings: BalancerSettings): string[][] {
  const checked = [
    ...instanceSection(CHECKED_BACKEND, settings, checkOptions(settings)),
    "option httpchk",
    "http-check send meth GET uri /readyz ver HTTP/1.1 " +
      'hdr Host "%[bc_dst]:%[bc_dst_port]" hdr User-Agent ELB-HealthChecker/2.0',
    "http-check expect status 200",
  ];
  if (!failsOpen(settings)) return [checked];
  const noneRegistered = ["backend none-registered", ...answer(settings, settings.files.noneRegistered)];
  return [checked, instanceSection(FAIL_OPEN_BACKEND, settings, ""), noneRegistered];
}

function instanceSection(name: string, settings: BalancerSettings, check: string): string[] {
  const server = (instance: BalancerInstance, state: string) =>
    [`server ${instance.name} ${instance.host}:${instance.port}`, transport(settings), check, state]
      .filter((part) => part !== "")
      .join(" ");
  return [
    `backend ${name}`,
    "balance roundrobin",
    ...(isTcp(settings)
      ? []
      : [`http-reuse ${settings.instanceConnections === "shared" ? "always" : "never"}`]),
    ...answer(settings, settings.files.unreachable),
    ...settings.instances.map((instance) => server(instance, "")),
    server(SPARE, "disabled"),
  ];
}

function transport(settings: BalancerSettings): string {
  if (isTcp(settings)) return "";
  // Idle connections to an instance are kept as long as the load balancer keeps a client's.
  const reuse = `pool-purge-delay ${settings.idleTimeoutMs}ms`;
  return settings.topology === "alb-terminate" ? reuse : `${instancePolicy(settings)} ${reuse}`;
}

// One second apart and two failures: AWS needs at least ten seconds for the same verdict.
function checkOptions(settings: BalancerSettings): string {
  const encryption = settings.topology === "alb-terminate" ? "" : " check-ssl";
  const verification = isTcp(settings) ? " verify none" : "";
  const initial = settings.features.initState ? " init-state fully-down" : "";
  return `check${encryption}${verification} inter 1s fastinter 250ms downinter 250ms rise 1 fall 2${initial}`;
}

function answer(settings: BalancerSettings, file: string): string[] {
  return isTcp(settings) ? [] : [`errorfile 503 ${quoted(file)}`];
}

function isTcp({ topology }: BalancerSettings): boolean {
  return topology === "nlb-passthrough";
}
