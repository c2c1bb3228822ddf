import type { CertMaterial, CertSource } from "../certificate/material.ts";
import { TlsError } from "../errors.ts";
import { withDeadline } from "../timing/deadline.ts";

/** A source that takes longer counts as failed, at the start and later. */
const LOAD_LIMIT_MS = 10_000;

/**
 * Returns what a source delivers.
 *
 * @throws TlsError `TLS_SOURCE_TIMEOUT` after 10 s, the reason of `signal`, and whatever the source throws.
 */
export function loadFrom(source: CertSource, signal?: AbortSignal): Promise<CertMaterial> {
  const onTimeout = () =>
    new TlsError(
      "TLS_SOURCE_TIMEOUT",
      `the certificate source gave no answer within ${LOAD_LIMIT_MS / 1_000} s; check that it can be reached`,
    );
  return withDeadline(LOAD_LIMIT_MS, (ended) => source.load(ended), onTimeout, signal);
}
