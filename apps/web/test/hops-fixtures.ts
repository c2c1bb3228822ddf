import type { HopsInput, ObservedConnection, ObservedDatabase } from "../src/hops/index.ts";

/** Noon of an ordinary day: the time at which every observation of these tests is made. */
export const NOW_MS = Date.UTC(2026, 5, 15, 12);

const DAY_MS = 86_400_000;

/** A certificate with so many days left, at `NOW_MS`. */
export function certificate(subject: string, daysLeft: number) {
  const fingerprint256 = Array.from({ length: 32 }, (_, index) =>
    (index + 0xa0).toString(16).toUpperCase(),
  ).join(":");
  return { subject, fingerprint256, notAfter: new Date(NOW_MS + daysLeft * DAY_MS) };
}

export const TLS: ObservedConnection = {
  encrypted: true,
  protocol: "TLSv1.3",
  cipher: "TLS_AES_256_GCM_SHA384",
  group: "X25519MLKEM768",
};

export const PLAIN: ObservedConnection = { encrypted: false, protocol: null, cipher: null, group: null };

export const FORWARDED = { proto: "https", tlsVersion: "TLSv1.3", tlsCipher: "TLS_AES_128_GCM_SHA256" };

/** What arrives where no load balancer speaks for the client. */
export const THROUGH = { forwarded: null };

export const DATABASE: ObservedDatabase = {
  protocol: "TLSv1.3",
  cipher: "TLS_AES_256_GCM_SHA384",
  group: "X25519MLKEM768",
  authorized: true,
  peer: certificate("CN=database.test", 364),
  user: "app@%",
  requiresSecureTransport: true,
  userRequiresTls: true,
  tokenAgeMs: 252_000,
  serverVersion: "8.4.7",
};

/** A path behind a re-encrypting load balancer on which all is well, with what a test changes. */
export function observed(changes: Partial<HopsInput> = {}): HopsInput {
  return {
    topology: "alb-reencrypt",
    connection: TLS,
    forwarded: FORWARDED,
    serverCertificate: certificate("CN=app.test", 29),
    database: DATABASE,
    instance: "instance-1",
    now: NOW_MS,
    ...changes,
  };
}

/** The lesson: the load balancer ends TLS and speaks plain HTTP to the app. */
export const LESSON: Partial<HopsInput> = {
  topology: "alb-terminate",
  connection: PLAIN,
  serverCertificate: null,
};
