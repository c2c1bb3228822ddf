import { Umzug } from "umzug";
import { DbError } from "../errors.ts";
import type { AdminLogin, AdminSession } from "./admin-session.ts";
import { withAdminSession } from "./admin-session.ts";
import type { AdminSink } from "./events.ts";
import { DEFAULT_LOCK_WAIT_MS, withLock } from "./lock.ts";
import type { MigrationFile } from "./migration-files.ts";
import { readMigrations } from "./migration-files.ts";
import { withoutLiterals } from "./statement-text.ts";

/** Which migrations to run, where, and as whom. */
export interface RunMigrationsOptions extends AdminLogin {
  database: string;
  /** Folder of `NNNN-name.sql` files. */
  migrations: string;
  /** Longest wait for another program that migrates the same schema. Default 120,000. */
  lockWaitMs?: number;
  /** Longest run of one statement. Default 600,000. */
  statementMs?: number;
}

interface Applied {
  name: string;
  checksum: string;
}

const STATEMENT_MS = 600_000;
const TABLE = `CREATE TABLE IF NOT EXISTS schema_migrations (
  name VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  checksum CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  applied_at DATETIME(3) NOT NULL
)`;
const NOTE = "INSERT INTO schema_migrations (name, checksum, applied_at) VALUES (?, ?, UTC_TIMESTAMP(3))";

/**
 * Runs the migrations that have not been run yet, in order, each once; returns their names.
 *
 * Programs that start together take turns. A file and the note that it was applied are one transaction, so one that
 * moves rows is applied whole and once, or not at all. MySQL commits before and after each CREATE or ALTER, so what
 * stands before the last one of those stays although a later statement fails: write one such statement a file.
 *
 * @throws DbError `DB_MIGRATION_FAILED` with the file and the statement, `DB_MIGRATION_CHANGED` when a file is
 * not what was applied, `DB_MIGRATION_INVALID`, `DB_MIGRATION_LOCKED`.
 */
export async function runMigrations(options: RunMigrationsOptions): Promise<{ applied: string[] }> {
  const { database, on = () => undefined, lockWaitMs = DEFAULT_LOCK_WAIT_MS } = options;
  const files = await readMigrations(options.migrations);
  return await withAdminSession(options, database, async (session) => {
    const lock = { purpose: "migrations", database, waitMs: lockWaitMs, on } as const;
    return await withLock(session, lock, async () => {
      await session.run(TABLE);
      const applied = await session.run<Applied>(
        "SELECT name, checksum FROM schema_migrations ORDER BY name",
      );
      checkHistory(files, applied, on);
      return {
        applied: await runPending(session, files, applied, { on, statementMs: STATEMENT_MS, ...options }),
      };
    });
  });
}

/** Refuses files that do not continue what was applied. */
function checkHistory(files: readonly MigrationFile[], applied: readonly Applied[], on: AdminSink): void {
  const byName = new Map(files.map((file) => [file.name, file]));
  for (const { name, checksum } of applied) {
    const file = byName.get(name);
    // An older version of the program on a newer schema: it can start, and somebody should know.
    if (file === undefined) on({ type: "migration.unknown", name });
    else if (file.checksum !== checksum) {
      const message = `migration "${name}" was changed after it had been applied; restore it and add a new one`;
      throw new DbError("DB_MIGRATION_CHANGED", message);
    }
  }
  const done = new Set(applied.map(({ name }) => name));
  const last = applied.at(-1)?.name ?? "";
  const late = files.find(({ name }) => !done.has(name) && name < last);
  if (late === undefined) return;
  throw new DbError(
    "DB_MIGRATION_INVALID",
    `migration "${late.name}" comes before "${last}", which has been applied; give it a higher number`,
  );
}

async function runPending(
  session: AdminSession,
  files: readonly MigrationFile[],
  applied: readonly Applied[],
  options: { on: AdminSink; statementMs: number },
): Promise<string[]> {
  const umzug = new Umzug({
    logger: undefined,
    migrations: files.map((file) => ({ name: file.name, up: () => runFile(session, file, options) })),
    storage: {
      executed: () => Promise.resolve(applied.map(({ name }) => name)),
      // Each file notes itself, in its own transaction.
      logMigration: () => Promise.resolve(),
      unlogMigration: () => Promise.reject(new TypeError("migrations are never undone")),
    },
  });
  try {
    return (await umzug.up()).map(({ name }) => name);
  } catch (error) {
    // The library's own wrapper repeats the message of what it wraps.
    const { cause } = error as Error;
    throw cause instanceof DbError ? cause : error;
  }
}

async function runFile(
  session: AdminSession,
  file: MigrationFile,
  { on, statementMs }: { on: AdminSink; statementMs: number },
): Promise<void> {
  const startedAtMs = Date.now();
  // Not START TRANSACTION: what follows a CREATE is one transaction as well, and the file may still say which kind.
  await session.run("SET autocommit = 0");
  try {
    for (const [index, statement] of file.statements.entries()) {
      await session.run(statement, [], { deadlineMs: statementMs }).catch((cause: DbError) => {
        throw failed(file, index, cause);
      });
    }
    await session.run(NOTE, [file.name, file.checksum]);
    // Of many rows it takes its time.
    await session.run("COMMIT", [], { deadlineMs: statementMs });
  } catch (error) {
    // A session that was lost meanwhile is rolled back by the server; what is told is what failed.
    await session.run("ROLLBACK").catch(() => undefined);
    throw error;
  }
  on({ type: "migration.applied", name: file.name, tookMs: Date.now() - startedAtMs });
}

function failed(file: MigrationFile, index: number, cause: DbError): DbError {
  const place = `statement ${index + 1} of ${file.statements.length}`;
  const kept =
    index === 0
      ? "nothing of it was applied"
      : "what a CREATE, ALTER or DROP among them has committed stays applied";
  const statement = withoutLiterals(file.statements[index] ?? "");
  const message = `migration "${file.name}" failed at ${place} (${kept}): ${cause.message}: ${statement}`;
  return new DbError("DB_MIGRATION_FAILED", message, { cause, errno: cause.errno, sqlState: cause.sqlState });
}
