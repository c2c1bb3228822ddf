import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  ensurePrograms,
  freePort,
  type Progress,
  privateCa,
  spawnGuarded,
  startLoadBalancer,
  untilPortAnswers,
} from "@sealed/servers";
import { type KeyPair, rsaKeyPair } from "./rsa-certificate.ts";

/** Something that speaks TLS on 127.0.0.1. */
export interface Target {
  name: string;
  host: string;
  port: number;
}

/** Where servers and their files lie. */
export interface TargetOptions {
  /** All state of the local servers. */
  dir: string;
  /** Empty; removed by the caller. */
  folder: string;
  progress: Progress;
}

const HOST = "localhost";
const MAIN = fileURLToPath(new URL("../../../apps/web/src/main.ts", import.meta.url));

/** Starts the app with each kind of certificate, and the load balancer in front of one; they end with `stack`. */
export async function startTargets(options: TargetOptions, stack: AsyncDisposableStack): Promise<Target[]> {
  const { dir, progress } = options;
  const issued = await (await privateCa({ dir })).issue({ hosts: [HOST, "127.0.0.1"] });
  const ecdsa = { key: issued.keyPem, cert: issued.certificatePem };
  const ecdsaPort = await startApp("ecdsa", ecdsa, options, stack);
  const rsaPort = await startApp("rsa", await rsaKeyPair(HOST), options, stack);
  const { haproxy } = await ensurePrograms({ dir, progress });
  const port = await freePort();
  const instances = [{ name: "app", host: "127.0.0.1", port: ecdsaPort }];
  stack.use(
    await startLoadBalancer({ dir, programs: { haproxy }, topology: "alb-reencrypt", port, instances }),
  );
  return [
    { name: "the app with an ECDSA certificate", host: HOST, port: ecdsaPort },
    { name: "the app with an RSA certificate", host: HOST, port: rsaPort },
    { name: "the load balancer of alb-reencrypt", host: HOST, port },
  ];
}

/** Starts the app as an instance does, without a database behind it. */
export async function startApp(
  name: string,
  { key, cert }: KeyPair,
  { folder }: Pick<TargetOptions, "folder">,
  stack: AsyncDisposableStack,
): Promise<number> {
  const [certFile, keyFile] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  await mkdir(folder, { recursive: true });
  await writeFile(certFile, cert);
  await writeFile(keyFile, key, { mode: 0o600 });
  const port = await freePort();
  const env = {
    ...SETTINGS,
    HTTPS_PORT: String(port),
    TLS_CERTIFICATE_FILE: certFile,
    TLS_KEY_FILE: keyFile,
  };
  const app = spawnGuarded({ command: process.execPath, args: [] }, [MAIN], { name: "the app", env });
  stack.use(app);
  await untilPortAnswers(port, () => app.output().slice(0, 1_000));
  return port;
}

const SETTINGS = {
  PATH: "/usr/local/bin:/usr/bin:/bin",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_REGION: "eu-west-1",
  // Nothing listens there.
  DB_HOST: "localhost",
  DB_NAME: "notebook",
  DB_PORT: "1",
  DB_USER: "app",
  DRAIN_SECONDS: "0",
  LISTEN_ADDRESS: "127.0.0.1",
  PUBLIC_HOSTS: HOST,
  TLS_SOURCE: "files",
  TOPOLOGY: "single-instance",
};
