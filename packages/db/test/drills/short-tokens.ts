/** What RDS, and the local plugin, read from every token: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html */
const TOKEN_LIFE_MS = 900_000;

/**
 * Puts the clock of this process back for good, so that each token it signs has only `lifeMs` left by the server's
 * clock; the server refuses it afterwards, as RDS does after 15 minutes.
 *
 * A stopwatch (`performance.now`) and timers are not touched. For a process of its own: a test file.
 */
export function shortenTokens(lifeMs: number): void {
  const behindMs = TOKEN_LIFE_MS - lifeMs;
  const RealDate = Date;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: [], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [RealDate.now() - behindMs] : args, newTarget),
    get: (target, name) =>
      name === "now" ? () => RealDate.now() - behindMs : (Reflect.get(target, name) as unknown),
  });
}
