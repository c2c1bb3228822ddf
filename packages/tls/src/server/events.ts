import { channel } from "node:diagnostics_channel";
import type { Rejected } from "./vet.ts";

/** Message of the diagnostics channel `tls:swap`: another certificate is served from now on. */
export interface SwapEvent {
  readonly fingerprint256: string;
  readonly previousFingerprint256: string;
  readonly notAfter: Date;
  readonly version?: string;
}

/** Message of the diagnostics channel `tls:reject`: a candidate was refused, the old certificate stays. */
export type RejectEvent = Rejected;

/** Message of the diagnostics channel `tls:expiring`: the certificate served was not renewed in time. */
export interface ExpiringEvent {
  readonly fingerprint256: string;
  readonly notAfter: Date;
  readonly daysLeft: number;
  /** The threshold crossed: 30, 14, 7 or 1 days for a certificate of 100 days or more, in proportion below. */
  readonly thresholdDays: number;
}

/** Publishes that another certificate is served. */
export function publishSwap(event: SwapEvent): void {
  channel("tls:swap").publish(event);
}

/** Publishes that a candidate was refused. */
export function publishReject(event: RejectEvent): void {
  channel("tls:reject").publish(event);
}

/** Publishes that the certificate served comes near its end. */
export function publishExpiring(event: ExpiringEvent): void {
  channel("tls:expiring").publish(event);
}
