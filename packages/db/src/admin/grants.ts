import { DbError } from "../errors.ts";
import type { AdminSession } from "./admin-session.ts";
import { accountOf } from "./identifiers.ts";

/** One line of SHOW GRANTS. */
interface GrantLine {
  /** Privileges, or a role. */
  privileges: string[];
  /** What they are for; absent for a role. */
  object?: string;
  withGrantOption: boolean;
}

/** What a user may do, and nothing beyond it. */
export interface PlannedGrant {
  user: string;
  /** Schema as GRANT has it. */
  object: string;
  privileges: readonly string[];
}

const LINE = /^GRANT (?<what>.+?)(?: ON (?<object>.+?))? TO [`'].+?[`']@[`'].+?[`'](?<rest>.*)$/;

/** Reads a line that the server wrote; undefined for anything but a grant. */
function parseGrant(line: string): GrantLine | undefined {
  const { what, object, rest = "" } = LINE.exec(line)?.groups ?? {};
  if (what === undefined) return undefined;
  return {
    // A comma within the brackets parts columns, not privileges.
    privileges: what.split(/, (?![^(]*\))/),
    ...(object === undefined ? {} : { object }),
    withGrantOption: /WITH (GRANT|ADMIN) OPTION/.test(rest),
  };
}

/**
 * Gives a user what is planned and takes away everything else; returns what it changed.
 *
 * What is as planned is not touched, so a program that is using it does not notice.
 *
 * @throws DbError `DB_USERS_NOT_AS_PLANNED` when the server still says something else afterwards.
 */
export async function ensureGrants(session: AdminSession, planned: PlannedGrant): Promise<string[]> {
  const account = accountOf(planned.user);
  const statements = plan(await readGrants(session, account), planned);
  for (const statement of statements) await session.run(`${statement} ${account}`);
  if (statements.length > 0) {
    const left = plan(await readGrants(session, account), planned);
    if (left.length > 0) {
      const message = `the privileges of user ${planned.user} cannot be put right: ${left.join("; ")} had no effect`;
      throw new DbError("DB_USERS_NOT_AS_PLANNED", message);
    }
  }
  return statements.map((statement) => `${statement} ${planned.user}`);
}

async function readGrants(session: AdminSession, account: string): Promise<GrantLine[]> {
  const rows = await session.run(`SHOW GRANTS FOR ${account}`);
  const lines = rows.map((row) => String(Object.values(row)[0]));
  return lines.map(parseGrant).filter((line) => line !== undefined);
}

/** Returns the statements, without the account at their end, that turn what is into what is planned. */
function plan(lines: readonly GrantLine[], planned: PlannedGrant): string[] {
  const revokes = lines.flatMap((line) => excess(line, planned));
  const has = new Set(
    lines.filter(({ object }) => object === planned.object).flatMap((line) => line.privileges),
  );
  const missing = planned.privileges.filter((privilege) => !has.has(privilege));
  const grants = missing.length > 0 ? [`GRANT ${missing.join(", ")} ON ${planned.object} TO`] : [];
  return [...revokes, ...grants];
}

function excess({ privileges, object, withGrantOption }: GrantLine, planned: PlannedGrant): string[] {
  if (object === undefined) return [`REVOKE ${privileges.join(", ")} FROM`];
  const isPlanned = (privilege: string): boolean =>
    privilege === "USAGE" || (object === planned.object && planned.privileges.includes(privilege));
  const extra = privileges.filter((privilege) => !isPlanned(privilege));
  if (withGrantOption) extra.push("GRANT OPTION");
  return extra.length > 0 ? [`REVOKE ${extra.join(", ")} ON ${object} FROM`] : [];
}
