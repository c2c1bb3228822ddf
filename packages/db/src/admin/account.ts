import type { AdminSession } from "./admin-session.ts";
import { accountOf } from "./identifiers.ts";

/** How a user proves who it is: an IAM token, or a password. */
export type AccountAuth = { kind: "iam" } | { kind: "password"; password: string };

const IAM_CLAUSE = "IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'";
/** As MySQL and MariaDB say it back: nothing may stand between the plugin and the demand for TLS. */
const IAM_AS_PLANNED =
  /IDENTIFIED (?:WITH|VIA) '?AWSAuthenticationPlugin'? (?:AS|USING) 'RDS' REQUIRE SSL\b/i;
const TLS_AS_PLANNED = /\bREQUIRE SSL\b/;

/**
 * Makes the account exist as planned, at any host and with TLS required; returns what it changed.
 *
 * An account of the same name for a narrower host would be matched first, with a login and privileges of its
 * own; it is dropped.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.DBAccounts.html
 */
export async function ensureAccount(
  session: AdminSession,
  user: string,
  auth: AccountAuth,
): Promise<string[]> {
  const account = accountOf(user);
  const changes: string[] = [];
  const rows = await session.run<{ host: string }>("SELECT host AS host FROM mysql.user WHERE user = ?", [
    user,
  ]);
  const hosts = rows.map(({ host }) => host);
  for (const host of hosts.filter((name) => name !== "%")) {
    await session.run("DROP USER ?@?", [user, host]);
    changes.push(`dropped user ${user} at ${host}`);
  }
  if (!hosts.includes("%")) {
    await identify(session, "CREATE USER", account, auth);
    changes.push(`created user ${user}`);
  } else if (!(await isAsPlanned(session, account, auth))) {
    await identify(session, "ALTER USER", account, auth);
    changes.push(`put the login of user ${user} right`);
  }
  return changes;
}

async function identify(
  session: AdminSession,
  verb: string,
  account: string,
  auth: AccountAuth,
): Promise<void> {
  const rest = "REQUIRE SSL ACCOUNT UNLOCK";
  if (auth.kind === "iam") await session.run(`${verb} ${account} ${IAM_CLAUSE} ${rest}`);
  else await session.run(`${verb} ${account} IDENTIFIED BY ? ${rest}`, [auth.password], { hideDetail: true });
}

async function isAsPlanned(session: AdminSession, account: string, auth: AccountAuth): Promise<boolean> {
  const [row] = await session.run(`SHOW CREATE USER ${account}`);
  const text = String(Object.values(row ?? {})[0]);
  if (/\bACCOUNT LOCK\b/.test(text)) return false;
  return auth.kind === "iam"
    ? IAM_AS_PLANNED.test(text)
    : TLS_AS_PLANNED.test(text) && !text.includes("AWSAuthenticationPlugin");
}
