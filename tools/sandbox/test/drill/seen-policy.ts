import { type ConnectionOptions, connect } from "node:tls";

const tls12 = { minVersion: "TLSv1.2", maxVersion: "TLSv1.2" } as const;
const ATTEMPTS: Record<string, ConnectionOptions> = {
  usual: {},
  tls11: { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" },
  tls12,
  cbc: { ...tls12, ciphers: "ECDHE-ECDSA-AES128-SHA256" },
  noForwardSecrecy: { ...tls12, ciphers: "AES128-GCM-SHA256" },
  clientOrder: { ...tls12, ciphers: "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-GCM-SHA256" },
  x25519: { ecdhCurve: "X25519" },
  p521: { ecdhCurve: "P-521" },
  http2: { ALPNProtocols: ["h2"] },
};

/** Returns what a server grants and refuses to clients of different abilities: what was negotiated, or the error. */
export async function seenPolicy(port: number): Promise<Record<string, string>> {
  const seen: Record<string, string> = {};
  for (const [name, options] of Object.entries(ATTEMPTS)) seen[name] = await negotiated(port, options);
  return seen;
}

function negotiated(port: number, options: ConnectionOptions): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false, ...options }, () => {
    const group = (socket.getEphemeralKeyInfo() as { name?: string } | null)?.name;
    resolve([socket.getProtocol(), socket.getCipher().name, group].join(" "));
    socket.end();
  });
  socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  return promise;
}
