import { readFileSync } from "node:fs";
import { createDatabase, type DbError, iamAuth, privateTrust, sql } from "../../src/index.ts";

/** Runs five updates of one row of the ledger and one of another; closes twice at SIGTERM; prints what became of each. */
const [port = "", caFile = "", region = ""] = process.argv.slice(2);
const database = createDatabase({
  endpoint: { host: "localhost", port: Number(port) },
  database: "notes",
  user: "app",
  auth: iamAuth({ region }),
  trust: privateTrust({ pem: readFileSync(caFile, "utf8") }),
  limits: { acquireMs: 20_000, connectMs: 20_000, statementMs: 60_000, minWarm: 6 },
});
while (database.stats().open < 6) await new Promise((resolve) => setTimeout(resolve, 10));
const outcomes = [1, 1, 1, 1, 1, 2].map((id) =>
  database.execute(sql`UPDATE ledger SET amount = amount + 1 WHERE id = ${id}`).then(
    () => "served",
    (error: DbError) => error.code,
  ),
);
process.once("SIGTERM", () => {
  void database.close({ within: 2_000 });
  void database.close();
});
process.stdout.write(JSON.stringify(await Promise.all(outcomes)));
