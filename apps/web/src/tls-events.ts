import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { ExpiringEvent, RejectEvent, SwapEvent } from "@sealed/tls";
import type { Log } from "./log.ts";

/** Writes a line for each certificate that goes live, is refused or comes near its end, until disposed of. */
export function logTlsEvents(log: Log): Disposable {
  const listeners: Record<string, (message: unknown) => void> = {
    "tls:swap": (message) => {
      const { fingerprint256, previousFingerprint256, notAfter } = message as SwapEvent;
      log.info({ fingerprint256, previousFingerprint256, notAfter }, "certificate swapped");
    },
    "tls:reject": (message) => {
      const { code, message: reason } = message as RejectEvent;
      log.warn({ code, reason }, "certificate refused, the old one stays");
    },
    "tls:expiring": (message) => {
      const { fingerprint256, notAfter, daysLeft } = message as ExpiringEvent;
      log.warn({ fingerprint256, notAfter, daysLeft }, "certificate not renewed in time");
    },
  };
  for (const [channel, listener] of Object.entries(listeners)) subscribe(channel, listener);
  return {
    [Symbol.dispose]() {
      for (const [channel, listener] of Object.entries(listeners)) unsubscribe(channel, listener);
    },
  };
}
