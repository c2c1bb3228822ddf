import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import type { SettingReader } from "./setting-reader.ts";
import type { Topology } from "./settings.ts";

/** Where the listener's certificate comes from; `none` is the plain listener of the lesson topology. */
export type TlsConfig =
  | { source: "self-signed" }
  | { source: "files"; certificateFile: string; keyFile: string }
  | { source: "secret"; secretId: string }
  | { source: "none" };

/** Topologies whose load balancer speaks HTTP and adds `X-Forwarded-*`; the others pass TCP on or have none. */
const HTTP_BALANCERS: ReadonlySet<Topology> = new Set(["alb-reencrypt", "alb-terminate", "clb-backend-auth"]);

const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const HOST = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9a-f:.]+\\])(?::(\\d{1,5}))?$`);

/** Reads PUBLIC_HOSTS: lower-case `name` or `name:port`, at least one. */
export function allowedHosts(read: SettingReader): string[] {
  const hosts = read.requiredList("PUBLIC_HOSTS").map((host) => host.toLowerCase());
  for (const host of hosts) {
    const port = HOST.exec(host)?.[1] ?? "443";
    if (!HOST.test(host) || Number(port) > 65_535) {
      read.problems.push(
        `PUBLIC_HOSTS must list names such as app.example.com or localhost:8443, got "${host}"`,
      );
    }
  }
  return hosts;
}

/** Reads TRUSTED_PROXIES, which the load balancers that speak HTTP require and the others must not have. */
export function networkRanges(read: SettingReader, topology: Topology | undefined): string[] {
  const isHttpBalancer = topology !== undefined && HTTP_BALANCERS.has(topology);
  const ranges = isHttpBalancer ? read.requiredList("TRUSTED_PROXIES") : read.list("TRUSTED_PROXIES");
  if (topology !== undefined && !isHttpBalancer && ranges.length > 0) {
    read.problems.push(
      `TRUSTED_PROXIES must not be set with TOPOLOGY=${topology}: nothing there adds X-Forwarded-* headers, so only a client could have written them`,
    );
  }
  for (const range of ranges) {
    if (!isNetworkRange(range)) {
      read.problems.push(`TRUSTED_PROXIES must list CIDR ranges such as 10.0.0.0/16, got "${range}"`);
    }
  }
  return ranges;
}

function isNetworkRange(range: string): boolean {
  const prefixBits = Number(range.split("/")[1]);
  // A prefix of 0 would believe everybody.
  return ipaddr.isValidCIDR(range) && isIP(range.split("/")[0] ?? "") !== 0 && prefixBits > 0;
}

/** Reads LISTEN_ADDRESS: an IP address. */
export function listenAddress(read: SettingReader): string {
  const address = read.required("LISTEN_ADDRESS");
  if (isIP(address) === 0) read.problems.push(`LISTEN_ADDRESS must be an IP address, got "${address}"`);
  return address;
}

/** Reads where the certificate comes from, and that the plain listener is asked for twice. */
export function tlsConfig(read: SettingReader, topology: Topology | undefined): TlsConfig {
  const source = read.choice("TLS_SOURCE", ["self-signed", "files", "secret"]);
  const plainHttp = read.choice("UNSEALED_PLAIN_HTTP", ["true", "false"]) === "true";
  checkPlainHttp(read, plainHttp, topology);
  if (plainHttp) return { source: "none" };
  if (source !== "files") read.withoutEffect(["TLS_CERTIFICATE_FILE", "TLS_KEY_FILE"], "TLS_SOURCE=files");
  if (source !== "secret") read.withoutEffect(["TLS_SECRET_ID"], "TLS_SOURCE=secret");
  if (source === "secret") return { source, secretId: read.required("TLS_SECRET_ID") };
  if (source === "files") {
    const certificateFile = read.requiredFile("TLS_CERTIFICATE_FILE");
    return { source, certificateFile, keyFile: read.requiredFile("TLS_KEY_FILE") };
  }
  if (topology === "clb-backend-auth") {
    read.problems.push(
      "TLS_SOURCE must be files or secret with TOPOLOGY=clb-backend-auth: the load balancer pins one public key, and self-signed makes a new one at each start",
    );
  }
  return { source: "self-signed" };
}

function checkPlainHttp(read: SettingReader, plainHttp: boolean, topology: Topology | undefined): void {
  if (topology === undefined || plainHttp === (topology === "alb-terminate")) return;
  read.problems.push(
    plainHttp
      ? `UNSEALED_PLAIN_HTTP may be true only with TOPOLOGY=alb-terminate, got TOPOLOGY=${topology}: leave it out`
      : "UNSEALED_PLAIN_HTTP must be true with TOPOLOGY=alb-terminate: that load balancer sends plain HTTP to the app",
  );
}
