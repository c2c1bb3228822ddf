import { quoted } from "./quote.ts";
import type { BalancerSettings } from "./settings.ts";

// The suites of the ALB policy TLS13-1-2-Res: forward secrecy and authenticated encryption only.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
const TLS12_CIPHERS = [
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
].join(":");
const TLS13_SUITES = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
const CLASSIC_GROUPS = "X25519:P-256:P-384";

/** Returns the TLS options of the front: TLS 1.2 at least, and at most with a classic load balancer. */
export function frontPolicy(settings: BalancerSettings): string {
  return [
    protocols(settings),
    `ciphers ${TLS12_CIPHERS} ciphersuites ${TLS13_SUITES} curves ${groups(settings)}`,
    `alpn ${settings.topology === "clb-backend-auth" ? "http/1.1" : "h2,http/1.1"}`,
  ].join(" ");
}

/**
 * Returns the TLS options on the way to an instance.
 *
 * An ALB looks at no certificate. A classic load balancer pins: the handshake fails, before a byte of the request
 * is written, unless the instance proves the key of a pinned certificate. Sessions are not resumed there, because
 * a resumed session skips the proof even after a certificate was taken off the list. The load balancer's own
 * certificate stands there because HAProxy changes the list at run time only for servers that have one; no instance
 * asks for it.
 *
 * @see https://github.com/haproxy/haproxy/blob/v3.2.0/src/ssl_ckch.c "ckch_inst_add_cafile_link"
 */
export function instancePolicy(settings: BalancerSettings): string {
  const curves = settings.features.serverCurves ? ` curves ${groups(settings)}` : "";
  const verification =
    settings.topology === "clb-backend-auth"
      ? `verify required ca-file ${quoted(settings.files.pinned)} crt ${quoted(settings.files.certificate)} no-ssl-reuse`
      : "verify none";
  return `ssl ${protocols(settings)}${curves} ${verification}`;
}

function protocols({ topology }: BalancerSettings): string {
  return topology === "clb-backend-auth" ? "ssl-min-ver TLSv1.2 ssl-max-ver TLSv1.2" : "ssl-min-ver TLSv1.2";
}

// TLS 1.2, all that a classic load balancer speaks, has no post-quantum group.
function groups({ topology, features }: BalancerSettings): string {
  const hasPostQuantum = features.postQuantum && topology !== "clb-backend-auth";
  return hasPostQuantum ? `X25519MLKEM768:${CLASSIC_GROUPS}` : CLASSIC_GROUPS;
}
