import type { PrivateCa } from "../ca/index.ts";
import type { ServerKind } from "../packages/index.ts";
import { type DatabaseFolder, writeCertificate } from "./folder.ts";
import type { DatabaseServer } from "./options.ts";

/** What can be changed about a server while it runs. */
export function swaps(
  kind: ServerKind,
  folder: DatabaseFolder,
  adminQuery: DatabaseServer["adminQuery"],
): Pick<DatabaseServer, "replaceCertificate" | "setReadOnly"> {
  return {
    async replaceCertificate(ca: PrivateCa) {
      await writeCertificate(folder, await ca.issue());
      if (kind === "mariadb") {
        await adminQuery("FLUSH SSL");
        return;
      }
      // MySQL takes no certificate while it runs whose authority it does not know, though it does at its start.
      await adminQuery("SET GLOBAL ssl_ca = ?", [ca.caFile]);
      await adminQuery("ALTER INSTANCE RELOAD TLS");
    },
    async setReadOnly(isReadOnly) {
      await adminQuery(`SET GLOBAL read_only = ${isReadOnly ? "ON" : "OFF"}`);
    },
  };
}
