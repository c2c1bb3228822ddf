/**
 * The database engine, and the version that a new database begins with. RDS goes on from there to newer patches of
 * the same release by itself, and never into the extended support that costs extra.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/MySQL.Concepts.VersionMgmt.html
 */
export const databaseEngine = { name: "mysql", version: "8.4.11", release: "8.4" } as const;
