import { randomBytes } from "node:crypto";
import type { RequestListener } from "node:http";
import type { CertSource } from "../certificate/material.ts";
import { TlsError } from "../errors.ts";
import { type TlsProfile, tlsOptions } from "../policy/tls-options.ts";
import { resolveLimits, type ServerLimits } from "./limits.ts";
import { loadFrom } from "./load.ts";
import { type ServerPlan, TlsServer } from "./tls-server.ts";
import { type Rejected, rejection, type Vetted, vet } from "./vet.ts";

/** Settings of `createTlsServer`. */
export interface TlsServerOptions {
  readonly source: CertSource;
  /** @default "intermediate" */
  readonly profile?: TlsProfile;
  /** Names that every certificate must have to be served. @default none are asked for */
  readonly hosts?: readonly string[];
  /** Idle timeout of the load balancer in front, from which the keep-alive timeout follows. @default 60_000 */
  readonly lbIdleTimeoutMs?: number;
  /** 48 secret bytes; the same on all instances lets clients resume on any. @default random, for this server only */
  readonly ticketKeys?: Buffer;
  readonly limits?: Partial<ServerLimits>;
  /** Epoch milliseconds now; a parameter, so that tests need no fake clock. @default Date.now */
  readonly now?: () => number;
}

const TICKET_KEY_BYTES = 48;

/**
 * Returns an https server that does not listen yet, with a certificate that has passed inspection and rehearsal.
 *
 * It follows its source from then on: a better certificate goes live without a lost request, a bad one never
 * touches the server. Clients that name an unknown host, or none, get the same certificate.
 *
 * @throws TlsError `TLS_NO_CERTIFICATE` within about 10 s when the source has no good certificate, with the
 *   reason in its message; `TLS_OPTION_INVALID` for a wrong setting.
 */
export async function createTlsServer(app: RequestListener, options: TlsServerOptions): Promise<TlsServer> {
  const plan = planServer(options);
  const first = await firstCertificate(plan);
  if ("code" in first) {
    const message = `cannot start without a certificate: ${first.message}`;
    throw new TlsError("TLS_NO_CERTIFICATE", message, { cause: new TlsError(first.code, first.message) });
  }
  return new TlsServer(app, plan, first);
}

function planServer(options: TlsServerOptions): ServerPlan {
  const { source, hosts = [], now = Date.now, ticketKeys = randomBytes(TICKET_KEY_BYTES) } = options;
  if (ticketKeys.length !== TICKET_KEY_BYTES) {
    const message = `ticketKeys must have ${TICKET_KEY_BYTES} bytes, got ${ticketKeys.length}`;
    throw new TlsError("TLS_OPTION_INVALID", message);
  }
  const fixed = Object.freeze({ policy: tlsOptions(options.profile), ticketKeys });
  return {
    source,
    fixed,
    limits: resolveLimits(options.lbIdleTimeoutMs, options.limits),
    now,
    vet: (material) => vet(material, fixed, { hosts, now: now() }),
  };
}

async function firstCertificate(plan: ServerPlan): Promise<Vetted | Rejected> {
  try {
    return await plan.vet(await loadFrom(plan.source));
  } catch (error) {
    return rejection("TLS_SOURCE_FAILED", "the certificate source failed", error);
  }
}
