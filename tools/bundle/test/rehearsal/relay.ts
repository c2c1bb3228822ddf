/**
 * Runs inside of the rehearsed machine, whose network reaches nowhere, and joins it with the test by sockets in the
 * file system: `relay.ts <database port>`. 443.sock, 8080.sock and 80.sock lead to these ports of the machine; the
 * machine's database port leads to database.sock, behind which the test connects the real database.
 */
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { connect, createServer, type NetConnectOpts, type Socket } from "node:net";

const FOLDER = "/relay";
const MACHINE_PORTS = [80, 443, 8_080];

function join(from: Socket, target: NetConnectOpts): void {
  const to = connect(target);
  from.pipe(to).pipe(from);
  // What ends on one side ends on the other; the error itself is the other side's to see.
  from.on("error", () => to.destroy());
  to.on("error", () => from.destroy());
}

async function relay(
  from: { path: string } | { port: number; host: string },
  to: NetConnectOpts,
): Promise<void> {
  const server = createServer({ allowHalfOpen: true }, (socket) => join(socket, to)).listen(from);
  await once(server, "listening");
}

const databasePort = Number(process.argv[2]);
for (const port of MACHINE_PORTS) {
  await relay({ path: `${FOLDER}/${port}.sock` }, { host: "127.0.0.1", port, allowHalfOpen: true });
}
await relay(
  { port: databasePort, host: "127.0.0.1" },
  { path: `${FOLDER}/database.sock`, allowHalfOpen: true },
);
await writeFile(`${FOLDER}/ready`, "ready\n");
