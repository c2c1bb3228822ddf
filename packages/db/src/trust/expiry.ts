import type { EventSink } from "../events.ts";
import type { TrustAnchors } from "./anchors.ts";

const DAY_MS = 86_400_000;
/** Days before its end from which a root is reported at every start. */
const WARN_DAYS = 180;

/** Reports the roots that end within 180 days. */
export function reportExpiringRoots(trust: TrustAnchors, nowMs: number, emit: EventSink): void {
  for (const { subject, notAfter } of trust.roots) {
    const daysLeft = Math.floor((notAfter.getTime() - nowMs) / DAY_MS);
    if (daysLeft < WARN_DAYS) emit({ type: "trust.expires_soon", subject, daysLeft });
  }
}
